import { type Limits, limitTexts } from './error-text.js'
import type { FileRejection } from './root-store.js'
import { countOf, nameIn, type Wording } from './wording.js'

export const MOST_NAMES = 3

/** Files that were refused for one and the same reason. */
export interface RejectionGroup {
  key: string
  rejections: readonly FileRejection[]
}

export function rejectionGroups(rejections: readonly FileRejection[]): RejectionGroup[] {
  const groups = new Map<string, FileRejection[]>()
  for (const rejection of rejections) {
    const { code, message } = rejection.error
    // The app's own reasons share a code and differ in their words.
    const key = code === 'file_rejected' || code === 'unknown' ? `${code} ${message}` : code
    groups.set(key, [...(groups.get(key) ?? []), rejection])
  }
  return [...groups].map(([key, group]) => ({ key, rejections: group }))
}

/** One sentence for each reason, however many files it struck. */
export function rejectionTexts(rejections: readonly FileRejection[], wording: Wording, limits: Limits): string[] {
  return rejectionGroups(rejections).map((group) => groupText(group, wording, limits))
}

/** The sentence of one reason; `most` is how many files it names. */
export function groupText({ rejections }: RejectionGroup, wording: Wording, limits: Limits, most = MOST_NAMES): string {
  const [first] = rejections
  if (!first) return ''
  const { code, message } = first.error
  if (rejections.length === 1) return message
  return wording.messages.rejectedMany({
    code,
    message,
    ...countOf(rejections.length, wording),
    ...limitTexts(limits, wording),
    names: namesText(
      rejections.map(({ file }) => nameIn(file.name, wording)),
      most,
      wording,
    ),
  })
}

function namesText(names: readonly string[], most: number, wording: Wording): string {
  const more = names.length - most
  const shown = more > 0 ? [...names.slice(0, most), wording.messages.andMore(countOf(more, wording))] : names
  return wording.measures.list(shown)
}
