// Browsers open six connections to an HTTP/1.1 origin, and what the app itself asks of it needs one, too: the last two are
// taken only where they pay. Over HTTP/2 and 3 there is one connection, and a request more costs next to nothing.
const BEGIN_WITH = 4
const MOST = 6
const MOST_MULTIPLEXED = 8
const LEAST = 2
// One more has to bring this much more, else it only takes from the others.
const WORTH = 1.1
// Long enough to tell a trend from chance.
const WINDOW_MS = 1000
const WINDOW_ROUNDS = 3
const LOOK_AGAIN_AFTER_MS = 60_000
// What a request costs beside its bytes, in bytes: with small files, requests are the work.
const REQUEST_BYTES = 2 ** 16

/**
 * How many requests may be under way: one more for as long as that makes everything faster, and half as many where
 * connections break again and again, or where the server says that it is too much. Times in ms of a clock that never jumps.
 */
export class Concurrency {
  readonly #given: () => number | null
  readonly #isMultiplexed: () => boolean
  #goal = BEGIN_WITH
  // After trouble, on the way back to the goal.
  #lowered = Number.POSITIVE_INFINITY
  #wellInARow = 0
  #loweredAt = Number.NEGATIVE_INFINITY
  #brokenAt: number | null = null
  #window: { since: number; requests: number; bytes: number } | null = null
  // Bytes per ms before the last one was added.
  #before: number | null = null
  #lookAgainAt = 0

  /** `given`: what app or backend say, which is never exceeded; `isMultiplexed`: whether requests share one connection. */
  constructor(given: () => number | null, isMultiplexed: () => boolean) {
    this.#given = given
    this.#isMultiplexed = isMultiplexed
  }

  get limit(): number {
    return Math.min(this.#given() ?? this.#goal, this.#lowered)
  }

  /** A request that carried so many bytes went well; `inFlight` with it. */
  succeeded(bytes: number, inFlight: number, now: number): void {
    this.#brokenAt = null
    if (this.#lowered < Number.POSITIVE_INFINITY) this.#comeBack()
    else if (this.#given() === null) this.#measure(bytes, inFlight, now)
  }

  /** A request that began at `since` lost its connection. The first time is chance, for all that break together. */
  broke(since: number, now: number): void {
    if (this.#brokenAt === null) this.#brokenAt = now
    else if (since > this.#brokenAt) this.tooMany(since, now)
  }

  /** The server asks for fewer requests. Those that were under way together are told so together. */
  tooMany(since: number, now: number): void {
    if (since <= this.#loweredAt) return
    this.#lowered = Math.min(this.limit, Math.max(LEAST, Math.floor(this.limit / 2)))
    this.#loweredAt = now
    this.#goal = BEGIN_WITH
    this.#wellInARow = 0
    this.#window = null
    this.#before = null
  }

  #comeBack(): void {
    this.#wellInARow += 1
    if (this.#wellInARow < this.#lowered) return
    this.#wellInARow = 0
    this.#lowered += 1
    if (this.#lowered >= (this.#given() ?? this.#goal)) this.#lowered = Number.POSITIVE_INFINITY
  }

  #measure(bytes: number, inFlight: number, now: number): void {
    // With a connection to spare, another one would bring nothing.
    if (inFlight < this.#goal || now < this.#lookAgainAt) {
      this.#window = null
      return
    }
    if (!this.#window) {
      this.#window = { since: now, requests: 0, bytes: 0 }
      return
    }
    this.#window.requests += 1
    this.#window.bytes += bytes + REQUEST_BYTES
    const { since, requests } = this.#window
    if (requests < WINDOW_ROUNDS * this.#goal || now - since < WINDOW_MS) return
    const rate = this.#window.bytes / (now - since)
    this.#window = null
    if (this.#before !== null && rate < WORTH * this.#before) {
      this.#goal -= 1
      this.#before = null
      this.#lookAgainAt = now + LOOK_AGAIN_AFTER_MS
    } else if (this.#goal < (this.#isMultiplexed() ? MOST_MULTIPLEXED : MOST)) {
      this.#goal += 1
      this.#before = rate
    } else this.#before = null
  }
}
