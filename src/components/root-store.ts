import type { UploadSnapshot } from '../core/index.js'
import type { FileObject, UploadError } from '../protocol/index.js'

/** A file that was not added, and why; `error.message` is in the words of the list's own messages. */
export interface FileRejection {
  file: File
  error: UploadError
}

export interface RootState {
  /** Uploads added through this Root, and files that were there from the start, in the order they are shown. */
  readonly ids: readonly string[]
  readonly rejections: readonly FileRejection[]
  /** Files are being read or checked, which takes its time. */
  readonly reading: Reading | null
  /** Files that were chosen to continue an upload with and are not the ones it began with, by upload. */
  readonly chosen: ReadonlyMap<string, File>
}

export interface Reading {
  /** Files found so far in a dropped folder; null where files are only checked. */
  readonly found: number | null
}

export type Politeness = 'polite' | 'assertive'

/**
 * What belongs to one Root beside its props: which uploads are its own, and which files it turned down.
 * A store rather than React state, because adding must see the list as it is now, not as it was last drawn.
 */
export class RootStore {
  #state: RootState
  /** Files that OpenAI had before: rows without an upload behind them. */
  readonly kept: ReadonlyMap<string, UploadSnapshot>
  #value: readonly FileObject[]
  #open: (() => void) | null = null
  #trigger: HTMLElement | null = null
  #heir: string | null = null
  readonly #readings = new Map<() => void, Reading>()
  readonly #listeners = new Set<() => void>()
  readonly #speakers = new Set<(politeness: Politeness, text: string) => void>()

  constructor(kept: ReadonlyMap<string, UploadSnapshot>, value: readonly FileObject[]) {
    this.kept = kept
    this.#value = value
    this.#state = { ids: [...kept.keys()], rejections: [], reading: null, chosen: new Map() }
  }

  /** Completed files as last told to the app. */
  get value(): readonly FileObject[] {
    return this.#value
  }

  setValue(value: readonly FileObject[]): void {
    this.#value = value
  }

  /** Opens the file picker of the Dropzone; null where there is none. */
  get open(): (() => void) | null {
    return this.#open
  }

  setOpen(open: (() => void) | null): void {
    this.#open = open
  }

  /** Where focus goes when nothing closer is left. */
  get trigger(): HTMLElement | null {
    return this.#trigger
  }

  readonly setTrigger = (trigger: HTMLElement | null): void => {
    this.#trigger = trigger
  }

  readonly getState = (): RootState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  add(ids: readonly string[]): void {
    if (ids.length > 0) this.#set({ ids: [...this.#state.ids, ...ids] })
  }

  remove(id: string): void {
    if (this.#state.ids.includes(id)) this.#set({ ids: this.#state.ids.filter((other) => other !== id) })
    this.setChosen(id, null)
  }

  /** Puts an upload in the row of another one, with the focus that may be in it. */
  replace(id: string, next: string): void {
    this.#heir = next
    this.#set({ ids: this.#state.ids.map((other) => (other === id ? next : other)) })
    this.setChosen(id, null)
  }

  /** Whether a row that has just been drawn takes over the focus of the one it replaced. */
  inheritsFocus(id: string): boolean {
    if (this.#heir !== id) return false
    this.#heir = null
    return true
  }

  /** Remembers the wrong file that was chosen for an upload; null forgets it. */
  setChosen(id: string, file: File | null): void {
    if (file === null && !this.#state.chosen.has(id)) return
    const chosen = new Map(this.#state.chosen)
    if (file) chosen.set(id, file)
    else chosen.delete(id)
    this.#set({ chosen })
  }

  /** Keeps what was refused before: it stays until someone dismisses it. The same refusal twice is one. */
  reject(rejections: readonly FileRejection[]): void {
    const old = this.#state.rejections.filter((rejection) => !rejections.some((other) => isSame(rejection, other)))
    this.#set({ rejections: [...old, ...rejections] })
  }

  readonly dismiss = (): void => this.#set({ rejections: [] })

  /** Forgets refusals that something was done about. */
  forgive(rejections: readonly FileRejection[]): void {
    this.#set({ rejections: this.#state.rejections.filter((rejection) => !rejections.includes(rejection)) })
  }

  /** Says how far a reading is, which `stop` ends; null is its end. */
  setReading(stop: () => void, reading: Reading | null): void {
    if (reading) this.#readings.set(stop, reading)
    else this.#readings.delete(stop)
    const found = [...this.#readings.values()].flatMap((one) => one.found ?? [])
    const all = found.length > 0 ? found.reduce((sum, count) => sum + count, 0) : null
    this.#set({ reading: this.#readings.size > 0 ? { found: all } : null })
  }

  /** Ends every reading; what it had found is not added. */
  readonly stopReading = (): void => {
    for (const stop of [...this.#readings.keys()]) {
      stop()
      this.setReading(stop, null)
    }
  }

  /** Says something to people who listen rather than look. */
  say(politeness: Politeness, text: string): void {
    for (const speaker of this.#speakers) speaker(politeness, text)
  }

  readonly onSay = (speaker: (politeness: Politeness, text: string) => void): (() => void) => {
    this.#speakers.add(speaker)
    return () => this.#speakers.delete(speaker)
  }

  #set(change: Partial<RootState>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}

function isSame(a: FileRejection, b: FileRejection): boolean {
  return a.error.code === b.error.code && a.file.name === b.file.name && a.file.size === b.file.size
}

/** A row for a file that OpenAI already has. */
export function keptSnapshot(fileObject: FileObject): UploadSnapshot {
  const { id, filename, created_at, purpose } = fileObject
  const bytes = fileObject.bytes ?? 0
  const file = { name: filename, size: bytes, type: '', lastModified: created_at * 1000 }
  return {
    id,
    file,
    options: { purpose },
    checksum: 'off',
    warnings: [],
    expiresAt: null,
    willExpire: false,
    needsFile: false,
    canReopen: false,
    status: 'completed',
    fileObject,
    remote: {
      id,
      object: 'upload',
      bytes,
      created_at,
      expires_at: created_at,
      filename,
      purpose,
      status: 'completed',
      file: fileObject,
    },
    progress: {
      bytesTotal: bytes,
      bytesAccepted: bytes,
      bytesSent: bytes,
      fraction: 1,
      percent: 100,
      bytesPerSecond: null,
      secondsLeft: null,
      accepted: [{ start: 0, end: bytes }],
      sending: [],
    },
  }
}
