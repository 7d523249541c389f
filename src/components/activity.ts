import { isSettled, phaseOf, type UploadSnapshot } from '../core/index.js'
import type { RemoteUpload } from '../protocol/index.js'
import { errorText, type Limits } from './error-text.js'
import { percentOf } from './ledger.js'
import { canContinue } from './retryable.js'
import type { Wording } from './wording.js'

/**
 * The one line under a file name, as pieces in reading order: a narrow row leaves out `speed`, then `bytes`.
 * Flat and made of strings, so that a row draws again only when a word of it changed.
 */
export interface Activity {
  tone: 'neutral' | 'warning' | 'danger'
  percent?: string
  bytes?: string
  speed?: string
  time?: string
  /** A sentence, where there is more to say than figures. */
  text?: string
  /** The id of the finished file. */
  fileId?: string
}

/** What an upload is doing, in words; `now` in ms, for the countdown to the next try and for the risk of expiry. */
export function activityOf(upload: UploadSnapshot, wording: Wording, limits: Limits, now: number): Activity {
  const { messages, measures } = wording
  const { progress, remote, file } = upload
  const done = percentOf(upload)
  const percent = measures.percent(done / 100)
  const expires = expiryOf(remote, wording)
  const say = (...sentences: (string | null)[]): Activity => ({
    tone: 'neutral',
    text: sentences.filter((sentence) => sentence !== null).join(' '),
  })

  switch (upload.status) {
    case 'queued':
      return say(done > 0 ? messages.queuedToContinue({ percent }) : messages.queued)
    case 'creating':
    case 'uploading':
    case 'completing': {
      const { wait } = upload
      if (wait) {
        const seconds = measures.seconds(Math.max(0, wait.until - now) / 1000)
        const text =
          wait.reason === 'rate_limited'
            ? messages.rateLimited({ seconds })
            : messages.retrying({ seconds, attempt: measures.number(wait.attempt) })
        return { ...say(text), tone: 'warning' }
      }
      if (upload.status === 'creating') return say(messages.creating)
      if (upload.status === 'completing') return say(messages.completing)
      // Every byte is there; only the checksum keeps the file from being finished.
      if (progress.bytesAccepted === progress.bytesTotal && upload.checksum === 'hashing') return say(messages.checking)
      return sending(upload, wording, now)
    }
    case 'paused':
      switch (upload.reason) {
        case 'offline':
          return say(messages.offline, expires)
        case 'restored':
          return say(messages.interrupted({ name: file.name, percent }), expires)
        case 'auth':
          return { ...say(messages.pausedForSignIn({ percent, time: untilOf(remote, wording) })), tone: 'warning' }
        case 'user':
          return say(messages.paused({ percent }), expires)
      }
    // No way to fall through: the reasons above are all there are.
    case 'cancelling':
      return say(messages.cancelling)
    case 'cancelled': {
      const time = untilOf(remote, wording)
      const unconfirmed = remote?.status === 'pending' && time !== null
      return say(unconfirmed ? messages.cancelUnconfirmed({ time }) : messages.cancelledAt({ percent }))
    }
    case 'completed':
      return { tone: 'neutral', fileId: upload.fileObject.id }
    case 'failed': {
      const safe = canContinue(upload) && done > 0
      const more = { limits, percent: safe ? percent : null, until: safe ? untilOf(remote, wording) : null }
      return { tone: 'danger', text: errorText(upload.error, file, wording, more) }
    }
    case 'expired': {
      const message = messages.error_expired
      if (typeof message === 'string') return { tone: 'danger', text: message }
      const variables = { ...nothingKnown, name: file.name, size: measures.bytes(file.size) }
      return { tone: 'danger', text: message(variables) }
    }
  }
}

/** The pieces as one line, for announcements and for tests. */
export function activityText(activity: Activity): string {
  const { percent, bytes, speed, time, text, fileId } = activity
  return [percent, bytes, speed, time, text, fileId].filter((piece) => piece !== undefined).join(' · ')
}

const nothingKnown = {
  kind: '',
  max: '',
  min: null,
  types: null,
  maxFiles: null,
  percent: null,
  until: null,
  message: '',
}

function sending(upload: UploadSnapshot, wording: Wording, now: number): Activity {
  const { messages, measures } = wording
  const { progress, remote } = upload
  const percent = measures.percent(percentOf(upload) / 100)
  const speed = figure(progress.bytesPerSecond)
  const left = figure(progress.secondsLeft)
  const risk = left === null || remote === null ? null : lateBy(left, remote.expires_at * 1000 - now)
  if (risk !== null && remote) {
    const time = measures.clock(remote.expires_at * 1000)
    const duration = measures.duration(risk)
    // Close, but still in time: the clock alone says it.
    const text = duration === null ? messages.expiresAt({ time }) : messages.atRisk({ time, duration })
    return { tone: 'warning', percent, text }
  }
  const duration = left === null ? null : measures.duration(left)
  return {
    tone: 'neutral',
    percent,
    bytes: messages.bytes(measures.bytesOf(Math.min(progress.bytesSent, progress.bytesTotal), progress.bytesTotal)),
    ...(speed !== null && { speed: measures.speed(speed) }),
    ...(left !== null && { time: duration === null ? messages.fewSecondsLeft : messages.timeLeft({ duration }) }),
  }
}

/** By how many seconds an upload misses its hour at this speed; null while it is in no danger. */
function lateBy(secondsLeft: number, msUntilExpiry: number): number | null {
  const available = msUntilExpiry / 1000
  return secondsLeft > 0.9 * available ? Math.max(0, secondsLeft - available) : null
}

/** A figure that may be shown: `NaN s left` helps nobody. */
function figure(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null
}

/** Until when the parts of an Upload are kept, as a time of day. */
function untilOf(remote: RemoteUpload | null, { measures }: Wording): string | null {
  return remote && Number.isFinite(remote.expires_at) ? measures.clock(remote.expires_at * 1000) : null
}

function expiryOf(remote: RemoteUpload | null, wording: Wording): string | null {
  const time = untilOf(remote, wording)
  return time === null ? null : wording.messages.expiresAt({ time })
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
