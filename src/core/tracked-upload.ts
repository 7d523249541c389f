import type { FileInfo } from './file-rules.js'
import type { UploadOptions } from './upload-options.js'
import type { UploadSnapshot } from './upload-snapshot.js'
import type { UploadEvent, UploadState } from './upload-state.js'

/** One upload on the list, whichever tab sends it. */
export interface TrackedUpload {
  readonly id: string
  readonly info: FileInfo
  readonly options: UploadOptions
  readonly state: UploadState
  readonly snapshot: UploadSnapshot
  /** Whether anyone asked for it to run: resuming what was only added must not start it. */
  readonly asked: boolean
  /** Puts the upload in line for a connection, or lets it get there once it is resumed. */
  run(): void
  /** Ends a wait of our own choosing; one that the server asked for goes on. */
  tryNow(): void
  dispatch(event: UploadEvent): void
  /** Brings `progress` up to date; cheap enough for a few times a second, not for every event. */
  refreshProgress(): void
  /** Ends all requests, timers, listeners and locks; nothing is called back afterwards. */
  destroy(): void
}

/** Who has to know of an upload's changes. */
export interface UploadWatcher {
  changed(upload: TrackedUpload, what: 'state' | 'progress'): void
  settled(upload: TrackedUpload): void
  /** Another tab has become the one that sends it. */
  lost(upload: TrackedUpload): void
}
