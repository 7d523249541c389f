import type { Environment, TabLock } from './environment.js'
import type { TabLeases } from './resume/tab-lease.js'
import { Timers } from './timers.js'

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
