// What the files of the benchmark contain: noise in which every page says which page of which file it is.
// So a server can prove, byte by byte and as they arrive, that bytes are the file's and where in it they belong, at the
// cost of a comparison. Keeping them on disk and hashing them afterwards would prove the same, and would be most of what
// is measured on a machine that is browser and server at once.
import { createCipheriv, createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

const PAGE = 4096
const BLOCK = 2 ** 20
const MARK = Buffer.from('benchmrk')
const STAMP = MARK.length + 8

// The same noise in every process, from a fixed key.
const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16)).update(Buffer.alloc(BLOCK))

function stampOf(fileId, page, into = Buffer.alloc(STAMP), at = 0) {
  MARK.copy(into, at)
  into.writeUInt32LE(fileId, at + MARK.length)
  into.writeUInt32LE(page, at + MARK.length + 4)
  return into
}

/** The bytes from `start`, a multiple of 1 MiB, to `end`, in blocks of 1 MiB; each is good until the next is asked for. */
export function* contentBlocks(fileId, start, end) {
  const block = Buffer.from(noise)
  for (let from = start; from < end; from += BLOCK) {
    for (let at = 0; at < BLOCK; at += PAGE) stampOf(fileId, (from + at) / PAGE, block, at)
    yield block.subarray(0, Math.min(BLOCK, end - from))
  }
}

/** Writes the file with this id; resolves with its MD5, or null when none is wanted. */
export async function writeContent(path, fileId, bytes, { hashed = true } = {}) {
  const file = await open(path, 'w')
  const md5 = createHash('md5')
  try {
    for (const block of contentBlocks(fileId, 0, bytes)) {
      if (hashed) md5.update(block)
      await file.writeFile(block)
    }
  } finally {
    await file.close()
  }
  return hashed ? md5.digest('hex') : null
}

/** A run of bytes on its way: finds out where in which file it begins, and compares all of it. */
export class ContentRun {
  #fileId = -1
  #start = -1
  #bytes = 0
  #head = []
  #stamp = Buffer.alloc(STAMP)
  #problem = null

  push(chunk) {
    if (this.#problem) return
    if (this.#start >= 0) return this.#compare(chunk)
    this.#head.push(chunk)
    const head = this.#head.length === 1 ? chunk : Buffer.concat(this.#head)
    // A page and a stamp more hold a whole stamp, wherever the run begins.
    if (head.length >= PAGE + STAMP) this.#locate(head)
  }

  /** `problem` is null when every byte was the file's, at its place. */
  end() {
    if (this.#start < 0) this.#locate(Buffer.concat(this.#head))
    return { fileId: this.#fileId, start: this.#start, end: this.#start + this.#bytes, problem: this.#problem }
  }

  #locate(head) {
    this.#head = []
    const at = head.indexOf(MARK)
    if (at < 0 || at + STAMP > head.length) {
      this.#problem = `${head.length} bytes that are no part of any file`
      return
    }
    this.#fileId = head.readUInt32LE(at + MARK.length)
    this.#start = head.readUInt32LE(at + MARK.length + 4) * PAGE - at
    this.#compare(head)
  }

  #compare(chunk) {
    for (let at = 0; at < chunk.length; ) {
      const position = this.#start + this.#bytes
      const inPage = position % PAGE
      const length = Math.min(chunk.length - at, inPage < STAMP ? STAMP - inPage : PAGE - inPage)
      const [expected, from] =
        inPage < STAMP
          ? [stampOf(this.#fileId, (position - inPage) / PAGE, this.#stamp), inPage]
          : [noise, position % BLOCK]
      if (expected.compare(chunk, at, at + length, from, from + length) !== 0) {
        this.#problem ??= `file ${this.#fileId} differs in the ${length} bytes from ${position}`
        return
      }
      at += length
      this.#bytes += length
    }
  }
}
