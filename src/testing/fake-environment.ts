import type { Environment, TabLock } from '../core/index.js'
import type { FakeClock } from './clock.js'

/** The engine's world with its switches on the outside. */
export interface FakeEnvironment extends Environment {
  /** What the browser believes; going online wakes the engine. */
  setOnline(online: boolean): void
  /** The person leaves the page for another tab, or comes back, which wakes the engine. */
  setVisible(visible: boolean): void
  /** The wall clock jumps by `ms`, and no time passes. */
  skew(ms: number): void
  /** The person leaves the page. */
  hidePage(): void
  /** Listeners that are still subscribed. */
  readonly listeners: number
  /** Locks that are held, by name. */
  readonly locks: ReadonlyMap<string, unknown>
}

/** Randomness is a fixed sequence, so that every run of a test is the same. */
export function createFakeEnvironment(
  clock: FakeClock,
  seed = 1,
  /** Pass one map to two environments to make them tabs of one browser, with one set of channels. */
  locks: Map<string, unknown> = new Map(),
): FakeEnvironment {
  const onlineListeners = new Set<() => void>()
  const wakeListeners = new Set<() => void>()
  const pageHideListeners = new Set<() => void>()
  let online = true
  let visible = true
  let skewed = 0
  const begun = clock.now()
  const { lockListeners, channels } = browserOf(locks)
  const take = (name: string): TabLock => {
    const holder = {}
    locks.set(name, holder)
    const isHeld = () => locks.get(name) === holder
    return {
      isHeld: async () => isHeld(),
      release: () => {
        if (!isHeld()) return
        locks.delete(name)
        for (const listener of Array.from(lockListeners)) listener()
      },
    }
  }
  const wake = () => {
    for (const listener of Array.from(wakeListeners)) listener()
  }
  let state = seed
  return {
    now: () => clock.now() + skewed,
    elapsed: () => clock.now() - begun,
    setTimer: (callback, delay) => clock.setTimer(callback, delay),
    random: () => {
      // mulberry32
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    },
    isOnline: () => online,
    isVisible: () => visible,
    onOnline: (callback) => subscribe(onlineListeners, callback),
    onWake: (callback) => subscribe(wakeListeners, callback),
    onPageHide: (callback) => subscribe(pageHideListeners, callback),
    setOnline: (value) => {
      online = value
      if (!online) return
      for (const listener of Array.from(onlineListeners)) listener()
      wake()
    },
    setVisible: (value) => {
      visible = value
      if (visible) wake()
    },
    skew: (ms) => {
      skewed += ms
    },
    hidePage: () => {
      for (const listener of Array.from(pageHideListeners)) listener()
    },
    locks,
    lock: async (name) => (locks.has(name) ? null : take(name)),
    waitForLock: (name, signal) =>
      new Promise((resolve, reject) => {
        const attempt = () => {
          if (locks.has(name)) return
          stop()
          resolve(take(name))
        }
        const stop = subscribe(lockListeners, attempt)
        signal.addEventListener('abort', () => {
          stop()
          reject(signal.reason)
        })
        attempt()
      }),
    joinChannel: (name, heard) => {
      const channel: Channel = { name, heard }
      channels.add(channel)
      return {
        post: (message) => {
          for (const other of channels) {
            if (other === channel || other.name !== name) continue
            const copy = structuredClone(message)
            queueMicrotask(() => {
              if (channels.has(other)) other.heard(copy)
            })
          }
        },
        leave: () => {
          channels.delete(channel)
        },
      }
    },
    get listeners() {
      return onlineListeners.size + wakeListeners.size + pageHideListeners.size
    },
  }
}

interface Channel {
  name: string
  heard: (message: unknown) => void
}

/** What the tabs of one browser share beside its locks. */
interface Browser {
  /** Who waits for a lock is told by whichever tab gives one back. */
  lockListeners: Set<() => void>
  channels: Set<Channel>
}

const browsers = new WeakMap<Map<string, unknown>, Browser>()

function browserOf(locks: Map<string, unknown>): Browser {
  const browser = browsers.get(locks) ?? { lockListeners: new Set(), channels: new Set() }
  browsers.set(locks, browser)
  return browser
}

function subscribe(listeners: Set<() => void>, callback: () => void): () => void {
  // A wrapper of its own: the same callback may be subscribed twice.
  const listener = () => callback()
  listeners.add(listener)
  return () => listeners.delete(listener)
}
