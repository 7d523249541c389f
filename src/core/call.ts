import { isUploadError } from '../protocol/index.js'
import type { Environment } from './environment.js'
import { Watchdog } from './watchdog.js'

/** One request under way: it can be stopped, is watched, and ends even if a fetcher ignores its signal. */
export class Call {
  /** When it began, and when all its bytes had left, in ms of the clock that never jumps. */
  readonly startedAt: number
  leftAt: number | null = null
  readonly #environment: Environment
  readonly #abort: AbortController
  readonly #watchdog: Watchdog

  /** `limit`: ms without a sign of life after which it has failed; `onSlept` when the machine slept meanwhile. */
  constructor(environment: Environment, limit: number, onSlept: () => void) {
    this.#environment = environment
    this.startedAt = environment.elapsed()
    this.#abort = new AbortController()
    this.#watchdog = new Watchdog(environment, this.#abort, limit, onSlept)
  }

  /** Whether we ended it ourselves, so that its failure means nothing. */
  get wasStopped(): boolean {
    return this.#abort.signal.aborted && !isUploadError(this.#abort.signal.reason)
  }

  stop(): void {
    this.#abort.abort()
    this.#watchdog.end()
  }

  /** Bytes have left the browser; once all have, the answer is waited for at least `responseLimit` ms. */
  moved(allSent: boolean, responseLimit: number): void {
    if (allSent) {
      this.leftAt ??= this.#environment.elapsed()
      this.#watchdog.allSent(responseLimit)
    } else this.#watchdog.moved()
  }

  /** Ends soon unless a byte moves or the answer comes. */
  expectSign(): void {
    this.#watchdog.expectSign()
  }

  /** Whether it ended as a victim of an outage that is over: there is no reason to wait before the next. */
  get diedInOutage(): boolean {
    return this.#abort.signal.aborted && this.#watchdog.sawNoSign
  }

  /** Makes the request; rejects with `timeout` when the watchdog ended it. */
  async run<T>(request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#abort
    let giveUp!: () => void
    const ended = new Promise<never>((_resolve, reject) => {
      giveUp = () => reject(signal.reason)
    })
    signal.addEventListener('abort', giveUp)
    try {
      return await Promise.race([request(signal), ended])
    } catch (thrown) {
      // What the fetcher makes of an abort is its own affair; why it was aborted is ours.
      throw signal.aborted ? signal.reason : thrown
    } finally {
      signal.removeEventListener('abort', giveUp)
      this.#watchdog.end()
    }
  }
}
