import type { ByteRange, RemoteUpload } from '../../protocol/index.js'
import type { Checksum } from '../checksum.js'
import type { Environment, TabLock } from '../environment.js'
import { patiently } from '../patience.js'
import type { ResumeStore } from '../resume-store.js'
import type { UploadOptions } from '../upload-options.js'
import { sampleOf } from './file-sample.js'
import { type FileHandle, parseResumeRecord, type ResumePart, type ResumeRecord } from './resume-record.js'

/** One Upload on the server, written down as it goes; it holds the lock that keeps other tabs from sending it, too. */
export interface JournalEntry {
  /** Resolves once the part is written, or once it is clear that it will not be: from then on it may count. */
  accepted(range: ByteRange, partId: string): Promise<void>
  /** False once another tab has taken the upload over, while this page was frozen. */
  isHeld(): Promise<boolean>
  /** The Upload is of no more use. */
  forget(): void
  /** This page goes; what is written stays for the next. */
  release(): void
}

export interface NewEntry {
  file: File
  options: UploadOptions
  remote: RemoteUpload
  token: string | undefined
  /** Ms of this device's clock. */
  expiresAt: number
}

/** Where the record of an upload begins. */
export interface RecordKeeper {
  /** Begins a record; null when this upload will not be remembered. Never rejects. */
  begin(upload: NewEntry): Promise<JournalEntry | null>
}

/** Writes uploads down as they go, and reads them after a reload. Trouble with the storage ends that, never an upload. */
export class Journal {
  readonly #store: ResumeStore
  readonly #environment: Environment
  readonly #checksum: Checksum
  readonly #onLost: () => void
  #usable = true

  /** `onLost` is called once, when nothing is remembered from then on. */
  constructor(store: ResumeStore, environment: Environment, checksum: Checksum, onLost: () => void) {
    this.#store = store
    this.#environment = environment
    this.#checksum = checksum
    this.#onLost = onLost
  }

  /** Whether what is written can be read again after a reload. */
  get isUsable(): boolean {
    return this.#usable
  }

  /** Begins a record; null when this upload will not be remembered. Never rejects. */
  async begin({ file, options, remote, token, expiresAt }: NewEntry): Promise<JournalEntry | null> {
    let lock: TabLock | null = null
    try {
      lock = await this.#environment.lock(lockOf(remote.id))
      if (!lock) return null
      const { name, size, type, lastModified } = file
      const sample = await sampleOf(file, this.#checksum)
      const handle = (file as { handle?: FileHandle }).handle ?? null
      const info = { name, size, type, lastModified }
      const head = { version: 1 as const, file: info, sample, options, remote, token: token ?? null, expiresAt, handle }
      await this.#attempt(() => this.#store.saveHead(head))
      return this.#entryOf(remote.id, file, lock)
    } catch {
      // A file that cannot be read is told by the transfer, with better words.
      lock?.release()
      return null
    }
  }

  /**
   * The records that can be trusted and whose Upload still lives. All others are forgotten, unless a tab sends them;
   * `held` is the id of an Upload whose lock is ours.
   */
  async read(held?: string): Promise<readonly ResumeRecord[]> {
    const stored: unknown = await this.#attempt(() => this.#store.load())
    const records: ResumeRecord[] = []
    for (const entry of Array.isArray(stored) ? (stored as unknown[]) : []) {
      const record = parseResumeRecord(entry)
      if (record && record.head.expiresAt > this.#environment.now()) records.push(record)
      else await this.#forgetStored(entry, held)
    }
    return records
  }

  /** Takes a record over from an earlier page; null while another tab is sending it. */
  async adopt({ head }: ResumeRecord): Promise<JournalEntry | null> {
    const lock = await this.#environment.lock(lockOf(head.remote.id))
    return lock && this.#entryOf(head.remote.id, null, lock)
  }

  /** Waits until no other tab is sending an Upload, and keeps the others from it then; null when the signal aborts. */
  async claim(uploadId: string, signal: AbortSignal): Promise<JournalEntry | null> {
    try {
      return this.#entryOf(uploadId, null, await this.#environment.waitForLock(lockOf(uploadId), signal))
    } catch {
      return null
    }
  }

  /** The record of one Upload, as `read` gives it; `isHeld`: its lock is ours, so no other tab can be sending it. */
  async find(uploadId: string, isHeld = false): Promise<ResumeRecord | undefined> {
    return (await this.read(isHeld ? uploadId : undefined)).find(({ head }) => head.remote.id === uploadId)
  }

  /** Whether a file looks like the one that a record is about; its ranges are compared later, while the rest is sent. */
  async recognises({ head }: ResumeRecord, file: File): Promise<boolean> {
    return file.size === head.file.size && (await sampleOf(file, this.#checksum)) === head.sample
  }

  #entryOf(uploadId: string, file: File | null, lock: TabLock): JournalEntry {
    const ended = new AbortController()
    // One at a time: each has a buffer of its own, and parts may be accepted faster than they are read again.
    let digests = Promise.resolve()
    const addDigest = async (range: ByteRange, partId: string) => {
      if (ended.signal.aborted) return
      const { md5 } = await this.#checksum((file as File).slice(range.start, range.end), { signal: ended.signal })
      if (!ended.signal.aborted) await this.#add(uploadId, { ...range, partId, digest: md5 })
    }
    return {
      accepted: async (range, partId) => {
        const { start, end: rangeEnd } = range
        await this.#add(uploadId, { start, end: rangeEnd, partId, digest: null })
        // Nobody waits for the digest: without it the range is still known, only less surely the same.
        if (file && this.#usable)
          digests = digests.then(() => addDigest({ start, end: rangeEnd }, partId)).catch(() => {})
      },
      isHeld: () => lock.isHeld().catch(() => true),
      forget: () => {
        ended.abort()
        // First the record: a tab that waits for the lock must not find an upload that is over. Also where the storage has
        // failed before: of all records, one that is out of date must not stay.
        void this.#patiently(() => this.#store.remove(uploadId)).finally(() => lock.release())
      },
      release: () => {
        ended.abort()
        lock.release()
      },
    }
  }

  async #add(uploadId: string, part: ResumePart): Promise<void> {
    await this.#attempt(() => this.#store.savePart(uploadId, part))
  }

  async #forgetStored(entry: unknown, held?: string): Promise<void> {
    const uploadId = (entry as { head?: { remote?: { id?: unknown } | null } | null } | null)?.head?.remote?.id
    if (typeof uploadId !== 'string') return
    // By a clock that was set forward, or in the words of another version: a tab may be sending it all the same.
    const lock = uploadId === held ? null : await this.#environment.lock(lockOf(uploadId)).catch(() => null)
    if (uploadId !== held && !lock) return
    await this.#attempt(() => this.#store.remove(uploadId))
    lock?.release()
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.#usable ? this.#patiently(work) : undefined
  }

  async #patiently<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await patiently(this.#environment, work)
    } catch {
      if (this.#usable) {
        this.#usable = false
        this.#onLost()
      }
      return undefined
    }
  }
}

function lockOf(uploadId: string): string {
  return `react-openai-uploads:${uploadId}`
}
