import { createStore, type UseStore, update } from 'idb-keyval'
import { isRecord } from '../protocol/index.js'
import type { Environment, TabLock } from './environment.js'

/** Who may send an upload where the browser has no locks: the holder of the highest fence, until its time is up. */
export interface Lease {
  fence: number
  /** Ms of this device's clock; 0 once it was given back. */
  until: number
}

export interface LeaseStore {
  /** Changes a lease in one transaction, so that two tabs never read the same one and both take it. */
  change(name: string, next: (stored: unknown) => unknown): Promise<void>
}

// Timers of hidden pages ring once a minute: a lease outlives two of them, and is renewed far more often.
const LEASE_MS = 120_000
const RENEW_MS = 30_000
const POLL_MS = 5000

type World = Pick<Environment, 'now' | 'setTimer' | 'onPageHide'>

/** Locks among tabs for insecure origins, which have no Web Locks: written down, renewed, and running out by themselves. */
export class TabLeases {
  readonly #store: LeaseStore
  readonly #world: World

  constructor(store: LeaseStore, world: World) {
    this.#store = store
    this.#world = world
  }

  /** Takes a lease; null while another tab has it. Rejects when the storage fails. */
  async take(name: string): Promise<TabLock | null> {
    let fence: number | null = null
    await this.#store.change(name, (stored) => {
      const lease = parseLease(stored)
      const now = this.#world.now()
      // One that runs for longer than any was written by a clock that has been set back since.
      const isTaken = lease !== null && lease.until > now && lease.until <= now + LEASE_MS
      fence = isTaken ? null : (lease?.fence ?? 0) + 1
      return fence === null ? stored : ({ fence, until: now + LEASE_MS } satisfies Lease)
    })
    return fence === null ? null : this.#lockOf(name, fence)
  }

  /** Waits until no other tab has it; rejects when the signal aborts, or the storage fails. */
  async waitFor(name: string, signal: AbortSignal): Promise<TabLock> {
    for (;;) {
      signal.throwIfAborted()
      const lock = await this.take(name)
      if (lock) return lock
      await this.#pause(signal)
    }
  }

  #lockOf(name: string, fence: number): TabLock {
    const world = this.#world
    /** Whether the lease is still this holder's; if so, it runs `until` then. */
    const extend = async (until: number): Promise<boolean> => {
      let isMine = false
      await this.#store.change(name, (stored) => {
        isMine = parseLease(stored)?.fence === fence
        return isMine ? ({ fence, until } satisfies Lease) : stored
      })
      return isMine
    }
    const isHeld = () => extend(world.now() + LEASE_MS)
    // Storage trouble ends nothing: at worst another tab takes over, and the fence tells us so.
    const renew = () => {
      void isHeld().catch(() => {})
      stopTimer = world.setTimer(renew, RENEW_MS)
    }
    const giveBack = () => void extend(0).catch(() => {})
    let stopTimer = world.setTimer(renew, RENEW_MS)
    // A page that comes back from the cache has its fence still, unless another tab took over.
    const stopHearing = world.onPageHide(giveBack)
    return {
      isHeld,
      release: () => {
        stopTimer()
        stopHearing()
        giveBack()
      },
    }
  }

  #pause(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = this.#world.setTimer(() => {
        signal.removeEventListener('abort', abort)
        resolve()
      }, POLL_MS)
      const abort = () => {
        stop()
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', abort, { once: true })
    })
  }
}

/** Keeps leases in IndexedDB; opened at the first use. */
export function createLeaseStore(): LeaseStore {
  let opened: UseStore | null = null
  return {
    change: (name, next) => {
      opened ??= createStore('react-openai-uploads:leases', 'leases')
      return update<unknown>(name, next, opened)
    },
  }
}

function parseLease(stored: unknown): Lease | null {
  if (!isRecord(stored)) return null
  const { fence, until } = stored
  return Number.isSafeInteger(fence) && Number.isFinite(until) ? (stored as unknown as Lease) : null
}
