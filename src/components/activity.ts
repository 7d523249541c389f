import { isSettled, phaseOf, type UploadSnapshot } from '../core/index.js'
import { UploadError } from '../protocol/index.js'
import { errorText, type Limits } from './error-text.js'
import { isChecking, percentOf, safePercentOf } from './ledger.js'
import { expiryOf, isStalled, type Pace, riskOf } from './pace.js'
import { canContinue } from './retryable.js'
import { countOf, nameIn, type Wording } from './wording.js'

/**
 * The one line under a file name, as pieces in reading order: a narrow row leaves out `speed`, then `bytes`.
 * Flat and made of strings, so that a row draws again only when a word of it changed.
 */
export interface Activity {
  tone: 'neutral' | 'warning' | 'danger'
  /** Where it is sent, if not in this tab. */
  where?: string
  percent?: string
  bytes?: string
  speed?: string
  time?: string
  /** A sentence, where there is more to say than figures. */
  text?: string
  /** The id of the finished file. */
  fileId?: string
}

/** What is known beside the upload itself. */
export interface Circumstances {
  /** Its course; without it, nothing that depends on time is said. */
  pace?: Pace
  /** How many uploads it waits for in line. */
  ahead?: number
  /** Another file that was chosen to continue it with. */
  chosen?: { name: string; size: number } | undefined
}

/** What an upload is doing, in words; `now` in ms, for the countdown to the next try and to its expiry. */
export function activityOf(
  upload: UploadSnapshot,
  wording: Wording,
  limits: Limits,
  now: number,
  circumstances: Circumstances = {},
): Activity {
  const activity = activityHere(upload, wording, limits, now, circumstances)
  // Once it has ended, nobody needs to look for it there.
  return upload.inOtherTab && !isSettled(upload) ? { ...activity, where: wording.messages.inOtherTab } : activity
}

function activityHere(
  upload: UploadSnapshot,
  wording: Wording,
  limits: Limits,
  now: number,
  { pace, ahead = 0, chosen }: Circumstances,
): Activity {
  const { messages, measures } = wording
  const { file } = upload
  const name = nameIn(file.name, wording)
  const percent = measures.percent(percentOf(upload) / 100)
  const risk = pace ? riskOf(upload, pace) : null
  const say = (...sentences: (string | null)[]): Activity => ({
    tone: 'neutral',
    text: sentences.filter((sentence) => sentence !== null).join(' '),
  })
  const sayAtRest = (sentence: string): Activity => ({
    ...say(sentence, leftOf(upload, wording, now)),
    tone: risk ? 'warning' : 'neutral',
  })

  switch (upload.status) {
    case 'queued':
      if (percentOf(upload) > 0) return say(messages.queuedToContinue({ percent }))
      return say(ahead > 0 ? messages.queuedBehind(countOf(ahead, wording)) : messages.queued)
    case 'creating':
    case 'uploading':
    case 'completing': {
      const { wait } = upload
      if (wait) {
        const seconds = measures.seconds(Math.max(0, wait.until - now) / 1000)
        const text =
          wait.reason === 'rate_limited'
            ? messages.rateLimited({ code: wait.code, seconds })
            : messages.retrying({ code: wait.code, seconds, attempt: measures.number(wait.attempt) })
        return { ...say(text), tone: 'warning' }
      }
      if (upload.status === 'creating') return say(messages.creating)
      if (isChecking(upload)) return say(messages.checking({ percent: checked(upload, wording) }))
      if (upload.status === 'completing') return say(takesLong(pace) ? messages.stillCompleting : messages.completing)
      return sending(upload, wording, pace, risk)
    }
    case 'paused':
      switch (upload.reason) {
        case 'offline':
          return sayAtRest(messages.offline)
        case 'restored':
          if (chosen) return { ...say(differentFileText(upload, chosen, wording)), tone: 'danger' }
          // Where the browser kept a handle of the file, Resume is enough.
          return sayAtRest(upload.canReopen ? messages.paused({ percent }) : messages.interrupted({ name, percent }))
        case 'auth':
          return { ...say(messages.pausedForSignIn({ percent, time: untilOf(upload, wording) })), tone: 'warning' }
        case 'user':
          return sayAtRest(messages.paused({ percent }))
      }
    // No way to fall through: the reasons above are all there are.
    case 'cancelling':
      return say(messages.cancelling)
    case 'cancelled': {
      const time = untilOf(upload, wording)
      const unconfirmed = upload.remote?.status === 'pending' && time !== null
      return say(unconfirmed ? messages.cancelUnconfirmed({ time }) : messages.cancelledAt({ percent }))
    }
    case 'completed':
      return { tone: 'neutral', fileId: upload.fileObject.id }
    case 'failed': {
      const safe = safePercentOf(upload)
      const kept = canContinue(upload) && safe > 0
      const more = {
        limits,
        percent: kept ? measures.percent(safe / 100) : null,
        until: kept ? untilOf(upload, wording) : null,
      }
      return { tone: 'danger', text: errorText(upload.error, file, wording, more) }
    }
    case 'expired': {
      const text = errorText(new UploadError('expired', ''), file, wording, { limits })
      return { ...say(text, tooSlow(upload, wording, pace)), tone: 'danger' }
    }
  }
}

/** The pieces as one line, for announcements and for tests. */
export function activityText(activity: Activity): string {
  const { where, percent, bytes, speed, time, text, fileId } = activity
  return [where, percent, bytes, speed, time, text, fileId].filter((piece) => piece !== undefined).join(' · ')
}

/** Another file than the one begun was chosen to continue with. */
export function differentFileText({ file }: UploadSnapshot, chosen: { size: number }, wording: Wording): string {
  const { messages, measures } = wording
  const sizes = { chosen: measures.bytes(chosen.size), expected: measures.bytes(file.size) }
  const name = nameIn(file.name, wording)
  return messages.differentFile({ name, sizes: sizes.chosen === sizes.expected ? null : sizes })
}

function checked({ checksumPercent }: UploadSnapshot, { measures }: Wording): string | null {
  return checksumPercent === null ? null : measures.percent(checksumPercent / 100)
}

const LONG_TO_COMPLETE_MS = 10_000

function takesLong(pace: Pace | undefined): boolean {
  return pace?.phase === 'completing' && pace.at - pace.since > LONG_TO_COMPLETE_MS
}

function sending(
  upload: UploadSnapshot,
  wording: Wording,
  pace: Pace | undefined,
  risk: { lateBy: number } | null,
): Activity {
  const { messages, measures } = wording
  const { bytesSent, bytesTotal } = upload.progress
  const percent = measures.percent(percentOf(upload) / 100)
  const bytes = messages.bytes(measures.bytesOf(Math.min(bytesSent, bytesTotal), bytesTotal))
  const time = untilOf(upload, wording)
  if (pace && isStalled(pace)) return { tone: risk ? 'warning' : 'neutral', percent, bytes, time: messages.stalled }
  if (risk && time !== null) {
    const duration = measures.duration(risk.lateBy)
    // Close, but still in time: the clock alone says it.
    const text = duration === null ? messages.expiresAt({ time }) : messages.atRisk({ time, duration })
    return { tone: 'warning', percent, text }
  }
  const speed = pace?.bytesPerSecond ?? null
  const left = pace?.secondsLeft ?? null
  const duration = left === null ? null : measures.duration(left)
  return {
    tone: 'neutral',
    percent,
    bytes,
    ...(speed !== null && { speed: measures.speed(speed) }),
    ...(left !== null && { time: duration === null ? messages.fewSecondsLeft : messages.timeLeft({ duration }) }),
  }
}

const HOUR_SECONDS = 3600

/** Starting again is of no use where the line is too slow for the hour: better known before than after. */
function tooSlow({ file }: UploadSnapshot, { messages, measures }: Wording, pace: Pace | undefined): string | null {
  const speed = pace?.lastSpeed ?? 0
  const seconds = speed > 0 ? file.size / speed : 0
  const duration = seconds > HOUR_SECONDS ? measures.duration(seconds) : null
  return duration === null ? null : messages.tooSlow({ speed: measures.speed(speed), duration })
}

/** Until when the parts of an Upload are kept, as a time of day. */
function untilOf(upload: UploadSnapshot, { measures }: Wording): string | null {
  const at = expiryOf(upload)
  return at === null ? null : measures.clock(at)
}

function leftOf(upload: UploadSnapshot, { messages, measures }: Wording, now: number): string | null {
  const at = expiryOf(upload)
  return at === null ? null : messages.expiresIn({ duration: measures.remaining(Math.max(0, at - now) / 1000) })
}

/** The badge: OpenAI's four words, and what there is to say before or without one of them. */
export function statusText(upload: UploadSnapshot, { messages }: Wording): string {
  switch (upload.remote?.status) {
    case 'pending':
      // Cancelled here although the server has not confirmed it: saying "Pending" would be no help.
      return upload.status === 'cancelled' ? messages.statusCancelled : messages.statusPending
    case 'completed':
      return messages.statusCompleted
    case 'cancelled':
      return messages.statusCancelled
    case 'expired':
      return messages.statusExpired
    case undefined: {
      if (upload.status === 'cancelled') return messages.statusCancelled
      if (isSettled(upload)) return messages.statusNotStarted
      return phaseOf(upload) === 'creating' ? messages.statusPending : messages.statusWaiting
    }
  }
}
