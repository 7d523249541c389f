import { type RemoteUpload, UploadError } from '../protocol/index.js'
import { Alarms } from './alarms.js'
import { repeatedPart } from './answers.js'
import type { Call } from './call.js'
import { Calls } from './calls.js'
import { Closing, expiryOf } from './closing.js'
import { fileErrorOf, findFileError } from './file-check.js'
import { FileHash } from './file-hash.js'
import { type FileInfo, type UploadWarning, warningsFor } from './file-rules.js'
import { isUnanswered, signedOut } from './outcome-errors.js'
import type { Sender } from './part-queue.js'
import { Recovery } from './recovery.js'
import { type Caller, type Created, cancelUpload, completeUpload, createUpload, sendPart } from './remote-calls.js'
import type { JournalEntry } from './resume/journal.js'
import type { ResumeRecord } from './resume/resume-record.js'
import { classify, type Failure } from './retry.js'
import { RetryWait } from './retry-wait.js'
import type { TrackedUpload, UploadWatcher } from './tracked-upload.js'
import { restoredTransfer, type Sending, Transfer } from './transfer.js'
import type { UploadHost } from './upload-host.js'
import type { UploadOptions } from './upload-options.js'
import type { UploadSnapshot } from './upload-snapshot.js'
import { initialState, isSettled, keepsParts, transition, type UploadEvent, type UploadState } from './upload-state.js'

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
  readonly #calls: Calls
  readonly #alarms: Alarms<'undo' | 'page_hide' | 'expiry' | 'online' | 'probe' | 'cancel' | 'sign_in' | 'outage'>
  readonly #recovery: Recovery
  readonly #wait: RetryWait
  readonly #closing: Closing
  #asked = false

  constructor(id: string, source: UploadSource, host: UploadHost, watcher: UploadWatcher) {
    this.id = id
    this.#host = host
    this.#watcher = watcher
    this.#alarms = new Alarms(host.environment)
    this.#recovery = new Recovery(host)
    this.#wait = new RetryWait(host.environment, this.#recovery, () => this.#waitEnded())
    this.#closing = new Closing(host)
    // Asleep, nothing could have been accepted: that is no reason to give up.
    this.#calls = new Calls(host, () => this.#recovery.excuse())
    if ('record' in source) {
      const { head, digests } = source.record
      this.options = head.options
      this.info = head.file
      this.#file = null
      this.#entry = source.entry
      this.#asked = true
      this.#canReopen = head.handle !== null
      this.#transfer = restoredTransfer(source.record)
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
      checksumPercent: this.#hash.percent,
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
    this.#wait.endOurs()
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
        if (state.wait || !this.#hash.isReady || this.#calls.has('create', 'complete', 'cancel')) return null
        const { remote } = state
        if (!this.#closing.isFindingOut) return () => this.#complete(remote)
        return this.#alarms.has('cancel') ? null : () => this.#cancel(remote)
      }
      case 'cancelling': {
        const held = state.undoUntil !== null || this.#calls.has('create', 'cancel')
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
    this.#calls.stop()
    this.#alarms.callOffAll()
    this.#wait.callOff()
    this.#hash.stop()
  }

  // EFFECTS OF A STATUS

  #perform(before: UploadState): void {
    if (this.#state.status !== 'uploading') this.#transfer.stop()
    this.#closing.reset()
    this.#wait.callOff()
    this.#alarms.callOff('undo', 'page_hide', 'online', 'probe', 'sign_in', 'outage')
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
      const { status } = this.#state
      // A complete that is under way is the server's to judge, and one that went unanswered may be asked about.
      const asked = this.#calls.has('complete') || this.#transfer.completeUnanswered || this.#closing.isFindingOut
      if (status !== 'cancelling' && !(status === 'completing' && asked)) this.dispatch(expiryOf(this.#transfer))
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

  #watchOutage(): void {
    const expectSigns = () => {
      // What failed during the outage says nothing about now.
      this.#recovery.reset()
      // Connections rarely outlive an outage, and a dead one looks like a slow one.
      this.#calls.expectSign()
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
      const error = fileErrorOf(this.info.name, cause, this.#state.progress.bytesAccepted > 0)
      // The code for it did not come: back online, it is begun again. There is no pause while completing.
      const offline = error.code === 'network' && !this.#host.environment.isOnline()
      if (offline && this.#state.status !== 'completing') this.dispatch({ type: 'pause', reason: 'offline' })
      else this.dispatch({ type: 'failed', error })
    }
    const hashed = () => {
      this.#moveTo(this.#state)
      this.#watcher.changed(this, 'progress')
    }
    this.#hash.start(this.#openFile, done, failed, hashed)
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
    await this.#calls.make(
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
    const call = this.#calls.open(this.#host.limits.stall)
    sending.call = call
    try {
      const id = await sendPart(call, this.#caller, remote, sending, () => this.#watcher.changed(this, 'progress'))
      this.#calls.succeeded(call, range.end - range.start)
      if (!transfer.name(sending, id)) throw repeatedPart(id)
      if (!(await this.#isOurs())) return
      // Written down before it counts: a part that counts is never lost by a crash.
      await this.#entry?.accepted(range, id)
      if (transfer === this.#transfer) this.#partAccepted(sending)
    } catch (thrown) {
      await this.#partFailed(call, sending, classify(thrown, 'addPart', this.#host.environment.now()))
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
    this.#calls.failed(call, failure)
    if (fileError) return this.dispatch({ type: 'failed', error: fileError })
    if (call.diedInOutage) return this.#host.queue.wake(this)
    const anew = this.#closing.partRefused(failure, this.#transfer)
    if (anew) this.dispatch(anew)
    // Nothing to wait for: the next range is cut smaller.
    else if (code === 'part_too_large' && partSize.refuse(bytes)) this.#watcher.changed(this, 'progress')
    else {
      if (guessedTooLarge) partSize.refuse(bytes)
      this.#callFailed(failure)
    }
  }

  async #complete(remote: RemoteUpload): Promise<void> {
    const caller = this.#caller
    await this.#calls.make(
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
    if (isUnanswered(failure.error.code)) this.#transfer.completeUnanswered = true
    // The answer to the cancel decides: the one that runs beside it, or one that may be asked again now.
    if (this.#state.status === 'cancelling') return this.#alarms.callOff('cancel')
    const next = this.#closing.completeFailed(failure, this.#transfer)
    if (next.type === 'recover') this.#callFailed(failure)
    else if (next.type === 'find_out') this.#host.queue.wake(this)
    else this.dispatch(next)
  }

  async #cancel(remote: RemoteUpload): Promise<void> {
    // Without the file: after a reload, it may be cancelled before it is chosen again.
    const caller = { host: this.#host, transfer: this.#transfer }
    await this.#calls.make(
      'cancel',
      (call) => cancelUpload(call, caller, remote),
      (completed) => this.dispatch(this.#closing.cancelAnswered(completed, remote, this.#transfer)),
      (failure) => this.#cancelFailed(failure),
    )
  }

  #cancelFailed(failure: Failure): void {
    const next = this.#closing.cancelFailed(failure, this.#transfer, this.#calls.has('complete'))
    if (next.type === 'await_complete') this.#alarms.keep('cancel', () => {})
    else if (next.type === 'ask_again') this.#alarms.after('cancel', next.delay, () => this.#host.queue.wake(this))
    else this.dispatch(next)
  }

  // FAILURES

  #callFailed(failure: Failure): void {
    const state = this.#state
    if (state.status !== 'creating' && state.status !== 'uploading' && state.status !== 'completing') return
    const remedy = this.#recovery.remedyFor(failure, state, this.#transfer)
    if (remedy.type !== 'wait') return this.dispatch(remedy)
    const { delay, held, reason } = remedy
    const until = this.#host.environment.now() + delay
    if (held) this.#host.gate.closeFor(delay)
    if (state.wait && state.wait.until >= until) return
    const wait = { reason, code: failure.error.code, until, attempt: this.#recovery.attempts }
    this.dispatch({ type: 'wait_started', wait })
    this.#wait.start(delay, held)
  }

  #waitEnded(): void {
    this.dispatch({ type: 'wait_ended' })
    this.#host.queue.wake(this)
  }

  /** Something was accepted: there is nothing to wait for, unless the server has asked everybody to. */
  #advanced(): void {
    this.#recovery.advanced()
    if (this.#host.gate.isClosed() || !this.#wait.isOn) return
    this.#wait.callOff()
    this.dispatch({ type: 'wait_ended' })
  }

  // BOOKKEEPING

  #moveTo(state: UploadState): void {
    this.#state = state
    this.#snapshot = null
  }
}
