import type { TabLeases } from './resume/tab-lease.js'
import { Timers } from './timers.js'

/** The world around the engine, injected so that tests decide what time it is. */
export interface Environment {
  /** Wall clock, ms since the epoch: for what people read, and to notice sleep; it may jump either way. */
  now(): number
  /** Ms that have passed since some moment: never jumps, but may stand still while the machine sleeps. */
  elapsed(): number
  /** Runs `callback` once after `delay` ms; the returned function calls it off. */
  setTimer(callback: () => void, delay: number): () => void
  /** At least 0, below 1. */
  random(): number
  /** What the browser believes: a hint, never a gate, as it is wrong behind VPNs and after sleep. */
  isOnline(): boolean
  /** Whether the page can be seen; timers of hidden pages run late. */
  isVisible(): boolean
  /**
   * Calls back each time connections may have died unheard: the browser believes that it is online again, or shows a page
   * again that it had frozen. Returns the unsubscribe.
   */
  onOnline(callback: () => void): () => void
  /** Calls back each time trying again may help: the browser is online again, or the person is back. Returns the unsubscribe. */
  onWake(callback: () => void): () => void
  /** Calls back when the page is being left; returns the unsubscribe. */
  onPageHide(callback: () => void): () => void
  /** Takes a lock that all tabs share; null when another holder has it. */
  lock(name: string): Promise<TabLock | null>
  /** Waits for such a lock, for as long as it takes; rejects when the signal aborts. */
  waitForLock(name: string, signal: AbortSignal): Promise<TabLock>
  /** Joins the tabs that talk under a name, and hears what the others say; null where the browser has no such thing. */
  joinChannel(name: string, heard: (message: unknown) => void): TabChannel | null
}

/** A lock that all tabs share. */
export interface TabLock {
  /** False once another tab may hold it: leases, unlike the browser's own locks, run out while a page is frozen. */
  isHeld(): Promise<boolean>
  release(): void
}

export interface TabChannel {
  /** Says something to all tabs but this one; what is said must survive a structured clone. */
  post(message: unknown): void
  leave(): void
}

// Above this, browsers ring at once. No upload waits for 24 days.
const MAX_TIMER_MS = 2 ** 31 - 1

/** The real world; touches no global before it is used, so it can be made on a server. */
export function browserEnvironment(): Environment {
  const elapsed = () => performance.now()
  const timers = new Timers({
    elapsed,
    setTimer: (callback, delay) => {
      const timer = setTimeout(callback, Math.min(delay, MAX_TIMER_MS))
      return () => clearTimeout(timer)
    },
  })
  const environment: Environment = {
    now: () => Date.now(),
    elapsed,
    setTimer: (callback, delay) => timers.set(callback, delay),
    random: () => Math.random(),
    isOnline: () => typeof navigator === 'undefined' || navigator.onLine !== false,
    isVisible: () => typeof document === 'undefined' || document.visibilityState !== 'hidden',
    onOnline: (callback) => {
      const stops = [listen('online', callback), listen('pageshow', ({ persisted }) => persisted && callback())]
      return () => {
        for (const stop of stops) stop()
      }
    },
    onWake: (callback) => {
      const stops = (['online', 'focus', 'pageshow'] as const).map((type) => listen(type, callback))
      stops.push(listenToVisibility(callback))
      return () => {
        for (const stop of stops) stop()
      }
    },
    onPageHide: (callback) => listen('pagehide', callback),
    lock: (name) => {
      if (hasLocks()) return requestLock(name, { ifAvailable: true })
      return leases()
        .then((all) => all.take(name))
        .catch(() => ALONE)
    },
    waitForLock: async (name, signal) => {
      if (hasLocks()) return (await requestLock(name, { signal })) ?? ALONE
      return (await leases()).waitFor(name, signal)
    },
    joinChannel: (name, heard) => {
      if (typeof BroadcastChannel === 'undefined') return null
      const channel = new BroadcastChannel(name)
      channel.onmessage = ({ data }) => heard(data)
      return { post: (message) => channel.postMessage(message), leave: () => channel.close() }
    },
  }
  let loading: Promise<TabLeases> | null = null
  // Only what came with the same chunk asks for locks.
  const leases = () => {
    loading ??= import('./resume/index.js').then(
      ({ createLeaseStore, TabLeases }) => new TabLeases(createLeaseStore(), environment),
    )
    return loading
  }
  return environment
}

// Where there is neither a lock nor a storage to lease from, no other tab can know of an upload either.
const ALONE: TabLock = { isHeld: async () => true, release: () => {} }

function hasLocks(): boolean {
  return typeof navigator !== 'undefined' && Boolean(navigator.locks)
}

function requestLock(name: string, options: LockOptions): Promise<TabLock | null> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, options, (lock) => {
        if (!lock) return resolve(null)
        // Held until the promise that we return here settles.
        return new Promise<void>((release) => resolve({ isHeld: async () => true, release }))
      })
      .catch(reject)
  })
}

function listenToVisibility(callback: () => void): () => void {
  if (typeof document === 'undefined') return () => {}
  const whenVisible = () => {
    if (document.visibilityState === 'visible') callback()
  }
  document.addEventListener('visibilitychange', whenVisible)
  return () => document.removeEventListener('visibilitychange', whenVisible)
}

function listen<Type extends 'online' | 'focus' | 'pageshow' | 'pagehide'>(
  type: Type,
  callback: (event: WindowEventMap[Type]) => void,
): () => void {
  if (typeof window === 'undefined') return () => {}
  window.addEventListener(type, callback)
  return () => window.removeEventListener(type, callback)
}
