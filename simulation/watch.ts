import {
  isSettled,
  type UploadErrorCode,
  type Uploader,
  type UploaderEvent,
  type UploadSnapshot,
} from '../src/core/index.js'
import type { UploadsApi } from '../src/uploads-api/index.js'
import type { Schedule } from './schedule.js'
import type { SimFile } from './sim-file.js'
import { type Answer, CANARY, type Exchange, tokenOf, type Wire, type WireWatch } from './wire.js'
import type { World } from './world.js'

/** What must hold in every run; the numbers are those of the design. */
export const INVARIANTS = {
  I1: 'a completed file has exactly the bytes of its source',
  I2: 'complete lists parts that cover the file once, in order, with ids of this Upload',
  I3: 'exactly one terminal event per run, and it is what the server says',
  I4: 'nothing happens after a terminal state, a pause, a cancel or destroy',
  I5: 'progress is within bounds and never falls within one Upload',
  I6: 'requests in flight never exceed the concurrency',
  I7: 'no range is sent twice at a time or again once accepted, and no request goes before Retry-After',
  I8: 'when faults stop, every upload ends',
  I9: 'no rejection is left unhandled, no error is thrown where nobody catches it',
  I10: 'nothing is left at rest: timers, listeners, requests',
  I14: 'no token appears in an error or a snapshot',
  reasons: 'an upload fails only for a reason that was given',
} as const
export type Invariant = keyof typeof INVARIANTS

export interface Violation {
  invariant: Invariant
  message: string
  /** Virtual ms since the beginning. */
  at: number
}

/** Everything known of one file: what the engine says, what the wire saw. */
export interface Journey {
  readonly file: SimFile
  id: string | null
  removed: boolean
  /** A terminal event came, and nothing was asked for since. */
  settled: boolean
  /** Somebody gave a command since the last terminal event. */
  commanded: boolean
  snapshot: UploadSnapshot | null
  promises: { outcome: 'pending' | 'resolved' | 'rejected' }[]
  /** Accepted ranges by Upload, by part id, as the page was told. */
  readonly acked: Map<string, Map<string, { start: number; end: number }>>
  /** Uploads whose complete got no answer of the API's own. */
  readonly ambiguous: Set<string>
  /** First try since something last went well or was begun anew, on the page's monotonic clock. */
  triedSince: number | null
  badAnswers: number
  readonly answers: { call: string; status: number; genuine: boolean; said: string; redirected: boolean }[]
  readonly uploadIds: Set<string>
}

export interface Figures {
  requests: number
  parts: number
  partRequests: number
  completed: number
  completedBytes: number
  wrongBytes: number
  falseOutcomes: number
  unknownOutcomes: number
  retryAfters: number
  retryAfterViolations: number
  flips: number
  flipsMissed: number
  leaks: number
  unhandled: number
  steps: number
  virtualMs: number
  /** Ms from the last sign of life to the end that the page put to a request. */
  stallMs: number[]
  recoveryMs: number[]
}

const GIVE_UP_AFTER = 600_000
const MAX_DELAY = 30_000
const statusOfCall = { create: 'creating', addPart: 'uploading', complete: 'completing', cancel: 'cancelling' } as const
const asksToWait = new Set([408, 425, 429, 503])
const transient = new Set<UploadErrorCode>([
  'network',
  'timeout',
  'server_error',
  'upstream_error',
  'rate_limited',
  'part_incomplete',
])

/** Looks at everything that goes by, and says what must not be. */
export class Watch implements WireWatch {
  readonly violations: Violation[] = []
  readonly journeys: Journey[]
  readonly trace: string[] = []
  uploader!: Uploader
  wire!: Wire
  destroyed = false
  /** When something was last accepted. */
  onAccepted: (() => void) | null = null
  onAborted: ((exchange: Exchange) => void) | null = null
  readonly figures: Figures = {
    requests: 0,
    parts: 0,
    partRequests: 0,
    completed: 0,
    completedBytes: 0,
    wrongBytes: 0,
    falseOutcomes: 0,
    unknownOutcomes: 0,
    retryAfters: 0,
    retryAfterViolations: 0,
    flips: 0,
    flipsMissed: 0,
    leaks: 0,
    unhandled: 0,
    steps: 0,
    virtualMs: 0,
    stallMs: [],
    recoveryMs: [],
  }
  readonly #world: World
  readonly #api: UploadsApi
  readonly #schedule: Schedule
  readonly tracing: boolean
  readonly #byName: ReadonlyMap<string, Journey>
  readonly #byId = new Map<string, Journey>()
  readonly #maxima = new Map<string, { key: string; accepted: number; fraction: number }>()
  // On the page's monotonic clock.
  #gateUntil = 0
  readonly #cancelGates = new Map<string, number>()

  constructor(world: World, api: UploadsApi, schedule: Schedule, files: readonly SimFile[], tracing: boolean) {
    this.#world = world
    this.#api = api
    this.#schedule = schedule
    this.tracing = tracing
    this.journeys = files.map((file) => ({
      file,
      id: null,
      removed: false,
      settled: false,
      commanded: false,
      snapshot: null,
      promises: [],
      acked: new Map(),
      ambiguous: new Set(),
      triedSince: null,
      badAnswers: 0,
      answers: [],
      uploadIds: new Set(),
    }))
    this.#byName = new Map(this.journeys.map((journey) => [journey.file.name, journey]))
  }

  /** On the page's monotonic clock: when the last Retry-After is over. */
  get gateUntil(): number {
    return Math.max(this.#gateUntil, ...this.#cancelGates.values())
  }

  fail(invariant: Invariant, message: string): void {
    this.violations.push({ invariant, message, at: Math.round(this.#world.time) })
    this.say(`!! ${invariant}: ${message}`)
  }

  say(line: string): void {
    if (this.tracing) this.trace.push(`${(this.#world.time / 1000).toFixed(3).padStart(10)}  ${line}`)
  }

  added(journey: Journey, id: string): void {
    journey.id = id
    this.#byId.set(id, journey)
  }

  // REQUESTS

  started(exchange: Exchange): void {
    const { call, filename, uploadId, range, token } = exchange
    this.figures.requests += 1
    if (call === 'addPart') this.figures.partRequests += 1
    if (this.tracing)
      this.say(
        `-> ${call} ${filename} ${range ? `[${range.start},${range.end})` : ''} #${exchange.n} ${exchange.trouble === 'ok' ? '' : `(${exchange.trouble})`}`,
      )
    const journey = this.#byName.get(filename)
    if (!journey) return this.fail('I2', `${call} for an Upload that no create made`)
    if (this.destroyed) this.fail('I4', `${call} after destroy`)
    const elapsed = this.#world.elapsed()
    this.#checkStatus(journey, call)
    if (uploadId !== null && token !== tokenOf(uploadId)) this.fail('I2', `${call} with the token ${token}`)
    // Whoever leaves the page cannot wait for a free connection to cancel.
    const leaving = call === 'cancel' && this.#schedule.events.some((event) => event.do === 'leave_page')
    if (!this.#schedule.deaf && !leaving && this.wire.inFlight + 1 > this.#schedule.concurrency)
      this.fail('I6', `${this.wire.inFlight + 1} requests, ${this.#schedule.concurrency} allowed`)
    if (!this.#schedule.deaf) this.#checkAlone(exchange)
    const gate = call === 'cancel' ? (this.#cancelGates.get(uploadId ?? '') ?? 0) : this.#gateUntil
    if (elapsed < gate - 1e-6) {
      this.figures.retryAfterViolations += 1
      this.fail('I7', `${call} ${Math.round(gate - elapsed)} ms before Retry-After`)
    }
    if (range) this.#checkRange(journey, exchange, range)
    if (call === 'complete') this.#checkComplete(journey, exchange)
    if (call !== 'cancel') journey.triedSince ??= elapsed
  }

  answered(exchange: Exchange, answer: Answer): void {
    const { call, filename, uploadId, range } = exchange
    const { status, headers, body, genuine, wait } = answer
    const journey = this.#byName.get(filename)
    if (this.tracing)
      this.say(
        `<- ${call} ${filename} #${exchange.n} ${status}${genuine ? '' : ' not from the API'}${wait === null ? '' : ` wait ${wait}`}${status >= 400 ? ` ${saidBy(body)}` : ''}`,
      )
    if (!journey) return
    const elapsed = this.#world.elapsed()
    journey.answers.push({ call, status, genuine, said: saidBy(body), redirected: answer.redirected })
    const told = headers.get('x-should-retry')
    const final = told === 'false' || (told === null && codeOf(body) === 'insufficient_quota')
    if (!exchange.ignored && wait !== null && asksToWait.has(status) && !final) {
      this.figures.retryAfters += 1
      if (call === 'cancel') this.#cancelGates.set(uploadId as string, elapsed + wait)
      else this.#gateUntil = Math.max(this.#gateUntil, elapsed + wait)
      // Waiting as told is nobody's failure.
      if (wait > 0) journey.triedSince = null
    }
    if (status === 200 && !genuine) journey.badAnswers += 1
    if (call === 'complete') {
      if (!(genuine && status === 200) && (exchange.done || !genuine)) journey.ambiguous.add(uploadId as string)
    }
    // It was to find out what became of a complete that was refused.
    if (call === 'cancel' && !(genuine && status === 200)) journey.ambiguous.add(uploadId as string)
    if (exchange.ignored || status !== 200) return
    const { id, object, upload_id } = (typeof body === 'object' ? body : {}) as Record<string, unknown>
    if (call === 'create' && genuine && typeof id === 'string') {
      journey.uploadIds.add(id)
      this.#advanced(journey)
    }
    if (call === 'addPart' && range && object === 'upload.part' && upload_id === uploadId && typeof id === 'string') {
      const acked = journey.acked.get(uploadId as string) ?? new Map()
      journey.acked.set(uploadId as string, acked)
      if (!acked.has(id)) {
        acked.set(id, range)
        this.figures.parts += 1
        this.#advanced(journey)
        this.onAccepted?.()
      } else journey.badAnswers += 1
    }
  }

  ended(exchange: Exchange): void {
    if (exchange.ended === 'answered') return
    if (this.tracing) this.say(`-x ${exchange.call} ${exchange.filename} #${exchange.n} ${exchange.ended}`)
    const journey = this.#byName.get(exchange.filename)
    if (exchange.call === 'complete' || exchange.call === 'cancel') journey?.ambiguous.add(exchange.uploadId as string)
    if (exchange.ended === 'aborted' || exchange.ignored) this.onAborted?.(exchange)
  }

  #advanced(journey: Journey): void {
    journey.triedSince = null
    journey.badAnswers = 0
  }

  #checkStatus(journey: Journey, call: Exchange['call']): void {
    if (journey.removed) {
      if (call !== 'cancel') this.fail('I4', `${call} for ${journey.file.name}, which was removed`)
      return
    }
    const status = journey.id === null ? undefined : this.uploader.get(journey.id)?.status
    // After a refused complete, a cancel finds out whether it had gone through before that.
    const refused = journey.answers.findLast((answer) => answer.call === 'complete')
    const findsOut = call === 'cancel' && status === 'completing' && refused !== undefined && refused.status >= 400
    if (status !== statusOfCall[call] && !findsOut)
      this.fail('I4', `${call} for ${journey.file.name} while it is ${status}`)
  }

  #checkAlone({ call, filename, uploadId, range }: Exchange): void {
    for (const other of this.wire.open()) {
      if (other.call !== call || other.filename !== filename || other.uploadId !== uploadId) continue
      if (!range || !other.range) this.fail('I7', `two ${call} for ${filename} at a time`)
      else if (range.start < other.range.end && other.range.start < range.end)
        this.fail(
          'I7',
          `[${range.start},${range.end}) of ${filename} while [${other.range.start},${other.range.end}) is on its way`,
        )
    }
  }

  #checkRange({ file, acked }: Journey, { uploadId }: Exchange, { start, end }: { start: number; end: number }): void {
    if (!(start >= 0 && start < end && end <= file.size)) this.fail('I2', `a part of [${start},${end}) of ${file.size}`)
    if (end - start > this.#schedule.partSize) this.fail('I2', `a part of ${end - start} bytes`)
    for (const range of acked.get(uploadId as string)?.values() ?? []) {
      if (start < range.end && range.start < end) this.fail('I7', `[${start},${end}) again, though it was accepted`)
    }
  }

  #checkComplete({ file, acked }: Journey, { uploadId, partIds }: Exchange): void {
    const ranges = acked.get(uploadId as string)
    let at = 0
    for (const partId of partIds) {
      const range = ranges?.get(partId)
      if (!range) return this.fail('I2', `complete lists ${partId}, which nobody was told of`)
      if (range.start !== at) return this.fail('I2', `complete lists [${range.start},${range.end}) at byte ${at}`)
      at = range.end
    }
    if (at !== file.size) this.fail('I2', `complete covers ${at} of ${file.size} bytes`)
  }

  // THE ENGINE'S WORD

  event({ type, id, upload }: UploaderEvent): void {
    const journey = this.#byId.get(id)
    if (this.tracing)
      this.say(
        `** ${type} ${upload.file.name} ${upload.status}${upload.status === 'failed' ? ` ${upload.error.code}` : ''}`,
      )
    if (this.destroyed) this.fail('I4', `the event ${type} after destroy`)
    if (!journey) return
    if (type === 'started') {
      journey.settled = false
      journey.triedSince = null
      journey.badAnswers = 0
    }
    if (type !== 'settled') return
    if (journey.settled) this.fail('I3', `${upload.file.name} settled twice: ${upload.status}`)
    journey.settled = true
    if (!isSettled(upload)) this.fail('I3', `settled while ${upload.status}`)
    this.#checkSecrets(upload)
    this.checkTruth(journey, upload)
    if (upload.status === 'failed') this.#checkReason(journey, upload.error.code)
  }

  /** Called after every report to the subscribers. */
  look(): void {
    if (this.destroyed) this.fail('I4', 'a report after destroy')
    const { uploads } = this.uploader.getSnapshot()
    for (const [id, snapshot] of uploads) {
      const journey = this.#byId.get(id)
      if (!journey || journey.snapshot === snapshot) continue
      this.#checkMove(journey, snapshot)
      this.#checkProgress(id, snapshot)
      if (isSettled(snapshot) && journey.snapshot?.status !== snapshot.status) journey.commanded = false
      journey.snapshot = snapshot
    }
  }

  /** After every step: what was stopped has to be stopped at once. */
  checkStopped(): void {
    if (this.#schedule.deaf) return
    for (const { call, filename, range } of this.wire.open()) {
      if (call !== 'addPart') continue
      const journey = this.#byName.get(filename) as Journey
      const status = journey.removed || this.destroyed ? 'gone' : this.uploader.get(journey.id as string)?.status
      if (status !== 'uploading')
        this.fail('I4', `[${range?.start},${range?.end}) of ${filename} goes on while it is ${status}`)
    }
  }

  #checkMove(journey: Journey, snapshot: UploadSnapshot): void {
    const before = journey.snapshot
    if (this.tracing && before?.status !== snapshot.status)
      this.say(
        `   ${snapshot.file.name}: ${before?.status ?? 'new'} to ${snapshot.status}${'reason' in snapshot ? ` (${snapshot.reason})` : ''}`,
      )
    if (!before || before.status === snapshot.status || !isSettled(before)) return
    if (before.status === 'completed') this.fail('I3', `${snapshot.file.name} left completed for ${snapshot.status}`)
    else if (!journey.commanded && !(before.status === 'failed' && snapshot.status === 'expired'))
      this.fail('I3', `${snapshot.file.name} left ${before.status} for ${snapshot.status} by itself`)
  }

  #checkProgress(id: string, { status, remote, progress, file }: UploadSnapshot): void {
    const { bytesTotal, bytesAccepted, bytesSent, fraction, percent, accepted, sending } = progress
    const wrong = (what: string) => this.fail('I5', `${file.name} (${status}): ${what}`)
    const key = remote?.id ?? ''
    const known = this.#maxima.get(id)
    const maxima = known?.key === key ? known : { key, accepted: 0, fraction: 0 }
    if (bytesTotal !== file.size) wrong(`${bytesTotal} bytes in total`)
    if (!(bytesAccepted <= bytesSent && bytesSent <= bytesTotal)) wrong(`${bytesAccepted} accepted, ${bytesSent} sent`)
    if (!(fraction >= 0 && fraction <= 1) || (fraction === 1) !== (status === 'completed'))
      wrong(`fraction ${fraction}`)
    if (percent !== Math.floor(fraction * 100)) wrong(`${percent} % of ${fraction}`)
    if (bytesAccepted < maxima.accepted) wrong(`accepted bytes fell from ${maxima.accepted} to ${bytesAccepted}`)
    if (fraction < maxima.fraction) wrong(`the fraction fell from ${maxima.fraction} to ${fraction}`)
    for (const ranges of [accepted, sending]) {
      let at = -1
      for (const range of ranges) {
        if (range.start < at || range.end <= range.start || range.end > bytesTotal) wrong('ranges out of order')
        at = range.end
      }
    }
    this.#maxima.set(id, { key, accepted: bytesAccepted, fraction })
  }

  #checkSecrets(snapshot: UploadSnapshot): void {
    const seen = new Set<unknown>()
    const search = (value: unknown): boolean => {
      if (typeof value === 'string') return value.includes(CANARY)
      if (typeof value !== 'object' || value === null || seen.has(value)) return false
      seen.add(value)
      if (value instanceof Error && (search(value.message) || search(value.cause))) return true
      return Object.values(value).some(search)
    }
    if (search(snapshot)) this.fail('I14', `the token of ${snapshot.file.name} shows`)
  }

  // TRUTH

  /** Compares a terminal state with what the server has. */
  checkTruth(journey: Journey, snapshot: UploadSnapshot, when = 'settled'): void {
    const { remote } = snapshot
    if (!remote) return
    const truth = this.#api.uploads.find(({ id }) => id === remote.id)?.status
    const wrong = (what: string) => {
      this.figures.falseOutcomes += 1
      this.fail('I3', `${when}: ${journey.file.name} is ${what}, the server says ${truth}`)
    }
    if (snapshot.status === 'completed' && truth !== 'completed') wrong('completed')
    if (snapshot.status === 'cancelled') {
      if (truth === 'completed') wrong('cancelled')
      else if (remote.status === 'cancelled' && truth !== 'cancelled') wrong('cancelled for certain')
    }
    if (snapshot.status === 'expired') {
      const late = this.#world.now + this.#world.skewed >= (snapshot.expiresAt ?? 0)
      if (truth === 'completed' || !(truth === 'expired' || truth === 'cancelled' || late)) wrong('expired')
    }
    if (snapshot.status === 'failed') {
      if (snapshot.error.code === 'outcome_unknown') {
        this.figures.unknownOutcomes += when === 'settled' ? 1 : 0
        if (!journey.ambiguous.has(remote.id)) wrong('unknown, though complete, or the cancel after it, was answered')
      } else if (snapshot.error.code === 'auth_required' && journey.ambiguous.has(remote.id)) {
        // Asking again needs a sign-in first, and says so; nothing is claimed about the file.
      } else if (truth === 'completed') wrong(`failed with ${snapshot.error.code}`)
    }
  }

  #checkReason(journey: Journey, code: UploadErrorCode): void {
    const { file, answers, badAnswers, triedSince } = journey
    const unfounded = (why: string) => this.fail('reasons', `${file.name} failed with ${code}: ${why}`)
    const refusals = answers.filter(({ status }) => status >= 400)
    const told = (...statuses: number[]) => refusals.some(({ status }) => statuses.includes(status))
    if (code.startsWith('file_')) {
      if (file.fate === 'same') unfounded('the file is what it was')
    } else if (code === 'bad_response') {
      if (badAnswers < 3) unfounded(`only ${badAnswers} answers were bad`)
    } else if (transient.has(code)) {
      const tried = triedSince === null ? 0 : this.#world.elapsed() - triedSince
      const final = this.#schedule.faults.some((fault) => fault.kind === 'status' && fault.shouldRetry === false)
      if (tried < GIVE_UP_AFTER - MAX_DELAY && !told(409, 501, 505) && !final)
        unfounded(`after trying for ${Math.round(tried / 1000)} s`)
    } else if (code === 'auth_required') {
      if (!told(401) && !answers.some(({ redirected }) => redirected)) unfounded('nobody asked for a sign-in')
    } else if (code === 'integrity_failed') {
      if (this.wire.flipped === 0 && file.fate === 'same') unfounded('every byte is right')
    } else if (code === 'outcome_unknown') {
      // checkTruth looks at it.
    } else {
      const last = refusals.at(-1)
      if (!last) unfounded('nobody refused anything')
      else if (last.genuine && !this.#isInevitable(journey, last.said)) unfounded(`the API said: ${last.said}`)
    }
  }

  /** Refusals by the API that no client could have avoided. */
  #isInevitable({ uploadIds, file }: Journey, said: string): boolean {
    // Its hour passed while the page was frozen, and create's answer came too late to tell.
    if (said.includes('(status: expired)')) return true
    // Orphans count on this server: those of lost answers again after it was tried anew, or some that nobody knows of.
    const { behaviour, faults } = this.#schedule
    const { orphanParts, overflow, maxPartBytes } = behaviour
    const countsOrphans = orphanParts === 'count' || overflow === 'cumulative'
    const unseen = uploadIds.size > 1 || faults.some(({ kind }) => kind === 'twice')
    if (countsOrphans && unseen && /The parts? (hold|exceeds)/.test(said)) return true
    return maxPartBytes !== undefined && file.size > maxPartBytes && said.includes('too large')
  }
}

function codeOf(body: unknown): unknown {
  return (body as { error?: { code?: unknown } } | null)?.error?.code
}

function saidBy(body: unknown): string {
  const said = (body as { error?: { message?: unknown } } | null)?.error?.message
  return typeof said === 'string' ? said : ''
}
