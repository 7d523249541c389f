import { UploadError } from '../protocol/index.js'
import type { Environment } from './environment.js'

export interface TimeLimits {
  /** Ms without a byte leaving the browser after which a part is sent again. @default 30000 */
  stall?: number
  /** Ms to wait for an answer once the last byte has left; slow parts get twice the time their bytes took. @default 60000 */
  response?: number
  /** Ms to wait for the answer to complete, which checks every byte of the file. @default 600000 */
  complete?: number
}

export const DEFAULT_TIME_LIMITS: Required<TimeLimits> = { stall: 30_000, response: 60_000, complete: 600_000 }

// Often enough to notice within seconds that the machine slept, rare enough to cost nothing.
const LOOK_EVERY_MS = 4000
// A living connection moves again within this time after an outage.
const SIGN_WITHIN_MS = 750
// A look that comes this late was not delayed by load: the machine slept, or the page was frozen.
const ASLEEP_MS = 15_000
// What arrived during a sleep is handed over after the timers that were due.
const WAKE_UP_MS = 1000
// Browsers run the timers of hidden pages once a minute; that is no sleep.
const ASLEEP_WHILE_HIDDEN_MS = 75_000

/**
 * Ends a call that stands still. Deadlines compare clocks, so late timers only make it late, never wrong; and a call that
 * is older than a sleep is ended soon after, as nobody will answer it any more.
 */
export class Watchdog {
  readonly #environment: Environment
  readonly #abort: AbortController
  readonly #onSlept: () => void
  // Put off by what the machine slept meanwhile: that is no time that the bytes took.
  #startedAt: number
  #sentAt: number | null = null
  #lastSignAt: number
  #limit: number
  #signBy = Number.POSITIVE_INFINITY
  #stopTimer: () => void
  #ended = false

  /** Armed from now on: a call that never begins to move is caught, too. */
  constructor(environment: Environment, abort: AbortController, limit: number, onSlept: () => void) {
    this.#environment = environment
    this.#abort = abort
    this.#onSlept = onSlept
    this.#limit = limit
    this.#startedAt = environment.elapsed()
    this.#lastSignAt = this.#startedAt
    this.#stopTimer = this.#lookSoon()
  }

  /** Bytes have left the browser. */
  moved(): void {
    this.#lastSignAt = this.#environment.elapsed()
    this.#signBy = Number.POSITIVE_INFINITY
  }

  /** Every byte has left; from now on the answer is waited for, at least `limit` ms. */
  allSent(limit: number): void {
    this.moved()
    this.#sentAt = this.#lastSignAt
    this.#limit = limit
  }

  /** A moment from now the call has failed, unless there is a sign of life. */
  expectSign(): void {
    const elapsed = this.#environment.elapsed()
    // One that has just begun, or just moved, has proved it already.
    if (this.#ended || elapsed - this.#lastSignAt < SIGN_WITHIN_MS) return
    this.#signBy = elapsed + SIGN_WITHIN_MS
    this.#stopTimer()
    this.#stopTimer = this.#lookSoon()
  }

  /** Whether it ended the call because an outage had. */
  get sawNoSign(): boolean {
    return this.#environment.elapsed() >= this.#signBy
  }

  end(): void {
    this.#ended = true
    this.#stopTimer()
  }

  get #deadline(): number {
    const took = this.#sentAt === null ? 0 : this.#sentAt - this.#startedAt
    return Math.min(this.#lastSignAt + Math.max(this.#limit, 2 * took), this.#signBy)
  }

  #lookSoon(): () => void {
    const { now, elapsed } = this.#clocks()
    const delay = Math.min(LOOK_EVERY_MS, Math.max(1, this.#deadline - elapsed))
    return this.#environment.setTimer(() => this.#look({ now: now + delay, elapsed: elapsed + delay }), delay)
  }

  #look(expected: { now: number; elapsed: number }): void {
    const { now, elapsed } = this.#clocks()
    // One of the two clocks stands still during sleep on some systems, so the larger jump counts.
    const late = Math.max(now - expected.now, elapsed - expected.elapsed)
    const asleep = this.#environment.isVisible() ? ASLEEP_MS : ASLEEP_WHILE_HIDDEN_MS
    if (late > asleep) this.#startedAt += elapsed - expected.elapsed
    // A sign of life after the moment at which we should have looked: only our timer was late.
    if (late > asleep && this.#lastSignAt <= expected.elapsed) {
      this.#onSlept()
      this.#stopTimer = this.#environment.setTimer(() => this.#lookAfterSleep(elapsed), WAKE_UP_MS)
    } else if (elapsed >= this.#deadline) this.#abort.abort(stalled())
    else this.#stopTimer = this.#lookSoon()
  }

  #lookAfterSleep(wokeAt: number): void {
    if (this.#lastSignAt > wokeAt) this.#stopTimer = this.#lookSoon()
    else this.#abort.abort(slept())
  }

  #clocks() {
    return { now: this.#environment.now(), elapsed: this.#environment.elapsed() }
  }
}

function stalled(): UploadError {
  return new UploadError('timeout', 'The connection stands still. What was sent is kept; try again.')
}

function slept(): UploadError {
  return new UploadError('timeout', 'The device was asleep. What was sent is kept; try again.', {
    hint: 'The call was older than a jump of the clock, so its connection is taken for dead.',
  })
}
