import {
  type ByteRange,
  isRecord,
  isUploadErrorCode,
  isUploadId,
  parseFileObject,
  parseRemoteUpload,
  UploadError,
  type UploadErrorOptions,
} from '../../protocol/index.js'
import type { PartsProgress, SendingRange, UploadProgress } from '../progress.js'
import type { UploadSnapshot } from '../upload-snapshot.js'
import type { PauseReason, UploadState, Wait } from '../upload-state.js'

/** What a tab may ask of the one that sends an upload. */
export type TabCommand = 'pause' | 'resume' | 'undo_cancel' | 'retry' | 'hand_over' | { cancel: { undoFor: number } }

/** How an upload stands, as one tab tells the others. */
export type SharedUpload = Pick<
  UploadSnapshot,
  'checksum' | 'checksumPercent' | 'expiresAt' | 'willExpire' | 'needsFile' | 'canReopen'
> & { state: UploadState }

/** What the tabs of one browser tell each other; `uploadId` is OpenAI's. */
export type TabMessage =
  | { type: 'told'; uploadId: string; shared: SharedUpload }
  | { type: 'asked'; uploadId: string }
  | { type: 'commanded'; uploadId: string; command: TabCommand }

/** Makes a message of what a snapshot shows; without the file, its options, and what an error was caused by. */
export function tellingOf(uploadId: string, snapshot: UploadSnapshot): TabMessage {
  const { checksum, checksumPercent, expiresAt, willExpire, needsFile, canReopen } = snapshot
  const { id: _id, file: _file, options: _options, warnings: _warnings, inOtherTab: _inOtherTab, ...state } = snapshot
  const shown = { checksum, checksumPercent, expiresAt, willExpire, needsFile, canReopen }
  return { type: 'told', uploadId, shared: { ...shown, state: state as UploadState } }
}

/** Makes a message that can be cloned: an error would arrive without its code. */
export function toWire(message: TabMessage): unknown {
  if (message.type !== 'told' || message.shared.state.status !== 'failed') return message
  const { code, message: text, hint, details } = message.shared.state.error
  const error = { code, message: text, hint, details: { ...details } }
  return { ...message, shared: { ...message.shared, state: { ...message.shared.state, error } } }
}

/** Reads a message from a channel, where any script of this origin may speak; null when it makes no sense as a whole. */
export function parseTabMessage(value: unknown): TabMessage | null {
  if (!isRecord(value) || !isUploadId(value.uploadId)) return null
  const { type, uploadId } = value
  switch (type) {
    case 'asked':
      return { type, uploadId }
    case 'commanded': {
      const command = parseCommand(value.command)
      return command && { type, uploadId, command }
    }
    case 'told': {
      const shared = parseShared(value.shared, uploadId)
      return shared && { type, uploadId, shared }
    }
    default:
      return null
  }
}

const commands: ReadonlySet<unknown> = new Set<TabCommand>(['pause', 'resume', 'undo_cancel', 'retry', 'hand_over'])
const reasons: ReadonlySet<unknown> = new Set<PauseReason>(['user', 'offline', 'restored', 'auth'])
const checksums: ReadonlySet<unknown> = new Set<UploadSnapshot['checksum']>(['off', 'waiting', 'hashing', 'done'])

function parseCommand(value: unknown): TabCommand | null {
  if (commands.has(value)) return value as TabCommand
  if (!isRecord(value) || !isRecord(value.cancel)) return null
  const { undoFor } = value.cancel
  return isAmount(undoFor) ? { cancel: { undoFor } } : null
}

function parseShared(value: unknown, uploadId: string): SharedUpload | null {
  if (!isRecord(value) || !checksums.has(value.checksum)) return null
  const { checksum, checksumPercent, expiresAt, willExpire, needsFile, canReopen } = value
  if (checksumPercent !== null && !isPercent(checksumPercent)) return null
  if (expiresAt !== null && !isAmount(expiresAt)) return null
  if (typeof willExpire !== 'boolean' || typeof needsFile !== 'boolean' || typeof canReopen !== 'boolean') return null
  const state = parseState(value.state, uploadId)
  const shown = { checksum: checksum as UploadSnapshot['checksum'], checksumPercent }
  return state && { ...shown, expiresAt, willExpire, needsFile, canReopen, state }
}

function parseState(value: unknown, uploadId: string): UploadState | null {
  if (!isRecord(value)) return null
  const remote = parseRemoteUpload(value.remote)
  const progress = parseProgress(value.progress)
  if (!remote || remote.id !== uploadId || !progress || progress.bytesTotal !== remote.bytes) return null
  const { status } = value
  switch (status) {
    case 'queued':
    case 'cancelled':
    case 'expired':
      return { status, remote, progress }
    case 'uploading':
    case 'completing': {
      const wait = parseWait(value.wait)
      return wait === undefined ? null : { status, remote, progress, wait }
    }
    case 'paused':
      return reasons.has(value.reason) ? { status, remote, progress, reason: value.reason as PauseReason } : null
    case 'cancelling': {
      const { undoUntil } = value
      return undoUntil === null || isAmount(undoUntil) ? { status, remote, progress, undoUntil } : null
    }
    case 'completed': {
      const fileObject = parseFileObject(value.fileObject)
      return fileObject && { status, remote, progress, fileObject }
    }
    case 'failed': {
      const error = parseError(value.error)
      return error && { status, remote, progress, error }
    }
    default:
      return null
  }
}

function parseProgress(value: unknown): UploadProgress | null {
  if (!isRecord(value)) return null
  const { bytesTotal, bytesAccepted, bytesSent, fraction, percent, bytesPerSecond, secondsLeft } = value
  if (!isAmount(bytesTotal) || !isAmount(bytesAccepted) || !isAmount(bytesSent)) return null
  if (!isAmount(fraction) || fraction > 1 || !isPercent(percent)) return null
  if (bytesPerSecond !== null && !isAmount(bytesPerSecond)) return null
  if (secondsLeft !== null && !isAmount(secondsLeft)) return null
  const accepted = parseRanges(value.accepted, bytesTotal, parseRange)
  const sending = parseRanges(value.sending, bytesTotal, parseSending)
  const parts = parseParts(value.parts, bytesTotal)
  if (!accepted || !sending || !parts) return null
  const figures = { bytesTotal, bytesAccepted, bytesSent, fraction, percent, bytesPerSecond, secondsLeft }
  return { ...figures, accepted, sending, parts }
}

function parseParts(value: unknown, bytesTotal: number): PartsProgress | null {
  if (!isRecord(value)) return null
  const { size } = value
  const accepted = parseRanges(value.accepted, bytesTotal, parseRange)
  return accepted && (size === null || isAmount(size)) ? { accepted, size } : null
}

/** Ranges in file order, without overlaps, within the file. */
function parseRanges<R extends ByteRange>(
  value: unknown,
  bytesTotal: number,
  parse: (range: unknown) => R | null,
): R[] | null {
  if (!Array.isArray(value)) return null
  const ranges: R[] = []
  let end = 0
  for (const entry of value) {
    const range = parse(entry)
    if (!range || range.start < end || range.end > bytesTotal) return null
    end = range.end
    ranges.push(range)
  }
  return ranges
}

function parseRange(value: unknown): ByteRange | null {
  if (!isRecord(value)) return null
  const { start, end } = value
  return isAmount(start) && isAmount(end) && start < end ? { start, end } : null
}

function parseSending(value: unknown): SendingRange | null {
  const range = parseRange(value)
  const { sent, attempt } = value as { sent?: unknown; attempt?: unknown }
  if (!range || !isAmount(sent) || sent > range.end - range.start || !isAmount(attempt)) return null
  return { ...range, sent, attempt }
}

/** Undefined when it is none. */
function parseWait(value: unknown): Wait | null | undefined {
  if (value === null) return null
  if (!isRecord(value)) return undefined
  const { reason, code, until, attempt } = value
  if ((reason !== 'backoff' && reason !== 'rate_limited') || !isUploadErrorCode(code)) return undefined
  return isAmount(until) && isAmount(attempt) ? { reason, code, until, attempt } : undefined
}

function parseError(value: unknown): UploadError | null {
  if (!isRecord(value) || !isUploadErrorCode(value.code) || typeof value.message !== 'string') return null
  const { hint, details } = value
  const { status, requestId, uploadId } = isRecord(details) ? details : {}
  const options: UploadErrorOptions = {
    ...(typeof hint === 'string' && { hint }),
    ...(isAmount(status) && { status }),
    ...(typeof requestId === 'string' && { requestId }),
    ...(typeof uploadId === 'string' && { uploadId }),
  }
  return new UploadError(value.code, value.message, options)
}

function isPercent(value: unknown): value is number {
  return isAmount(value) && value <= 100
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
