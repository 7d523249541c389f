/** Makes the ids; replace it where a test needs to know them beforehand. */
export interface IdSource {
  upload(): string
  part(): string
  file(): string
  request(): string
}

/** Ids that nobody can guess, in the shapes of the recorded ones. */
export const randomIds: IdSource = {
  upload: () => `upload_${hex(16)}`,
  part: () => `part_${hex(16)}`,
  file: () => `file-${base62(22)}`,
  request: () => `req_${hex(16)}`,
}

function hex(byteCount: number): string {
  return Array.from(randomBytes(byteCount), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function base62(length: number): string {
  let text = ''
  while (text.length < length) {
    // 248 is the largest multiple of 62 in a byte: dropping the rest keeps every character equally likely.
    for (const byte of randomBytes(length - text.length)) if (byte < 248) text += alphabet[byte % 62]
  }
  return text
}

function randomBytes(count: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(count))
}
