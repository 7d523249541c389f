import type { Uploader, UploaderSnapshot } from '../core/index.js'
import type { Paces } from './pace.js'

// Each file that is done moves all that wait behind it: so many may follow at once, more of them once a second.
const FOLLOW_AT_ONCE = 50

/** How many uploads each queued one waits for: those under way, and those in line before it. */
export class QueuePositions {
  readonly #uploader: Uploader
  readonly #paces: Paces
  readonly #listeners = new Set<() => void>()
  #counted: UploaderSnapshot | null = null
  #positions: ReadonlyMap<string, number> = new Map()
  #stop: (() => void) | null = null
  #isBehind = false

  constructor(uploader: Uploader, paces: Paces) {
    this.#uploader = uploader
    this.#paces = paces
  }

  /** Calls back after positions were counted anew; returns the unsubscribe. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.#stop ??= this.#listen()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#stop?.()
      this.#stop = null
    }
  }

  of(id: string): number {
    // Between two counts a row keeps its number, so that one count serves all of them; a new one has none yet.
    if (!this.#stop || !this.#positions.has(id)) this.#count()
    return this.#positions.get(id) ?? 0
  }

  #listen(): () => void {
    const stops = [
      this.#uploader.subscribe(() => {
        this.#isBehind = true
        // Who ticks will come by again.
        if (this.#positions.size <= FOLLOW_AT_ONCE || !this.#paces.isTicking) this.#tell()
      }),
      this.#paces.subscribe(() => this.#isBehind && this.#tell()),
    ]
    return () => stops.forEach((stop) => stop())
  }

  #tell(): void {
    this.#isBehind = false
    this.#count()
    for (const listener of this.#listeners) listener()
  }

  #count(): void {
    const snapshot = this.#uploader.getSnapshot()
    if (snapshot === this.#counted) return
    this.#counted = snapshot
    this.#positions = positionsIn(snapshot)
  }
}

function positionsIn({ uploads }: UploaderSnapshot): ReadonlyMap<string, number> {
  const positions = new Map<string, number>()
  let ahead = 0
  for (const { status } of uploads.values())
    if (status === 'creating' || status === 'uploading' || status === 'completing') ahead += 1
  for (const [id, { status }] of uploads) if (status === 'queued') positions.set(id, ahead++)
  return positions
}
