import { isSettled, phaseOf, type Uploader, type UploadPhase, type UploadSnapshot } from '../core/index.js'

/**
 * What an upload did over time, as far as its words need it. Read once a second at most, so that no figure flickers;
 * times in ms.
 */
export interface Pace {
  /** When it was read. */
  readonly at: number
  readonly phase: UploadPhase
  /** Since when it is in this phase. */
  readonly since: number
  /** Bytes sent and bytes accepted, which move apart: a server may take its time with what has arrived. */
  readonly moved: number
  readonly movedAt: number
  readonly bytesPerSecond: number | null
  /** Kept when the upload stops: whether it can be done within an hour is asked afterwards. */
  readonly lastSpeed: number | null
  /** The time that is left, as shown: it counts down, and rises only when it has to. */
  readonly secondsLeft: number | null
  /** The same, smoothed and not yet shown. */
  readonly estimate: number | null
  /** Since when the estimate is well above what is shown. */
  readonly risingSince: number | null
  /** Since when the estimate leaves too little of the hour. */
  readonly lateSince: number | null
}

const TICK_MS = 1000
const STALLED_AFTER_MS = 10_000
const ESTIMATE_HALF_LIFE_MS = 3000
const RISE_SHOWN_AFTER_MS = 3000
const RISE_WORTH_SHOWING = 1.1
const LATE_SHOWN_AFTER_MS = 15_000
const SHARE_OF_THE_HOUR = 0.9
const ALWAYS_AT_RISK_SECONDS = 300

/** The next reading; `before` is null for the first. */
export function paceOf(upload: UploadSnapshot, now: number, before: Pace | null): Pace {
  const phase = phaseOf(upload)
  const { bytesSent, bytesAccepted, bytesPerSecond, secondsLeft } = upload.progress
  const moved = bytesSent + bytesAccepted
  const same = before?.phase === phase ? before : null
  const speed = phase === 'uploading' ? figure(bytesPerSecond) : null
  const time = timeLeft(phase === 'uploading' ? figure(secondsLeft) : null, now, same)
  const left = secondsUntilExpiry(upload, now)
  const late = time.estimate !== null && left !== null && time.estimate > SHARE_OF_THE_HOUR * left
  return {
    at: now,
    phase,
    since: same?.since ?? now,
    moved,
    movedAt: same && same.moved === moved ? same.movedAt : now,
    bytesPerSecond: speed,
    lastSpeed: speed ?? before?.lastSpeed ?? null,
    ...time,
    lateSince: late ? (same?.lateSince ?? now) : null,
  }
}

type TimeLeft = Pick<Pace, 'estimate' | 'secondsLeft' | 'risingSince'>

function timeLeft(raw: number | null, now: number, before: Pace | null): TimeLeft {
  if (raw === null) return { estimate: null, secondsLeft: null, risingSince: null }
  if (!before || before.estimate === null || before.secondsLeft === null)
    return { estimate: raw, secondsLeft: raw, risingSince: null }
  const elapsed = Math.max(0, now - before.at)
  const expected = Math.max(0, before.estimate - elapsed / 1000)
  const estimate = expected + (raw - expected) * (1 - 0.5 ** (elapsed / ESTIMATE_HALF_LIFE_MS))
  const shown = Math.max(0, before.secondsLeft - elapsed / 1000)
  if (estimate <= shown) return { estimate, secondsLeft: estimate, risingSince: null }
  if (estimate <= shown * RISE_WORTH_SHOWING) return { estimate, secondsLeft: shown, risingSince: null }
  const risingSince = before.risingSince ?? now
  if (now - risingSince < RISE_SHOWN_AFTER_MS) return { estimate, secondsLeft: shown, risingSince }
  return { estimate, secondsLeft: estimate, risingSince: null }
}

/** A figure that may be shown: `NaN s left` helps nobody. */
function figure(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null
}

/** When the hour of an upload is over, in ms of this device's clock; null where there is no Upload. */
export function expiryOf({ expiresAt, remote }: UploadSnapshot): number | null {
  const at = expiresAt ?? (remote ? remote.expires_at * 1000 : Number.NaN)
  return Number.isFinite(at) ? at : null
}

function secondsUntilExpiry(upload: UploadSnapshot, now: number): number | null {
  const at = expiryOf(upload)
  return at === null ? null : Math.max(0, (at - now) / 1000)
}

/** Bytes should be moving, and have not for a while. */
export function isStalled({ phase, at, movedAt }: Pace): boolean {
  return phase === 'uploading' && at - movedAt > STALLED_AFTER_MS
}

/**
 * Whether the hour may be over before the upload is, and by how many seconds it misses it at this speed: 0 where the
 * time alone is short. Null while there is no danger, or none for long enough to speak of.
 */
export function riskOf(upload: UploadSnapshot, pace: Pace): { lateBy: number } | null {
  const left = secondsUntilExpiry(upload, pace.at)
  if (left === null || isSettled(upload) || upload.status === 'cancelling') return null
  const late = pace.lateSince !== null && pace.at - pace.lateSince >= LATE_SHOWN_AFTER_MS
  if (!late && left >= ALWAYS_AT_RISK_SECONDS) return null
  return { lateBy: Math.max(0, (pace.estimate ?? 0) - left) }
}

/** The paces of an uploader's uploads. It reads them while somebody watches and there is something to read. */
export class Paces {
  readonly #uploader: Uploader
  readonly #now: () => number
  readonly #paces = new Map<string, Pace>()
  readonly #listeners = new Set<() => void>()
  #timer: ReturnType<typeof setInterval> | undefined
  #unsubscribe: (() => void) | null = null

  constructor(uploader: Uploader, now: () => number = Date.now) {
    this.#uploader = uploader
    this.#now = now
  }

  /** The last reading, or a first one of the phase that the upload is in. */
  of(upload: UploadSnapshot): Pace {
    const last = this.#paces.get(upload.id) ?? null
    return last?.phase === phaseOf(upload) ? last : this.#read(upload, last)
  }

  /** Whether another reading will come: somebody watches, and something is under way. */
  get isTicking(): boolean {
    return this.#timer !== undefined
  }

  /** Calls back after each reading; returns the unsubscribe. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    this.#unsubscribe ??= this.#uploader.subscribe(this.#wake)
    this.#wake()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      this.#unsubscribe?.()
      this.#unsubscribe = null
      this.#sleep()
    }
  }

  readonly #wake = (): void => {
    if (this.#timer === undefined && this.#changing().length > 0) this.#timer = setInterval(this.#tick, TICK_MS)
  }

  #sleep(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  readonly #tick = (): void => {
    const changing = this.#changing()
    if (changing.length === 0) this.#sleep()
    for (const upload of changing) this.#read(upload, this.#paces.get(upload.id) ?? null)
    for (const id of this.#paces.keys()) if (!this.#uploader.get(id)) this.#paces.delete(id)
    for (const listener of this.#listeners) listener()
  }

  /** Uploads whose words change with the time. */
  #changing(): UploadSnapshot[] {
    const { uploads } = this.#uploader.getSnapshot()
    return [...uploads.values()].filter((upload) => !isSettled(upload) && upload.status !== 'queued')
  }

  #read(upload: UploadSnapshot, last: Pace | null): Pace {
    const pace = paceOf(upload, this.#now(), last)
    this.#paces.set(upload.id, pace)
    return pace
  }
}
