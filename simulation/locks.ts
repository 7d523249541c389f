import type { TabLock } from '../src/core/environment.js'
import type { Page, World } from './world.js'

interface Waiting {
  readonly name: string
  readonly page: Page
  readonly grant: () => void
}

/** The locks that all pages of one browser share, as `navigator.locks` gives them: first come, first served, never stolen. */
export class Locks {
  readonly #world: World
  readonly #held = new Map<string, Page>()
  readonly #waiting = new Set<Waiting>()

  constructor(world: World) {
    this.#world = world
  }

  /** Who has the lock that guards an Upload. */
  holderOf(uploadId: string): Page | undefined {
    for (const [name, page] of this.#held) if (name.endsWith(uploadId)) return page
    return undefined
  }

  heldBy(page: Page): number {
    return Array.from(this.#held.values()).filter((holder) => holder === page).length
  }

  awaitedBy(page: Page): number {
    return Array.from(this.#waiting).filter((waiting) => waiting.page === page).length
  }

  /** Null when it is held, whoever holds it. */
  take(name: string, page: Page): TabLock | null {
    if (this.#held.has(name)) return null
    this.#held.set(name, page)
    let released = false
    return {
      isHeld: async () => !released,
      release: () => {
        // Of a page that is gone, or a second time: the lock may be somebody else's by now.
        if (released || page.gone) return
        released = true
        this.#release(name)
      },
    }
  }

  wait(name: string, page: Page, signal: AbortSignal): Promise<TabLock> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        name,
        page,
        grant: () => {
          signal.removeEventListener('abort', giveUp)
          this.#waiting.delete(waiting)
          const lock = this.take(name, page) as TabLock
          page.deliver(0, () => resolve(lock))
        },
      }
      const giveUp = () => {
        this.#waiting.delete(waiting)
        signal.removeEventListener('abort', giveUp)
        reject(signal.reason)
      }
      if (signal.aborted) return reject(signal.reason)
      signal.addEventListener('abort', giveUp)
      this.#waiting.add(waiting)
      this.#grantNext(name)
    })
  }

  /** The page is gone, and the browser notices. */
  letGo(page: Page): void {
    for (const waiting of this.#waiting) if (waiting.page === page) this.#waiting.delete(waiting)
    for (const [name, holder] of Array.from(this.#held)) if (holder === page) this.#release(name)
  }

  #release(name: string): void {
    this.#held.delete(name)
    this.#world.after(1, () => this.#grantNext(name))
  }

  #grantNext(name: string): void {
    if (this.#held.has(name)) return
    for (const waiting of this.#waiting) if (waiting.name === name) return waiting.grant()
  }
}
