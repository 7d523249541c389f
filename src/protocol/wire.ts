import type { Purpose } from './purposes.js'

/** OpenAI's four words for where an Upload stands. */
export type RemoteUploadStatus = 'pending' | 'completed' | 'cancelled' | 'expired'

/** OpenAI's Upload object; times are Unix seconds. */
export interface RemoteUpload {
  id: string
  object: 'upload'
  bytes: number
  created_at: number
  expires_at: number
  filename: string
  purpose: string
  status: RemoteUploadStatus
  /** Present once completed. */
  file?: FileObject | null
}

/** OpenAI's File object: what a completed Upload becomes. `File` stays the browser's word. */
export interface FileObject {
  id: string
  object: 'file'
  /** May be null right after completion, when the size is not yet known. Source: the API reference. */
  bytes: number | null
  created_at: number
  expires_at?: number | null
  filename: string
  purpose: string
  status?: string
  status_details?: string | null
}

/** OpenAI's Part object: it carries neither size nor position, so the client must remember both. */
export interface UploadPart {
  id: string
  object: 'upload.part'
  created_at: number
  upload_id: string
}

/** How long the resulting File is kept; it says nothing about the Upload's own hour. */
export interface ExpiresAfter {
  anchor: 'created_at'
  /** 3600 to 2592000. */
  seconds: number
}

/** Body of `POST /uploads`. */
export interface CreateUploadRequest {
  filename: string
  bytes: number
  mime_type: string
  purpose: Purpose | (string & {})
  expires_after?: ExpiresAfter
}

/** Body of `POST /uploads/{id}/complete`. */
export interface CompleteUploadRequest {
  /** In file order. */
  part_ids: string[]
  /** Lowercase hex of the whole file. */
  md5?: string
}

/** Answer of `GET {endpoint}`: what the backend allows, so that limits are written once. */
export interface UploadPolicy {
  purposes: readonly string[]
  /** Extensions with a dot or MIME types; null is "whatever the purpose allows". */
  accept: readonly string[] | null
  maxBytes: number
  maxPartBytes: number
  /** Requests at a time that the backend wants to see from one browser; null leaves the choice to the client. */
  concurrency: number | null
}

/** OpenAI's error envelope, which our backend speaks as well. */
export interface ErrorEnvelope {
  error: { message: string; type: string; param: string | null; code: string | null }
}

// Answers cross a trust boundary, so nothing counts before it has been looked at field by field.

const uploadIdPattern = /^upload_[A-Za-z0-9_-]{1,128}$/
const partIdPattern = /^part_[A-Za-z0-9_-]{1,128}$/
const statuses: ReadonlySet<unknown> = new Set<RemoteUploadStatus>(['pending', 'completed', 'cancelled', 'expired'])

export function isUploadId(value: unknown): value is string {
  return typeof value === 'string' && uploadIdPattern.test(value)
}

export function isPartId(value: unknown): value is string {
  return typeof value === 'string' && partIdPattern.test(value)
}

/** Reads an Upload from an untrusted body; null when it is not one. Unknown fields are left out. */
export function parseRemoteUpload(body: unknown): RemoteUpload | null {
  if (!isRecord(body) || body.object !== 'upload' || !isUploadId(body.id) || !statuses.has(body.status)) return null
  const { id, bytes, created_at, expires_at, filename, purpose } = body
  if (!isCount(bytes) || !isCount(created_at) || !isCount(expires_at)) return null
  if (typeof filename !== 'string' || typeof purpose !== 'string') return null
  const status = body.status as RemoteUploadStatus
  const upload: RemoteUpload = { id, object: 'upload', bytes, created_at, expires_at, filename, purpose, status }
  const file = parseFileObject(body.file)
  return file ? { ...upload, file } : upload
}

/** Reads a File from an untrusted body; null when it is not one. */
export function parseFileObject(body: unknown): FileObject | null {
  if (!isRecord(body) || body.object !== 'file' || typeof body.id !== 'string' || body.id === '') return null
  const { id, bytes = null, created_at, expires_at = null, filename, purpose, status, status_details } = body
  if (bytes !== null && !isCount(bytes)) return null
  if (expires_at !== null && !isCount(expires_at)) return null
  if (!isCount(created_at) || typeof filename !== 'string' || typeof purpose !== 'string') return null
  return {
    id,
    object: 'file',
    bytes,
    created_at,
    expires_at,
    filename,
    purpose,
    ...(typeof status === 'string' && { status }),
    ...((typeof status_details === 'string' || status_details === null) && { status_details }),
  }
}

/** Reads a Part from an untrusted body; null when it is not one. */
export function parseUploadPart(body: unknown): UploadPart | null {
  if (!isRecord(body) || body.object !== 'upload.part' || !isPartId(body.id)) return null
  if (typeof body.upload_id !== 'string' || !isCount(body.created_at)) return null
  return { id: body.id, object: 'upload.part', created_at: body.created_at, upload_id: body.upload_id }
}

/** Reads a policy from an untrusted body; null when it is not one. */
export function parseUploadPolicy(body: unknown): UploadPolicy | null {
  if (!isRecord(body) || !isTextList(body.purposes)) return null
  const { purposes, maxBytes, maxPartBytes, accept = null, concurrency = null } = body
  if (!isPositive(maxBytes) || !isPositive(maxPartBytes)) return null
  if (accept !== null && !isTextList(accept)) return null
  if (concurrency !== null && !isPositive(concurrency)) return null
  return { purposes, accept, maxBytes, maxPartBytes, concurrency }
}

/** Reads the `error` of an envelope from an untrusted body; null when there is none. */
export function parseErrorEnvelope(body: unknown): ErrorEnvelope['error'] | null {
  if (!isRecord(body) || !isRecord(body.error) || typeof body.error.message !== 'string') return null
  const { message, type, param, code } = body.error
  const text = (value: unknown) => (typeof value === 'string' ? value : null)
  return { message, type: text(type) ?? 'unknown', param: text(param), code: text(code) }
}

/** A plain object: what every untrusted body has to be before its fields are looked at. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isPositive(value: unknown): value is number {
  return isCount(value) && value > 0
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
