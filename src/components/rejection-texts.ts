import { type Limits, limitTexts } from './error-text.js'
import type { FileRejection } from './root-store.js'
import { countOf, type Wording } from './wording.js'

const MOST_NAMES = 3

/** One sentence for each reason, however many files it struck. */
export function rejectionTexts(rejections: readonly FileRejection[], wording: Wording, limits: Limits): string[] {
  const groups = new Map<string, FileRejection[]>()
  for (const rejection of rejections) {
    const { code, message } = rejection.error
    // The app's own reasons share a code and differ in their words.
    const key = code === 'unknown' ? `unknown ${message}` : code
    groups.set(key, [...(groups.get(key) ?? []), rejection])
  }
  return [...groups.values()].map((group) => textOf(group, wording, limits))
}

function textOf(group: readonly FileRejection[], wording: Wording, limits: Limits): string {
  const [first] = group
  if (!first) return ''
  const { code, message } = first.error
  if (group.length === 1) return message
  return wording.messages.rejectedMany({
    code,
    message,
    ...countOf(group.length, wording),
    ...limitTexts(limits, wording),
    names: namesText(
      group.map(({ file }) => file.name),
      wording,
    ),
  })
}

function namesText(names: readonly string[], wording: Wording): string {
  const more = names.length - MOST_NAMES
  const shown = more > 0 ? [...names.slice(0, MOST_NAMES), wording.messages.andMore(countOf(more, wording))] : names
  return wording.measures.list(shown)
}
