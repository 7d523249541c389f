import type { Uploader, UploadSnapshot } from '../core/index.js'
import type { UploadError } from '../protocol/index.js'
import type { UploadedFile } from './uploaded-file.js'

/** A file that was not added, and why; `error.message` is in the words of the list's own messages. */
export interface FileRejection {
  file: File
  error: UploadError
}

/**
 * What became of the form's last submission: `refused` because of this list, `held` until its uploads end, or `stopped`
 * because one of those it was held for failed.
 */
export type Submission = 'none' | 'refused' | 'held' | 'stopped'

export interface RootState {
  /** Uploads added through this Root, and files that were there from the start, in the order they are shown. */
  readonly ids: readonly string[]
  readonly rejections: readonly FileRejection[]
  /** Files are being read or checked, which takes its time. */
  readonly reading: Reading | null
  /** Files that were chosen to continue an upload with and are not the ones it began with, by upload. */
  readonly chosen: ReadonlyMap<string, File>
  readonly submission: Submission
  readonly view: View
}

export interface Reading {
  /** Files found so far in a dropped folder; null where files are only checked. */
  readonly found: number | null
}

/** Which rows someone asked for: the `usual` ones, completed ones of a long list as well, or what needs attention alone. */
export type View = 'usual' | 'all' | 'attention'

export type Politeness = 'polite' | 'assertive'

/**
 * What belongs to one Root beside its props: which uploads are its own, and which files it turned down.
 * A store rather than React state, because adding must see the list as it is now, not as it was last drawn.
 */
export class RootStore {
  #state: RootState = { ids: [], rejections: [], reading: null, chosen: new Map(), submission: 'none', view: 'usual' }
  readonly #kept = new Map<string, UploadSnapshot>()
  readonly #files = new Map<string, File>()
  #value: readonly UploadedFile[] = []
  #element: HTMLElement | null = null
  #open: (() => void) | null = null
  #trigger: HTMLElement | null = null
  #heir: string | null = null
  readonly #readings = new Map<() => void, Reading>()
  readonly #listeners = new Set<() => void>()
  // The ids once more, to ask for one of a thousand.
  #known: { ids: readonly string[]; set: Set<string> } = { ids: [], set: new Set() }
  #telling = false
  readonly #speakers = new Set<(politeness: Politeness, text: string) => void>()

  /** Files that OpenAI had before: rows without an upload behind them. */
  get kept(): ReadonlyMap<string, UploadSnapshot> {
    return this.#kept
  }

  keep(snapshots: readonly UploadSnapshot[]): void {
    for (const snapshot of snapshots) this.#kept.set(snapshot.id, snapshot)
    this.add(snapshots.map(({ id }) => id))
  }

  /** Completed files as last told to the app. */
  get value(): readonly UploadedFile[] {
    return this.#value
  }

  setValue(value: readonly UploadedFile[]): void {
    this.#value = value
  }

  /** The file that a row was made from; none for one that came from an earlier page or was kept. */
  fileOf(id: string): File | undefined {
    return this.#files.get(id)
  }

  /** The Root's own element. */
  get element(): HTMLElement | null {
    return this.#element
  }

  readonly setElement = (element: HTMLElement | null): void => {
    this.#element = element
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

  /** Remembers which file a row is made from, for its picture. */
  setFile(id: string, file: File): void {
    this.#files.set(id, file)
  }

  remove(id: string): void {
    this.#files.delete(id)
    this.#kept.delete(id)
    this.setChosen(id, null)
    const set = this.#ids()
    if (!set.delete(id)) return
    const ids = this.#state.ids.filter((other) => other !== id)
    this.#known = { ids, set }
    this.#set({ ids })
  }

  show(view: View): void {
    if (this.#state.view !== view) this.#set({ view })
  }

  /** Puts an upload in the row of another one, with the focus that may be in it. */
  replace(id: string, next: string): void {
    this.#heir = next
    this.#files.delete(id)
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
    const again = new Set(rejections.map(identityOf))
    const old = this.#state.rejections.filter((rejection) => !again.has(identityOf(rejection)))
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

  setSubmission(submission: Submission): void {
    if (this.#state.submission !== submission) this.#set({ submission })
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

/** What two refusals of the same file for the same reason share. */
function identityOf({ file, error }: FileRejection): string {
  return `${error.code} ${file.size} ${file.name}`
}

/** The uploads of a Root, in the order in which they were added. */
export function uploadsOf(store: RootStore, uploader: Uploader): UploadSnapshot[] {
  return store.getState().ids.flatMap((id) => store.kept.get(id) ?? uploader.get(id) ?? [])
}
