import { extensionOf, type UploadError } from '../protocol/index.js'
import type { ErrorVariables } from './messages.js'
import { countOf, nameIn, type Wording } from './wording.js'

/** What a list enforces, so that its texts name the very numbers that are checked. */
export interface Limits {
  max: number
  min: number | null
  accept: readonly string[] | null
  maxFiles: number | null
}

/**
 * An error in the reader's words: chosen by its code, never by its message. Of `file_rejected` the message is the text:
 * only the app refuses so, by `validate` or its backend's `onCreate`, and it says why in words of its own.
 */
export function errorText(
  error: UploadError,
  file: { name: string; size: number; type: string },
  wording: Wording,
  more: { limits: Limits; percent?: string | null; until?: string | null },
): string {
  if (error.code === 'file_rejected' && error.message !== '') return error.message
  const message = wording.messages[`error_${error.code}`]
  if (typeof message === 'string') return message
  const { limits, percent = null, until = null } = more
  const variables: ErrorVariables = {
    name: nameIn(file.name, wording),
    kind: kindOf(file, wording),
    ...limitTexts(limits, wording),
    ...sizeAndMax(file.size, limits.max, wording.measures),
    percent,
    until,
    message: error.message,
  }
  return message(variables)
}

/** `.heic` or `PNG`; nobody has to know MIME types. */
function kindOf({ name, type }: { name: string; type: string }, { messages }: Wording): string | null {
  return extensionOf(name) || (type && typeName(type, messages)) || null
}

/** Limits as text. Rounding never promises more than is allowed. */
export function limitTexts(limits: Limits, wording: Wording) {
  const { measures } = wording
  return {
    max: measures.bytes(floored(limits.max)),
    min: limits.min === null ? null : measures.bytes(limits.min),
    types: limits.accept && typesText(limits.accept, wording),
    maxFiles: limits.maxFiles === null ? null : measures.number(limits.maxFiles),
  }
}

const MOST_TYPES = 6

/** `PDF, CSV or images` for people who never heard of MIME types. */
function typesText(accept: readonly string[], wording: Wording): string {
  const { messages, measures } = wording
  const names = [...new Set(accept.map((entry) => typeName(entry, messages)))]
  const more = names.length - MOST_TYPES
  return measures.either(more > 0 ? [...names.slice(0, MOST_TYPES), messages.moreTypes(countOf(more, wording))] : names)
}

function typeName(entry: string, messages: Wording['messages']): string {
  if (entry.startsWith('.')) return entry.slice(1).toUpperCase()
  const [kind = entry, subtype = '*'] = entry.split('/')
  const kinds: Record<string, string> = {
    image: messages.kindImage,
    audio: messages.kindAudio,
    video: messages.kindVideo,
    text: messages.kindText,
  }
  return subtype === '*' ? (kinds[kind] ?? kind) : subtype.replace(/^x-|^vnd\..*\./, '').toUpperCase()
}

/** A file one byte above the limit must not read "too large: 8.5 GB. The limit is 8.5 GB." */
function sizeAndMax(size: number, max: number, measures: Wording['measures']) {
  const texts = { size: measures.bytes(size), max: measures.bytes(floored(max)) }
  if (size <= max || texts.size !== texts.max) return texts
  const exact = measures.bytesOf(size, size)
  return exact.total === texts.max
    ? { size: measures.number(size), max: measures.number(max) }
    : { ...texts, size: exact.total }
}

function floored(bytes: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3) * 3 - 1)
  return Math.floor(bytes / step) * step
}
