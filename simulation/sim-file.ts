import SparkMD5 from 'spark-md5'
import type { Checksum } from '../src/core/index.js'
import { Random } from './random.js'

/** What has happened to a file on the disk since it was chosen. */
export type FileFate = 'same' | 'gone' | 'changed' | 'rewritten'

/** A Blob without a thread pool behind it, so that reading takes no macrotask. */
export class SimBlob {
  readonly size: number
  readonly type = 'application/octet-stream'

  readonly #file: SimFile | null
  readonly #start: number

  /** Null for the file itself. */
  constructor(file: SimFile | null, start: number, end: number) {
    this.#file = file
    this.#start = start
    this.size = end - start
  }

  slice(start = 0, end = this.size): SimBlob {
    return new SimBlob(this.#file, this.#start + start, this.#start + Math.min(end, this.size))
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.read()
    return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
  }

  /** Throws as a browser does when the file is not what it was. */
  read(): Uint8Array {
    return (this.#file as SimFile).bytes.subarray(this.#start, this.#start + this.size)
  }
}

/** Stands in for a browser's File; what the engine asks of one is here. */
export class SimFile extends SimBlob {
  readonly lastModified = 0
  readonly original: Uint8Array
  readonly rewritten: Uint8Array
  fate: FileFate = 'same'

  readonly name: string

  constructor(name: string, size: number, seed: number) {
    super(null, 0, size)
    this.name = name
    const random = new Random(seed, 1)
    this.original = Uint8Array.from({ length: size }, () => random.int(0, 255))
    this.rewritten = Uint8Array.from(this.original, (byte) => byte ^ 0x55)
  }

  get bytes(): Uint8Array {
    if (this.fate === 'gone') throw new DOMException('It is gone.', 'NotFoundError')
    if (this.fate === 'changed') throw new DOMException('It changed.', 'NotReadableError')
    return this.fate === 'rewritten' ? this.rewritten : this.original
  }

  override slice(start = 0, end = this.size): SimBlob {
    return new SimBlob(this, start, Math.min(end, this.size))
  }

  override read(): Uint8Array {
    return this.bytes
  }
}

/** The MD5 in one go: a simulation of bytes needs no worker. `wait` lets virtual time pass before it is known. */
export function simChecksum(wait: () => Promise<void>): Checksum {
  return async (file) => {
    await wait()
    return { md5: md5Of((file as unknown as SimBlob).read()), where: 'main' }
  }
}

function md5Of(bytes: Uint8Array): string {
  return SparkMD5.ArrayBuffer.hash(bytes.slice().buffer as ArrayBuffer)
}
