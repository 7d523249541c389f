import type { Environment } from '../src/core/index.js'
import { Timers } from '../src/core/timers.js'
import { Channels } from './channels.js'
import { Locks } from './locks.js'
import { Random } from './random.js'

interface Timer {
  due: number
  /** Whose it is: it goes with the page. Null for what happens outside of all pages. */
  page: Page | null
  /** `page`: set by the page, waits while it is frozen and runs late while it is hidden. `delivery`: waits only. */
  kind: 'world' | 'page' | 'delivery'
  callback: () => void
}

const BEGINNING = Date.UTC(2026, 0, 1)
// As in browserEnvironment(): browsers keep delays in 32 bits, and a longer one would fire at once.
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * Time, and the machine with its browser, all of it virtual. Nothing waits: a step takes the next timer that is due and
 * lets all promises that it sets off run dry.
 */
export class World {
  /** Ms since the beginning: the true time, which the server and the network live by. */
  time = 0
  online = true
  visible = true
  /** Ms by which the machine's wall clock is wrong. */
  skewed = 0
  /** How coarse timers of hidden pages are, in ms. */
  throttle = 1000
  /** Decides when a delivery is made that is due; null is at once. */
  shuffle: ((arrive: () => void) => void) | null = null
  readonly locks = new Locks(this)
  readonly channels = new Channels()
  readonly random: Random
  readonly #timers = new Set<Timer>()
  readonly #pages: Page[] = []
  #frozenUntil = 0
  // What the monotonic clock missed, where it stands still during sleep.
  #missed = 0

  constructor(seed: number) {
    this.random = new Random(seed, 77)
  }

  /** The true wall clock. */
  get now(): number {
    return BEGINNING + this.time
  }

  get isFrozen(): boolean {
    return this.time < this.#frozenUntil
  }

  /** Ms until the freeze is over. */
  get frozenFor(): number {
    return Math.max(0, this.#frozenUntil - this.time)
  }

  /** The machine's monotonic clock. */
  elapsed(): number {
    return this.time - this.#missed
  }

  openPage(): Page {
    const page = new Page(this, this.#pages.length)
    this.#pages.push(page)
    return page
  }

  /** The page is gone with all it had: nobody is told. */
  closePage(page: Page): void {
    page.gone = true
    for (const timer of this.#timers) if (timer.page === page) this.#timers.delete(timer)
    this.locks.letGo(page)
    this.channels.letGo(page)
  }

  /** Timers that a page has set. */
  timersOf(page: Page): number {
    let count = 0
    for (const timer of this.#timers) if (timer.page === page && timer.kind === 'page') count += 1
    return count
  }

  after(delay: number, callback: () => void, kind: Timer['kind'] = 'world', page: Page | null = null): () => void {
    const timer = { due: this.time + Math.max(0, delay), page, kind, callback }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** What comes in from outside, such as a click: it waits while pages are frozen, but is never throttled. */
  deliver(delay: number, callback: () => void, page: Page | null = null): () => void {
    let isOff = false
    let cancel: () => void
    const arrive = () => {
      if (isOff || page?.gone) return
      if (this.isFrozen) cancel = this.after(this.frozenFor, arrive, 'delivery', page)
      else callback()
    }
    cancel = this.after(delay, () => (this.shuffle ? this.shuffle(arrive) : arrive()), 'delivery', page)
    return () => {
      isOff = true
      cancel()
    }
  }

  setOnline(online: boolean): void {
    this.online = online
    if (!online) return
    for (const page of this.#live()) page.cameOnline()
    this.wake()
  }

  setVisible(visible: boolean): void {
    this.visible = visible
    if (visible) this.wake()
  }

  wake(): void {
    for (const page of this.#live()) page.wake()
  }

  /** For `ms` no timer of a page fires. `asleep`: the monotonic clock stands still meanwhile. */
  freeze(ms: number, asleep: boolean): void {
    this.#frozenUntil = this.time + ms
    if (!asleep) return
    this.#missed += ms
    for (const timer of this.#timers) if (timer.kind === 'page') timer.due += ms
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

  #live(): Page[] {
    return this.#pages.filter(({ gone }) => !gone)
  }

  #firesAt({ due, kind }: Timer): number {
    if (kind !== 'page') return due
    const at = this.visible ? due : Math.ceil(due / this.throttle) * this.throttle
    return Math.max(at, this.#frozenUntil)
  }
}

/** One page of the browser, and what is lost with it. */
export class Page {
  readonly number: number
  /** Crashed or closed: none of its code runs any more. */
  gone = false
  /** It was told so, but may be shown again. */
  wasLeft = false
  readonly #world: World
  readonly #online = new Set<() => void>()
  readonly #wake = new Set<() => void>()
  readonly #pageHide = new Set<() => void>()

  constructor(world: World, number: number) {
    this.#world = world
    this.number = number
  }

  get timers(): number {
    return this.#world.timersOf(this)
  }

  get listeners(): number {
    return this.#online.size + this.#wake.size + this.#pageHide.size
  }

  /** What the network or the browser hands to this page. */
  deliver(delay: number, callback: () => void): () => void {
    return this.#world.deliver(delay, callback, this)
  }

  sleep(ms: number): Promise<void> {
    return ms === 0 ? Promise.resolve() : new Promise((resolve) => void this.deliver(ms, resolve))
  }

  cameOnline(): void {
    for (const listener of Array.from(this.#online)) listener()
  }

  wake(): void {
    for (const listener of Array.from(this.#wake)) listener()
  }

  leave(): void {
    this.wasLeft = true
    for (const listener of Array.from(this.#pageHide)) listener()
  }

  environment(): Environment {
    const world = this.#world
    const subscribe = (listeners: Set<() => void>, callback: () => void) => {
      const listener = () => callback()
      listeners.add(listener)
      return () => listeners.delete(listener)
    }
    // As the browser's own environment does.
    const timers = new Timers({
      elapsed: () => world.elapsed(),
      setTimer: (callback, delay) => world.after(Math.ceil(Math.min(delay, MAX_TIMER_MS)), callback, 'page', this),
    })
    return {
      now: () => world.now + world.skewed,
      elapsed: () => world.elapsed(),
      setTimer: (callback, delay) => timers.set(callback, delay),
      random: () => world.random.next(),
      isOnline: () => world.online,
      isVisible: () => world.visible,
      onOnline: (callback) => subscribe(this.#online, callback),
      onWake: (callback) => subscribe(this.#wake, callback),
      onPageHide: (callback) => subscribe(this.#pageHide, callback),
      lock: async (name) => {
        // The browser answers from outside of the page.
        await this.sleep(1)
        return world.locks.take(name, this)
      },
      waitForLock: (name, signal) => world.locks.wait(name, this, signal),
      joinChannel: (name, heard) => world.channels.join(name, this, heard),
    }
  }
}

/** Resolves once every promise that can go on by itself has done so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
