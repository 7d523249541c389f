import { type RemoteUpload, UploadError, type UploadPolicy } from '../protocol/index.js'
import { Alarms } from './alarms.js'
import { checkCancelled, checkCompleted, checkCreated, checkPart } from './answers.js'
import type { Checksum } from './checksum.js'
import type { Environment } from './environment.js'
import type { Fetcher } from './fetcher.js'
import { FileHash } from './file-hash.js'
import { type FileInfo, type UploadWarning, warningsFor } from './file-rules.js'
import type { PartQueue, Sender } from './part-queue.js'
import { backoff, classify, type Failure, nextStep, type RetryGate, type RetryOptions } from './retry.js'
import { type Sending, Transfer } from './transfer.js'
import { createRequestOf, type UploadOptions } from './upload-options.js'
import { initialState, isSettled, keepsParts, transition, type UploadEvent, type UploadState } from './upload-state.js'

/** One upload as everyone sees it: immutable, and the same object until something changed. */
export type UploadSnapshot = UploadState & {
  /** The kit's own id; OpenAI's is `remote.id`. */
  readonly id: string
  readonly file: FileInfo
  readonly options: UploadOptions
  /** Where the MD5 of the whole file is; it runs beside the transfer and is needed at complete. */
  readonly checksum: 'off' | 'waiting' | 'hashing' | 'done'
  readonly warnings: readonly UploadWarning[]
}

/** What an upload needs from the uploader that owns it. */
export interface UploadHost {
  readonly fetcher: Fetcher
  readonly environment: Environment
  readonly queue: PartQueue
  readonly gate: RetryGate
  readonly retry: Required<RetryOptions>
  readonly checksum: Checksum | null
  /** What the backend allows; never rejects. */
  loadPolicy(): Promise<UploadPolicy>
  /** Bytes of a part, as far as is known now. */
  partSize(): number
  changed(upload: Upload, what: 'state' | 'progress'): void
  settled(upload: Upload): void
}

// Answers that are no answer: the complete may have been carried out all the same.
const ambiguousCodes = new Set(['network', 'timeout', 'server_error', 'upstream_error', 'bad_response'])
const MAX_CANCEL_TRIES = 3

/** Runs one upload: performs the effect of each status that `transition()` decides on. */
export class Upload implements Sender {
  readonly id: string
  readonly info: FileInfo
  readonly options: UploadOptions
  readonly #host: UploadHost
  readonly #warnings: readonly UploadWarning[]
  #file: File
  #state: UploadState
  #snapshot: UploadSnapshot | null = null
  #transfer: Transfer
  readonly #hash: FileHash
  // Requests other than parts that are under way; each at most once.
  readonly #calls = new Map<'create' | 'complete' | 'cancel', AbortController>()
  readonly #alarms: Alarms<'wait' | 'undo' | 'page_hide' | 'expiry' | 'online' | 'probe' | 'cancel'>
  // Failed tries in a row, and since when.
  #attempts = 0
  #lastProgressAt = 0
  #cancelTries = 0
  #completeUnanswered = false
  #asked = false
  #hourIsOver = false

  constructor(id: string, file: File, options: UploadOptions, host: UploadHost) {
    this.id = id
    this.#file = file
    this.options = options
    this.#host = host
    this.#alarms = new Alarms(host.environment)
    this.info = { name: file.name, size: file.size, type: file.type, lastModified: file.lastModified }
    this.#warnings = warningsFor(this.info, options.purpose)
    this.#state = initialState(file.size)
    this.#transfer = new Transfer(file.size)
    this.#hash = new FileHash(host.checksum)
  }

  get state(): UploadState {
    return this.#state
  }

  get snapshot(): UploadSnapshot {
    this.#snapshot ??= {
      ...this.#state,
      id: this.id,
      file: this.info,
      options: this.options,
      checksum: this.#hash.status,
      warnings: this.#warnings,
    }
    return this.#snapshot
  }

  /** Whether anyone asked for it to run: resuming what was only added must not start it. */
  get asked(): boolean {
    return this.#asked
  }

  /** Puts the upload in line for a connection, or lets it get there once it is resumed. */
  run(): void {
    this.#asked = true
    if (this.#state.status !== 'queued') return
    this.#lastProgressAt = this.#host.environment.now()
    this.#host.queue.enqueue(this)
  }

  /** Replaces the file handle, for a browser that lost it. */
  useFile(file: File): void {
    this.#file = file
  }

  dispatch(event: UploadEvent): void {
    if (transition(this.#state, event) === this.#state) return
    this.refreshProgress()
    const before = this.#state
    const after = transition(before, event)
    if (after === before) return
    this.#moveTo(after)
    if (after.status !== before.status) this.#perform(before)
    else this.#continue()
    this.#host.changed(this, 'state')
    if (isSettled(after) && after.status !== before.status) this.#host.settled(this)
  }

  /** Brings `progress` up to date; cheap enough for a few times a second, not for every event. */
  refreshProgress(): void {
    if (this.#state.status !== 'uploading') return
    const progress = this.#transfer.progress(this.#host.environment.now())
    this.#moveTo(transition(this.#state, { type: 'progressed', progress }))
  }

  nextRequest(): (() => Promise<void>) | null {
    if (this.#state.status === 'queued') this.dispatch({ type: 'slot_granted' })
    const state = this.#state
    switch (state.status) {
      case 'creating':
        return state.wait || this.#calls.has('create') ? null : () => this.#create()
      case 'uploading': {
        const sending = state.wait ? null : this.#transfer.take(this.#host.partSize())
        return sending && (() => this.#sendPart(state.remote, sending))
      }
      case 'completing': {
        return state.wait || !this.#hash.isReady || this.#calls.has('complete')
          ? null
          : () => this.#complete(state.remote)
      }
      case 'cancelling': {
        const held = state.undoUntil !== null || this.#calls.size > (this.#calls.has('complete') ? 1 : 0)
        const { remote } = state
        return held || !remote || this.#alarms.has('cancel') ? null : () => this.#cancel(remote)
      }
      default:
        return null
    }
  }

  /** Ends all requests, timers and listeners; nothing is called back afterwards. */
  destroy(): void {
    this.#host.queue.remove(this)
    this.#transfer.stop()
    for (const call of this.#calls.values()) call.abort()
    this.#alarms.callOffAll()
    this.#hash.stop()
  }

  // EFFECTS OF A STATUS

  #perform(before: UploadState): void {
    if (this.#state.status !== 'uploading') this.#transfer.stop()
    this.#alarms.callOff('wait', 'undo', 'page_hide', 'online', 'probe', 'cancel')
    switch (this.#state.status) {
      case 'queued':
        if (isSettled(before) && !keepsParts(before)) this.#startOver()
        this.#attempts = 0
        if (this.#asked || isSettled(before)) this.run()
        return
      case 'creating':
        this.#startHashing()
        return
      case 'uploading':
        this.#startHashing()
        // Nothing left to send: it was only the complete that failed before.
        if (this.#transfer.partIds()) this.dispatch({ type: 'parts_accepted' })
        else this.#host.queue.pump()
        return
      case 'completing':
        this.#host.queue.pump()
        return
      case 'paused':
        this.#host.queue.remove(this)
        if (this.#state.reason === 'offline') this.#watchOnline()
        return
      case 'cancelling':
        this.#host.queue.remove(this)
        this.#hash.stop()
        this.#cancelTries = 0
        if (this.#state.undoUntil === null) this.#tellServer()
        else this.#watchUndo(this.#state.undoUntil)
        return
      case 'failed':
        this.#host.queue.remove(this)
        this.#hash.stop()
        return
      case 'completed':
      case 'cancelled':
      case 'expired':
        this.destroy()
        return
    }
  }

  /** The status stayed, its data changed. */
  #continue(): void {
    const { status } = this.#state
    // The person's own pause took the place of the engine's.
    if (status === 'paused' && this.#state.reason !== 'offline') this.#alarms.callOff('online', 'probe')
    if (status === 'cancelling' && this.#state.undoUntil === null) {
      this.#alarms.callOff('undo', 'page_hide')
      this.#tellServer()
    }
  }

  #startOver(): void {
    this.#transfer = new Transfer(this.info.size)
    this.#alarms.callOff('expiry')
    this.#completeUnanswered = false
    this.#hash.forget()
  }

  #watchExpiry({ created_at, expires_at }: RemoteUpload): void {
    // The span, not the date: clocks differ, an hour does not.
    this.#alarms.after('expiry', (expires_at - created_at) * 1000, () => {
      this.#hourIsOver = true
      // A complete that is under way is the server's to judge.
      if (this.#state.status !== 'completing' && this.#state.status !== 'cancelling') this.dispatch({ type: 'expired' })
    })
  }

  #watchOnline(): void {
    const comeBack = () => {
      this.#lastProgressAt = this.#host.environment.now()
      this.dispatch({ type: 'online' })
    }
    this.#alarms.keep('online', this.#host.environment.onOnline(comeBack))
    // The event may never come: find out by trying.
    this.#alarms.after('probe', this.#host.retry.maxDelay, comeBack)
  }

  #watchUndo(undoUntil: number): void {
    const elapse = () => this.dispatch({ type: 'undo_elapsed' })
    this.#alarms.after('undo', undoUntil - this.#host.environment.now(), elapse)
    const leave = () => {
      elapse()
      // Other files may use every connection; in line it would not get out before the page is gone.
      void this.nextRequest()?.()
    }
    this.#alarms.keep('page_hide', this.#host.environment.onPageHide(leave))
  }

  #tellServer(): void {
    // With a create on its way there may soon be something to cancel: its end brings us back here.
    if (this.#calls.has('create')) return
    if (this.#state.remote) this.#host.queue.hurry(this)
    else this.dispatch({ type: 'cancelled', confirmed: true })
  }

  #startHashing(): void {
    const done = () => {
      this.#moveTo(this.#state)
      this.#host.changed(this, 'state')
      this.#host.queue.pump()
    }
    const failed = (cause: unknown) => this.dispatch({ type: 'failed', error: unreadable(this.info.name, cause) })
    this.#hash.start(this.#file, done, failed)
  }

  // REQUESTS

  async #create(): Promise<void> {
    const request = createRequestOf(this.#file, this.options)
    const { metadata } = this.options
    try {
      const [answer] = await Promise.all([
        this.#call('create', (signal) => this.#host.fetcher.create(request, { signal, ...(metadata && { metadata }) })),
        this.#host.loadPolicy(),
      ])
      const remote = checkCreated(answer.upload, request)
      const destroyed = this.#calls.get('create')?.signal.aborted
      this.#calls.delete('create')
      // While the policy was awaited.
      if (destroyed) return
      this.#transfer.token = answer.token
      this.#advanced()
      this.#watchExpiry(remote)
      this.dispatch({ type: 'created', remote })
    } catch (thrown) {
      const aborted = this.#calls.get('create')?.signal.aborted
      this.#calls.delete('create')
      if (!aborted) this.#createFailed(thrown)
    }
  }

  #createFailed(thrown: unknown): void {
    if (this.#state.status === 'cancelling') {
      // Whatever was made on the server has no parts, and dies within its hour.
      if (this.#state.undoUntil === null) this.#tellServer()
    } else if (this.#state.status === 'creating') {
      this.#callFailed(classify(thrown, 'create', this.#host.environment.now()))
    }
  }

  async #sendPart(remote: RemoteUpload, sending: Sending): Promise<void> {
    const transfer = this.#transfer
    const { range, abort } = sending
    const { size } = this.info
    // A whole File goes out more than twice as fast as a slice of all its bytes.
    const body = range.end - range.start === size ? this.#file : this.#file.slice(range.start, range.end)
    const onProgress = (bytesSent: number) => {
      sending.sent = Math.min(bytesSent, range.end - range.start)
      this.#host.changed(this, 'progress')
    }
    try {
      const call = { uploadId: remote.id, ...this.#token(), range, bytesTotal: size, body }
      const answer = await this.#host.fetcher.addPart(call, { signal: abort.signal, onProgress })
      // Paused or cancelled meanwhile: the range is free again, and this part stays unlisted.
      if (abort.signal.aborted) return
      const part = checkPart(answer, remote.id)
      if (!transfer.accept(sending, part.id)) throw repeatedPart(part.id)
      this.#advanced()
      this.dispatch({ type: 'wait_ended' })
      if (transfer.partIds()) this.dispatch({ type: 'parts_accepted' })
      else this.#host.changed(this, 'progress')
    } catch (thrown) {
      transfer.giveBack(sending)
      if (!abort.signal.aborted) this.#callFailed(classify(thrown, 'addPart', this.#host.environment.now()))
    }
  }

  async #complete(remote: RemoteUpload): Promise<void> {
    const partIds = this.#transfer.partIds() ?? []
    const { md5 } = this.#hash
    const call = { uploadId: remote.id, ...this.#token(), partIds, ...(md5 !== null && { md5 }) }
    try {
      const answer = await this.#call('complete', (signal) => this.#host.fetcher.complete(call, { signal }))
      const done = checkCompleted(answer, remote)
      this.#calls.delete('complete')
      this.dispatch({ type: 'completed', ...done })
    } catch (thrown) {
      const aborted = this.#calls.get('complete')?.signal.aborted
      this.#calls.delete('complete')
      if (!aborted) this.#completeFailed(classify(thrown, 'complete', this.#host.environment.now()))
    }
  }

  #completeFailed(failure: Failure): void {
    const { code } = failure.error
    const answered = !ambiguousCodes.has(code)
    if (!answered) this.#completeUnanswered = true
    // The answer to the cancel that runs beside it decides.
    if (this.#state.status === 'cancelling') return
    const refused = answered && !failure.retryable && code !== 'integrity_failed' && code !== 'expired'
    if (refused && this.#completeUnanswered) {
      this.dispatch({ type: 'failed', error: outcomeUnknown(failure.error) })
      return
    }
    this.#callFailed(failure)
  }

  async #cancel(remote: RemoteUpload): Promise<void> {
    const call = { uploadId: remote.id, ...this.#token() }
    try {
      const answer = await this.#call('cancel', (signal) => this.#host.fetcher.cancel(call, { signal }))
      checkCancelled(answer, remote)
      this.#calls.delete('cancel')
      this.dispatch({ type: 'cancelled', confirmed: true })
    } catch (thrown) {
      const aborted = this.#calls.get('cancel')?.signal.aborted
      this.#calls.delete('cancel')
      if (!aborted) this.#cancelFailed(classify(thrown, 'cancel', this.#host.environment.now()))
    }
  }

  #cancelFailed({ error, retryable, retryAfter }: Failure): void {
    this.#cancelTries += 1
    // The complete that runs beside it tells who won.
    const racing = this.#calls.has('complete')
    if (racing || (retryable && this.#cancelTries < MAX_CANCEL_TRIES)) {
      const { environment, retry } = this.#host
      const delay = retryAfter ?? backoff(this.#cancelTries, environment.random(), retry)
      this.#alarms.after('cancel', delay, () => this.#host.queue.pump())
    } else if (this.#completeUnanswered) {
      this.dispatch({ type: 'failed', error: outcomeUnknown(error) })
    } else {
      this.dispatch({ type: 'cancelled', confirmed: false })
    }
  }

  // FAILURES

  #callFailed(failure: Failure): void {
    const { error } = failure
    const state = this.#state
    // The API has no word of its own for it: after the hour, a refusal means that the Upload is gone.
    const gone = this.#hourIsOver && (error.code === 'invalid_request' || error.code === 'not_found')
    if (gone || error.code === 'expired') {
      this.dispatch({ type: 'expired' })
      return
    }
    if (state.status !== 'creating' && state.status !== 'uploading' && state.status !== 'completing') return
    const { environment, gate, retry } = this.#host
    const now = environment.now()
    // Parts that fail together are one failure, unless the server asks for more patience.
    const ongoing = state.wait !== null && state.wait.until > now ? state.wait : null
    if (!ongoing) this.#attempts += 1
    const step = nextStep(
      failure,
      {
        attempt: this.#attempts,
        sinceProgress: now - this.#lastProgressAt,
        // A complete goes on asking: it has nothing to lose, and its answer may be on its way.
        online: environment.isOnline() || state.status === 'completing',
        random: environment.random(),
      },
      retry,
    )
    if (step.type === 'fail') this.dispatch({ type: 'failed', error: this.#named(error) })
    else if (step.type === 'pause_offline') this.dispatch({ type: 'pause', reason: 'offline' })
    else {
      const until = now + step.delay
      if (step.held) gate.closeUntil(until)
      if (ongoing && ongoing.until >= until) return
      this.dispatch({ type: 'wait_started', wait: { reason: step.reason, until, attempt: this.#attempts } })
      this.#alarms.after('wait', step.delay, () => {
        this.dispatch({ type: 'wait_ended' })
        this.#host.queue.pump()
      })
    }
  }

  #advanced(): void {
    this.#attempts = 0
    this.#lastProgressAt = this.#host.environment.now()
    this.#alarms.callOff('wait')
  }

  #named(error: UploadError): UploadError {
    const uploadId = this.#state.remote?.id
    if (!uploadId || error.details.uploadId) return error
    const { code, message, hint, cause, details } = error
    return new UploadError(code, message, { ...details, uploadId, cause, ...(hint !== undefined && { hint }) })
  }

  // BOOKKEEPING

  #moveTo(state: UploadState): void {
    this.#state = state
    this.#snapshot = null
  }

  #token(): { token?: string } {
    return this.#transfer.token === undefined ? {} : { token: this.#transfer.token }
  }

  #call<T>(name: 'create' | 'complete' | 'cancel', request: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController()
    this.#calls.set(name, abort)
    return request(abort.signal)
  }
}

function unreadable(name: string, cause: unknown): UploadError {
  const message = `The browser cannot read ${name}. It may have been moved, changed or protected. Choose it again.`
  return new UploadError('file_unreadable', message, { cause })
}

function outcomeUnknown(cause: UploadError): UploadError {
  const message =
    'The last answer of the server was lost, so nobody knows whether the file arrived. Look among your files before you upload it again.'
  return new UploadError('outcome_unknown', message, {
    ...cause.details,
    cause,
    hint: 'complete was sent, its answer was lost, and asking again was refused; the API cannot be asked for the status.',
  })
}

function repeatedPart(partId: string): UploadError {
  return new UploadError('bad_response', 'The server sent an unexpected answer. Try again.', {
    hint: `The answer to addPart does not count: part id ${partId} was given before.`,
  })
}
