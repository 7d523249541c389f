import type { Totals } from './totals.js'
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

export function summarise(totals: Totals, wording: Wording): Summary {
  const { total, completed, attention, retryable, settled } = totals
  return {
    text: textOf(totals, wording),
    total,
    active: totals.active + totals.queued,
    paused: totals.paused + totals.offline,
    completed,
    attention,
    retryable,
    settled,
    percent: percentOfAll(totals),
  }
}

/** Never 100 while anything is under way. */
export function percentOfAll(totals: Totals): number | null {
  const { queued, active, paused, offline, interrupted, bytesTotal, bytesShown } = totals
  const underWay = queued + active + paused + offline + interrupted
  return underWay === 0 || bytesTotal === 0 ? null : Math.min(99, Math.floor((bytesShown / bytesTotal) * 100))
}

/** How many wait for the connection to come back; 0 while any byte moves. One that just tries again waits, too. */
export function waitingOffline({ active, offline, queued, bytesPerSecond }: Totals): number {
  return offline > 0 && bytesPerSecond === 0 ? offline + queued + active : 0
}

function textOf(totals: Totals, wording: Wording): string {
  const { messages, measures } = wording
  const count = (value: number) => countOf(value, wording)
  const { active, queued, offline, interrupted, paused, completed, attention, cancelled } = totals
  const files = totals.total - cancelled
  const bytes = () => messages.bytes(measures.bytesOf(totals.bytesSent, totals.bytesTotal))
  // The banners say why; here it is only how far.
  if (waitingOffline(totals) > 0 || (interrupted > 0 && active + queued + paused === 0))
    return [messages.uploadedOf({ uploaded: count(completed), total: count(files) }), bytes()].join(' · ')
  if (active + queued > 0) {
    const current = measures.number(Math.min(files, completed + attention + 1))
    return [messages.uploadingCount({ current, total: count(files) }), bytes(), ...timeLeft(totals, wording)].join(
      ' · ',
    )
  }
  if (paused + offline > 0) return messages.pausedCount(count(paused + offline))
  if (attention > 0) return messages.uploadedAndAttention({ uploaded: count(completed), attention: count(attention) })
  return completed === 0 && cancelled > 0
    ? messages.cancelledCount(count(cancelled))
    : messages.uploadedCount(count(completed))
}

/** Nothing until the speed means something: an estimate that jumps is worse than none. */
function timeLeft(totals: Totals, { messages, measures }: Wording): string[] {
  const seconds = secondsLeft(totals)
  if (seconds === null) return []
  const duration = measures.duration(seconds)
  return [duration === null ? messages.fewSecondsLeft : messages.timeLeft({ duration })]
}

/** Seconds until everything that goes on by itself is there, at the speed of all together; null until known. */
export function secondsLeft({ bytesLeft, bytesPerSecond }: Totals): number | null {
  return bytesPerSecond > 0 ? bytesLeft / bytesPerSecond : null
}
