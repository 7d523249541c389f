import { MAX_PART_BYTES, MAX_UPLOAD_BYTES, PURPOSES, UPLOAD_LIFETIME_SECONDS } from '../protocol/index.js'

/**
 * The limits of this API, and its answers where OpenAI documents none.
 * Each line names its ground: recorded (a real answer), specified, tested (by others, against the real API),
 * inferred, or unknown. An unknown has a switch, so that a client can be run against every reading.
 */
export interface UploadsApiBehaviour {
  /** Most bytes in one Upload; specified as "8 GB", the unit inferred. @default 8589934592 (8 GiB) */
  maxUploadBytes: number
  /** Most bytes in one Part; specified as "64 MB", OpenAI's Python client sends 64 MiB. @default 67108864 (64 MiB) */
  maxPartBytes: number
  /** Most Parts in one Upload; unknown. @default Infinity */
  maxParts: number
  /**
   * Most bytes kept at a time: Files, Parts, and what is on its way. An organisation has such a limit, whose answer is
   * unknown: a 429 with the code `insufficient_quota` here. @default 107374182400 (100 GiB)
   */
  maxStoredBytes: number
  /** Seconds from create until an Upload expires; recorded. Azure gives 7200. @default 3600 */
  lifetimeSeconds: number
  /** Seconds after an Upload and its File have ended until both are unknown, a 404; unknown. @default 604800 (a week) */
  forgetAfterSeconds: number
  /** Purposes that create takes; recorded, from the API's own error text. @default the six of OpenAI */
  purposes: readonly string[]
  /** What to do with a property or form field that the specification does not name. @default 'refuse' (specified) */
  unknownFields: 'refuse' | 'ignore'
  /** Whether an Upload or a Part of no bytes is taken; unknown. @default 'refuse' */
  zeroBytes: 'refuse' | 'allow'
  /**
   * What a Part is measured against when it arrives: itself, all Parts so far, or nothing until complete.
   * Tested: a Part larger than the declared bytes is refused at once; whether Parts add up is unknown.
   * @default 'per-part'
   */
  overflow: 'per-part' | 'cumulative' | 'off'
  /** Status for a Part above `maxPartBytes`; unknown. @default 400 */
  partTooLargeStatus: 400 | 413
  /** Status for a call on a completed or cancelled Upload; tested for a Part after cancel: 400 or 404. @default 400 */
  closedStatus: 400 | 404 | 409
  /** Status for a call on an expired Upload; unknown. @default 400 */
  expiredStatus: 400 | 404 | 409 | 410
  /** Whether Parts that complete does not list count toward the declared bytes; unknown. @default 'ignore' */
  orphanParts: 'ignore' | 'count'
  /** Whether complete may list a Part twice; unknown. @default 'refuse' */
  duplicatePartIds: 'refuse' | 'allow'
  /** Whether `md5` is looked at; a clone is known to ignore it. @default true (specified) */
  checkMd5: boolean
  /** What becomes of the Upload when `md5` does not match; unknown. @default 'pending' */
  afterMd5Mismatch: 'pending' | 'cancelled'
  /** Milliseconds that complete takes on top of the work; unknown for gigabytes, recorded below 900 for 8 bytes. @default 0 */
  completeDelay: number
  /** Whether the File in the answer of complete knows its size; specified as "may be null". @default 'known' */
  completedFileBytes: 'known' | 'null'
  /** Answer to complete with the same `part_ids` again: `closedStatus`, or the same 200; unknown. @default 'refuse' */
  secondComplete: 'refuse' | 'repeat'
  /** Answer to cancel of a cancelled Upload: `closedStatus`, or the same 200; unknown. @default 'refuse' */
  secondCancel: 'refuse' | 'repeat'
  /** Answer to cancel of a completed Upload: `closedStatus`, or 200 with the Upload as it is; unknown. @default 'refuse' */
  cancelOfCompleted: 'refuse' | 'unchanged'
  /** Purposes whose Files cannot be downloaded; tested: the real API refuses some. @default [] */
  privatePurposes: readonly string[]
}

export const DEFAULT_BEHAVIOUR: Readonly<UploadsApiBehaviour> = {
  maxUploadBytes: MAX_UPLOAD_BYTES,
  maxPartBytes: MAX_PART_BYTES,
  maxParts: Infinity,
  maxStoredBytes: 100 * 2 ** 30,
  lifetimeSeconds: UPLOAD_LIFETIME_SECONDS,
  forgetAfterSeconds: 7 * 86_400,
  purposes: PURPOSES,
  unknownFields: 'refuse',
  zeroBytes: 'refuse',
  overflow: 'per-part',
  partTooLargeStatus: 400,
  closedStatus: 400,
  expiredStatus: 400,
  orphanParts: 'ignore',
  duplicatePartIds: 'refuse',
  checkMd5: true,
  afterMd5Mismatch: 'pending',
  completeDelay: 0,
  completedFileBytes: 'known',
  secondComplete: 'refuse',
  secondCancel: 'refuse',
  cancelOfCompleted: 'refuse',
  privatePurposes: [],
}
