import type { ByteRange } from '../protocol/index.js'
import type { Call } from './call.js'
import { type AcceptedRange, Ledger, nextRange } from './parts.js'
import { NO_PARTS, type PartsProgress, ProgressMeter, type UploadProgress } from './progress.js'
import type { ResumeRecord } from './resume/resume-record.js'

/** A range on its way. */
export interface Sending {
  readonly range: ByteRange
  readonly attempt: number
  /** The request that carries it, once there is one. */
  call: Call | null
  sent: number
  /** What the API calls it, once it has it; it only has to be written down before it counts, and nothing stops that. */
  partId: string | null
}

// Any range may fail once or twice.
const MAX_TRIES_IN_TURN = 3
// Each leaves a gap in what was accepted; where so many fail alone, it is not for reasons of their own.
const MAX_POSTPONED = 16

/** What we know of one Upload on the server: the bytes it has, those on their way, how far that is, and its end. */
export class Transfer {
  /** The backend's token for this Upload. */
  token: string | undefined
  /** When its hour is over, in ms of this device's clock; null before create. */
  expiresAt: number | null = null
  /** A timer says that the hour is over, which holds even if this device's clock was set back. */
  hourIsOver = false
  /** A complete was sent whose answer never came: it may be closed already. */
  completeUnanswered = false
  /** A part was sent whose answer never came: it may lie on the server, and nothing can take it away. */
  mayHaveOrphans = false
  readonly #bytesTotal: number
  readonly #meter: ProgressMeter
  readonly #sending = new Set<Sending>()
  // What became of the last try of a range that begins here.
  readonly #failed = new Map<number, { range: ByteRange; attempt: number; sent: number; isPostponed: boolean }>()
  #largestAccepted = 0
  #createKey: string | null = null
  // The same object until it changes, so that nobody draws the same map twice.
  #parts: PartsProgress = NO_PARTS
  readonly #ledger: Ledger

  /** Begins with what was accepted before a reload, if anything was. */
  constructor(bytesTotal: number, accepted: readonly AcceptedRange[] = []) {
    this.#bytesTotal = bytesTotal
    this.#ledger = new Ledger(accepted)
    this.#meter = new ProgressMeter(bytesTotal)
  }

  /** Marks the tries of the create that this began with as one. It decides nothing here, so no test has to draw it. */
  get createKey(): string {
    // Drawn when it is needed: a thousand files are added at once, and most of them wait in line.
    this.#createKey ??= randomKey()
    return this.#createKey
  }

  /** Takes the next range of at most `partSize` bytes that is neither accepted nor on its way; null when none is left. */
  take(partSize: number): Sending | null {
    const taken = [...this.#ledger.ranges, ...[...this.#sending].map((sending) => sending.range)]
    const postponed = [...this.#failed.values()].filter((failed) => failed.isPostponed).slice(0, MAX_POSTPONED)
    const last = postponed.map((failed) => failed.range)
    const range = nextRange(taken, this.#bytesTotal, partSize, last)
    if (!range) return null
    if (this.#parts.size !== partSize) this.#parts = { ...this.#parts, size: partSize }
    const attempt = 1 + (this.#failed.get(range.start)?.attempt ?? 0)
    const sending: Sending = { range, attempt, call: null, sent: 0, partId: null }
    this.#sending.add(sending)
    return sending
  }

  /** Notes the id that a range on its way was given; false when another range has it. */
  name(sending: Sending, partId: string): boolean {
    const isKnown = this.#ledger.has(partId) || [...this.#sending].some((other) => other.partId === partId)
    if (!isKnown) sending.partId = partId
    return !isKnown
  }

  /** Enters a range that was named as accepted. */
  accept(sending: Sending): void {
    if (sending.partId === null || !this.#ledger.enter(sending.range, sending.partId)) return
    this.#sending.delete(sending)
    const { start, end } = sending.range
    for (const [at, failed] of this.#failed) {
      if (at >= start && at < end) this.#failed.delete(at)
      // The line is well, so this failed for reasons of its own. Sent next, it would be sent again after every other part.
      else failed.isPostponed = failed.attempt >= MAX_TRIES_IN_TURN
    }
    this.#largestAccepted = Math.max(this.#largestAccepted, end - start)
  }

  /** Gives a range back that was not accepted, to be taken again. */
  giveBack(sending: Sending): void {
    if (!this.#sending.delete(sending)) return
    const { range, attempt, sent } = sending
    this.#failed.set(range.start, { range, attempt, sent, isPostponed: false })
  }

  /**
   * Whether a range that was cut off looks as if a server had refused its size by closing the connection: it broke early
   * twice in a row, and no part of this size was ever accepted. Browsers cannot see the 413 behind such a reset.
   */
  looksTooLarge({ range, sent }: Sending): boolean {
    const size = range.end - range.start
    const before = this.#failed.get(range.start)
    return before !== undefined && this.#largestAccepted < size && Math.max(before.sent, sent) < size / 2
  }

  /** Ends every request on its way; its range is free again, and that was no failure. */
  stop(): void {
    for (const sending of this.#sending) {
      if (sending.partId !== null) continue
      sending.call?.stop()
      this.mayHaveOrphans = true
      this.#sending.delete(sending)
    }
    this.#meter.rest()
  }

  /** Gives every request on its way a moment to prove that its connection lives. */
  expectSigns(): void {
    for (const { call } of this.#sending) call?.expectSign()
  }

  /** The part ids in file order once every byte is accepted, else null. */
  partIds(): string[] | null {
    return this.#ledger.partIds(this.#bytesTotal)
  }

  /** `now` in ms. */
  progress(now: number): UploadProgress {
    const accepted = this.#ledger.parts
    if (this.#parts.accepted !== accepted) this.#parts = { ...this.#parts, accepted }
    return this.#meter.read(this.#ledger.ranges, this.#ranges(), now, this.#parts)
  }

  /** Whether the hour is over, as far as this device can tell. */
  isOver(now: number): boolean {
    return this.hourIsOver || (this.expiresAt !== null && now >= this.expiresAt)
  }

  /** Whether the hour is over before the last byte has arrived, at the speed of `progress`. */
  isLate({ secondsLeft }: UploadProgress, now: number): boolean {
    return secondsLeft !== null && this.expiresAt !== null && secondsLeft * 1000 > this.expiresAt - now
  }

  #ranges() {
    return [...this.#sending]
      .map(({ range, sent, attempt }) => ({ ...range, sent, attempt }))
      .sort((a, b) => a.start - b.start)
  }
}

/** What a page before this one had reached. */
export function restoredTransfer({ head, ledger }: ResumeRecord): Transfer {
  const transfer = new Transfer(head.file.size, ledger)
  transfer.token = head.token ?? undefined
  // What it had on its way may have arrived: parts, or the complete that follows them.
  transfer.mayHaveOrphans = true
  transfer.completeUnanswered = transfer.partIds() !== null
  return transfer
}

/** 128 random bits in hex: `randomUUID` is missing where a page is served without TLS. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
