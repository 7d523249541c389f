import { type FileInfo, type UploadWarning, warningsFor } from '../file-rules.js'
import type { TrackedUpload, UploadWatcher } from '../tracked-upload.js'
import { Transfer } from '../transfer.js'
import type { UploadOptions } from '../upload-options.js'
import type { UploadSnapshot } from '../upload-snapshot.js'
import { isSettled, transition, type UploadEvent } from '../upload-state.js'
import type { ResumeRecord } from './resume-record.js'
import type { SharedUpload, TabCommand } from './tab-messages.js'

/** An upload that another tab sends: shows what that tab tells of it, and passes commands on to it. */
export class Mirror implements TrackedUpload {
  readonly id: string
  readonly info: FileInfo
  readonly options: UploadOptions
  // It runs, over there.
  readonly asked = true
  readonly record: ResumeRecord
  readonly #warnings: readonly UploadWarning[]
  readonly #command: (command: TabCommand) => void
  readonly #watcher: UploadWatcher
  readonly #now: () => number
  #shared: SharedUpload
  #snapshot: UploadSnapshot | null = null

  constructor(
    id: string,
    record: ResumeRecord,
    command: (command: TabCommand) => void,
    watcher: UploadWatcher,
    now: () => number,
  ) {
    const { file, options, remote, expiresAt } = record.head
    this.id = id
    this.info = file
    this.options = options
    this.record = record
    this.#warnings = warningsFor(file, options, remote)
    this.#command = command
    this.#watcher = watcher
    this.#now = now
    // What was written down, until the other tab has said more.
    const progress = new Transfer(file.size, record.ledger).progress(0)
    this.#shared = {
      state: { status: 'paused', reason: 'restored', remote, progress },
      checksum: 'waiting',
      checksumPercent: null,
      expiresAt,
      willExpire: false,
      needsFile: false,
      canReopen: false,
    }
  }

  get state() {
    return this.#shared.state
  }

  get snapshot(): UploadSnapshot {
    const { state, ...shown } = this.#shared
    const { id, info: file, options } = this
    this.#snapshot ??= { ...state, ...shown, id, file, options, warnings: this.#warnings, inOtherTab: true }
    return this.#snapshot
  }

  /** The other tab has told how it stands. */
  hear(shared: SharedUpload): void {
    if (shared.state.progress.bytesTotal !== this.info.size) return
    const before = this.#shared.state
    this.#shared = shared
    this.#snapshot = null
    this.#watcher.changed(this, shared.state.status === before.status ? 'progress' : 'state')
    if (isSettled(shared.state) && !isSettled(before)) this.#watcher.settled(this)
  }

  /** Nobody sends it any more, and nothing of it is left but its hour, which may be over. */
  outlive(): void {
    if ((this.#shared.expiresAt ?? 0) > this.#now()) return
    this.hear({ ...this.#shared, state: transition(this.#shared.state, { type: 'expired' }) })
  }

  dispatch(event: UploadEvent): void {
    switch (event.type) {
      case 'pause':
      case 'resume':
      case 'undo_cancel':
      case 'retry':
        return this.#command(event.type)
      case 'cancel':
        return this.#command({
          cancel: { undoFor: event.undoUntil === null ? 0 : Math.max(0, event.undoUntil - this.#now()) },
        })
    }
  }

  run(): void {}
  tryNow(): void {}
  refreshProgress(): void {}
  destroy(): void {}
}
