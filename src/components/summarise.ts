import { isSettled, phaseOf, type UploadSnapshot } from '../core/index.js'
import { retryKind } from './retryable.js'
import { countOf, type Wording } from './wording.js'

/** A list of uploads at a glance; flat, so that it is drawn again only when something shown has changed. */
export interface Summary {
  /** The whole line. */
  text: string
  total: number
  active: number
  paused: number
  completed: number
  /** Failed or expired: someone has to decide. */
  attention: number
  retryable: number
  settled: number
  /** Whole percent of the bytes of everything that is not cancelled; null when nothing is under way. */
  percent: number | null
}

export function summarise(uploads: readonly UploadSnapshot[], wording: Wording): Summary {
  const tally = {
    queued: 0,
    active: 0,
    paused: 0,
    offline: 0,
    interrupted: 0,
    completed: 0,
    cancelled: 0,
    attention: 0,
  }
  let [retryable, settled, bytesTotal, bytesSent, bytesPerSecond] = [0, 0, 0, 0, 0]
  let weighted = 0
  for (const upload of uploads) {
    tally[kindOf(upload)] += 1
    if (isSettled(upload)) settled += 1
    if (upload.status === 'failed' && retryKind(upload)) retryable += 1
    if (upload.status === 'cancelled' || upload.status === 'cancelling') continue
    const { progress } = upload
    bytesTotal += progress.bytesTotal
    bytesSent += Math.min(progress.bytesSent, progress.bytesTotal)
    weighted += progress.fraction * progress.bytesTotal
    bytesPerSecond += progress.bytesPerSecond ?? 0
  }
  const active = tally.active + tally.queued
  const underWay = active + tally.paused + tally.offline + tally.interrupted
  return {
    text: textOf(tally, uploads.length, { bytesTotal, bytesSent, bytesPerSecond }, wording),
    total: uploads.length,
    active,
    paused: tally.paused + tally.offline,
    completed: tally.completed,
    attention: tally.attention,
    retryable,
    settled,
    percent: underWay === 0 || bytesTotal === 0 ? null : Math.min(99, Math.floor((weighted / bytesTotal) * 100)),
  }
}

type Tally = Record<ReturnType<typeof kindOf>, number>

function kindOf(upload: UploadSnapshot) {
  const phase = phaseOf(upload)
  switch (phase) {
    case 'queued':
    case 'paused':
    case 'offline':
    case 'interrupted':
    case 'completed':
      return phase
    case 'cancelling':
    case 'cancelled':
      return 'cancelled'
    case 'failed':
    case 'expired':
      return 'attention'
    default:
      return 'active'
  }
}

function textOf(
  tally: Tally,
  total: number,
  bytes: { bytesTotal: number; bytesSent: number; bytesPerSecond: number },
  wording: Wording,
): string {
  const { messages, measures } = wording
  const count = (value: number) => countOf(value, wording)
  const { active, queued, completed, attention, cancelled } = tally
  if (active + queued > 0) {
    const current = measures.number(Math.min(total - cancelled, completed + attention + 1))
    const line = [messages.uploadingCount({ current, total: count(total - cancelled) })]
    line.push(messages.bytes(measures.bytesOf(bytes.bytesSent, bytes.bytesTotal)))
    if (bytes.bytesPerSecond > 0) {
      const duration = measures.duration((bytes.bytesTotal - bytes.bytesSent) / bytes.bytesPerSecond)
      line.push(duration === null ? messages.fewSecondsLeft : messages.timeLeft({ duration }))
    }
    return line.join(' · ')
  }
  if (tally.offline > 0) return messages.offlineCount(count(tally.offline))
  if (tally.interrupted > 0) return messages.interruptedCount(count(tally.interrupted))
  if (tally.paused > 0) return messages.pausedCount(count(tally.paused))
  if (attention > 0) return messages.uploadedAndAttention({ uploaded: count(completed), attention: count(attention) })
  return completed === 0 && cancelled > 0
    ? messages.cancelledCount(count(cancelled))
    : messages.uploadedCount(count(completed))
}
