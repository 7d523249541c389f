import type { UploadSnapshot } from './upload-snapshot.js'

/** All uploads of an uploader in a few numbers; cancelled ones count as uploads, but not as bytes. */
export interface UploaderSummary {
  readonly total: number
  /** In line for a connection, or paused. */
  readonly waiting: number
  /** With a request under way or due. */
  readonly active: number
  readonly completed: number
  readonly cancelled: number
  readonly failed: number
  readonly expired: number
  readonly bytesTotal: number
  readonly bytesSent: number
  /** 0 to 1, weighted by bytes; 1 only once everything completed. */
  readonly fraction: number
  readonly bytesPerSecond: number | null
  readonly secondsLeft: number | null
}

type Group = 'waiting' | 'active' | 'completed' | 'cancelled' | 'failed' | 'expired'

const groups: Record<UploadSnapshot['status'], Group> = {
  queued: 'waiting',
  creating: 'active',
  uploading: 'active',
  paused: 'waiting',
  completing: 'active',
  cancelling: 'cancelled',
  completed: 'completed',
  cancelled: 'cancelled',
  failed: 'failed',
  expired: 'expired',
}

export function summarize(uploads: Iterable<UploadSnapshot>): UploaderSummary {
  const counts: Record<Group, number> = { waiting: 0, active: 0, completed: 0, cancelled: 0, failed: 0, expired: 0 }
  let total = 0
  let bytesTotal = 0
  let bytesSent = 0
  let bytesShown = 0
  let speed = 0
  for (const { status, progress } of uploads) {
    total += 1
    const group = groups[status]
    counts[group] += 1
    if (group === 'cancelled') continue
    bytesTotal += progress.bytesTotal
    bytesSent += progress.bytesSent
    bytesShown += progress.bytesTotal * progress.fraction
    speed += progress.bytesPerSecond ?? 0
  }
  return {
    total,
    ...counts,
    bytesTotal,
    bytesSent,
    fraction: bytesTotal === 0 ? 0 : bytesShown / bytesTotal,
    bytesPerSecond: speed > 0 ? speed : null,
    secondsLeft: speed > 0 ? (bytesTotal - bytesSent) / speed : null,
  }
}
