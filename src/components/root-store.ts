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
  /** A validation that takes its time is under way. */
  readonly reading: boolean
  readonly view: View
}

/** Which rows someone asked for: the `usual` ones, completed ones of a long list as well, or what needs attention alone. */
export type View = 'usual' | 'all' | 'attention'

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
  readonly #listeners = new Set<() => void>()
  // The ids once more, to ask for one of a thousand.
  #known: { ids: readonly string[]; set: Set<string> } = { ids: [], set: new Set() }
  #telling = false
  readonly #speakers = new Set<(politeness: Politeness, text: string) => void>()

  constructor(kept: ReadonlyMap<string, UploadSnapshot>, value: readonly FileObject[]) {
    this.kept = kept
    this.#value = value
    this.#state = { ids: [...kept.keys()], rejections: [], reading: false, view: 'usual' }
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

  has(id: string): boolean {
    return this.#ids().has(id)
  }

  add(ids: readonly string[]): void {
    if (ids.length > 0) this.#set({ ids: [...this.#state.ids, ...ids] })
  }

  remove(id: string): void {
    const set = this.#ids()
    if (!set.delete(id)) return
    const ids = this.#state.ids.filter((other) => other !== id)
    this.#known = { ids, set }
    this.#set({ ids })
  }

  show(view: View): void {
    if (this.#state.view !== view) this.#set({ view })
  }

  /** Keeps what was refused before: it stays until someone dismisses it. The same refusal twice is one. */
  reject(rejections: readonly FileRejection[]): void {
    const old = this.#state.rejections.filter((rejection) => !rejections.some((other) => isSame(rejection, other)))
    this.#set({ rejections: [...old, ...rejections] })
  }

  readonly dismiss = (): void => this.#set({ rejections: [] })

  setReading(reading: boolean): void {
    if (this.#state.reading !== reading) this.#set({ reading })
  }

  /** Says something to people who listen rather than look. */
  say(politeness: Politeness, text: string): void {
    for (const speaker of this.#speakers) speaker(politeness, text)
  }

  readonly onSay = (speaker: (politeness: Politeness, text: string) => void): (() => void) => {
    this.#speakers.add(speaker)
    return () => this.#speakers.delete(speaker)
  }

  #ids(): Set<string> {
    const { ids } = this.#state
    if (this.#known.ids !== ids) this.#known = { ids, set: new Set(ids) }
    return this.#known.set
  }

  #set(change: Partial<RootState>): void {
    this.#state = { ...this.#state, ...change }
    if (this.#telling) return
    this.#telling = true
    // Not in this very turn: a thousand rows taken off at once are one report.
    queueMicrotask(() => {
      this.#telling = false
      for (const listener of this.#listeners) listener()
    })
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
