/** Something with requests to make, asked each time a connection is free. */
export interface Sender {
  /** The next request, to be started now, or null when there is none at the moment. Must not throw. */
  nextRequest(): (() => Promise<void>) | null
}

/**
 * Decides whose request goes next: one connection budget over all files and all their parts.
 * First come, first served down to the part, so that as few Uploads as possible burn their hour at a time.
 */
export class PartQueue {
  readonly #concurrency: () => number
  readonly #isHeld: () => boolean
  // Sets keep insertion order, which is the order of the line.
  readonly #line = new Set<Sender>()
  readonly #urgent = new Set<Sender>()
  #inFlight = 0
  #pumping = false

  constructor(concurrency: () => number, isHeld: () => boolean) {
    this.#concurrency = concurrency
    this.#isHeld = isHeld
  }

  /** Requests under way. */
  get inFlight(): number {
    return this.#inFlight
  }

  has(sender: Sender): boolean {
    return this.#line.has(sender) || this.#urgent.has(sender)
  }

  /** Puts a sender at the end of the line; one that is in it keeps its place. */
  enqueue(sender: Sender): void {
    if (!this.#urgent.has(sender)) this.#line.add(sender)
    this.pump()
  }

  /** Puts a sender before all others, and lets it through while the line is held: cancelling must not wait. */
  hurry(sender: Sender): void {
    this.#line.delete(sender)
    this.#urgent.add(sender)
    this.pump()
  }

  remove(sender: Sender): void {
    this.#line.delete(sender)
    this.#urgent.delete(sender)
  }

  /** Starts as many requests as the budget allows; call it whenever a sender may have something new. */
  pump(): void {
    // A request may end, or a sender change, while we walk the line: one walk at a time, from the start again.
    if (this.#pumping) return
    this.#pumping = true
    while (this.#inFlight < this.#concurrency()) {
      const request = this.#next()
      if (!request) break
      this.#inFlight += 1
      void request().finally(() => {
        this.#inFlight -= 1
        this.pump()
      })
    }
    this.#pumping = false
  }

  #next(): (() => Promise<void>) | null {
    for (const sender of this.#urgent) {
      const request = sender.nextRequest()
      if (request) return request
    }
    if (this.#isHeld()) return null
    for (const sender of this.#line) {
      const request = sender.nextRequest()
      if (request) return request
    }
    return null
  }
}
