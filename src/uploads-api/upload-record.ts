import type { FileObject, RemoteUpload, RemoteUploadStatus } from '../protocol/index.js'

/** What is kept of one Upload, and of the File it became; times are Unix seconds. */
export interface UploadRecord {
  readonly id: string
  readonly bytes: number
  readonly filename: string
  readonly mimeType: string
  readonly purpose: string
  readonly createdAt: number
  readonly expiresAt: number
  /** Seconds that the File will live, null for ever. */
  readonly fileLifetime: number | null
  /** How it ended; null while it is open. Expiry is not written down: the clock says it. */
  readonly outcome: null | { readonly status: 'cancelled' } | CompletedOutcome
}

export interface CompletedOutcome {
  readonly status: 'completed'
  readonly fileId: string
  /** The File's bytes are these Parts, one after the other. */
  readonly partIds: readonly string[]
  readonly deleted: boolean
}

export type CompletedRecord = UploadRecord & { readonly outcome: CompletedOutcome }

export function isCompleted(record: UploadRecord): record is CompletedRecord {
  return record.outcome?.status === 'completed'
}

/** Where the Upload stands at a moment in Unix seconds; it is expired from `expires_at` on. */
export function statusAt(record: UploadRecord, now: number): RemoteUploadStatus {
  return record.outcome?.status ?? (now < record.expiresAt ? 'pending' : 'expired')
}

/** Source: recorded answers; `mime_type` is not echoed, and `file` is absent until completed. */
export function uploadObjectOf(record: UploadRecord, now: number): RemoteUpload {
  return {
    id: record.id,
    object: 'upload',
    bytes: record.bytes,
    created_at: record.createdAt,
    filename: record.filename,
    purpose: record.purpose,
    status: statusAt(record, now),
    expires_at: record.expiresAt,
    ...(isCompleted(record) && { file: fileObjectOf(record) }),
  }
}

/** Source: recorded answers; the File has the Upload's `created_at` and is processed at once. */
export function fileObjectOf(record: CompletedRecord): FileObject {
  return {
    object: 'file',
    id: record.outcome.fileId,
    purpose: record.purpose,
    filename: record.filename,
    bytes: record.bytes,
    created_at: record.createdAt,
    expires_at: fileExpiryOf(record),
    status: 'processed',
    status_details: null,
  }
}

/** Tells whether the File can still be read: neither deleted nor past its own `expires_at`. */
export function hasFileAt(record: UploadRecord, now: number): record is CompletedRecord {
  return isCompleted(record) && !record.outcome.deleted && now < (fileExpiryOf(record) ?? Infinity)
}

/** Tells whether its Parts serve no purpose any more: the Upload or its File has ended. */
export function isOverAt(record: UploadRecord, now: number): boolean {
  return statusAt(record, now) !== 'pending' && !hasFileAt(record, now)
}

function fileExpiryOf(record: UploadRecord): number | null {
  return record.fileLifetime === null ? null : record.createdAt + record.fileLifetime
}
