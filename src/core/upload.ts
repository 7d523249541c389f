import { type RemoteUpload, UploadError, type UploadPolicy } from '../protocol/index.js'
import { Alarms } from './alarms.js'
import { checkCancelled, checkCompleted, checkCreated, checkPart, repeatedPart } from './answers.js'
import { Call } from './call.js'
import type { Checksum } from './checksum.js'
import type { Environment } from './environment.js'
import type { Fetcher } from './fetcher.js'
import { fileChanged, fileErrorOf, findFileError } from './file-check.js'
import { FileHash } from './file-hash.js'
import { type FileInfo, type UploadWarning, warningsFor } from './file-rules.js'
import type { Journal, JournalEntry } from './journal.js'
import { aboutUpload, outcomeUnknown, signedOut } from './outcome-errors.js'
import type { PartQueue, Sender } from './part-queue.js'
import type { PartSize } from './part-size.js'
import { Recovery } from './recovery.js'
import type { ResumeRecord } from './resume-record.js'
import { backoff, classify, type Failure, type RetryGate, type RetryPlan } from './retry.js'
import { type Sending, Transfer } from './transfer.js'
import { createRequestOf, type UploadOptions } from './upload-options.js'
import { initialState, isSettled, keepsParts, transition, type UploadEvent, type UploadState } from './upload-state.js'
import type { TimeLimits } from './watchdog.js'

/** One upload as everyone sees it: immutable, and the same object until something changed. */
export type UploadSnapshot = UploadState & {
  /** The kit's own id; OpenAI's is `remote.id`. */
  readonly id: string
  readonly file: FileInfo
  readonly options: UploadOptions
  /** Where the MD5 of the whole file is; it runs beside the transfer and is needed at complete. */
  readonly checksum: 'off' | 'waiting' | 'hashing' | 'done'
  readonly warnings: readonly UploadWarning[]
  /** When the Upload's hour is over, in ms of this device's clock; null before it is created. */
  readonly expiresAt: number | null
  /** At this speed, the hour is over before the last byte has arrived. */
  readonly willExpire: boolean
  /** After a reload: the file has to be chosen again before it can go on. */
  readonly needsFile: boolean
  /** The browser kept a handle of that file: `resume` from a click is enough. */
  readonly canReopen: boolean
}

/** What an upload needs from the uploader that owns it. */
export interface UploadHost {
  readonly fetcher: Fetcher
  readonly environment: Environment
  readonly queue: PartQueue
  readonly gate: RetryGate
  readonly retry: RetryPlan
  readonly limits: Required<TimeLimits>
  readonly checksum: Checksum | null
  readonly partSize: PartSize
  /** Bytes of a part that options and policy ask for. */
  wantedPartSize(): number
  /** What the backend allows; never rejects. */
  loadPolicy(): Promise<UploadPolicy>
  /** Where uploads are written down; null when they are not. */
  readonly journal: Journal | null
  /** Signs the person in again, once for all that ask; null where the app has no way to. Rejects when that fails. */
  readonly refreshAuth: (() => Promise<void>) | null
  changed(upload: Upload, what: 'state' | 'progress'): void
  settled(upload: Upload): void
}

// Answers that are no answer: the call may have been carried out all the same.
const ambiguousCodes = new Set(['network', 'timeout', 'server_error', 'upstream_error', 'bad_response'])
// Refusals that say nothing about whether an earlier complete went through.
const aboutTheFile = new Set([
  'integrity_failed',
  'expired',
  'file_changed',
  'file_gone',
  'file_unreadable',
  'auth_required',
])
const MAX_CANCEL_TRIES = 3
// A wait that ends this late was not delayed by load.
const OVERSLEPT_MS = 15_000

/** A file that was just added, or what a journal kept of one. */
export type UploadSource = { file: File; options: UploadOptions } | { record: ResumeRecord; entry: JournalEntry }

/** Runs one upload: performs the effect of each status that `transition()` decides on. */
export class Upload implements Sender {
  readonly id: string
  readonly info: FileInfo
  readonly options: UploadOptions
  readonly #host: UploadHost
  readonly #warnings: readonly UploadWarning[]
  // Null after a reload, until it is chosen again.
  #file: File | null
  #canReopen = false
  #entry: JournalEntry | null = null
  #state: UploadState
  #snapshot: UploadSnapshot | null = null
  #transfer: Transfer
  readonly #hash: FileHash
  // Requests other than parts that are under way; each at most once.
  readonly #calls = new Map<'create' | 'complete' | 'cancel', Call>()
  readonly #alarms: Alarms<'wait' | 'undo' | 'page_hide' | 'expiry' | 'online' | 'probe' | 'cancel' | 'sign_in'>
  readonly #recovery: Recovery
  #cancelTries = 0
  // Once only: what goes wrong twice will go wrong again.
  #discarded = false
  #asked = false

  constructor(id: string, source: UploadSource, host: UploadHost) {
    this.id = id
    this.#host = host
    this.#alarms = new Alarms(host.environment)
    this.#recovery = new Recovery(host.environment, host.retry)
    if ('record' in source) {
      const { head, ledger, digests } = source.record
      this.options = head.options
      this.info = head.file
      this.#file = null
      this.#entry = source.entry
      this.#asked = true
      this.#canReopen = head.handle !== null
      this.#transfer = new Transfer(head.file.size, ledger)
      this.#transfer.token = head.token ?? undefined
      this.#hash = new FileHash(host.checksum, digests)
      const progress = this.#transfer.progress(host.environment.elapsed())
      this.#state = { status: 'paused', reason: 'restored', remote: head.remote, progress }
      this.#watchExpiry(head.expiresAt - host.environment.now())
    } else {
      const { file, options } = source
      this.options = options
      this.info = { name: file.name, size: file.size, type: file.type, lastModified: file.lastModified }
      this.#file = file
      this.#transfer = new Transfer(file.size)
      this.#hash = new FileHash(host.checksum)
      this.#state = initialState(file.size)
    }
    this.#warnings = warningsFor(this.info, this.options.purpose)
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
      expiresAt: this.#transfer.expiresAt,
      willExpire: this.#transfer.isLate(this.#state.progress, this.#host.environment.now()),
      needsFile: this.#file === null,
      canReopen: this.#file === null && this.#canReopen,
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
    this.#recovery.reset()
    this.#host.queue.enqueue(this)
  }

  /** Whose the bytes are, after a reload or a change. */
  useFile(file: File): void {
    this.#file = file
    this.#moveTo(this.#state)
  }

  /** The handle that the browser kept is of no use: the person has to choose. */
  cannotReopen(): void {
    this.#canReopen = false
    this.#moveTo(this.#state)
    this.#host.changed(this, 'state')
  }

  /** A command that needs the file came too early: only `resume` with the file helps. */
  get #openFile(): File {
    if (this.#file) return this.#file
    throw new UploadError('file_gone', `Choose ${this.info.name} again to continue.`)
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
    // Once per run: an upload that failed and then expired has told its end before.
    if (isSettled(after) && !isSettled(before)) this.#host.settled(this)
  }

  /** Brings `progress` up to date; cheap enough for a few times a second, not for every event. */
  refreshProgress(): void {
    if (this.#state.status !== 'uploading') return
    const progress = this.#transfer.progress(this.#host.environment.elapsed())
    this.#moveTo(transition(this.#state, { type: 'progressed', progress }))
  }

  nextRequest(): (() => Promise<void>) | null {
    if (this.#state.status === 'queued') {
      // Time in line is no time without progress.
      this.#recovery.excuse()
      this.dispatch({ type: 'slot_granted' })
    }
    const state = this.#state
    switch (state.status) {
      case 'creating':
        return state.wait || this.#calls.has('create') ? null : () => this.#create()
      case 'uploading': {
        const { partSize } = this.#host
        const sending = state.wait ? null : this.#transfer.take(partSize.atMost(this.#host.wantedPartSize()))
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

  /** Ends all requests, timers, listeners and locks; nothing is called back afterwards. */
  destroy(): void {
    this.#entry?.release()
    this.#host.queue.remove(this)
    this.#transfer.stop()
    for (const call of this.#calls.values()) call.stop()
    this.#alarms.callOffAll()
    this.#hash.stop()
  }

  // EFFECTS OF A STATUS

  #perform(before: UploadState): void {
    if (this.#state.status !== 'uploading') this.#transfer.stop()
    this.#alarms.callOff('wait', 'undo', 'page_hide', 'online', 'probe', 'cancel', 'sign_in')
    switch (this.#state.status) {
      case 'queued':
        if (
          before.status === 'uploading' ||
          before.status === 'completing' ||
          (isSettled(before) && !keepsParts(before))
        )
          this.#startOver()
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
        if (this.#state.reason === 'auth') this.#signInAgain()
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
        if (!keepsParts(this.#state)) {
          this.#alarms.callOff('expiry')
          this.#forget()
        }
        return
      case 'completed':
      case 'cancelled':
      case 'expired':
        this.#forget()
        this.destroy()
        return
    }
  }

  /** The status stayed, its data changed. */
  #continue(): void {
    const { status } = this.#state
    // The person's own pause took the place of the engine's.
    if (status === 'paused' && this.#state.reason === 'user') this.#alarms.callOff('online', 'probe', 'sign_in')
    if (status === 'cancelling' && this.#state.undoUntil === null) {
      this.#alarms.callOff('undo', 'page_hide')
      this.#tellServer()
    }
  }

  #forget(): void {
    this.#entry?.forget()
    this.#entry = null
  }

  #startOver(): void {
    this.#forget()
    this.#transfer = new Transfer(this.info.size)
    this.#alarms.callOff('expiry')
    this.#hash.forget()
  }

  #watchExpiry(span: number): void {
    this.#transfer.expiresAt = this.#host.environment.now() + span
    this.#alarms.after('expiry', span, () => {
      this.#transfer.hourIsOver = true
      // A complete that is under way is the server's to judge.
      if (this.#state.status !== 'completing' && this.#state.status !== 'cancelling') this.dispatch({ type: 'expired' })
    })
  }

  #watchOnline(): void {
    const comeBack = () => {
      this.#recovery.excuse()
      this.dispatch({ type: 'online' })
    }
    this.#alarms.keep('online', this.#host.environment.onWake(comeBack))
    // The event may never come: find out by trying.
    this.#alarms.after('probe', this.#host.retry.maxDelay, comeBack)
  }

  #signInAgain(): void {
    const { refreshAuth } = this.#host
    let wanted = true
    this.#alarms.keep('sign_in', () => {
      wanted = false
    })
    refreshAuth?.().then(
      () => wanted && this.dispatch({ type: 'resume' }),
      (cause: unknown) => wanted && this.dispatch({ type: 'failed', error: signedOut(cause) }),
    )
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
    const failed = (cause: unknown) => {
      const wasRead = this.#state.progress.bytesAccepted > 0
      this.dispatch({ type: 'failed', error: fileErrorOf(this.info.name, cause, wasRead) })
    }
    this.#hash.start(this.#openFile, done, failed)
  }

  // REQUESTS

  async #create(): Promise<void> {
    const file = this.#openFile
    const request = createRequestOf(file, this.options)
    const { metadata } = this.options
    const create = async (call: Call) => {
      const [answer] = await Promise.all([
        call.run((signal) => this.#host.fetcher.create(request, { signal, ...(metadata && { metadata }) })),
        this.#host.loadPolicy(),
      ])
      const { token } = answer
      const remote = checkCreated(answer.upload, request)
      // The span, not the date: clocks differ, an hour does not.
      const lifetime = (remote.expires_at - remote.created_at) * 1000
      const expiresAt = this.#host.environment.now() + lifetime
      const entry = (await this.#host.journal?.begin({ file, options: this.options, remote, token, expiresAt })) ?? null
      // Destroyed while it was written down: the next page may have it.
      if (call.wasStopped) entry?.release()
      return { token, remote, lifetime, entry }
    }
    const created = ({ token, remote, lifetime, entry }: Awaited<ReturnType<typeof create>>) => {
      this.#transfer.token = token
      this.#entry = entry
      this.#advanced()
      this.#watchExpiry(lifetime)
      this.dispatch({ type: 'created', remote })
    }
    await this.#make('create', create, created, (failure) => this.#createFailed(failure))
  }

  #createFailed(failure: Failure): void {
    if (this.#state.status === 'cancelling') {
      // Whatever was made on the server has no parts, and dies within its hour.
      if (this.#state.undoUntil === null) this.#tellServer()
    } else if (this.#state.status === 'creating') {
      this.#callFailed(failure)
    }
  }

  async #sendPart(remote: RemoteUpload, sending: Sending): Promise<void> {
    const transfer = this.#transfer
    const { range } = sending
    const { size } = this.info
    const { stall, response } = this.#host.limits
    const call = this.#open(stall)
    sending.call = call
    const onProgress = (bytesSent: number) => {
      sending.sent = Math.min(bytesSent, range.end - range.start)
      call.moved(sending.sent === range.end - range.start, response)
      this.#host.changed(this, 'progress')
    }
    // A whole File goes out more than twice as fast as a slice of all its bytes.
    const file = this.#openFile
    const body = range.end - range.start === size ? file : file.slice(range.start, range.end)
    const part = { uploadId: remote.id, ...this.#token(), range, bytesTotal: size, body }
    try {
      const answer = await call.run((signal) => this.#host.fetcher.addPart(part, { signal, onProgress }))
      const { id } = checkPart(answer, remote.id)
      sending.answered = true
      // Written down before it counts: a part that counts is never lost by a crash.
      await this.#entry?.accepted(range, id)
      if (transfer === this.#transfer) this.#partAccepted(sending, id)
    } catch (thrown) {
      await this.#partFailed(call, sending, this.#classify(thrown, 'addPart'))
    }
  }

  #partAccepted(sending: Sending, id: string): void {
    if (!this.#transfer.accept(sending, id)) throw repeatedPart(id)
    this.#advanced()
    this.dispatch({ type: 'wait_ended' })
    if (this.#transfer.partIds()) this.dispatch({ type: 'parts_accepted' })
    else this.#host.changed(this, 'progress')
  }

  async #partFailed(call: Call, sending: Sending, failure: Failure): Promise<void> {
    const { code } = failure.error
    const { partSize } = this.#host
    const bytes = sending.range.end - sending.range.start
    const lost = code === 'network' || code === 'timeout'
    // Browsers report a file that cannot be read any more as a lost connection.
    const fileError = lost && !call.wasStopped ? await findFileError(this.#openFile, sending.range) : null
    // Paused or cancelled: its range was free at once, and its failure means nothing.
    if (call.wasStopped) return
    const guessedTooLarge = code === 'network' && this.#transfer.looksTooLarge(sending)
    this.#transfer.giveBack(sending)
    if (ambiguousCodes.has(code)) this.#transfer.mayHaveOrphans = true
    this.#heed(failure)
    if (fileError) this.dispatch({ type: 'failed', error: fileError })
    // Nothing to wait for: the next range is cut smaller.
    else if (this.#isInTheWay(failure)) this.#discard()
    else if (code === 'part_too_large' && partSize.refuse(bytes)) this.#host.changed(this, 'progress')
    else {
      if (guessedTooLarge) partSize.refuse(bytes)
      this.#callFailed(failure)
    }
  }

  async #complete(remote: RemoteUpload): Promise<void> {
    const partIds = this.#transfer.partIds() ?? []
    const { md5 } = this.#hash
    const request = { uploadId: remote.id, ...this.#token(), partIds, ...(md5 !== null && { md5 }) }
    const complete = async (call: Call) => {
      try {
        return checkCompleted(await call.run((signal) => this.#host.fetcher.complete(request, { signal })), remote)
      } catch (thrown) {
        const { code } = this.#classify(thrown, 'complete').error
        throw code === 'integrity_failed' ? await this.#explainMismatch(thrown) : thrown
      }
    }
    const completed = (done: ReturnType<typeof checkCompleted>) => this.dispatch({ type: 'completed', ...done })
    await this.#make('complete', complete, completed, (failure) => this.#completeFailed(failure))
  }

  /** The server has other bytes than our MD5 says: either they went wrong on the way, or the file is no longer the same. */
  async #explainMismatch(thrown: unknown): Promise<unknown> {
    try {
      const again = await this.#host.checksum?.(this.#openFile)
      return !again || again.md5 === this.#hash.md5 ? thrown : fileChanged(this.info.name, thrown)
    } catch (cause) {
      return fileErrorOf(this.info.name, cause)
    }
  }

  #completeFailed(failure: Failure): void {
    const { code } = failure.error
    const answered = !ambiguousCodes.has(code)
    if (!answered) this.#transfer.completeUnanswered = true
    // The answer to the cancel that runs beside it decides.
    if (this.#state.status === 'cancelling') return
    if (code === 'integrity_failed' ? !this.#discarded : this.#isInTheWay(failure)) return this.#discard()
    const refused = answered && !failure.retryable && !aboutTheFile.has(code)
    if (refused && this.#transfer.completeUnanswered)
      this.dispatch({ type: 'failed', error: outcomeUnknown(failure.error) })
    else this.#callFailed(failure)
  }

  /** Whether parts whose answers were lost can be why it is refused: nobody knows whether they count toward its bytes. */
  #isInTheWay({ error, retryable }: Failure): boolean {
    const { mayHaveOrphans, completeUnanswered } = this.#transfer
    const late = this.#transfer.isOver(this.#host.environment.now())
    const refused = error.code === 'invalid_request' && !retryable
    return refused && mayHaveOrphans && !completeUnanswered && !late && !this.#discarded
  }

  #discard(): void {
    this.#discarded = true
    this.dispatch({ type: 'discarded' })
  }

  async #cancel(remote: RemoteUpload): Promise<void> {
    const request = { uploadId: remote.id, ...this.#token() }
    const cancel = async (call: Call) =>
      checkCancelled(await call.run((signal) => this.#host.fetcher.cancel(request, { signal })), remote)
    const cancelled = (done: ReturnType<typeof checkCancelled>) =>
      this.dispatch(done ? { type: 'completed', ...done } : { type: 'cancelled', confirmed: true })
    await this.#make('cancel', cancel, cancelled, (failure) => this.#cancelFailed(failure))
  }

  #cancelFailed({ error, retryable, retryAfter }: Failure): void {
    this.#cancelTries += 1
    // The complete that runs beside it tells who won.
    const racing = this.#calls.has('complete')
    if (racing || (retryable && this.#cancelTries < MAX_CANCEL_TRIES)) {
      const { environment, retry } = this.#host
      const delay = retryAfter ?? backoff(this.#cancelTries, environment.random(), retry)
      this.#alarms.after('cancel', delay, () => this.#host.queue.pump())
    } else if (this.#transfer.completeUnanswered) {
      this.dispatch({ type: 'failed', error: outcomeUnknown(error) })
    } else {
      this.dispatch({ type: 'cancelled', confirmed: false })
    }
  }

  /** Makes one of the calls that are not parts; one that we stopped ourselves neither succeeds nor fails. */
  async #make<T>(
    name: 'create' | 'complete' | 'cancel',
    request: (call: Call) => Promise<T>,
    succeeded: (value: T) => void,
    failed: (failure: Failure) => void,
  ): Promise<void> {
    const { limits } = this.#host
    const call = this.#open(name === 'complete' ? limits.complete : limits.response)
    this.#calls.set(name, call)
    const outcome = await request(call).then(
      (value) => ({ value }),
      (thrown: unknown) => ({ thrown }),
    )
    this.#calls.delete(name)
    if (call.wasStopped) return
    if ('value' in outcome) return succeeded(outcome.value)
    const failure = this.#classify(outcome.thrown, name)
    this.#heed(failure)
    failed(failure)
  }

  #open(limit: number): Call {
    const { environment } = this.#host
    // Asleep, nothing could have been accepted: that is no reason to give up.
    return new Call(environment, limit, () => this.#recovery.excuse())
  }

  // FAILURES

  #classify(thrown: unknown, call: 'create' | 'addPart' | 'complete' | 'cancel'): Failure {
    return classify(thrown, call, this.#host.environment.now())
  }

  /** A server that asks to wait means everybody, also when the upload it told this has moved on meanwhile. */
  #heed({ retryable, retryAfter }: Failure): void {
    if (retryable && retryAfter !== null) this.#host.gate.closeFor(retryAfter)
  }

  #callFailed(failure: Failure): void {
    const state = this.#state
    if (state.status !== 'creating' && state.status !== 'uploading' && state.status !== 'completing') return
    const { environment, gate } = this.#host
    const ongoing = this.#alarms.has('wait') ? state.wait : null
    const remedy = this.#recovery.remedyFor(failure, {
      waiting: ongoing !== null,
      completing: state.status === 'completing',
      late: this.#transfer.isOver(environment.now()),
      canSignIn: this.#host.refreshAuth !== null,
    })
    switch (remedy.type) {
      case 'expire':
        return this.dispatch({ type: 'expired' })
      case 'sign_in':
        return this.dispatch({ type: 'pause', reason: 'auth' })
      case 'pause_offline':
        return this.dispatch({ type: 'pause', reason: 'offline' })
      case 'fail': {
        const { error } = failure
        // To give up asking is no answer either.
        const unknown = this.#transfer.completeUnanswered && !aboutTheFile.has(error.code)
        return this.dispatch({
          type: 'failed',
          error: unknown ? outcomeUnknown(error) : aboutUpload(error, state.remote?.id),
        })
      }
      case 'wait': {
        const until = environment.now() + remedy.delay
        if (remedy.held) gate.closeFor(remedy.delay)
        if (ongoing && ongoing.until >= until) return
        const wait = { reason: remedy.reason, until, attempt: this.#recovery.attempts }
        this.dispatch({ type: 'wait_started', wait })
        const due = environment.elapsed() + remedy.delay
        this.#alarms.after('wait', remedy.delay, () => {
          // Told to wait, or asleep meanwhile: nothing could have been accepted.
          if (remedy.held || environment.elapsed() - due > OVERSLEPT_MS) this.#recovery.excuse()
          this.#endWait()
        })
        // Our own patience ends as soon as there is hope; the server's is its own.
        if (!remedy.held)
          this.#alarms.keep(
            'online',
            environment.onWake(() => this.#endWait()),
          )
      }
    }
  }

  #endWait(): void {
    this.#alarms.callOff('wait', 'online')
    this.dispatch({ type: 'wait_ended' })
    this.#host.queue.pump()
  }

  #advanced(): void {
    this.#recovery.advanced()
    this.#alarms.callOff('wait', 'online')
  }

  // BOOKKEEPING

  #moveTo(state: UploadState): void {
    this.#state = state
    this.#snapshot = null
  }

  #token(): { token?: string } {
    return this.#transfer.token === undefined ? {} : { token: this.#transfer.token }
  }
}
