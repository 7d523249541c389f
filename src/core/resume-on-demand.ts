import { patiently } from './patience.js'
import type { JournalEntry, NewEntry } from './resume/journal.js'
import type { Resume, ResumeHost } from './resume/resume.js'

/**
 * Keeps uploads beyond their page, with code that is loaded when a file is added or uploads are restored: an app that
 * remembers none never loads it. Where it cannot be loaded, uploads run and are not remembered.
 */
export class ResumeOnDemand {
  readonly #host: ResumeHost
  #loading: Promise<Resume> | null = null
  #loaded: Resume | null = null
  #isLost = false
  #hasStopped = false

  constructor(host: ResumeHost) {
    this.#host = host
  }

  /** Null until it is needed: before that, no upload is remembered, and none came from anywhere else. */
  get loaded(): Resume | null {
    return this.#loaded
  }

  /** Whether what is written can be read again after a reload. */
  get isUsable(): boolean {
    return !this.#isLost && (this.#loaded?.isUsable ?? true)
  }

  get hasStopped(): boolean {
    return this.#hasStopped
  }

  /** In good time: a page can go offline before its first upload is to be written down. */
  prepare(): void {
    // Failed, it is tried again when it is needed.
    this.#load().catch(() => {})
  }

  /** Begins a record; null when this upload will not be remembered. Never rejects. */
  async begin(upload: NewEntry): Promise<JournalEntry | null> {
    const resume =
      this.#loaded ?? (await patiently(this.#host.environment, () => this.#load()).catch(() => this.#lose()))
    return resume && resume.begin(upload)
  }

  /** Brings back what an earlier page wrote down. Never rejects. */
  async restore(): Promise<void> {
    const resume = await this.#load().catch(() => this.#lose())
    if (!this.#hasStopped) await resume?.restore()
  }

  /** Nothing is brought back any more; what runs here is still written down and told. */
  stop(): void {
    this.#hasStopped = true
    this.#loaded?.stop()
  }

  /** Says and hears nothing any more. */
  leave(): void {
    this.stop()
    this.#loaded?.leave()
  }

  #load(): Promise<Resume> {
    this.#loading ??= import('./resume/index.js').then(
      ({ Resume }) => {
        this.#loaded = new Resume(this.#host)
        if (this.#hasStopped) this.#loaded.stop()
        return this.#loaded
      },
      (error: unknown) => {
        this.#loading = null
        throw error
      },
    )
    return this.#loading
  }

  #lose(): null {
    if (!this.#isLost) {
      this.#isLost = true
      this.#host.onLost()
    }
    return null
  }
}
