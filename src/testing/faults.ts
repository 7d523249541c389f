import type { UploadCall } from '../protocol/index.js'

/** What goes wrong with some calls; the first fault that fits a call applies to it. */
export interface Fault {
  /** Which calls. @default every one */
  call?: UploadCall
  /** Spares this many calls first. @default 0 */
  after?: number
  /** Applies to this many calls. @default 1 */
  times?: number
  /** Answers so, without asking the API. */
  respond?: { status: number; headers?: Record<string, string>; body?: unknown }
  /** `request`: lost before the API saw it. `reply`: carried out, but the answer is lost. */
  lose?: 'request' | 'reply'
  /** Flips one bit of the bytes of a part. */
  corrupt?: boolean
  /** Ms to wait before anything else. */
  delay?: number
  /** Resolves when the call may go on. */
  until?: Promise<void>
}

export interface HeldCall {
  /** Resolves when a call is being held. */
  reached: Promise<void>
  /** Lets it go on. */
  release(): void
}

/** A script of faults, in the order in which they were added. */
export class Faults {
  readonly #faults: { fault: Fault; spare: number; left: number; reached: () => void }[] = []

  /** Adds a fault; returns a function that takes it out again. */
  add(fault: Fault): () => void {
    return this.#add(fault, () => {})
  }

  /** Holds the next call of a kind before the API sees it, so that a test can act meanwhile. */
  hold(call: UploadCall, { after = 0 } = {}): HeldCall {
    let release!: () => void
    let reached!: () => void
    const until = new Promise<void>((resolve) => {
      release = resolve
    })
    const arrival = new Promise<void>((resolve) => {
      reached = resolve
    })
    this.#add({ call, after, until }, reached)
    return { reached: arrival, release }
  }

  clear(): void {
    this.#faults.length = 0
  }

  /** The fault for a call, which uses it up. */
  take(call: UploadCall): Fault | null {
    for (const entry of this.#faults) {
      if ((entry.fault.call !== undefined && entry.fault.call !== call) || entry.left === 0) continue
      if (entry.spare > 0) {
        entry.spare -= 1
        continue
      }
      entry.left -= 1
      entry.reached()
      return entry.fault
    }
    return null
  }

  #add(fault: Fault, reached: () => void): () => void {
    const entry = { fault, spare: fault.after ?? 0, left: fault.times ?? 1, reached }
    this.#faults.push(entry)
    return () => {
      entry.left = 0
    }
  }
}
