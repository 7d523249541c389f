import type { Checksum } from '../checksum.js'
import type { Environment } from '../environment.js'
import type { ResumeStore } from '../resume-store.js'
import type { TrackedUpload, UploadWatcher } from '../tracked-upload.js'
import type { Upload } from '../upload.js'
import type { UploadStore } from '../upload-store.js'
import { Journal, type JournalEntry, type NewEntry } from './journal.js'
import { Mirror } from './mirror.js'
import { Restorer } from './restorer.js'
import type { ResumeRecord } from './resume-record.js'
import { type TabCommand, type TabMessage, tellingOf } from './tab-messages.js'
import { Tabs } from './tabs.js'

/** The uploader's own, as far as other tabs may ask for them. */
interface Commands {
  pause(id: string): void
  resume(id: string): Promise<void>
  cancel(id: string, options: { undoFor: number }): void
  undoCancel(id: string): void
  retry(id: string): void
}

/** What it takes to bring uploads back into an uploader. */
export interface ResumeHost {
  readonly resumeStore: ResumeStore
  readonly environment: Environment
  /** Files are recognised by digests even where no MD5 is sent. */
  readonly digest: Checksum
  readonly uploads: UploadStore
  readonly watcher: UploadWatcher
  readonly commands: Commands
  nextId(): string
  /** Puts the upload of a record on the list, in the place of the one that has this id. */
  bringBack(record: ResumeRecord, entry: JournalEntry, id?: string): Upload
  /** Called once, when nothing is remembered from then on. */
  onLost(): void
}

/** Keeps uploads beyond their page: writes them down, brings them back, and shares them with the other tabs. */
export class Resume {
  readonly #host: ResumeHost
  readonly #journal: Journal
  readonly #restorer: Restorer
  readonly #tabs: Tabs

  constructor(host: ResumeHost) {
    this.#host = host
    this.#journal = new Journal(host.resumeStore, host.environment, host.digest, () => host.onLost())
    this.#restorer = this.#openRestorer()
    this.#tabs = new Tabs(host.environment, (message) => this.#hear(message))
  }

  /** Whether what is written can be read again after a reload. */
  get isUsable(): boolean {
    return this.#journal.isUsable
  }

  /** Begins a record; null when this upload will not be remembered. Never rejects. */
  begin(upload: NewEntry): Promise<JournalEntry | null> {
    return this.#journal.begin(upload)
  }

  /** Once: what comes later is told by the other tabs. */
  restore(): Promise<void> {
    this.#tabs.join()
    return this.#restorer.restore()
  }

  /** Gives an upload its file; rejects with `file_mismatch` or `file_gone`, and then nothing has changed. */
  provideFile(upload: TrackedUpload, chosen: File | undefined): Promise<void> {
    return this.#restorer.provideFile(upload, chosen)
  }

  /** Another tab has become the one that sends an upload, while this page was frozen. */
  lose(upload: TrackedUpload): Promise<void> {
    return this.#restorer.lose(upload)
  }

  /** The person took it off the list: it does not come back while another tab ends it. */
  ignore(uploadId: string): void {
    this.#restorer.ignore(uploadId)
  }

  /** Tells the other tabs how an upload stands that this one sends. */
  tell(upload: TrackedUpload): void {
    const { remote } = upload.state
    if (remote && !upload.snapshot.inOtherTab) this.#tabs.post(tellingOf(remote.id, upload.snapshot))
  }

  /** Nothing is brought back any more; what runs here is still written down and told. */
  stop(): void {
    this.#restorer.stop()
  }

  /** Says and hears nothing any more. */
  leave(): void {
    this.stop()
    this.#tabs.leave()
  }

  #openRestorer(): Restorer {
    const { uploads, watcher, environment } = this.#host
    const command = (uploadId: string, asked: TabCommand) =>
      this.#tabs.post({ type: 'commanded', uploadId, command: asked })
    return new Restorer(this.#journal, {
      find: (uploadId) => this.#find(uploadId),
      bringBack: (record, entry, id) => {
        const upload = this.#host.bringBack(record, entry, id)
        uploads.emit('restored', upload)
        return upload
      },
      mirror: (record, id = this.#host.nextId()) => {
        const send = (asked: TabCommand) => command(record.head.remote.id, asked)
        const mirror = new Mirror(id, record, send, watcher, () => environment.now())
        uploads.add(mirror)
        uploads.emit('restored', mirror)
        return mirror
      },
      drop: (upload) => {
        uploads.delete(upload)
        uploads.emit('removed', upload)
      },
      ask: (uploadId) => this.#tabs.post({ type: 'asked', uploadId }),
      command,
    })
  }

  #find(uploadId: string): TrackedUpload | undefined {
    return this.#host.uploads.list().find(({ state }) => state.remote?.id === uploadId)
  }

  #hear(message: TabMessage): void {
    const { uploadId } = message
    if (message.type === 'told') {
      void this.#restorer.hear(uploadId, message.shared)
      return
    }
    const upload = this.#find(uploadId)
    if (!upload || upload.snapshot.inOtherTab) return
    if (message.type === 'asked') {
      upload.refreshProgress()
      this.tell(upload)
    } else this.#obey(upload, message.command)
  }

  #obey(upload: TrackedUpload, command: TabCommand): void {
    const { id } = upload
    const { commands } = this.#host
    switch (command) {
      case 'pause':
        return commands.pause(id)
      case 'resume':
        // Without its file it stays as it is; the tab that asked sees that.
        commands.resume(id).catch(() => {})
        return
      case 'undo_cancel':
        return commands.undoCancel(id)
      case 'retry':
        return commands.retry(id)
      case 'hand_over':
        return this.#restorer.handOver(upload)
      default:
        return commands.cancel(id, command.cancel)
    }
  }
}
