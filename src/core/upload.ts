import { type RemoteUpload, UploadError } from '../protocol/index.js'
import { Alarms } from './alarms.js'
import { repeatedPart } from './answers.js'
import { Call } from './call.js'
import { fileErrorOf, findFileError } from './file-check.js'
import { FileHash } from './file-hash.js'
import { type FileInfo, type UploadWarning, warningsFor } from './file-rules.js'
import { aboutUpload, explainsItself, isUnanswered, mayBeATwin, outcomeUnknown, signedOut } from './outcome-errors.js'
import type { Sender } from './part-queue.js'
import { Recovery } from './recovery.js'
import { type Caller, type Created, cancelUpload, completeUpload, createUpload, sendPart } from './remote-calls.js'
import type { JournalEntry } from './resume/journal.js'
import type { ResumeRecord } from './resume/resume-record.js'
import { backoff, classify, type Failure } from './retry.js'
import type { TrackedUpload, UploadWatcher } from './tracked-upload.js'
import { type Sending, Transfer } from './transfer.js'
import type { UploadHost } from './upload-host.js'
import type { UploadOptions } from './upload-options.js'
import type { UploadSnapshot } from './upload-snapshot.js'
import { initialState, isSettled, keepsParts, transition, type UploadEvent, type UploadState } from './upload-state.js'

const MAX_CANCEL_TRIES = 3
// A wait that ends this late was not delayed by load.
const OVERSLEPT_MS = 15_000

/** A file that was just added, or what a journal kept of one. */
export type UploadSource = { file: File; options: UploadOptions } | { record: ResumeRecord; entry: JournalEntry }

/** Runs one upload: performs the effect of each status that `transition()` decides on. */
export class Upload implements Sender, TrackedUpload {
  readonly id: string
  readonly info: FileInfo
  readonly options: UploadOptions
  readonly #host: UploadHost
  readonly #watcher: UploadWatcher
  #warnings: readonly UploadWarning[]
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
  readonly #alarms: Alarms<
    'wait' | 'undo' | 'page_hide' | 'expiry' | 'online' | 'probe' | 'cancel' | 'sign_in' | 'outage'
  >
  readonly #recovery: Recovery
  #cancelTries = 0
  // Why complete was refused, while we find out whether it had gone through before that.
  #refusal: Failure | null = null
  // Once only: what goes wrong twice will go wrong again.
  #discarded = false
  #asked = false

  constructor(id: string, source: UploadSource, host: UploadHost, watcher: UploadWatcher) {
    this.id = id
    this.#host = host
    this.#watcher = watcher
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
      // What the page before had on its way may have arrived: parts, or the complete that follows them.
      this.#transfer.mayHaveOrphans = true
      this.#transfer.completeUnanswered = this.#transfer.partIds() !== null
      this.#hash = new FileHash(host.checksum, digests)
      const progress = this.#transfer.progress(host.environment.elapsed())
      this.#state = { status: 'paused', reason: 'restored', remote: head.remote, progress }
      this.#watchExpiry(head.expiresAt, head.expiresAt - host.environment.now())
    } else {
      const { file, options } = source
      this.options = options
      this.info = { name: file.name, size: file.size, type: file.type, lastModified: file.lastModified }
      this.#file = file
      this.#transfer = new Transfer(file.size)
      this.#hash = new FileHash(host.checksum)
      this.#state = initialState(file.size)
    }
    this.#warnings = warningsFor(this.info, this.options, this.#state.remote)
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
      inOtherTab: false,
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

  /** Ends a wait of our own choosing; one that the server asked for goes on. */
  tryNow(): void {
    if (this.#alarms.has('wait') && this.#alarms.has('online')) this.#endWait()
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
    this.#watcher.changed(this, 'state')
  }

  /** A command that needs the file came too early: only `resume` with the file helps. */
  get #openFile(): File {
    if (this.#file) return this.#file
    throw new UploadError('file_gone', `Choose ${this.info.name} again to continue.`)
  }

  get #caller(): Caller {
    return { host: this.#host, file: this.#openFile, options: this.options, transfer: this.#transfer }
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
    this.#watcher.changed(this, 'state')
    // Once per run: an upload that failed and then expired has told its end before.
    if (isSettled(after) && !isSettled(before)) this.#watcher.settled(this)
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
        const sending = state.wait ? null : this.#transfer.take(this.#host.nextPartSize(this.info.size))
        return sending && (() => this.#sendPart(state.remote, sending))
      }
      case 'completing': {
        if (state.wait || !this.#hash.isReady || this.#calls.size > 0) return null
        const { remote } = state
        if (!this.#refusal) return () => this.#complete(remote)
        return this.#alarms.has('cancel') ? null : () => this.#cancel(remote)
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
    this.#refusal = null
    this.#alarms.callOff('wait', 'undo', 'page_hide', 'online', 'probe', 'sign_in', 'outage')
    // A server that asks a cancel to wait means the person's own, too.
    if (this.#state.status !== 'cancelling') this.#alarms.callOff('cancel')
    switch (this.#state.status) {
      case 'queued':
        if (
          before.status === 'uploading' ||
          before.status === 'completing' ||
          (isSettled(before) && !keepsParts(before))
        )
          this.#startOver()
        // Its cancel was taken back before its file was chosen.
        if (!this.#file) return this.dispatch({ type: 'pause', reason: 'restored' })
        if (this.#asked || isSettled(before)) this.run()
        return
      case 'creating':
        this.#watchOutage()
        this.#startHashing()
        return
      case 'uploading':
        this.#startHashing()
        this.#watchOutage()
        // Nothing left to send: it was only the complete that failed before.
        if (this.#transfer.partIds()) this.dispatch({ type: 'parts_accepted' })
        else this.#host.queue.wake(this)
        return
      case 'completing':
        this.#host.queue.wake(this)
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

  /** Whether no other tab has taken it over while this page was frozen; if one has, it is the one that sends. */
  async #isOurs(): Promise<boolean> {
    if (!this.#entry || (await this.#entry.isHeld())) return true
    this.#watcher.lost(this)
    return false
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

  /** `left`: ms after which the hour is over for certain. Between the two, a refusal means so; we do not claim it. */
  #watchExpiry(expiresAt: number, left: number): void {
    this.#transfer.expiresAt = expiresAt
    this.#alarms.after('expiry', left, () => {
      this.#transfer.hourIsOver = true
      // A complete that is under way is the server's to judge.
      if (this.#state.status !== 'completing' && this.#state.status !== 'cancelling') this.#expire()
    })
  }

  /** Of an Upload that may have been completed before its hour was over, nobody can say that it expired. */
  #expire(): void {
    this.dispatch(this.#transfer.completeUnanswered ? { type: 'failed', error: outcomeUnknown() } : { type: 'expired' })
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

  #watchOutage(): void {
    const expectSigns = () => {
      // What failed during the outage says nothing about now.
      this.#recovery.reset()
      // Connections rarely outlive an outage, and a dead one looks like a slow one. Not complete: see its outcome.
      this.#calls.get('create')?.expectSign()
      this.#transfer.expectSigns()
    }
    this.#alarms.keep('outage', this.#host.environment.onOnline(expectSigns))
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
      // Until then complete could not be tried: that is no time without progress.
      this.#recovery.excuse()
      this.#moveTo(this.#state)
      this.#watcher.changed(this, 'state')
      this.#host.queue.wake(this)
    }
    const failed = (cause: unknown) => {
      const wasRead = this.#state.progress.bytesAccepted > 0
      this.dispatch({ type: 'failed', error: fileErrorOf(this.info.name, cause, wasRead) })
    }
    this.#hash.start(this.#openFile, done, failed)
  }

  // REQUESTS

  async #create(): Promise<void> {
    const caller = this.#caller
    const created = ({ token, remote, lifetime, expiresAt, entry }: Created) => {
      this.#transfer.token = token
      this.#entry = entry
      this.#advanced()
      this.#watchExpiry(expiresAt, lifetime)
      this.#warnings = warningsFor(this.info, this.options, remote)
      this.dispatch({ type: 'created', remote })
    }
    await this.#make(
      'create',
      (call) => createUpload(call, caller),
      created,
      (failure) => this.#createFailed(failure),
    )
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
    const { stall, response } = this.#host.limits
    const call = this.#open(stall)
    sending.call = call
    const onProgress = (bytesSent: number) => {
      // A fetcher that ignores its signal goes on telling.
      if (call.wasStopped) return
      sending.sent = Math.min(bytesSent, range.end - range.start)
      call.moved(sending.sent === range.end - range.start, response)
      this.#watcher.changed(this, 'progress')
    }
    try {
      const id = await sendPart(call, this.#caller, remote, sending, onProgress)
      this.#succeeded(call, range.end - range.start)
      if (!transfer.name(sending, id)) throw repeatedPart(id)
      if (!(await this.#isOurs())) return
      // Written down before it counts: a part that counts is never lost by a crash.
      await this.#entry?.accepted(range, id)
      if (transfer === this.#transfer) this.#partAccepted(sending)
    } catch (thrown) {
      await this.#partFailed(call, sending, this.#classify(thrown, 'addPart'))
    }
  }

  #partAccepted(sending: Sending): void {
    this.#transfer.accept(sending)
    this.#advanced()
    if (this.#transfer.partIds()) this.dispatch({ type: 'parts_accepted' })
    else this.#watcher.changed(this, 'progress')
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
    if (isUnanswered(code)) {
      this.#transfer.mayHaveOrphans = true
      const sending = this.#host.environment.elapsed() - call.startedAt
      partSize.learn({ bytes, sending, accepted: Number.POSITIVE_INFINITY })
    }
    this.#heed(call, failure)
    if (fileError) this.dispatch({ type: 'failed', error: fileError })
    else if (call.diedInOutage) this.#host.queue.wake(this)
    // Nothing to wait for: the next range is cut smaller.
    else if (this.#isInTheWay(failure)) this.#discard()
    else if (code === 'part_too_large' && partSize.refuse(bytes)) this.#watcher.changed(this, 'progress')
    else {
      if (guessedTooLarge) partSize.refuse(bytes)
      this.#callFailed(failure)
    }
  }

  async #complete(remote: RemoteUpload): Promise<void> {
    const caller = this.#caller
    await this.#make(
      'complete',
      async (call) => {
        if (await this.#isOurs()) return completeUpload(call, caller, remote, this.#hash.md5)
        call.stop()
        throw new Error('Another tab sends it now.')
      },
      (done) => this.dispatch({ type: 'completed', ...done }),
      (failure) => this.#completeFailed(failure),
    )
  }

  #completeFailed(failure: Failure): void {
    const { code } = failure.error
    const answered = !isUnanswered(code)
    if (!answered) this.#transfer.completeUnanswered = true
    // The answer to the cancel decides: the one that runs beside it, or one that may be asked again now.
    if (this.#state.status === 'cancelling') return this.#alarms.callOff('cancel')
    if (code === 'integrity_failed' && !this.#discarded) return this.#discard()
    const refused = answered && !failure.retryable && !explainsItself(code)
    const late = this.#transfer.isOver(this.#host.environment.now())
    if (refused && mayBeATwin(code) && !late) this.#findOut(failure)
    else if (refused && this.#transfer.completeUnanswered)
      this.dispatch({ type: 'failed', error: outcomeUnknown(failure.error) })
    else this.#callFailed(failure)
  }

  /** An Upload that can still be cancelled was not completed. Nothing is lost by it: its parts would be refused again. */
  #findOut(refusal: Failure): void {
    this.#refusal = refusal
    this.#cancelTries = 0
    this.#host.queue.wake(this)
  }

  #foundOpen(refusal: Failure, remote: RemoteUpload): void {
    const { mayHaveOrphans, completeUnanswered } = this.#transfer
    // A lost answer may be why: of a part, which counts toward its bytes, or of a complete that closed it.
    if ((mayHaveOrphans || completeUnanswered) && !this.#discarded) return this.#discard()
    const error = aboutUpload(refusal.error, remote.id)
    this.dispatch({ type: 'failed', error, remote: { ...remote, status: 'cancelled' } })
  }

  /** Whether parts whose answers were lost can be why it is refused: nobody knows whether they count toward its bytes. */
  #isInTheWay({ error, retryable }: Failure): boolean {
    const late = this.#transfer.isOver(this.#host.environment.now())
    const refused = error.code === 'invalid_request' && !retryable
    return refused && this.#transfer.mayHaveOrphans && !late && !this.#discarded
  }

  #discard(): void {
    this.#discarded = true
    this.dispatch({ type: 'discarded' })
  }

  async #cancel(remote: RemoteUpload): Promise<void> {
    // Without the file: after a reload, it may be cancelled before it is chosen again.
    const caller = { host: this.#host, transfer: this.#transfer }
    await this.#make(
      'cancel',
      (call) => cancelUpload(call, caller, remote),
      (done) => {
        if (done) this.dispatch({ type: 'completed', ...done })
        else if (this.#refusal) this.#foundOpen(this.#refusal, remote)
        else this.dispatch({ type: 'cancelled', confirmed: true })
      },
      (failure) => this.#cancelFailed(failure),
    )
  }

  #cancelFailed({ error, retryable, retryAfter }: Failure): void {
    this.#cancelTries += 1
    if (this.#calls.has('complete') && !retryable) {
      // The complete that runs beside it tells who won; until then there is nothing to ask.
      this.#alarms.keep('cancel', () => {})
    } else if (retryable && (this.#calls.has('complete') || this.#cancelTries < MAX_CANCEL_TRIES)) {
      const { environment, retry } = this.#host
      const delay = retryAfter ?? backoff(this.#cancelTries, environment.random(), retry)
      this.#alarms.after('cancel', delay, () => this.#host.queue.wake(this))
    } else if (this.#refusal || this.#transfer.completeUnanswered) {
      this.dispatch({ type: 'failed', error: outcomeUnknown(this.#refusal?.error ?? error) })
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
    if ('value' in outcome) {
      this.#succeeded(call)
      return succeeded(outcome.value)
    }
    const failure = this.#classify(outcome.thrown, name)
    this.#heed(call, failure)
    failed(failure)
  }

  #open(limit: number): Call {
    const { environment } = this.#host
    // Asleep, nothing could have been accepted: that is no reason to give up.
    return new Call(environment, limit, () => this.#recovery.excuse())
  }

  /** What a call that went well tells of the line. */
  #succeeded({ startedAt, leftAt }: Call, bytes = 0): void {
    const { concurrency, environment, partSize, queue } = this.#host
    const now = environment.elapsed()
    if (bytes > 0) partSize.learn({ bytes, sending: (leftAt ?? now) - startedAt, accepted: now - startedAt })
    concurrency.succeeded(bytes, queue.inFlight, now)
  }

  // FAILURES

  #classify(thrown: unknown, call: 'create' | 'addPart' | 'complete' | 'cancel'): Failure {
    return classify(thrown, call, this.#host.environment.now())
  }

  /** What a failed call means for everybody, also when the upload it told this has moved on meanwhile. */
  #heed(call: Call, { error: { code }, retryable, retryAfter }: Failure): void {
    const { concurrency, environment, gate } = this.#host
    const now = environment.elapsed()
    if (retryable && retryAfter !== null) gate.closeFor(retryAfter)
    if (code === 'rate_limited') concurrency.tooMany(call.startedAt, now)
    else if (code === 'network' && !call.diedInOutage) concurrency.broke(call.startedAt, now)
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
        return this.#expire()
      case 'sign_in':
        return this.dispatch({ type: 'pause', reason: 'auth' })
      case 'pause_offline':
        return this.dispatch({ type: 'pause', reason: 'offline' })
      case 'fail': {
        const { error } = failure
        // To give up asking is no answer either.
        const unknown = this.#transfer.completeUnanswered && !explainsItself(error.code)
        return this.dispatch({
          type: 'failed',
          error: unknown ? outcomeUnknown(error) : aboutUpload(error, state.remote?.id),
        })
      }
      case 'wait': {
        const until = environment.now() + remedy.delay
        if (remedy.held) gate.closeFor(remedy.delay)
        if (ongoing && ongoing.until >= until) return
        const wait = { reason: remedy.reason, code: failure.error.code, until, attempt: this.#recovery.attempts }
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
            environment.onWake(() => {
              // However long it was: the time away is no time without progress.
              this.#recovery.excuse()
              this.#endWait()
            }),
          )
      }
    }
  }

  #endWait(): void {
    this.#alarms.callOff('wait', 'online')
    this.dispatch({ type: 'wait_ended' })
    this.#host.queue.wake(this)
  }

  /** Something was accepted: there is nothing to wait for, unless the server has asked everybody to. */
  #advanced(): void {
    this.#recovery.advanced()
    // Without a wait, what listens for better times is a pause, and that goes on.
    if (this.#host.gate.isClosed() || !this.#alarms.has('wait')) return
    this.#alarms.callOff('wait', 'online')
    this.dispatch({ type: 'wait_ended' })
  }

  // BOOKKEEPING

  #moveTo(state: UploadState): void {
    this.#state = state
    this.#snapshot = null
  }
}
