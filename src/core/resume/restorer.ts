import { UploadError } from '../../protocol/index.js'
import { fileNotExpected } from '../file-check.js'
import type { TrackedUpload } from '../tracked-upload.js'
import type { Upload } from '../upload.js'
import { isSettled } from '../upload-state.js'
import type { Journal, JournalEntry } from './journal.js'
import { Mirror } from './mirror.js'
import type { FileHandle, ResumeRecord } from './resume-record.js'
import type { SharedUpload, TabCommand } from './tab-messages.js'

/** What a restorer needs from the uploader. */
export interface RestorerHost {
  /** The upload of this page's list that is about this Upload on the server. */
  find(uploadId: string): TrackedUpload | undefined
  /** Puts an upload on the list that this tab may send, in the place of the one that has this id. */
  bringBack(record: ResumeRecord, entry: JournalEntry, id?: string): Upload
  /** Puts an upload on the list that another tab sends, in the place of the one that has this id. */
  mirror(record: ResumeRecord, id?: string): Mirror
  drop(upload: TrackedUpload): void
  /** Asks the other tabs how an Upload stands. */
  ask(uploadId: string): void
  command(uploadId: string, command: TabCommand): void
}

/** Brings uploads back that an earlier page wrote down, shows those of other tabs, and makes sure that each gets its own file. */
export class Restorer {
  readonly #journal: Journal
  readonly #host: RestorerHost
  readonly #ended = new AbortController()
  // Uploads without a file yet, and what is known of the one they need.
  readonly #records = new Map<Upload, ResumeRecord>()
  // Those that wait for another tab, and what becomes of them: null when nothing was left.
  readonly #takeovers = new Map<Mirror, Promise<Upload | null>>()
  readonly #claimed = new Set<Mirror>()
  // Uploads of which we heard and that are not ours to show: looked up once, or taken off the list by the person.
  readonly #ignored = new Set<string>()
  #restoring: Promise<void> | null = null

  constructor(journal: Journal, host: RestorerHost) {
    this.#journal = journal
    this.#host = host
  }

  /** Once: what comes later is told by the other tabs. */
  restore(): Promise<void> {
    this.#restoring ??= (async () => {
      for (const record of await this.#journal.read()) await this.#bringBack(record)
    })()
    return this.#restoring
  }

  /** Another tab has told how one of its uploads stands. */
  async hear(uploadId: string, shared: SharedUpload): Promise<void> {
    await this.#meet(uploadId)
    const mirror = this.#host.find(uploadId)
    if (!(mirror instanceof Mirror) || this.hasStopped) return
    mirror.hear(shared)
    // It had ended, and some tab has taken it up again.
    if (!isSettled(mirror.state) && !this.#takeovers.has(mirror)) this.#takeovers.set(mirror, this.#takeOver(mirror))
    // A third tab may have been the next in line for it.
    if (shared.needsFile && this.#claimed.has(mirror)) this.#host.command(uploadId, 'hand_over')
  }

  /** Gives an upload its file; rejects with `file_mismatch` or `file_gone`, and then nothing has changed. */
  async provideFile(upload: TrackedUpload, chosen: File | undefined): Promise<void> {
    const record = upload instanceof Mirror ? upload.record : this.#records.get(upload as Upload)
    if (!record) return
    const file = chosen ?? (await this.#reopen(upload, record))
    if (!(await this.#journal.recognises(record, file))) throw fileNotExpected(upload.info, file)
    // It may have come over from another tab while the file was read.
    const shown = this.#host.find(record.head.remote.id)
    const mine = shown instanceof Mirror ? await this.#claim(shown) : (shown as Upload | undefined)
    // Of two that were chosen at the same time, the first counts: no upload sends bytes of both.
    if (mine && this.#records.delete(mine)) mine.useFile(file)
  }

  /** Lets another tab have an upload that waits for its file here. */
  handOver(upload: TrackedUpload): void {
    const record = this.#records.get(upload as Upload)
    if (!record) return
    this.#records.delete(upload as Upload)
    upload.destroy()
    this.#follow(record, upload.id)
  }

  /** Another tab has become the one that sends an upload, while this page was frozen. */
  async lose(upload: TrackedUpload): Promise<void> {
    upload.destroy()
    const uploadId = upload.state.remote?.id ?? ''
    const record = await this.#journal.find(uploadId)
    const isShown = this.#host.find(uploadId) === upload
    if (!isShown || this.hasStopped) return
    if (record) this.#follow(record, upload.id)
    else this.#host.drop(upload)
  }

  /** The person took it off the list: it does not come back while another tab ends it. */
  ignore(uploadId: string): void {
    this.#ignored.add(uploadId)
  }

  get hasStopped(): boolean {
    return this.#ended.signal.aborted
  }

  stop(): void {
    this.#ended.abort()
  }

  /** Looks an Upload up that another tab has begun since this page was loaded. */
  async #meet(uploadId: string): Promise<void> {
    await this.#restoring
    const isKnown = this.#host.find(uploadId) !== undefined
    if (!this.#restoring || this.hasStopped || isKnown || this.#ignored.has(uploadId)) return
    this.#ignored.add(uploadId)
    const record = await this.#journal.find(uploadId)
    if (record) await this.#bringBack(record)
  }

  async #reopen(upload: TrackedUpload, record: ResumeRecord): Promise<File> {
    try {
      return await openHandle(record.head.handle, upload.info.name)
    } catch (error) {
      if (!(upload instanceof Mirror)) (upload as Upload).cannotReopen()
      throw error
    }
  }

  async #bringBack(record: ResumeRecord): Promise<void> {
    const uploadId = record.head.remote.id
    if (this.hasStopped || this.#host.find(uploadId)) return
    const entry = await this.#journal.adopt(record)
    // What was read before we had the lock may be out of date.
    const current = entry && !this.hasStopped ? await this.#journal.find(uploadId, true) : undefined
    if (this.hasStopped || (entry && !current)) entry?.release()
    else if (entry && current) this.#records.set(this.#host.bringBack(current, entry), current)
    else this.#follow(record)
  }

  /** Shows what another tab sends, and goes on with it once that tab is gone. */
  #follow(record: ResumeRecord, id?: string): void {
    const mirror = this.#host.mirror(record, id)
    this.#takeovers.set(mirror, this.#takeOver(mirror))
    this.#host.ask(record.head.remote.id)
  }

  async #takeOver(mirror: Mirror): Promise<Upload | null> {
    const uploadId = mirror.record.head.remote.id
    const entry = await this.#journal.claim(uploadId, this.#ended.signal)
    const record = entry && !this.hasStopped ? await this.#journal.find(uploadId, true) : undefined
    this.#takeovers.delete(mirror)
    this.#claimed.delete(mirror)
    const isShown = this.#host.find(uploadId) === mirror
    if (entry && record && isShown && !this.hasStopped) {
      const upload = this.#host.bringBack(record, entry, mirror.id)
      this.#records.set(upload, record)
      return upload
    }
    entry?.release()
    if (isShown && entry && !isSettled(mirror.state)) mirror.outlive()
    if (isShown && entry && !isSettled(mirror.state)) this.#host.drop(mirror)
    return null
  }

  /** Asks the tab that has an upload to let this one have it: it has no file for it, and we do. */
  #claim(mirror: Mirror): Promise<Upload | null> {
    this.#claimed.add(mirror)
    this.#host.command(mirror.record.head.remote.id, 'hand_over')
    return this.#takeovers.get(mirror) ?? Promise.resolve(null)
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
