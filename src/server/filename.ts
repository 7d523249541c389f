import { extensionOf } from '../protocol/index.js'

const MAX_FILENAME_BYTES = 255

/** A name to show and to send: no path, no control characters, nothing that turns the reading direction. */
export function cleanFilename(raw: string): string {
  const base = raw.normalize('NFC').split(/[/\\]/).pop() ?? ''
  // C0, DEL and C1; the marks, embeddings and isolates that make `gpj.exe` read as `exe.jpg`; line separators.
  const visible = base.replace(/[\p{Cc}\p{Cs}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu, '').trim()
  return /^\.*$/.test(visible) ? '' : shorten(visible)
}

/** Cuts whole characters before the extension until the name fits what file systems store. */
function shorten(name: string): string {
  const size = (text: string) => new TextEncoder().encode(text).length
  if (size(name) <= MAX_FILENAME_BYTES) return name
  const extension = extensionOf(name).length <= 20 ? name.slice(name.length - extensionOf(name).length) : ''
  let room = MAX_FILENAME_BYTES - size(extension)
  let stem = ''
  for (const character of name.slice(0, name.length - extension.length)) {
    room -= size(character)
    if (room < 0) break
    stem += character
  }
  return stem + extension
}
