import { type FileObject, MAX_PART_BYTES, UploadError, type UploadPolicy } from '../protocol/index.js'
import { BackendPolicy } from './backend-policy.js'
import { browserEnvironment } from './browser-environment.js'
import { type Checksum, type ChecksumOptions, createChecksum } from './checksum.js'
import { Concurrency } from './concurrency.js'
import type { Environment } from './environment.js'
import { expectOption, isNumberFrom, isObject } from './expect-option.js'
import { fileNotExpected } from './file-check.js'
import { checkFile, checkRules, type FileInfo, type FileRules } from './file-rules.js'
import { Outcomes } from './outcomes.js'
import { PartQueue } from './part-queue.js'
import { PartSize } from './part-size.js'
import { ResumeOnDemand } from './resume-on-demand.js'
import { DEFAULT_RETRY, RetryGate } from './retry.js'
import type { TrackedUpload, UploadWatcher } from './tracked-upload.js'
import { Upload, type UploadSource } from './upload.js'
import type { UploadHost } from './upload-host.js'
import { checkOptions, type UploadOptions } from './upload-options.js'
import type { UploadSnapshot } from './upload-snapshot.js'
import { isSettled, waitsForPerson } from './upload-state.js'
import { type UploaderEvent, type UploaderListener, type UploaderSnapshot, UploadStore } from './upload-store.js'
import { checkUploaderOptions, definedOf, type UploaderOptions } from './uploader-options.js'
import { DEFAULT_TIME_LIMITS } from './watchdog.js'

export interface CancelOptions {
  /** Ms during which `undoCancel` can take it back; the requests stop at once all the same. @default 0 */
  undoFor?: number
}

/** Makes an uploader; nothing starts before the first upload runs. Throws `invalid_options`. */
export function createUploader(options: UploaderOptions): Uploader {
  return new Uploader(options)
}

const DEFAULT_PROGRESS_INTERVAL_MS = 250

/** Owns every upload, the queue they share, and the store that user interfaces read. */
export class Uploader {
  readonly #options: UploaderOptions
  readonly #environment: Environment
  readonly #store: UploadStore
  readonly #outcomes = new Outcomes()
  readonly #policy: BackendPolicy
  readonly #concurrency: Concurrency
  readonly #queue: PartQueue
  readonly #gate: RetryGate
  readonly #resume: ResumeOnDemand | null
  // What every upload needs from us.
  readonly #host: UploadHost
  // Removed uploads that still have to tell the server, and whether their end was told before.
  readonly #leaving = new Map<TrackedUpload, boolean>()
  readonly #watcher: UploadWatcher = {
    changed: (upload, what) => this.#store.report(upload, what),
    settled: (upload) => {
      this.#outcomes.tell(upload)
      // The tab that sends it tells its app: two would save the same file twice.
      if (!this.#leaving.get(upload) && !upload.snapshot.inOtherTab) this.#store.emit('settled', upload)
      this.#leaving.delete(upload)
    },
    lost: (upload) => void this.#resume?.loaded?.lose(upload),
  }
  #count = 0
  #refreshing: Promise<void> | null = null

  constructor(options: UploaderOptions) {
    checkUploaderOptions(options)
    this.#options = options
    this.#environment = options.environment ?? browserEnvironment()
    this.#store = new UploadStore(
      this.#environment,
      options.progressInterval ?? DEFAULT_PROGRESS_INTERVAL_MS,
      (upload) => this.#resume?.loaded?.tell(upload),
    )
    this.#policy = new BackendPolicy(
      options.fetcher,
      this.#environment,
      options.limits?.response ?? DEFAULT_TIME_LIMITS.response,
    )
    this.#gate = new RetryGate(this.#environment, () => this.#queue.pump())
    this.#concurrency = new Concurrency(
      () => options.concurrency ?? this.policy?.concurrency ?? null,
      () => /^h[23]/.test(options.fetcher.protocol?.() ?? ''),
    )
    this.#queue = new PartQueue(
      () => this.#concurrency.limit,
      () => this.#gate.isClosed(),
    )
    const checksum = checksumOf(options)
    this.#resume = this.#openResume(checksum)
    this.#host = this.#hostWith(checksum)
  }

  // COMMANDS

  /**
   * Registers a file, without sending anything yet; gives the upload's id.
   * Throws `file_empty`, `file_too_small`, `file_too_large`, `file_type_not_allowed` or `invalid_options`.
   */
  add(file: File, options: Partial<UploadOptions> = {}, rules: FileRules = {}): string {
    expectFile(file)
    expectOption(isObject(options), 'The options of add', options, 'an object such as { purpose: "user_data" }')
    expectOption(isObject(rules), 'The rules of add', rules, 'an object such as { maxSize: 1000 }')
    const allOptions = { ...this.#options.defaults, ...definedOf(options) }
    checkOptions(allOptions)
    const allRules = { ...this.#options.rules, ...definedOf(rules) }
    checkRules(allRules)
    const name = allOptions.filename ?? file.name
    const error = checkFile({ name, size: file.size, type: file.type }, allOptions.purpose, allRules, this.policy)
    if (error) throw error
    const upload = this.#make({ file, options: allOptions })
    this.#resume?.prepare()
    this.#store.emit('added', upload)
    return upload.id
  }

  /**
   * Lets an upload run and resolves with the FileObject; joins the run that is under way, or tells how the last one ended.
   * Rejects with the UploadError it failed with, `cancelled`, `expired`, or `invalid_options` for an unknown id.
   */
  run(id: string): Promise<FileObject> {
    const upload = this.#store.get(id)
    if (!upload) return Promise.reject(new UploadError('invalid_options', `There is no upload with the id ${id}.`))
    const outcome = this.#outcomes.of(upload)
    if (isSettled(upload.state)) this.#outcomes.tell(upload)
    else if (!upload.asked) this.#start(upload)
    return outcome
  }

  /** Stops the requests and keeps what was accepted; the Upload's hour runs on. Nothing while it is completing. */
  pause(id: string): void {
    this.#store.get(id)?.dispatch({ type: 'pause', reason: 'user' })
  }

  /**
   * Goes on with a paused upload, or tries at once where one is waiting to try again. After a reload it needs the file: where the browser kept a handle, it asks for leave to
   * read it, so call this from a click; elsewhere pass the file that the person chose again.
   * Rejects with `file_mismatch` when that is another file, or `file_gone` when there is none; then nothing has changed.
   */
  async resume(id: string, file?: File): Promise<void> {
    const upload = this.#store.get(id)
    if (!upload) return
    if (file !== undefined && file !== null) expectFile(file)
    const wasRestored = upload.snapshot.needsFile
    // Its parts must not be larger than the backend takes, as if it had just been created.
    if (wasRestored) await Promise.all([this.#resume?.loaded?.provideFile(upload, file), this.loadPolicy()])
    else if (file && !isSameFile(upload.info, file)) throw fileNotExpected(upload.info, file)
    // It may have come over from another tab with its file.
    const current = this.#store.get(id)
    if (!current || current.snapshot.needsFile || this.#resume?.hasStopped) return
    // It may have ended while its file was looked at.
    const startsHere = wasRestored && current.state.status === 'paused' && !current.snapshot.inOtherTab
    current.dispatch({ type: 'resume' })
    current.tryNow()
    if (startsHere) this.#store.emit('started', current)
  }

  /** Stops the requests at once and cancels the Upload on the server, after `undoFor` ms if given. */
  cancel(id: string, options: CancelOptions = {}): void {
    // To cancel at once because a time was none would lose what the person may want back.
    const { undoFor = 0 } = options ?? {}
    expectOption(isNumberFrom(0, undoFor), 'undoFor', undoFor, 'a number of milliseconds')
    this.#cancel(this.#store.get(id), undoFor)
  }

  /** Takes a cancel back within its `undoFor`: the upload goes on with the parts it has. */
  undoCancel(id: string): void {
    this.#store.get(id)?.dispatch({ type: 'undo_cancel' })
  }

  /** Tries again: a failed upload goes on with its accepted parts, an expired or cancelled one starts from zero. */
  retry(id: string): void {
    const upload = this.#store.get(id)
    if (!upload || !isSettled(upload.state) || upload.state.status === 'completed' || upload.snapshot.needsFile) return
    upload.dispatch({ type: 'retry' })
    if (!upload.snapshot.inOtherTab) this.#store.emit('started', upload)
  }

  /** Takes an upload off the list; one that is not finished is cancelled first. The File at OpenAI stays. */
  remove(id: string): void {
    const upload = this.#store.get(id)
    if (!upload) return
    this.#store.delete(upload)
    if (upload.state.remote) this.#resume?.loaded?.ignore(upload.state.remote.id)
    if (!upload.snapshot.inOtherTab) this.#leaving.set(upload, isSettled(upload.state))
    // It may still have to tell the server; nobody is shown that.
    this.#cancel(upload, 0)
    if (isSettled(upload.state)) this.#leaving.delete(upload)
    this.#store.emit('removed', upload)
  }

  pauseAll(): void {
    for (const { id } of this.#store.list()) this.pause(id)
  }

  /** Goes on with every paused upload that has its file. */
  resumeAll(): void {
    for (const upload of this.#store.list()) if (!upload.snapshot.needsFile) upload.dispatch({ type: 'resume' })
  }

  cancelAll(options: CancelOptions = {}): void {
    // Last first: cancelling the first would let the next one begin, only to be cancelled in turn.
    for (const { id, state } of this.#store.list().toReversed()) if (!isSettled(state)) this.cancel(id, options)
  }

  retryFailed(): void {
    for (const { id, state } of this.#store.list()) if (state.status === 'failed') this.retry(id)
  }

  /** Takes the completed uploads off the list. */
  clearCompleted(): void {
    for (const { id, state } of this.#store.list()) if (state.status === 'completed') this.remove(id)
  }

  /**
   * Brings back the uploads that an earlier page wrote down: paused, with the parts that were accepted, until `resume`.
   * Those that another tab is sending show how they stand there, pass commands on, and come over once that tab is gone.
   * Never rejects.
   */
  async restore(): Promise<void> {
    await this.#resume?.restore()
  }

  /**
   * Nobody will ask for anything any more: what is under way goes on to its end, the rest lets go of its timers and locks
   * at once, and who awaits that hears `cancelled`. What was written down stays, for the next uploader to restore.
   */
  retire(): void {
    const endWhatWaits = () => {
      const uploads = this.#store.list()
      const waiting = uploads.filter(
        ({ state, asked, snapshot }) => waitsForPerson(state) || !asked || snapshot.inOtherTab,
      )
      for (const upload of waiting) {
        upload.destroy()
        this.#outcomes.tell(upload)
      }
      if (waiting.length === uploads.length && this.#leaving.size === 0) this.destroy()
    }
    this.#resume?.stop()
    this.#store.subscribe(endWhatWaits)
    endWhatWaits()
  }

  /** Ends every request, timer and listener without a word to the server or to anyone who waits. */
  destroy(): void {
    for (const upload of [...this.#store.list(), ...this.#leaving.keys()]) upload.destroy()
    this.#resume?.leave()
    this.#policy.stop()
    this.#gate.stop()
    this.#store.close()
  }

  // STORE

  getSnapshot(): UploaderSnapshot {
    return this.#store.getSnapshot()
  }

  /** One upload, or undefined once it was removed. */
  get(id: string): UploadSnapshot | undefined {
    return this.#store.get(id)?.snapshot
  }

  /** Calls back after anything changed, with the ids of the uploads that did; returns the unsubscribe. */
  subscribe(listener: UploaderListener): () => void {
    return this.#store.subscribe(listener)
  }

  /** Calls back after one upload changed; returns the unsubscribe. */
  subscribeTo(id: string, listener: () => void): () => void {
    return this.#store.subscribeTo(id, listener)
  }

  /** Calls back with each milestone of each upload; returns the unsubscribe. */
  subscribeToEvents(listener: (event: UploaderEvent) => void): () => void {
    return this.#store.subscribeToEvents(listener)
  }

  // POLICY AND STORAGE

  /** What the backend allows, null until it was asked. */
  get policy(): UploadPolicy | null {
    return this.#policy.known
  }

  /** Asks the backend what it allows, once; the protocol's own limits when it does not say. Never rejects. */
  loadPolicy(): Promise<UploadPolicy> {
    return this.#policy.load()
  }

  /** How many requests may be under way at the moment: follows the line, up to what app or backend say. */
  get concurrency(): number {
    return this.#concurrency.limit
  }

  /** Whether uploads are written down: `lost` once the storage or the code for it failed, which stops no upload. */
  get persistence(): 'on' | 'off' | 'lost' {
    if (!this.#resume) return 'off'
    return this.#resume.isUsable ? 'on' : 'lost'
  }

  // INSIDE

  #make(source: UploadSource, id = this.#nextId()): Upload {
    const upload = new Upload(id, source, this.#host, this.#watcher)
    this.#store.add(upload)
    return upload
  }

  #nextId(): string {
    this.#count += 1
    return `upload-${this.#count}-${Math.floor(this.#environment.random() * 2 ** 32).toString(36)}`
  }

  #start(upload: TrackedUpload): void {
    upload.run()
    this.#store.emit('started', upload)
  }

  #cancel(upload: TrackedUpload | undefined, undoFor: number): void {
    const undoUntil = undoFor > 0 ? this.#environment.now() + undoFor : null
    upload?.dispatch({ type: 'cancel', undoUntil })
  }

  /** One sign-in for all uploads that need it at the moment. */
  #refreshAuth(refresh: () => Promise<void>): Promise<void> {
    this.#refreshing ??= (async () => refresh())().finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  #hostWith(checksum: Checksum | null): UploadHost {
    const { fetcher, retry = {}, limits = {}, onAuthRefresh } = this.#options
    const partSize = new PartSize(this.#options.partSize, this.#options.minPartSize)
    const allowed = () => this.policy?.maxPartBytes ?? MAX_PART_BYTES
    return {
      fetcher,
      checksum,
      environment: this.#environment,
      queue: this.#queue,
      gate: this.#gate,
      journal: this.#resume,
      retry: { ...DEFAULT_RETRY, ...definedOf(retry) },
      limits: { ...DEFAULT_TIME_LIMITS, ...definedOf(limits) },
      concurrency: this.#concurrency,
      partSize,
      nextPartSize: (bytesTotal) => partSize.next(bytesTotal, this.#concurrency.limit, allowed()),
      loadPolicy: () => this.loadPolicy(),
      refreshAuth: onAuthRefresh ? () => this.#refreshAuth(onAuthRefresh) : null,
    }
  }

  #openResume(checksum: Checksum | null): ResumeOnDemand | null {
    const { resumeStore } = this.#options
    if (!resumeStore) return null
    return new ResumeOnDemand({
      resumeStore,
      environment: this.#environment,
      digest: checksum ?? createChecksum(workerOf(this.#options)),
      uploads: this.#store,
      watcher: this.#watcher,
      commands: this,
      nextId: () => this.#nextId(),
      bringBack: (record, entry, id) => this.#make({ record, entry }, id),
      onLost: () => this.#store.reportNow(),
    })
  }
}

function expectFile(file: unknown): void {
  const isFile = isObject(file) && 'name' in file && 'size' in file && 'slice' in file
  expectOption(isFile, 'The file', file, 'a File, for example from an input; new File([blob], "name.txt") makes one')
}

function isSameFile(info: FileInfo, file: File): boolean {
  return info.name === file.name && info.size === file.size
}

function checksumOf(options: UploaderOptions): Checksum | null {
  const { checksum = 'md5' } = options
  if (typeof checksum === 'function') return checksum
  return checksum === 'off' ? null : createChecksum(workerOf(options))
}

function workerOf({ createWorker }: UploaderOptions): ChecksumOptions {
  return createWorker ? { createWorker } : {}
}
