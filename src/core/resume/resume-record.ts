import { type ByteRange, isPartId, isRecord, parseRemoteUpload, type RemoteUpload } from '../../protocol/index.js'
import type { FileInfo } from '../file-rules.js'
import { type AcceptedRange, Ledger } from '../parts.js'
import { checkOptions, type UploadOptions } from '../upload-options.js'

/** A file as the File System Access API keeps it across reloads, where the browser has that. */
export interface FileHandle {
  getFile(): Promise<File>
  requestPermission?(descriptor: { mode: 'read' }): Promise<PermissionState>
}

/** What is kept of one Upload on the server so that it can go on after a reload; the API can be asked for none of it. */
export interface ResumeHead {
  /** Of this shape; records of another are dropped. */
  version: 1
  file: FileInfo
  /** Digest of a few samples of the file, to recognise it when it is chosen again. */
  sample: string
  options: UploadOptions
  remote: RemoteUpload
  token: string | null
  /** When the Upload's hour is over, in ms of this device's clock. */
  expiresAt: number
  handle: FileHandle | null
}

/** An accepted part, written before it counts. */
export interface ResumePart extends AcceptedRange {
  /** MD5 of the range in lowercase hex, null until it was computed. */
  readonly digest: string | null
}

export interface ResumeRecord {
  head: ResumeHead
  /** The accepted parts, in file order. */
  ledger: readonly AcceptedRange[]
  digests: readonly RangeDigest[]
}

export interface RangeDigest extends ByteRange {
  readonly digest: string
}

/** 8 GiB in parts of a third of the smallest that the engine makes by itself. */
const MAX_PARTS = 100_000
/** Gaps come from parts that were under way: at most 64. Each one more costs every other part some time. */
const MAX_RANGES = 256

/**
 * Reads a record from storage, which other versions of this code, other tabs and hostile pages of the same origin may
 * have written; null when it cannot be trusted as a whole.
 */
export function parseResumeRecord(stored: unknown): ResumeRecord | null {
  if (!isRecord(stored) || !Array.isArray(stored.parts) || stored.parts.length > MAX_PARTS) return null
  const head = parseHead(stored.head)
  if (!head) return null
  const ledger = new Ledger()
  const digests: RangeDigest[] = []
  for (const entry of stored.parts as unknown[]) {
    const part = parsePart(entry, head.file.size)
    // One bad range makes the others doubtful, too.
    if (!part || !ledger.enter(part, part.partId) || ledger.ranges.length > MAX_RANGES) return null
    if (part.digest !== null) digests.push({ start: part.start, end: part.end, digest: part.digest })
  }
  return { head, ledger: ledger.parts, digests }
}

function parseHead(stored: unknown): ResumeHead | null {
  if (!isRecord(stored) || stored.version !== 1) return null
  const { file, sample, options, remote, token, expiresAt, handle } = stored
  const info = parseFileInfo(file)
  const upload = parseRemoteUpload(remote)
  if (typeof sample !== 'string') return null
  if (!info || !upload || upload.status !== 'pending' || upload.bytes !== info.size) return null
  if (token !== null && typeof token !== 'string') return null
  if (typeof expiresAt !== 'number' || !Number.isFinite(expiresAt)) return null
  const checked = parseOptions(options)
  if (!checked) return null
  const usable = isRecord(handle) && typeof handle.getFile === 'function'
  return {
    version: 1,
    file: info,
    sample,
    options: checked,
    remote: upload,
    token,
    expiresAt,
    handle: usable ? (handle as unknown as FileHandle) : null,
  }
}

function parseFileInfo(stored: unknown): FileInfo | null {
  if (!isRecord(stored)) return null
  const { name, size, type, lastModified } = stored
  if (typeof name !== 'string' || typeof type !== 'string' || typeof lastModified !== 'number') return null
  return Number.isSafeInteger(size) && (size as number) > 0 ? { name, size: size as number, type, lastModified } : null
}

function parseOptions(stored: unknown): UploadOptions | null {
  if (!isRecord(stored)) return null
  const { purpose, filename, mimeType, expiresAfter, metadata } = stored as Partial<UploadOptions>
  const options = {
    ...(purpose !== undefined && { purpose }),
    ...(typeof filename === 'string' && { filename }),
    ...(typeof mimeType === 'string' && { mimeType }),
    ...(expiresAfter !== undefined && { expiresAfter }),
    ...(isRecord(metadata) && { metadata: metadata as Record<string, string> }),
  }
  try {
    checkOptions(options)
    return options
  } catch {
    return null
  }
}

function parsePart(stored: unknown, bytesTotal: number): ResumePart | null {
  if (!isRecord(stored)) return null
  const { start, end, partId, digest } = stored
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || !isPartId(partId)) return null
  if ((start as number) < 0 || (end as number) > bytesTotal || (start as number) >= (end as number)) return null
  if (digest !== null && !(typeof digest === 'string' && /^[0-9a-f]{32}$/.test(digest))) return null
  return { start: start as number, end: end as number, partId, digest }
}
