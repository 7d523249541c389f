/** What one timer needs: a clock that never jumps, in ms, and a way to be called back once. */
export interface TimerSource {
  elapsed(): number
  setTimer(callback: () => void, delay: number): () => void
}

/**
 * One timer for everything that waits, set for what is due first: a page with a thousand files must not keep a thousand of
 * the browser's own.
 */
export class Timers {
  readonly #source: TimerSource
  // In the order in which they ring.
  readonly #waiting: { at: number; callback: () => void }[] = []
  #wakeAt = Number.POSITIVE_INFINITY
  #stop = () => {}

  constructor(source: TimerSource) {
    this.#source = source
  }

  /** Runs `callback` once after `delay` ms; the returned function calls it off. */
  set(callback: () => void, delay: number): () => void {
    const timer = { at: this.#source.elapsed() + delay, callback }
    this.#waiting.splice(this.#waiting.findLastIndex(({ at }) => at <= timer.at) + 1, 0, timer)
    this.#arm()
    return () => {
      const place = this.#waiting.indexOf(timer)
      if (place >= 0) this.#waiting.splice(place, 1)
      this.#arm()
    }
  }

  #arm(): void {
    const [first] = this.#waiting
    // One that rings early finds nothing due, and costs less than setting it anew each time.
    if (first && first.at >= this.#wakeAt) return
    this.#stop()
    this.#wakeAt = first?.at ?? Number.POSITIVE_INFINITY
    this.#stop = first ? this.#source.setTimer(() => this.#ring(), first.at - this.#source.elapsed()) : () => {}
  }

  #ring(): void {
    this.#wakeAt = Number.POSITIVE_INFINITY
    const now = this.#source.elapsed()
    try {
      // One by one: what rings may call off what is due at the same time.
      for (let [first] = this.#waiting; first && first.at <= now; [first] = this.#waiting) {
        this.#waiting.shift()
        first.callback()
      }
    } finally {
      this.#arm()
    }
  }
}
