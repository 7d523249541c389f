import type { Environment } from '../src/core/index.js'
import { Random } from './random.js'

interface Timer {
  due: number
  /** Whether the page has to run for it: such timers wait while it is frozen, and run late while it is hidden. */
  onPage: boolean
  callback: () => void
}

const BEGINNING = Date.UTC(2026, 0, 1)
// As in browserEnvironment(): browsers keep delays in 32 bits, and a longer one would fire at once.
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Time, the page and its surroundings, all of them virtual. Nothing waits: a step takes the next timer that is due and
 * lets all promises that it sets off run dry.
 */
export class World {
  /** Ms since the beginning: the true time, which the server and the network live by. */
  time = 0
  online = true
  visible = true
  /** Ms by which the page's wall clock is wrong. */
  skewed = 0
  /** How coarse timers of a hidden page are, in ms. */
  throttle = 1000
  readonly #random: Random
  readonly #timers = new Set<Timer>()
  readonly #online = new Set<() => void>()
  readonly #wake = new Set<() => void>()
  readonly #pageHide = new Set<() => void>()
  readonly #locks = new Set<string>()
  #frozenUntil = 0
  // What the page's monotonic clock missed, where it stands still during sleep.
  #missed = 0

  constructor(seed: number) {
    this.#random = new Random(seed, 77)
  }

  /** The true wall clock. */
  get now(): number {
    return BEGINNING + this.time
  }

  /** Timers and listeners that the page still has. */
  get pageTimers(): number {
    let count = 0
    for (const timer of this.#timers) if (timer.onPage) count += 1
    return count
  }

  get listeners(): number {
    return this.#online.size + this.#wake.size + this.#pageHide.size
  }

  get locks(): number {
    return this.#locks.size
  }

  get isFrozen(): boolean {
    return this.time < this.#frozenUntil
  }

  /** The page's monotonic clock. */
  elapsed(): number {
    return this.time - this.#missed
  }

  after(delay: number, callback: () => void, onPage = false): () => void {
    const timer = { due: this.time + Math.max(0, delay), onPage, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** What the network hands to the page: it waits while the page is frozen, but is never throttled. */
  deliver(delay: number, callback: () => void): () => void {
    let cancel: () => void
    const arrive = () => {
      if (this.isFrozen) cancel = this.after(this.#frozenUntil - this.time, arrive)
      else callback()
    }
    cancel = this.after(delay, arrive)
    return () => cancel()
  }

  setOnline(online: boolean): void {
    this.online = online
    if (!online) return
    for (const listener of Array.from(this.#online)) listener()
    this.wake()
  }

  setVisible(visible: boolean): void {
    this.visible = visible
    if (visible) this.wake()
  }

  wake(): void {
    for (const listener of Array.from(this.#wake)) listener()
  }

  leavePage(): void {
    for (const listener of Array.from(this.#pageHide)) listener()
  }

  /** For `ms` no timer of the page fires. `asleep`: its monotonic clock stands still meanwhile. */
  freeze(ms: number, asleep: boolean): void {
    this.#frozenUntil = this.time + ms
    if (!asleep) return
    this.#missed += ms
    for (const timer of this.#timers) if (timer.onPage) timer.due += ms
  }

  /** Fires the next timer due by `until`; false when there is none, and then it is `until`. */
  step(until: number): boolean {
    let next: Timer | null = null
    let nextAt = Number.POSITIVE_INFINITY
    for (const timer of this.#timers) {
      const at = this.#firesAt(timer)
      if (at < nextAt) {
        next = timer
        nextAt = at
      }
    }
    if (!next || nextAt > until) {
      this.time = Math.max(this.time, until)
      return false
    }
    this.#timers.delete(next)
    this.time = Math.max(this.time, nextAt)
    next.callback()
    return true
  }

  environment(): Environment {
    const subscribe = (listeners: Set<() => void>, callback: () => void) => {
      const listener = () => callback()
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
    return {
      now: () => this.now + this.skewed,
      elapsed: () => this.elapsed(),
      setTimer: (callback, delay) => this.after(Math.ceil(Math.min(delay, MAX_TIMER_MS)), callback, true),
      random: () => this.#random.next(),
      isOnline: () => this.online,
      isVisible: () => this.visible,
      onOnline: (callback) => subscribe(this.#online, callback),
      onWake: (callback) => subscribe(this.#wake, callback),
      onPageHide: (callback) => subscribe(this.#pageHide, callback),
      lock: async (name) => {
        if (this.#locks.has(name)) return null
        this.#locks.add(name)
        return { isHeld: async () => this.#locks.has(name), release: () => this.#locks.delete(name) }
      },
      waitForLock: (_name, signal) =>
        new Promise((_resolve, reject) => {
          signal.onabort = () => reject(signal.reason)
        }),
      joinChannel: () => null,
    }
  }

  #firesAt({ due, onPage }: Timer): number {
    if (!onPage) return due
    const at = this.visible ? due : Math.ceil(due / this.throttle) * this.throttle
    return Math.max(at, this.#frozenUntil)
  }
}

/** Resolves once every promise that can go on by itself has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
