import { phaseOf, type UploadProgress, type UploadSnapshot } from '../core/index.js'
import type { ByteRange } from '../protocol/index.js'
import { canContinue } from './retryable.js'

/** A progress bar's value and its picture, from one computation, so that they cannot disagree. */
export interface Ledger {
  /** Whole percent; null while nobody knows how long it takes. */
  percent: number | null
  /** 0 to 1, for `--ou-progress`. */
  fraction: number
  /** Colour stops of the bar, from the start of the file to its end, for `--ou-ledger`. */
  stops: string
}

/** How far an upload is, in whole percent, as the engine shows it: it never falls within one Upload, also at rest. */
export function percentOf({ status, progress }: UploadSnapshot): number {
  return Math.min(status === 'completed' ? 100 : 99, Math.max(0, Math.floor(progress.percent)))
}

/** How much of it the server has: "58% is safe" must be true, and what was on its way has to be sent again. */
export function safePercentOf({ progress: { bytesAccepted, bytesTotal } }: UploadSnapshot): number {
  return bytesTotal > 0 ? Math.min(99, Math.floor((bytesAccepted / bytesTotal) * 100)) : 0
}

/** The bar of an upload; null when it has none, because nothing is under way. `stalled`: nothing moves for now. */
export function ledgerOf(upload: UploadSnapshot, stalled = false): Ledger | null {
  switch (phaseOf(upload)) {
    case 'completed':
    case 'cancelled':
    case 'expired':
      return null
    case 'failed':
      return canContinue(upload) && percentOf(upload) > 0 ? picture(upload) : null
    case 'uploading':
      return stalled ? { ...picture(upload), percent: null } : picture(upload)
    case 'queued':
      return percentOf(upload) > 0 ? picture(upload) : null
    case 'creating':
    case 'completing':
      return { ...picture(upload), percent: null }
    default:
      return picture(upload)
  }
}

/** Every byte is there; only the checksum keeps the file from being finished. */
export function isChecking({ status, checksum }: UploadSnapshot): boolean {
  return status === 'completing' && checksum === 'hashing'
}

function picture(upload: UploadSnapshot): Ledger {
  const percent = percentOf(upload)
  const { progress } = upload
  // At rest nothing is on its way, but what was stays in the picture, as it stays in the number.
  const shown = progress.sending.length === 0 ? percent * 10 : 0
  return { percent, fraction: percent / 100, stops: stopsOf(progress, shown) }
}

/** What the ranges of a file are drawn with, where the app says nothing else. */
export const COLORS = {
  accepted: 'var(--ou-accepted, currentColor)',
  sending: 'var(--ou-sending, color-mix(in srgb, currentColor 45%, transparent))',
  retried: 'var(--ou-retried, color-mix(in srgb, currentColor 20%, transparent))',
}

/**
 * The byte ranges as the stops of one gradient: what is accepted, what is on its way, and what is sent once more.
 * Positions are in steps of 0.1 %, so that 2,048 parts make no longer a picture than 4. Gaps before `shown` permille are
 * drawn as on their way.
 */
export function stopsOf({ bytesTotal, accepted, sending }: UploadProgress, shown = 0): string {
  const pieces: { from: number; to: number; color: string }[] = []
  const draw = ({ start, end }: ByteRange, color: string) => {
    const [from, to] = [permille(start, bytesTotal), permille(end, bytesTotal)]
    const last = pieces.at(-1)
    if (last?.color === color && last.to >= from) last.to = Math.max(last.to, to)
    else if (to > from) pieces.push({ from, to, color })
  }
  const ranges = [
    ...accepted.map((range) => ({ range, color: COLORS.accepted })),
    ...sending.flatMap(({ start, end, sent, attempt }) => {
      const reached = Math.min(end, start + sent)
      return [
        { range: { start, end: reached }, color: COLORS.sending },
        ...(attempt > 1 ? [{ range: { start: reached, end }, color: COLORS.retried }] : []),
      ]
    }),
  ].sort((a, b) => a.range.start - b.range.start)
  for (const { range, color } of ranges) draw(range, color)

  const stops: string[] = []
  let at = 0
  const gap = (end: number) => {
    const held = Math.min(end, shown)
    if (held > at) stops.push(`${COLORS.sending} ${at / 10}% ${held / 10}%`)
    const start = Math.max(at, held)
    if (end > start) stops.push(`transparent ${start / 10}% ${end / 10}%`)
  }
  for (const { from, to, color } of pieces) {
    if (to <= at) continue
    const start = Math.max(at, from)
    gap(start)
    stops.push(`${color} ${start / 10}% ${to / 10}%`)
    at = to
  }
  gap(1000)
  return stops.join(', ')
}

function permille(bytes: number, bytesTotal: number): number {
  return bytesTotal > 0 ? Math.round((Math.min(bytes, bytesTotal) / bytesTotal) * 1000) : 0
}
