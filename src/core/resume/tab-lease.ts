import { createStore, type UseStore, update } from 'idb-keyval'
import { isRecord } from '../../protocol/index.js'
import type { Environment, TabLock } from '../environment.js'

/** Who may send an upload where the browser has no locks: the holder of the highest fence, until its time is up. */
export interface Lease {
  fence: number
  /** Ms of this device's clock; 0 once it was given back. */
  until: number
}

export interface LeaseStore {
  /** Changes a lease in one transaction, so that two tabs never read the same one and both take it. */
  change(name: string, next: (stored: unknown) => unknown): Promise<void>
  /** Writes a lease at once, whatever is stored: a page that is being left has no time to look. */
  write(name: string, lease: Lease): void
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
    let knownUntil = world.now() + LEASE_MS
    const isHeld = async (): Promise<boolean> => {
      const until = world.now() + LEASE_MS
      let isMine = false
      await this.#store.change(name, (stored) => {
        isMine = parseLease(stored)?.fence === fence
        return isMine ? ({ fence, until } satisfies Lease) : stored
      })
      knownUntil = isMine ? until : 0
      return isMine
    }
    // Storage trouble ends nothing: at worst another tab takes over, and the fence tells us so.
    const renew = () => {
      void isHeld().catch(() => {})
      stopTimer = world.setTimer(renew, RENEW_MS)
    }
    // Before its time is up nobody else can have it, so there is no need to look first.
    const giveBack = () => {
      if (world.now() < knownUntil) this.#store.write(name, { fence, until: 0 })
    }
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
  const store = () => {
    opened ??= createStore('react-openai-uploads:leases', 'leases')
    return opened
  }
  return {
    change: (name, next) => update<unknown>(name, next, store()),
    write: (name, lease) => {
      const written = store()('readwrite', (leases) => {
        leases.put(lease, name)
        // Nobody may be left to see the put succeed.
        leases.transaction.commit()
      })
      written.catch(() => {})
    },
  }
}

function parseLease(stored: unknown): Lease | null {
  if (!isRecord(stored)) return null
  const { fence, until } = stored
  return Number.isSafeInteger(fence) && Number.isFinite(until) ? (stored as unknown as Lease) : null
}
