/** What a form is made of, in order: a field begins with its headers, its bytes follow, and at last the form ends. */
export type FormPiece = { type: 'field'; headers: string } | { type: 'bytes'; bytes: Uint8Array } | { type: 'end' }

/** The bytes are no multipart form, or could be read as two different ones. */
export class MalformedForm extends Error {}

type Place = 'preamble' | 'delimiter' | 'headers' | 'data' | 'closing' | 'epilogue'

/** Headers of one field; longer ones are refused. */
const MAX_HEADER_BYTES = 16 * 2 ** 10
/** White space that RFC 2046 allows after a boundary; nobody sends any. */
const MAX_PADDING_BYTES = 100

const CR = 13
const LINE_BREAK = Uint8Array.of(CR, 10)
const BLANK_LINE = Uint8Array.of(CR, 10, CR, 10)

/**
 * Splits the bytes of a multipart form into its pieces, wherever the chunks that they come in end. Keeps back no more
 * than could be the beginning of a boundary, or the headers of a field. Source: RFC 2046, section 5.1.1; what it does
 * not allow is refused, so that no two readers of a form differ.
 */
export class FormSplitter {
  readonly #delimiter: Uint8Array
  #place: Place = 'preamble'
  // A form's first boundary has no line break before it; this one makes it like the others.
  #held: Uint8Array = LINE_BREAK
  /** Bytes at the beginning of `#held` that were looked through in vain. */
  #searched = 0
  /** Bytes at the beginning of `#held` that belong to no data, but may begin a boundary. */
  #spent = 0

  constructor(boundary: string) {
    this.#delimiter = new TextEncoder().encode(`\r\n--${boundary}`)
  }

  /** Whether the last boundary has been there. */
  get hasEnded(): boolean {
    return this.#place === 'closing' || this.#place === 'epilogue'
  }

  /** Takes the next bytes and gives the pieces that they complete; throws MalformedForm. */
  push(bytes: Uint8Array): FormPiece[] {
    if (this.#place === 'epilogue') return []
    this.#held = this.#held.length === 0 ? bytes : concat(this.#held, bytes)
    const pieces: FormPiece[] = []
    while (this.#step(pieces));
    return pieces
  }

  /** Reads on; false when it takes more bytes to do so. */
  #step(pieces: FormPiece[]): boolean {
    switch (this.#place) {
      case 'preamble':
        return this.#skipPreamble()
      case 'delimiter':
        return this.#readDelimiter(pieces)
      case 'headers':
        return this.#readHeaders(pieces)
      case 'data':
        return this.#readData(pieces)
      case 'closing':
        return this.#readLineEnd('epilogue')
      case 'epilogue':
        this.#held = new Uint8Array()
        return false
    }
  }

  #skipPreamble(): boolean {
    const at = indexOf(this.#held, this.#delimiter)
    if (at === -1) this.#drop(safeLength(this.#held, this.#delimiter))
    else this.#goTo('delimiter', at + this.#delimiter.length)
    return at !== -1
  }

  #readDelimiter(pieces: FormPiece[]): boolean {
    if (this.#held.length < 2) return false
    // Two hyphens end the form; anything but white space and a line break makes it the boundary of another one.
    if (this.#held[0] !== 45 || this.#held[1] !== 45) return this.#readLineEnd('headers')
    pieces.push({ type: 'end' })
    this.#goTo('closing', 2)
    return true
  }

  #readLineEnd(next: 'headers' | 'epilogue'): boolean {
    const padding = this.#held.findIndex((byte) => byte !== 32 && byte !== 9)
    if ((padding === -1 ? this.#held.length : padding) > MAX_PADDING_BYTES) throw new MalformedForm()
    const isCut = padding === -1 || padding + 2 > this.#held.length
    if (padding !== -1 && !startsWith(this.#held, LINE_BREAK, padding)) throw new MalformedForm()
    if (!isCut) this.#goTo(next, padding + 2)
    return !isCut
  }

  #readHeaders(pieces: FormPiece[]): boolean {
    // A field without any headers.
    if (this.#held[0] === CR) throw new MalformedForm()
    const at = indexOf(this.#held, BLANK_LINE, this.#searched)
    if ((at === -1 ? this.#held.length : at) > MAX_HEADER_BYTES) throw new MalformedForm()
    if (at === -1) {
      this.#searched = safeLength(this.#held, BLANK_LINE)
      return false
    }
    const headers = this.#held.subarray(0, at)
    // Headers that are, or run into, a boundary: what follows it could be of this field or of another one.
    const isBoundary = startsWith(this.#held, this.#delimiter.subarray(LINE_BREAK.length))
    if (isBoundary || indexOf(headers, this.#delimiter) !== -1) throw new MalformedForm()
    pieces.push({ type: 'field', headers: new TextDecoder().decode(headers) })
    // A field without data may leave out its own line break.
    this.#goTo('data', at + 2)
    this.#spent = 2
    return true
  }

  #readData(pieces: FormPiece[]): boolean {
    const at = indexOf(this.#held, this.#delimiter)
    const end = at === -1 ? safeLength(this.#held, this.#delimiter) : at
    if (end > this.#spent) pieces.push({ type: 'bytes', bytes: this.#held.subarray(this.#spent, end) })
    this.#spent = Math.max(0, this.#spent - end)
    if (at === -1) this.#drop(end)
    else this.#goTo('delimiter', at + this.#delimiter.length)
    return at !== -1
  }

  #goTo(place: Place, length: number): void {
    this.#place = place
    this.#spent = 0
    this.#drop(length)
  }

  /** Lets go of what has been read: a copy, as the rest would keep the whole chunk alive. */
  #drop(length: number): void {
    const rest = this.#held.length - length
    this.#held = rest <= this.#delimiter.length ? this.#held.slice(length) : this.#held.subarray(length)
    this.#searched = 0
  }
}

function indexOf(bytes: Uint8Array, pattern: Uint8Array, from = 0): number {
  // Both patterns begin with a line break.
  for (let at = bytes.indexOf(CR, from); at !== -1; at = bytes.indexOf(CR, at + 1)) {
    if (at + pattern.length > bytes.length) return -1
    if (startsWith(bytes, pattern, at)) return at
  }
  return -1
}

/** How many bytes cannot be the beginning of the pattern, whatever follows. */
function safeLength(bytes: Uint8Array, pattern: Uint8Array): number {
  const from = Math.max(0, bytes.length - pattern.length + 1)
  for (let at = bytes.indexOf(CR, from); at !== -1; at = bytes.indexOf(CR, at + 1)) {
    if (startsWith(bytes, pattern, at)) return at
  }
  return bytes.length
}

/** Tells whether the bytes go on with the pattern; those that are still to come may. */
function startsWith(bytes: Uint8Array, pattern: Uint8Array, at = 0): boolean {
  const length = Math.min(pattern.length, bytes.length - at)
  for (let index = 0; index < length; index += 1) if (bytes[at + index] !== pattern[index]) return false
  return true
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
