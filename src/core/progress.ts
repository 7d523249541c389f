import type { ByteRange } from '../protocol/index.js'

/** A range on its way to the backend. */
export interface SendingRange extends ByteRange {
  /** Bytes of the range that have left the browser. */
  readonly sent: number
  /** 1 for the first try. */
  readonly attempt: number
}

/** How far one upload is. */
export interface UploadProgress {
  /** Size of the file in bytes. */
  readonly bytesTotal: number
  /** Bytes that a part id vouches for; never falls within one Upload. */
  readonly bytesAccepted: number
  /** Bytes that have left the browser, accepted ones included; falls when a part has to be sent again. */
  readonly bytesSent: number
  /** What a bar shows, 0 to 1: never backwards within one Upload, and 1 only once completed. */
  readonly fraction: number
  /** `fraction` as whole percent, rounded down: 0 to 99 until completed. */
  readonly percent: number
  /** Smoothed speed, null until it means something. */
  readonly bytesPerSecond: number | null
  /** Seconds until the last byte is accepted at this speed, null until known. */
  readonly secondsLeft: number | null
  /** Accepted ranges in file order, neighbours merged: with `sending`, the picture of the ledger. */
  readonly accepted: readonly ByteRange[]
  /** Ranges on their way, in file order. */
  readonly sending: readonly SendingRange[]
  /** The same ledger part by part: what a map of the parts is drawn from. */
  readonly parts: PartsProgress
}

/** One Upload as parts, which need not be equal. */
export interface PartsProgress {
  /** A range for each accepted part, in file order. */
  readonly accepted: readonly ByteRange[]
  /** Bytes of the parts that the rest is cut into; null until the first one is. */
  readonly size: number | null
}

export const NO_PARTS: PartsProgress = { accepted: [], size: null }

export function initialProgress(bytesTotal: number): UploadProgress {
  return {
    bytesTotal,
    bytesAccepted: 0,
    bytesSent: 0,
    fraction: 0,
    percent: 0,
    bytesPerSecond: null,
    secondsLeft: null,
    accepted: [],
    sending: [],
    parts: NO_PARTS,
  }
}

export function completedProgress({ bytesTotal, parts }: UploadProgress): UploadProgress {
  return {
    ...initialProgress(bytesTotal),
    bytesAccepted: bytesTotal,
    bytesSent: bytesTotal,
    fraction: 1,
    percent: 100,
    accepted: [{ start: 0, end: bytesTotal }],
    parts,
  }
}

// Bytes that were sent but not yet accepted count for less: a buffering proxy takes them long before OpenAI does.
const SENT_WEIGHT = 0.9
const MAX_FRACTION_BEFORE_COMPLETED = 0.99
const SPEED_HALF_LIFE_MS = 3000
// Earlier figures jump: the first parts start together and nothing has been accepted yet.
const SPEED_SHOWN_AFTER_MS = 3000

/** Turns the ledger and the ranges on their way into progress: latched, smoothed, and for one Upload. */
export class ProgressMeter {
  readonly #bytesTotal: number
  #fraction = 0
  #bytesPerSecond = 0
  #samples = 0
  #firstAt: number | null = null
  #last: { at: number; bytes: number } | null = null

  constructor(bytesTotal: number) {
    this.#bytesTotal = bytesTotal
  }

  /** Takes a reading; `now` in ms. */
  read(
    accepted: readonly ByteRange[],
    sending: readonly SendingRange[],
    now: number,
    parts: PartsProgress = NO_PARTS,
  ): UploadProgress {
    const bytesAccepted = accepted.reduce((sum, range) => sum + range.end - range.start, 0)
    const onTheWay = sending.reduce((sum, range) => sum + range.sent, 0)
    const bytesSent = bytesAccepted + onTheWay
    this.#measure(bytesSent, now)
    const reached = (bytesAccepted + SENT_WEIGHT * onTheWay) / this.#bytesTotal
    this.#fraction = Math.max(this.#fraction, Math.min(reached, MAX_FRACTION_BEFORE_COMPLETED))
    const bytesPerSecond = this.#shownSpeed(now)
    return {
      bytesTotal: this.#bytesTotal,
      bytesAccepted,
      bytesSent,
      fraction: this.#fraction,
      percent: Math.floor(this.#fraction * 100),
      bytesPerSecond,
      secondsLeft: bytesPerSecond === null ? null : (this.#bytesTotal - bytesSent) / bytesPerSecond,
      accepted,
      sending,
      parts,
    }
  }

  /** Forgets the speed, so that a pause does not count as a slow line. */
  rest(): void {
    this.#bytesPerSecond = 0
    this.#samples = 0
    this.#firstAt = null
    this.#last = null
  }

  #measure(bytes: number, now: number): void {
    const last = this.#last
    this.#firstAt ??= now
    if (last && (bytes <= last.bytes || now <= last.at)) {
      // A part that is sent again takes bytes back: measure from there, and do not call it negative speed.
      if (bytes < last.bytes) this.#last = { at: last.at, bytes }
      return
    }
    this.#last = { at: now, bytes }
    if (!last) return
    const elapsed = now - last.at
    const speed = ((bytes - last.bytes) / elapsed) * 1000
    const weight = this.#samples === 0 ? 1 : 1 - 0.5 ** (elapsed / SPEED_HALF_LIFE_MS)
    this.#bytesPerSecond += (speed - this.#bytesPerSecond) * weight
    this.#samples += 1
  }

  #shownSpeed(now: number): number | null {
    const known = this.#samples >= 2 && this.#firstAt !== null && now - this.#firstAt >= SPEED_SHOWN_AFTER_MS
    return known && this.#bytesPerSecond > 0 ? this.#bytesPerSecond : null
  }
}
