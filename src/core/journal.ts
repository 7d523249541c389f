import type { Environment } from './environment.js'
import { parseResumeRecord, type ResumeHead, type ResumePart, type ResumeRecord } from './resume-record.js'
import type { ResumeStore } from './resume-store.js'

// A store that hangs must not hold an upload up for longer than this.
const PATIENCE_MS = 3000

/** Writes uploads down as they go. Trouble with the storage ends the writing, never an upload. */
export class Journal {
  readonly #store: ResumeStore
  readonly #environment: Environment
  readonly #onLost: () => void
  #usable = true

  /** `onLost` is called once, when nothing is remembered from then on. */
  constructor(store: ResumeStore, environment: Environment, onLost: () => void) {
    this.#store = store
    this.#environment = environment
    this.#onLost = onLost
  }

  /** Whether what is written can be read again after a reload. */
  get isUsable(): boolean {
    return this.#usable
  }

  /** The records that can be trusted and whose Upload still lives; all others are forgotten. */
  async read(): Promise<readonly ResumeRecord[]> {
    const stored = (await this.#attempt(() => this.#store.load())) ?? []
    const records: ResumeRecord[] = []
    for (const entry of stored) {
      const record = parseResumeRecord(entry)
      if (record && record.head.expiresAt > this.#environment.now()) records.push(record)
      else await this.#forgetEntry(entry.head)
    }
    return records
  }

  /** Resolves once it is written, or once it is clear that it will not be. */
  async begin(head: ResumeHead): Promise<void> {
    await this.#attempt(() => this.#store.saveHead(head))
  }

  async add(id: string, part: ResumePart): Promise<void> {
    await this.#attempt(() => this.#store.savePart(id, part))
  }

  async forget(id: string): Promise<void> {
    await this.#attempt(() => this.#store.remove(id))
  }

  async #forgetEntry(head: unknown): Promise<void> {
    const id = (head as { id?: unknown } | null)?.id
    if (typeof id === 'string') await this.forget(id)
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (!this.#usable) return undefined
    let stopTimer = () => {}
    const tooLong = new Promise<never>((_resolve, reject) => {
      stopTimer = this.#environment.setTimer(() => reject(new Error('The storage does not answer.')), PATIENCE_MS)
    })
    try {
      return await Promise.race([work(), tooLong])
    } catch {
      if (this.#usable) {
        this.#usable = false
        this.#onLost()
      }
      return undefined
    } finally {
      stopTimer()
    }
  }
}
