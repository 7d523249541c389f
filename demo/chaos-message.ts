/** What the first lines of an HTTP/1.1 message say, as far as a proxy needs it. */
export interface Head {
  /** The request or status line. */
  line: string
  headers: ReadonlyMap<string, string>
  /** Bytes up to and with the empty line. */
  bytes: number
}

/** Finds the end of an HTTP/1.1 message while its bytes come by: where its head ends, and when its body is whole. */
export class MessageReader {
  head: Head | null = null
  /** Bytes of the body so far, as they are on the wire. */
  bodyBytes = 0
  #start = Buffer.alloc(0)
  #chunks: ChunkedEnd | null = null

  /** Takes the next bytes; gives those of the body, once the head is there. */
  push(chunk: Buffer): Buffer {
    if (this.head) return this.#body(chunk)
    this.#start = Buffer.concat([this.#start, chunk])
    const end = this.#start.indexOf('\r\n\r\n')
    if (end < 0) return Buffer.alloc(0)
    this.head = parseHead(this.#start.subarray(0, end + 4))
    if (this.head.headers.get('transfer-encoding')?.includes('chunked')) this.#chunks = new ChunkedEnd()
    return this.#body(this.#start.subarray(end + 4))
  }

  /** The head exactly as it came. */
  get headBytes(): Buffer {
    return this.#start.subarray(0, this.head?.bytes ?? 0)
  }

  /** Bytes that the body will have; null where only its own chunks tell. */
  get announced(): number | null {
    return this.#chunks ? null : Number(this.head?.headers.get('content-length') ?? 0)
  }

  get isWhole(): boolean {
    if (!this.head) return false
    return this.#chunks ? this.#chunks.reached : this.bodyBytes >= (this.announced ?? 0)
  }

  #body(chunk: Buffer): Buffer {
    this.bodyBytes += chunk.length
    this.#chunks?.push(chunk)
    return chunk
  }
}

function parseHead(bytes: Buffer): Head {
  const [line = '', ...fields] = bytes.toString('latin1').trimEnd().split('\r\n')
  const headers = new Map(
    fields.map((field) => {
      const colon = field.indexOf(':')
      return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()]
    }),
  )
  return { line, headers, bytes: bytes.length }
}

/** Walks over chunks by their sizes, and knows when the last one is over. */
class ChunkedEnd {
  reached = false
  #line = ''
  #left = 0
  #last = false

  push(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#left > 0) {
        const taken = Math.min(this.#left, bytes.length - at)
        this.#left -= taken
        at += taken
        continue
      }
      this.#line += String.fromCharCode(bytes[at] as number)
      at += 1
      if (this.#line.endsWith('\r\n')) this.#endLine(this.#line.slice(0, -2))
    }
  }

  #endLine(line: string): void {
    this.#line = ''
    if (this.#last) this.reached ||= line === ''
    // The empty line after the bytes of a chunk.
    else if (line !== '') {
      this.#left = Number.parseInt(line, 16)
      this.#last = this.#left === 0
    }
  }
}
