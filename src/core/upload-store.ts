import { callApp } from './app-code.js'
import type { Environment } from './environment.js'
import { summarize, type UploaderSummary } from './summary.js'
import type { TrackedUpload } from './tracked-upload.js'
import type { UploadSnapshot } from './upload-snapshot.js'

/** All uploads at one moment: immutable, and the same object until something changed. */
export interface UploaderSnapshot {
  /** In the order in which they were added. */
  readonly ids: readonly string[]
  readonly uploads: ReadonlyMap<string, UploadSnapshot>
  readonly summary: UploaderSummary
}

/** Told after anything changed, with the ids of the uploads that did: with a thousand of them, only these are worth a look. */
export type UploaderListener = (changed: ReadonlySet<string>) => void

/**
 * `restored`: brought back after a reload. `started`: an upload got in line, by whoever's command. `settled`: it
 * completed, was cancelled, failed or expired.
 */
export type UploaderEvent = {
  type: 'added' | 'restored' | 'started' | 'settled' | 'removed'
  id: string
  upload: UploadSnapshot
}

// A thousand small files change their status hundreds of times a second, and each report is drawn before the next file.
const MANY = 100
const MANY_TOLD_EVERY_MS = 50

/** The list of uploads, and who wants to know of its changes: changes of status at once, progress a few times a second. */
export class UploadStore {
  readonly #environment: Environment
  readonly #progressInterval: number
  readonly #reported: (upload: TrackedUpload) => void
  readonly #uploads = new Map<string, TrackedUpload>()
  readonly #listeners = new Set<UploaderListener>()
  readonly #uploadListeners = new Map<string, Set<() => void>>()
  readonly #eventListeners = new Set<(event: UploaderEvent) => void>()
  // Uploads that listeners have not been told about yet.
  readonly #changed = new Set<TrackedUpload>()
  #reporting: 'idle' | 'soon' | 'now' = 'idle'
  #stopTimer: (() => void) | null = null
  #toldAt = Number.NEGATIVE_INFINITY
  #ids: readonly string[] | null = []
  #snapshot: UploaderSnapshot | null = null

  /** `progressInterval`: ms between two reports of progress; `reported` hears of each upload before the listeners do. */
  constructor(environment: Environment, progressInterval: number, reported: (upload: TrackedUpload) => void) {
    this.#environment = environment
    this.#progressInterval = progressInterval
    this.#reported = reported
  }

  get ids(): readonly string[] {
    // Made when it is asked for: a new list for each of a thousand files would be half a million entries.
    this.#ids ??= [...this.#uploads.keys()]
    return this.#ids
  }

  get(id: string): TrackedUpload | undefined {
    return this.#uploads.get(id)
  }

  /** As they are now, so that a caller may add and remove while walking. */
  list(): readonly TrackedUpload[] {
    return [...this.#uploads.values()]
  }

  /** Adds an upload, or puts it in the place of the one that has its id. */
  add(upload: TrackedUpload): void {
    this.#uploads.set(upload.id, upload)
    this.#ids = null
    this.report(upload, 'state')
  }

  delete(upload: TrackedUpload): void {
    this.#uploads.delete(upload.id)
    this.#ids = null
    this.report(upload, 'state')
    // Who looks at this one alone must not draw it once more.
    this.#uploadListeners.get(upload.id)?.forEach(callApp)
  }

  getSnapshot(): UploaderSnapshot {
    this.#snapshot ??= this.#takeSnapshot()
    return this.#snapshot
  }

  subscribe(listener: UploaderListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  subscribeTo(id: string, listener: () => void): () => void {
    const listeners = this.#uploadListeners.get(id) ?? new Set()
    this.#uploadListeners.set(id, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#uploadListeners.get(id) === listeners) this.#uploadListeners.delete(id)
    }
  }

  subscribeToEvents(listener: (event: UploaderEvent) => void): () => void {
    this.#eventListeners.add(listener)
    return () => this.#eventListeners.delete(listener)
  }

  emit(type: UploaderEvent['type'], upload: TrackedUpload): void {
    // A snapshot that nobody looks at is garbage, twice for each of a thousand files.
    if (this.#eventListeners.size === 0) return
    const event = { type, id: upload.id, upload: upload.snapshot }
    for (const listener of this.#eventListeners) callApp(() => listener(event))
  }

  report(upload: TrackedUpload, what: 'state' | 'progress'): void {
    this.#changed.add(upload)
    if (what === 'state') this.reportNow()
    else if (this.#reporting === 'idle') {
      // A few times a second: a person cannot read faster, and every report costs a paint.
      this.#reporting = 'soon'
      this.#stopTimer = this.#environment.setTimer(this.#tell, this.#progressInterval)
    }
  }

  /** Something about the whole changed. */
  reportNow(): void {
    this.#snapshot = null
    if (this.#reporting === 'now') return
    this.#stopTimer?.()
    this.#stopTimer = null
    this.#reporting = 'now'
    // A hidden page draws nothing, and its timers are late.
    const isDrawn = this.#uploads.size > MANY && this.#environment.isVisible()
    const wait = isDrawn ? this.#toldAt + MANY_TOLD_EVERY_MS - this.#environment.elapsed() : 0
    if (wait > 0) this.#stopTimer = this.#environment.setTimer(this.#tell, wait)
    // Not in this very turn: a command for a hundred uploads is one report.
    else queueMicrotask(this.#tell)
  }

  /** Tells nobody anything any more. */
  close(): void {
    this.#stopTimer?.()
    this.#stopTimer = null
    this.#listeners.clear()
    this.#uploadListeners.clear()
    this.#eventListeners.clear()
  }

  readonly #tell = (): void => {
    this.#reporting = 'idle'
    this.#stopTimer = null
    this.#toldAt = this.#environment.elapsed()
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const upload of changed) {
      upload.refreshProgress()
      this.#reported(upload)
    }
    this.#snapshot = null
    const ids = new Set(changed.map(({ id }) => id))
    for (const id of ids) this.#uploadListeners.get(id)?.forEach(callApp)
    for (const listener of this.#listeners) callApp(() => listener(ids))
  }

  #takeSnapshot(): UploaderSnapshot {
    const uploads = new Map<string, UploadSnapshot>()
    for (const [id, upload] of this.#uploads) uploads.set(id, upload.snapshot)
    let summary: UploaderSummary | null = null
    return {
      ids: this.ids,
      uploads,
      // Added up only where someone reads it, and once.
      get summary() {
        summary ??= summarize(uploads.values())
        return summary
      },
    }
  }
}
