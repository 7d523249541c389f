import {
  DEFAULT_PART_BYTES,
  type FileObject,
  MAX_PART_BYTES,
  MAX_UPLOAD_BYTES,
  PURPOSES,
  parseUploadPolicy,
  UploadError,
  type UploadPolicy,
} from '../protocol/index.js'
import { type Checksum, createChecksum } from './checksum.js'
import { browserEnvironment, type Environment } from './environment.js'
import { type Fetcher, FetcherError } from './fetcher.js'
import { checkFile, type FileRules } from './file-rules.js'
import { PartQueue } from './part-queue.js'
import { DEFAULT_RETRY, RetryGate, type RetryOptions } from './retry.js'
import { summarize, type UploaderSummary } from './summary.js'
import { Upload, type UploadSnapshot } from './upload.js'
import { checkOptions, type UploadOptions } from './upload-options.js'
import { isSettled } from './upload-state.js'

// TYPES

export interface UploaderOptions {
  /** How the Uploads API is reached; see `createProxyFetcher`. */
  fetcher: Fetcher
  /** Requests under way at a time, over all files and all their parts: 1 to 64. @default what the policy says, else 4 */
  concurrency?: number
  /** Bytes of a part, never above 64 MiB or what the backend's policy allows. @default 4194304 */
  partSize?: number
  /** `md5` proves at complete that every byte arrived; `off` sends no checksum. @default 'md5' */
  checksum?: 'md5' | 'off' | Checksum
  /** Makes the checksum worker, for apps whose bundler does not find it. */
  createWorker?: () => Worker
  retry?: RetryOptions
  /** Options of every upload, where `add` says nothing else. */
  defaults?: Partial<UploadOptions>
  /** Rules for every file, where `add` says nothing else. */
  rules?: FileRules
  /** Ms between two reports of progress; changes of status are reported at once. @default 200 */
  progressInterval?: number
  /** Clock, timers and the rest of the world. @default the browser */
  environment?: Environment
}

/** All uploads at one moment: immutable, and the same object until something changed. */
export interface UploaderSnapshot {
  /** In the order in which they were added. */
  readonly ids: readonly string[]
  readonly uploads: ReadonlyMap<string, UploadSnapshot>
  readonly summary: UploaderSummary
}

/** `started`: an upload got in line, by whoever's command. `settled`: it completed, was cancelled, failed or expired. */
export type UploaderEvent = { type: 'added' | 'started' | 'settled' | 'removed'; id: string; upload: UploadSnapshot }

export interface CancelOptions {
  /** Ms during which `undoCancel` can take it back; the requests stop at once all the same. @default 0 */
  undoFor?: number
}

interface Outcome {
  promise: Promise<FileObject>
  resolve: (fileObject: FileObject) => void
  reject: (error: UploadError) => void
}

/** Makes an uploader; nothing starts before the first upload runs. Throws `invalid_options`. */
export function createUploader(options: UploaderOptions): Uploader {
  return new Uploader(options)
}

// CLASS

/** Owns every upload, the queue they share, and the store that user interfaces read. */
export class Uploader {
  readonly #options: UploaderOptions
  readonly #environment: Environment
  readonly #queue: PartQueue
  readonly #gate: RetryGate
  readonly #checksum: Checksum | null
  readonly #uploads = new Map<string, Upload>()
  readonly #outcomes = new Map<Upload, Outcome>()
  // Removed uploads that still have to tell the server, and whether their end was told before.
  readonly #leaving = new Map<Upload, boolean>()
  readonly #listeners = new Set<() => void>()
  readonly #uploadListeners = new Map<string, Set<() => void>>()
  readonly #eventListeners = new Set<(event: UploaderEvent) => void>()
  #snapshot: UploaderSnapshot | null = null
  #ids: readonly string[] = []
  #count = 0
  // Uploads that listeners have not been told about yet.
  readonly #changed = new Set<Upload>()
  #reporting: 'idle' | 'soon' | 'now' = 'idle'
  #stopReport: (() => void) | null = null
  #policy: { promise: Promise<UploadPolicy>; value: UploadPolicy | null; abort: AbortController } | null = null

  constructor(options: UploaderOptions) {
    checkUploaderOptions(options)
    this.#options = options
    this.#environment = options.environment ?? browserEnvironment()
    this.#gate = new RetryGate(this.#environment, () => this.#queue.pump())
    this.#queue = new PartQueue(
      () => options.concurrency ?? this.policy?.concurrency ?? DEFAULT_CONCURRENCY,
      () => this.#gate.isClosed(),
    )
    this.#checksum = checksumOf(options)
  }

  // COMMANDS

  /**
   * Registers a file, without sending anything yet; gives the upload's id.
   * Throws `file_empty`, `file_too_small`, `file_too_large`, `file_type_not_allowed` or `invalid_options`.
   */
  add(file: File, options: Partial<UploadOptions> = {}, rules: FileRules = {}): string {
    const allOptions = { ...this.#options.defaults, ...definedOf(options) }
    checkOptions(allOptions)
    const allRules = { ...this.#options.rules, ...definedOf(rules) }
    const name = allOptions.filename ?? file.name
    const error = checkFile({ name, size: file.size, type: file.type }, allOptions.purpose, allRules, this.policy)
    if (error) throw error
    this.#count += 1
    const id = `upload-${this.#count}-${Math.floor(this.#environment.random() * 2 ** 32).toString(36)}`
    const upload = new Upload(id, file, allOptions, {
      fetcher: this.#options.fetcher,
      environment: this.#environment,
      queue: this.#queue,
      gate: this.#gate,
      retry: { ...DEFAULT_RETRY, ...definedOf(this.#options.retry ?? {}) },
      checksum: this.#checksum,
      loadPolicy: () => this.loadPolicy(),
      partSize: () => this.#partSize(),
      changed: (changed, what) => this.#report(changed, what),
      settled: (settled) => this.#settle(settled),
    })
    this.#uploads.set(id, upload)
    this.#listed(upload)
    this.#emit('added', upload)
    return id
  }

  /**
   * Lets an upload run and resolves with the FileObject; joins the run that is under way, or tells how the last one ended.
   * Rejects with the UploadError it failed with, `cancelled`, `expired`, or `invalid_options` for an unknown id.
   */
  run(id: string): Promise<FileObject> {
    const upload = this.#uploads.get(id)
    if (!upload) return Promise.reject(new UploadError('invalid_options', `There is no upload with the id ${id}.`))
    const outcome = this.#outcomes.get(upload) ?? this.#expectOutcome(upload)
    if (isSettled(upload.state)) this.#tellOutcome(upload)
    else if (!upload.asked) this.#start(upload)
    return outcome.promise
  }

  /** Stops the requests and keeps what was accepted; the Upload's hour runs on. Nothing while it is completing. */
  pause(id: string): void {
    this.#uploads.get(id)?.dispatch({ type: 'pause', reason: 'user' })
  }

  /**
   * Goes on with a paused upload. An upload that lost its file handle needs the file again.
   * Rejects with `file_mismatch`, and changes nothing, when that is another file.
   */
  async resume(id: string, file?: File): Promise<void> {
    const upload = this.#uploads.get(id)
    if (!upload) return
    if (file) {
      const { name, size } = upload.info
      if (file.size !== size || file.name !== name) {
        const message = `That is a different file: ${file.name} (${file.size} bytes), expected ${name} (${size} bytes). Choose ${name}.`
        throw new UploadError('file_mismatch', message)
      }
      upload.useFile(file)
    }
    upload.dispatch({ type: 'resume' })
  }

  /** Stops the requests at once and cancels the Upload on the server, after `undoFor` ms if given. */
  cancel(id: string, { undoFor = 0 }: CancelOptions = {}): void {
    this.#cancel(this.#uploads.get(id), undoFor)
  }

  /** Takes a cancel back within its `undoFor`: the upload goes on with the parts it has. */
  undoCancel(id: string): void {
    this.#uploads.get(id)?.dispatch({ type: 'undo_cancel' })
  }

  /** Tries again: a failed upload goes on with its accepted parts, an expired or cancelled one starts from zero. */
  retry(id: string): void {
    const upload = this.#uploads.get(id)
    if (!upload || !isSettled(upload.state) || upload.state.status === 'completed') return
    upload.dispatch({ type: 'retry' })
    this.#emit('started', upload)
  }

  /** Takes an upload off the list; one that is not finished is cancelled first. The File at OpenAI stays. */
  remove(id: string): void {
    const upload = this.#uploads.get(id)
    if (!upload) return
    this.#uploads.delete(id)
    this.#delisted(upload)
    // It may still have to tell the server; nobody is shown that.
    this.#leaving.set(upload, isSettled(upload.state))
    this.#cancel(upload, 0)
    if (isSettled(upload.state)) this.#leaving.delete(upload)
    this.#emit('removed', upload)
    this.#uploadListeners.get(id)?.forEach(callListener)
  }

  pauseAll(): void {
    for (const id of this.#ids) this.pause(id)
  }

  /** Goes on with every upload that the person paused. */
  resumeAll(): void {
    for (const upload of this.#uploads.values()) upload.dispatch({ type: 'resume' })
  }

  cancelAll(options: CancelOptions = {}): void {
    // Last first: cancelling the first would let the next one begin, only to be cancelled in turn.
    for (const id of this.#ids.toReversed()) {
      const upload = this.#uploads.get(id)
      if (upload && !isSettled(upload.state)) this.cancel(id, options)
    }
  }

  retryFailed(): void {
    for (const [id, { state }] of this.#uploads) if (state.status === 'failed') this.retry(id)
  }

  /** Takes the completed uploads off the list. */
  clearCompleted(): void {
    for (const [id, { state }] of this.#uploads) if (state.status === 'completed') this.remove(id)
  }

  /** Ends every request, timer and listener without a word to the server or to anyone who waits. */
  destroy(): void {
    for (const upload of [...this.#uploads.values(), ...this.#leaving.keys()]) upload.destroy()
    this.#gate.stop()
    this.#stopReport?.()
    this.#policy?.abort.abort()
    this.#listeners.clear()
    this.#uploadListeners.clear()
    this.#eventListeners.clear()
  }

  // STORE

  getSnapshot(): UploaderSnapshot {
    this.#snapshot ??= this.#takeSnapshot()
    return this.#snapshot
  }

  /** One upload, or undefined once it was removed. */
  get(id: string): UploadSnapshot | undefined {
    return this.#uploads.get(id)?.snapshot
  }

  /** Calls back after anything changed; returns the unsubscribe. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls back after one upload changed; returns the unsubscribe. */
  subscribeTo(id: string, listener: () => void): () => void {
    const listeners = this.#uploadListeners.get(id) ?? new Set()
    this.#uploadListeners.set(id, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0 && this.#uploadListeners.get(id) === listeners) this.#uploadListeners.delete(id)
    }
  }

  /** Calls back with each milestone of each upload; returns the unsubscribe. */
  subscribeToEvents(listener: (event: UploaderEvent) => void): () => void {
    this.#eventListeners.add(listener)
    return () => this.#eventListeners.delete(listener)
  }

  // POLICY

  /** What the backend allows, null until it was asked. */
  get policy(): UploadPolicy | null {
    return this.#policy?.value ?? null
  }

  /** Asks the backend what it allows, once; the protocol's own limits when it does not say. Never rejects. */
  loadPolicy(): Promise<UploadPolicy> {
    this.#policy ??= this.#askPolicy()
    return this.#policy.promise
  }

  #askPolicy() {
    const abort = new AbortController()
    const ask = async (): Promise<UploadPolicy> => {
      try {
        const policy = await this.#options.fetcher.policy?.({ signal: abort.signal })
        return parseUploadPolicy(policy) ?? DEFAULT_POLICY
      } catch (error) {
        // A backend without a policy stays without one; any other failure is asked about again.
        const none = error instanceof FetcherError && (error.status === 404 || error.status === 405)
        if (!none) this.#policy = null
        return DEFAULT_POLICY
      }
    }
    const loading = { promise: ask(), value: null as UploadPolicy | null, abort }
    void loading.promise.then((policy) => {
      loading.value = policy
    })
    return loading
  }

  #partSize(): number {
    const wanted = this.#options.partSize ?? DEFAULT_PART_BYTES
    return Math.min(wanted, this.policy?.maxPartBytes ?? MAX_PART_BYTES)
  }

  // RUNS

  #start(upload: Upload): void {
    upload.run()
    this.#emit('started', upload)
  }

  #cancel(upload: Upload | undefined, undoFor: number): void {
    const undoUntil = undoFor > 0 ? this.#environment.now() + undoFor : null
    upload?.dispatch({ type: 'cancel', undoUntil })
  }

  #expectOutcome(upload: Upload): Outcome {
    const outcome = deferred()
    this.#outcomes.set(upload, outcome)
    return outcome
  }

  #settle(upload: Upload): void {
    this.#tellOutcome(upload)
    if (!this.#leaving.get(upload)) this.#emit('settled', upload)
    this.#leaving.delete(upload)
  }

  #tellOutcome(upload: Upload): void {
    const outcome = this.#outcomes.get(upload)
    this.#outcomes.delete(upload)
    const { state, info } = upload
    if (state.status === 'completed') outcome?.resolve(state.fileObject)
    else if (state.status === 'failed') outcome?.reject(state.error)
    else outcome?.reject(endOf(state.status === 'expired' ? 'expired' : 'cancelled', info.name, state.remote?.id))
  }

  #emit(type: UploaderEvent['type'], upload: Upload): void {
    const event = { type, id: upload.id, upload: upload.snapshot }
    for (const listener of this.#eventListeners) callListener(() => listener(event))
  }

  // REPORTS

  #listed(upload: Upload): void {
    this.#ids = [...this.#ids, upload.id]
    this.#report(upload, 'state')
  }

  #delisted(upload: Upload): void {
    this.#ids = this.#ids.filter((id) => id !== upload.id)
    this.#report(upload, 'state')
  }

  #report(upload: Upload, what: 'state' | 'progress'): void {
    this.#changed.add(upload)
    if (what === 'state') {
      this.#snapshot = null
      if (this.#reporting === 'now') return
      this.#stopReport?.()
      this.#stopReport = null
      this.#reporting = 'now'
      // Not in this very turn: a command for a hundred uploads is one report.
      queueMicrotask(() => this.#tell())
    } else if (this.#reporting === 'idle') {
      // A few times a second: a person cannot read faster, and every report costs a paint.
      this.#reporting = 'soon'
      this.#stopReport = this.#environment.setTimer(() => this.#tell(), this.#options.progressInterval ?? 200)
    }
  }

  #tell(): void {
    this.#reporting = 'idle'
    this.#stopReport = null
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const upload of changed) upload.refreshProgress()
    this.#snapshot = null
    for (const { id } of changed) this.#uploadListeners.get(id)?.forEach(callListener)
    for (const listener of this.#listeners) callListener(listener)
  }

  #takeSnapshot(): UploaderSnapshot {
    const uploads = new Map<string, UploadSnapshot>()
    for (const [id, upload] of this.#uploads) uploads.set(id, upload.snapshot)
    return { ids: this.#ids, uploads, summary: summarize(uploads.values()) }
  }
}

// SMALL PRINT

// Browsers open six connections to an HTTP/1.1 origin: two are left for the rest of the app.
const DEFAULT_CONCURRENCY = 4

const DEFAULT_POLICY: UploadPolicy = {
  purposes: PURPOSES,
  accept: null,
  maxBytes: MAX_UPLOAD_BYTES,
  maxPartBytes: MAX_PART_BYTES,
  concurrency: null,
}

function checkUploaderOptions({
  fetcher,
  concurrency = DEFAULT_CONCURRENCY,
  partSize = DEFAULT_PART_BYTES,
}: UploaderOptions): void {
  const calls = ['create', 'addPart', 'complete', 'cancel'] as const
  const missing = calls.filter((call) => typeof fetcher?.[call] !== 'function')
  if (missing.length > 0) {
    const message = `The fetcher lacks ${missing.join(', ')}. Pass createProxyFetcher({ endpoint: '/api/uploads' }), or an object with all four calls.`
    throw new UploadError('invalid_options', message)
  }
  if (!(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 64)) {
    throw new UploadError('invalid_options', `concurrency is ${concurrency}. Pass a whole number from 1 to 64.`)
  }
  if (!(Number.isInteger(partSize) && partSize >= 1 && partSize <= MAX_PART_BYTES)) {
    const message = `partSize is ${partSize}; it counts bytes. Pass a whole number from 1 to ${MAX_PART_BYTES}.`
    throw new UploadError('invalid_options', message)
  }
}

function checksumOf({ checksum = 'md5', createWorker }: UploaderOptions): Checksum | null {
  if (typeof checksum === 'function') return checksum
  return checksum === 'off' ? null : createChecksum(createWorker ? { createWorker } : {})
}

function endOf(code: 'cancelled' | 'expired', name: string, uploadId: string | undefined): UploadError {
  const message =
    code === 'cancelled'
      ? `The upload of ${name} was cancelled.`
      : `${name} was not finished within its hour, so OpenAI discarded it. Start again to upload it from the beginning.`
  return new UploadError(code, message, uploadId === undefined ? {} : { uploadId })
}

function deferred(): Outcome {
  let resolve!: Outcome['resolve']
  let reject!: Outcome['reject']
  const promise = new Promise<FileObject>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise
    reject = rejectPromise
  })
  return { promise, resolve, reject }
}

/** A listener that throws is the app's bug: it is reported as such, and stops no upload. */
function callListener(listener: () => void): void {
  try {
    listener()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

/** Without the keys whose value is undefined, which would hide a default. */
function definedOf<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>
}
