import type { FileInfo, UploadWarning } from './file-rules.js'
import type { UploadOptions } from './upload-options.js'
import type { UploadState } from './upload-state.js'

/** One upload as everyone sees it: immutable, and the same object until something changed. */
export type UploadSnapshot = UploadState & {
  /** The kit's own id; OpenAI's is `remote.id`. */
  readonly id: string
  readonly file: FileInfo
  readonly options: UploadOptions
  /** Where the MD5 of the whole file is; it runs beside the transfer and is needed at complete. */
  readonly checksum: 'off' | 'waiting' | 'hashing' | 'done'
  /** How far the hashing is, in whole percent: 0 to 99, null until that is known and once it is over. */
  readonly checksumPercent: number | null
  readonly warnings: readonly UploadWarning[]
  /** When the Upload's hour is over, in ms of this device's clock; null before it is created. */
  readonly expiresAt: number | null
  /** At this speed, the hour is over before the last byte has arrived. */
  readonly willExpire: boolean
  /** After a reload: the file has to be chosen again before it can go on. */
  readonly needsFile: boolean
  /** The browser kept a handle of that file: `resume` from a click is enough. */
  readonly canReopen: boolean
  /** Another tab sends it: this one shows how it stands there, and passes commands on. */
  readonly inOtherTab: boolean
}
