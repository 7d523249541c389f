/** Time under a test's control, or the real one behind the same face. */
export interface FakeClock {
  /** Ms since the epoch. */
  now(): number
  /** Runs `callback` once after `delay` ms; the returned function calls it off. */
  setTimer(callback: () => void, delay: number): () => void
  /** Resolves after `delay` ms; rejects with the signal's reason when that comes first. */
  sleep(delay: number, signal?: AbortSignal): Promise<void>
  /** Lets `ms` pass: everything due in it happens in order, and its consequences are awaited. */
  advance(ms: number): Promise<void>
  /** Timers that are still due. */
  readonly pending: number
}

export type ClockKind = 'manual' | 'real'

/** `settle` resolves once nothing goes on by itself; a manual clock awaits it between two timers. */
export function createClock(kind: ClockKind, settle: () => Promise<void>): FakeClock {
  return kind === 'real' ? new RealClock() : new ManualClock(settle)
}

interface Timer {
  at: number
  callback: () => void
}

class ManualClock implements FakeClock {
  // A fixed day, so that what a test prints is the same every time.
  #now = Date.UTC(2026, 0, 1)
  readonly #timers = new Set<Timer>()
  readonly #settle: () => Promise<void>

  constructor(settle: () => Promise<void>) {
    this.#settle = settle
  }

  get pending(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#now
  }

  setTimer(callback: () => void, delay: number): () => void {
    // A number of this size cannot tell less apart, and who asks for the rest of a wait would ask for ever.
    const least = delay > 0 ? 0.001 : 0
    const timer = { at: this.#now + Math.max(least, delay), callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  sleep(delay: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delay, signal)
  }

  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await this.#settle()
    for (let timer = this.#nextDue(until); timer; timer = this.#nextDue(until)) {
      this.#timers.delete(timer)
      this.#now = Math.max(this.#now, timer.at)
      timer.callback()
      await this.#settle()
    }
    this.#now = until
    // Others have real timers of their own, such as a query client that tells its observers a moment later.
    await new Promise((resolve) => setTimeout(resolve, 0))
    await this.#settle()
  }

  #nextDue(until: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) if (timer.at <= until && (!next || timer.at < next.at)) next = timer
    return next
  }
}

class RealClock implements FakeClock {
  #pending = 0

  get pending(): number {
    return this.#pending
  }

  now(): number {
    return Date.now()
  }

  setTimer(callback: () => void, delay: number): () => void {
    let due = true
    const end = () => {
      if (due) this.#pending -= 1
      due = false
    }
    const timer = setTimeout(() => {
      end()
      callback()
    }, delay)
    this.#pending += 1
    return () => {
      clearTimeout(timer)
      end()
    }
  }

  sleep(delay: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, delay, signal)
  }

  advance(ms: number): Promise<void> {
    return this.sleep(ms)
  }
}

function sleepOn(clock: FakeClock, delay: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => {
      stop()
      reject(signal?.reason)
    }
    const stop = clock.setTimer(() => {
      signal?.removeEventListener('abort', fail)
      resolve()
    }, delay)
    if (signal?.aborted) fail()
    else signal?.addEventListener('abort', fail, { once: true })
  })
}
