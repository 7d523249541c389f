import { type FileObject, isPartId, isRecord, type RemoteUpload, type RemoteUploadStatus } from '../protocol/index.js'

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

/** Tells whether it ended so long ago that nobody asks for it any more. */
export function isForgottenAt(record: UploadRecord, now: number, forgetAfterSeconds: number): boolean {
  // When it was cancelled or deleted is not written down; by these times it is over in any case.
  const end = Math.max(record.expiresAt, (isCompleted(record) && fileExpiryOf(record)) || 0)
  return isOverAt(record, now) && now >= end + forgetAfterSeconds
}

function fileExpiryOf(record: UploadRecord): number | null {
  return record.fileLifetime === null ? null : record.createdAt + record.fileLifetime
}

/** Tells whether the Parts that a File is made of hold its bytes, all of them. */
export function isWhole(record: CompletedRecord, parts: ReadonlyMap<string, number>): boolean {
  const sizes = record.outcome.partIds.map((partId) => parts.get(partId) ?? Number.NaN)
  return sizes.reduce((total, size) => total + size, 0) === record.bytes
}

/** Reads a record that was written down; null when it is none. */
export function parseUploadRecord(value: unknown): UploadRecord | null {
  if (!isRecord(value)) return null
  const { id, bytes, filename, mimeType, purpose, createdAt, expiresAt, fileLifetime } = value
  const outcome = parseOutcome(value.outcome)
  const texts = [id, filename, mimeType, purpose]
  const numbers = [bytes, createdAt, expiresAt, fileLifetime ?? 0]
  if (outcome === undefined || !texts.every((text) => typeof text === 'string')) return null
  if (!numbers.every((number) => Number.isSafeInteger(number))) return null
  const record = { id, bytes, filename, mimeType, purpose, createdAt, expiresAt, fileLifetime: fileLifetime ?? null }
  return { ...record, outcome } as UploadRecord
}

/** Undefined when it is none. */
function parseOutcome(value: unknown): UploadRecord['outcome'] | undefined {
  if (value === null) return null
  if (!isRecord(value)) return undefined
  const { status, fileId, partIds, deleted } = value
  if (status === 'cancelled') return { status }
  if (status !== 'completed' || typeof fileId !== 'string' || typeof deleted !== 'boolean') return undefined
  return Array.isArray(partIds) && partIds.every(isPartId) ? { status, fileId, partIds, deleted } : undefined
}
