import SparkMD5 from 'spark-md5'
import type { Checksum, FileHandle } from '../src/core/index.js'
import { Random } from './random.js'

/** What has happened to a file on the disk since it was chosen. */
export type FileFate = 'same' | 'gone' | 'changed' | 'rewritten'

/** What the person chooses when asked for the file again: by its name they are all the same. */
export type FilePick = 'same' | 'other' | 'longer' | 'byte'

// Samples of a file as small as these would see all of it; of a large one they see little.
const SAMPLED_BYTES = 12

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

  /** The file whose bytes these are. */
  get source(): SimFile {
    return this.#file as SimFile
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
  handle?: FileHandle

  readonly name: string

  constructor(name: string, bytes: Uint8Array) {
    super(null, 0, bytes.length)
    this.name = name
    this.original = bytes
    this.rewritten = Uint8Array.from(this.original, (byte) => byte ^ 0x55)
  }

  static ofNoise(name: string, size: number, seed: number): SimFile {
    const random = new Random(seed, 1)
    return new SimFile(
      name,
      Uint8Array.from({ length: size }, () => random.int(0, 255)),
    )
  }

  override get source(): SimFile {
    return this
  }

  get bytes(): Uint8Array {
    if (this.fate === 'gone') throw new DOMException('It is gone.', 'NotFoundError')
    if (this.fate === 'changed') throw new DOMException('It changed.', 'NotReadableError')
    return this.fate === 'rewritten' ? this.rewritten : this.original
  }

  /** The browser can open it again for an app, if the person lets it. */
  keepHandle(leave: 'granted' | 'denied'): void {
    this.handle = {
      requestPermission: async () => leave,
      getFile: async () => {
        if (this.fate === 'gone') throw new DOMException('It is gone.', 'NotFoundError')
        // What was written since is a file of its own to the browser.
        return (this.fate === 'same' ? this : this.variant('other')) as unknown as File
      },
    }
  }

  override slice(start = 0, end = this.size): SimBlob {
    return new SimBlob(this, start, Math.min(end, this.size))
  }

  override read(): Uint8Array {
    return this.bytes
  }

  /** Whether nobody can tell them apart before all of both is read. */
  looksLike(other: SimFile): boolean {
    // What cannot be read any more could be when it was looked at.
    const contents = (file: SimFile) => (file.fate === 'rewritten' ? file.rewritten : file.original)
    const sampled = (file: SimFile) => contents(file).subarray(0, SAMPLED_BYTES).join()
    return this.size === other.size && sampled(this) === sampled(other)
  }

  /** Another file of this name; `byte` differs in one byte only, which no sample sees where the file has room for that. */
  variant(pick: Exclude<FilePick, 'same'>): SimFile {
    const { original } = this
    switch (pick) {
      case 'other':
        return new SimFile(this.name, this.rewritten)
      case 'longer':
        return new SimFile(this.name, Uint8Array.of(...original, 0))
      case 'byte': {
        const bytes = original.slice()
        const at = Math.min(SAMPLED_BYTES, original.length - 1)
        bytes[at] = (bytes[at] as number) ^ 1
        return new SimFile(this.name, bytes)
      }
    }
  }
}

/** A Blob of bytes in memory, read as quickly; the engine makes one of the samples of a file. */
class SampleBlob {
  readonly #samples: readonly ArrayBuffer[]

  constructor(samples: readonly ArrayBuffer[]) {
    this.#samples = samples
  }

  read(): Uint8Array {
    return new Uint8Array(this.#samples[0] as ArrayBuffer).subarray(0, SAMPLED_BYTES)
  }
}
globalThis.Blob = SampleBlob as unknown as typeof Blob

/** The MD5 in one go: a simulation of bytes needs no worker. `wait` lets virtual time pass before it is known. */
export function simChecksum(wait: () => Promise<void>): Checksum {
  return async (file) => {
    await wait()
    return { md5: md5Of((file as unknown as SimBlob).read()), where: 'main' }
  }
}

export function md5Of(bytes: Uint8Array): string {
  return SparkMD5.ArrayBuffer.hash(bytes.slice().buffer as ArrayBuffer)
}
