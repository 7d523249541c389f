import { UploadError } from '../protocol/index.js'
import { fileNotExpected } from './file-check.js'
import type { Journal, JournalEntry } from './journal.js'
import type { FileHandle, ResumeRecord } from './resume-record.js'
import type { Upload } from './upload.js'

/** What a restorer needs from the uploader. */
export interface RestorerHost {
  /** Whether an upload of this page is about this Upload on the server. */
  knows(uploadId: string): boolean
  bringBack(record: ResumeRecord, entry: JournalEntry): Upload
}

/** Brings uploads back that an earlier page wrote down, and makes sure that they get their own file again. */
export class Restorer {
  readonly #journal: Journal
  readonly #host: RestorerHost
  readonly #ended = new AbortController()
  // Uploads without a file yet, and what is known of the one they need.
  readonly #records = new Map<Upload, ResumeRecord>()
  #restoring: Promise<void> | null = null

  constructor(journal: Journal, host: RestorerHost) {
    this.#journal = journal
    this.#host = host
  }

  /** Once: what comes later is told by the locks of other tabs. */
  restore(): Promise<void> {
    this.#restoring ??= (async () => {
      for (const record of await this.#journal.read()) await this.#bringBack(record)
    })()
    return this.#restoring
  }

  /** Gives an upload its file; rejects with `file_mismatch` or `file_gone`, and then nothing has changed. */
  async provideFile(upload: Upload, chosen: File | undefined): Promise<void> {
    const record = this.#records.get(upload)
    if (!record) return
    const file = chosen ?? (await this.#reopen(upload, record))
    if (!(await this.#journal.recognises(record, file))) throw fileNotExpected(upload.info, file)
    this.#records.delete(upload)
    upload.useFile(file)
  }

  stop(): void {
    this.#ended.abort()
  }

  async #reopen(upload: Upload, record: ResumeRecord): Promise<File> {
    try {
      return await openHandle(record.head.handle, upload.info.name)
    } catch (error) {
      upload.cannotReopen()
      throw error
    }
  }

  async #bringBack(record: ResumeRecord): Promise<void> {
    const uploadId = record.head.remote.id
    if (this.#ended.signal.aborted || this.#host.knows(uploadId)) return
    const entry = await this.#journal.adopt(record)
    // Ended while it waited for the lock: the next page may have it.
    if (this.#ended.signal.aborted) entry?.release()
    else if (entry) this.#records.set(this.#host.bringBack(record, entry), record)
    else void this.#takeOver(uploadId)
  }

  /** Waits for the tab that is sending an Upload, and goes on with what it left behind. */
  async #takeOver(uploadId: string): Promise<void> {
    try {
      await this.#journal.untilFree(uploadId, this.#ended.signal)
    } catch {
      return
    }
    const left = (await this.#journal.read()).find(({ head }) => head.remote.id === uploadId)
    if (left) await this.#bringBack(left)
  }
}

/** Opens a file that an earlier page was given; asking for leave needs a click of the person. */
async function openHandle(handle: FileHandle | null, name: string): Promise<File> {
  try {
    const permission = await handle?.requestPermission?.({ mode: 'read' })
    if (handle && permission !== 'denied') return await handle.getFile()
  } catch (cause) {
    throw new UploadError('file_gone', `${name} is no longer where it was. Choose it again to continue.`, { cause })
  }
  throw new UploadError('file_gone', `Choose ${name} again to continue.`)
}
