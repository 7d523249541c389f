import type { Checksum } from './checksum.js'
import { fileMismatch } from './file-check.js'
import type { RangeDigest } from './resume/resume-record.js'

type State =
  | { status: 'off' | 'waiting' }
  | { status: 'hashing'; abort: AbortController; percent: number | null }
  | { status: 'done'; md5: string }

/** The MD5 of one upload's whole file: computed beside the transfer, needed at complete. */
export class FileHash {
  readonly #checksum: Checksum | null
  #sentBefore: readonly RangeDigest[]
  #state: State

  /**
   * Without a checksum function it is off: nothing is computed and nothing is waited for. Ranges that were sent before a
   * reload are compared with the file first.
   */
  constructor(checksum: Checksum | null, sentBefore: readonly RangeDigest[] = []) {
    this.#checksum = checksum
    this.#sentBefore = sentBefore
    this.#state = { status: checksum ? 'waiting' : 'off' }
  }

  get status(): State['status'] {
    return this.#state.status
  }

  /** Whether complete may be called. */
  get isReady(): boolean {
    return this.#state.status === 'off' || this.#state.status === 'done'
  }

  /** Lowercase hex, null unless done. */
  get md5(): string | null {
    return this.#state.status === 'done' ? this.#state.md5 : null
  }

  /** How much of the file has been read for it, in whole percent; null unless it is under way and has told. */
  get percent(): number | null {
    return this.#state.status === 'hashing' ? this.#state.percent : null
  }

  /** Starts unless it has; calls back with each percent, and once at the end, unless it is stopped before. */
  start(file: File, onDone: () => void, onFailed: (cause: unknown) => void, onPercent: () => void): void {
    if (!this.#checksum || this.#state.status !== 'waiting') return
    const abort = new AbortController()
    const hashing: State = { status: 'hashing', abort, percent: null }
    this.#state = hashing
    const onProgress = (exact: number) => {
      // Done only once the MD5 is there; and never backwards, where another worker has to begin anew.
      const percent = Math.min(99, Math.floor(exact))
      if (this.#state !== hashing || !(percent > (hashing.percent ?? -1))) return
      hashing.percent = percent
      onPercent()
    }
    this.#hash(this.#checksum, file, abort.signal, onProgress).then(
      (md5) => {
        if (abort.signal.aborted) return
        this.#state = { status: 'done', md5 }
        onDone()
      },
      (cause: unknown) => {
        if (abort.signal.aborted) return
        this.#state = { status: 'waiting' }
        onFailed(cause)
      },
    )
  }

  async #hash(
    checksum: Checksum,
    file: File,
    signal: AbortSignal,
    onProgress: (percent: number) => void,
  ): Promise<string> {
    const bytesTotal = this.#sentBefore.reduce((sum, { start, end }) => sum + end - start, file.size)
    let before = 0
    const md5Of = async (blob: Blob): Promise<string> => {
      const tell = (bytesHashed: number) => onProgress(((before + bytesHashed) * 100) / bytesTotal)
      const { md5 } = await checksum(blob, { signal, onProgress: tell })
      before += blob.size
      return md5
    }
    // First what was sent before a reload: if it is not this file, the rest need not be read.
    for (const { start, end, digest } of this.#sentBefore) {
      if ((await md5Of(file.slice(start, end))) !== digest) throw fileMismatch(file.name)
    }
    return md5Of(file)
  }

  /** Ends the work under way; what is done stays. */
  stop(): void {
    if (this.#state.status !== 'hashing') return
    this.#state.abort.abort()
    this.#state = { status: 'waiting' }
  }

  /** All starts over: the file may have changed since, and neither an old MD5 nor old ranges prove anything. */
  forget(): void {
    this.stop()
    this.#sentBefore = []
    if (this.#state.status === 'done') this.#state = { status: 'waiting' }
  }
}
