import type { Checksum } from './checksum.js'

type State =
  | { status: 'off' | 'waiting' }
  | { status: 'hashing'; abort: AbortController }
  | { status: 'done'; md5: string }

/** The MD5 of one upload's whole file: computed beside the transfer, needed at complete. */
export class FileHash {
  readonly #checksum: Checksum | null
  #state: State

  /** Without a checksum function it is off: nothing is computed and nothing is waited for. */
  constructor(checksum: Checksum | null) {
    this.#checksum = checksum
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

  /** Starts unless it has; calls back once, unless it is stopped before. */
  start(file: File, onDone: () => void, onFailed: (cause: unknown) => void): void {
    if (!this.#checksum || this.#state.status !== 'waiting') return
    const abort = new AbortController()
    this.#state = { status: 'hashing', abort }
    this.#checksum(file, { signal: abort.signal }).then(
      ({ md5 }) => {
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

  /** Ends the work under way; what is done stays. */
  stop(): void {
    if (this.#state.status !== 'hashing') return
    this.#state.abort.abort()
    this.#state = { status: 'waiting' }
  }

  /** Forgets the result: the file may have changed since, and an old MD5 proves nothing. */
  forget(): void {
    this.stop()
    if (this.#state.status === 'done') this.#state = { status: 'waiting' }
  }
}
