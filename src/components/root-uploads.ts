import type { Uploader } from '../core/index.js'
import { keepEqual } from './keep-equal.js'
import type { RootStore } from './root-store.js'
import { RunningTotals, type Totals } from './totals.js'

/** Told after uploads of this Root changed, came or went, with the ids of these. */
export type RootUploadsListener = (changed: ReadonlySet<string>) => void

const NONE: ReadonlySet<string> = new Set()

/**
 * The uploads of one Root as a whole: their numbers, and which of them are shown. Looks only at those that changed, and
 * only while somebody listens, so that a thousand rows cost no more per event than ten.
 */
export class RootUploads {
  readonly #store: RootStore
  readonly #uploader: Uploader
  readonly #foldAbove: number
  readonly #listeners = new Set<RootUploadsListener>()
  readonly #keepTotals = keepEqual((totals: Totals) => totals)
  readonly #keepShown = keepEqual((ids: readonly string[]) => ids)
  readonly #keepPinned = keepEqual((ids: readonly string[]) => ids)
  #counted = new RunningTotals()
  #ids: readonly string[] = []
  #stop: (() => void) | null = null
  #totals: Totals | null = null
  #shown: readonly string[] | null = null
  #pinned: readonly string[] | null = null

  /** `foldAbove`: most uploads of which the completed ones are shown unasked. */
  constructor(store: RootStore, uploader: Uploader, foldAbove: number) {
    this.#store = store
    this.#uploader = uploader
    this.#foldAbove = foldAbove
  }

  readonly subscribe = (listener: RootUploadsListener): (() => void) => {
    this.#listeners.add(listener)
    this.#stop ??= this.#listen()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#stop?.()
      this.#stop = null
    }
  }

  /** The same object until a number changes. */
  readonly getTotals = (): Totals => {
    this.#refresh()
    this.#totals ??= this.#keepTotals(this.#counted.read())
    return this.#totals
  }

  /** Ids of the rows to show, in their order; the same list until that changes. */
  readonly getShown = (): readonly string[] => {
    this.#refresh()
    this.#shown ??= this.#keepShown(this.#show())
    return this.#shown
  }

  /** Ids of the rows that are always worth a look: what is active, and what needs attention. */
  readonly getPinned = (): readonly string[] => {
    this.#refresh()
    this.#pinned ??= this.#keepPinned(this.#ids.filter((id) => this.#is(id, 'active') || this.#is(id, 'attention')))
    return this.#pinned
  }

  /** Whether the list is so long that completed uploads are folded away. */
  readonly folds = (): boolean => this.#store.getState().ids.length > this.#foldAbove

  #show(): readonly string[] {
    const { view } = this.#store.getState()
    if (view === 'attention' && this.getTotals().attention > 0)
      return this.#ids.filter((id) => this.#is(id, 'attention'))
    if (!this.folds()) return this.#ids
    const unfinished = this.#ids.filter((id) => !this.#is(id, 'completed'))
    return view === 'all' ? [...unfinished, ...this.#ids.filter((id) => this.#is(id, 'completed'))] : unfinished
  }

  #is(id: string, kind: ReturnType<RunningTotals['kindOf']>): boolean {
    return this.#counted.kindOf(id) === kind
  }

  #listen(): () => void {
    this.#countAll()
    const stops = [
      this.#store.subscribe(() => this.#tell(this.#takeIds())),
      this.#uploader.subscribe((changed) => {
        const own = new Set([...changed].filter((id) => this.#store.has(id)))
        if (own.size === 0) return
        this.#count(own)
        this.#tell(own)
      }),
    ]
    return () => stops.forEach((stop) => stop())
  }

  /** Whoever asks while nobody listens gets a fresh count. */
  #refresh(): void {
    if (!this.#stop) this.#countAll()
  }

  #countAll(): void {
    this.#counted = new RunningTotals()
    this.#ids = this.#store.getState().ids
    this.#shown = null
    this.#pinned = null
    this.#count(this.#ids)
  }

  /** Takes over which uploads the Root has, and tells which came or went. */
  #takeIds(): ReadonlySet<string> {
    const before = this.#ids
    const { ids } = this.#store.getState()
    // What is shown may have changed all the same.
    this.#shown = null
    if (ids === before) return NONE
    this.#ids = ids
    this.#pinned = null
    const old = new Set(before)
    const changed = new Set([...ids.filter((id) => !old.has(id)), ...before.filter((id) => !this.#store.has(id))])
    this.#count(changed)
    return changed
  }

  #count(ids: Iterable<string>): void {
    this.#totals = null
    for (const id of ids) {
      const upload = this.#store.has(id) ? (this.#store.kept.get(id) ?? this.#uploader.get(id)) : undefined
      if (!this.#counted.set(id, upload)) continue
      this.#shown = null
      this.#pinned = null
    }
  }

  #tell(changed: ReadonlySet<string>): void {
    for (const listener of this.#listeners) listener(changed)
  }
}
