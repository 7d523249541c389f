/** Something with requests to make, asked when a connection is free. */
export interface Sender {
  /**
   * The next request, to be started now, or null when there is none at the moment: it is not asked again before one of its
   * requests has ended, or it was woken. Must not throw.
   */
  nextRequest(): (() => Promise<void>) | null
}

/**
 * Decides whose request goes next: one connection budget over all files and all their parts.
 * First come, first served down to the part, so that as few Uploads as possible burn their hour at a time.
 */
export class PartQueue {
  readonly #concurrency: () => number
  readonly #isHeld: () => boolean
  readonly #line = new Line()
  readonly #urgent = new Line()
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
    const line = this.#urgent.has(sender) ? this.#urgent : this.#line
    line.add(sender)
    this.pump()
  }

  /** Puts a sender before all others, and lets it through while the line is held: cancelling must not wait. */
  hurry(sender: Sender): void {
    this.#line.remove(sender)
    this.#urgent.add(sender)
    this.pump()
  }

  remove(sender: Sender): void {
    this.#line.remove(sender)
    this.#urgent.remove(sender)
  }

  /** Asks a sender again that had nothing to send: it may have something now. */
  wake(sender: Sender): void {
    this.#line.wake(sender)
    this.#urgent.wake(sender)
    this.pump()
  }

  /** Starts as many requests as the budget allows; call it whenever that may be more than before. */
  pump(): void {
    // A request may end, or a sender change, while we walk the line: one walk at a time, from the start again.
    if (this.#pumping) return
    this.#pumping = true
    while (this.#inFlight < this.#concurrency()) {
      const next = this.#urgent.next() ?? (this.#isHeld() ? null : this.#line.next())
      if (!next) break
      this.#inFlight += 1
      void next.request().finally(() => {
        this.#inFlight -= 1
        this.wake(next.sender)
      })
    }
    this.#pumping = false
  }
}

/**
 * Senders in the order in which they came. Who had nothing to send sleeps until it is woken: with a thousand files in
 * line, a connection that gets free must not ask all of them.
 */
class Line {
  #arrivals = 0
  readonly #places = new Map<Sender, number>()
  // In the order of their places.
  readonly #awake: Sender[] = []

  has(sender: Sender): boolean {
    return this.#places.has(sender)
  }

  /** One that is in it keeps its place. */
  add(sender: Sender): void {
    this.#arrivals += 1
    if (!this.has(sender)) this.#places.set(sender, this.#arrivals)
    this.wake(sender)
  }

  wake(sender: Sender): void {
    const at = this.#find(sender)
    if (this.has(sender) && this.#awake[at] !== sender) this.#awake.splice(at, 0, sender)
  }

  remove(sender: Sender): void {
    this.#sleep(sender)
    this.#places.delete(sender)
  }

  next(): { sender: Sender; request: () => Promise<void> } | null {
    for (let [sender] = this.#awake; sender; [sender] = this.#awake) {
      const request = sender.nextRequest()
      if (request) return { sender, request }
      this.#sleep(sender)
    }
    return null
  }

  #sleep(sender: Sender): void {
    const at = this.#find(sender)
    if (this.#awake[at] === sender) this.#awake.splice(at, 1)
  }

  /** Where among those awake it stands, or would. */
  #find(sender: Sender): number {
    const place = this.#places.get(sender) ?? 0
    let from = 0
    let to = this.#awake.length
    while (from < to) {
      const middle = (from + to) >> 1
      if ((this.#places.get(this.#awake[middle] as Sender) as number) < place) from = middle + 1
      else to = middle
    }
    return from
  }
}
