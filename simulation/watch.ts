import {
  isSettled,
  type ResumeHead,
  type ResumePart,
  type UploadErrorCode,
  type UploaderEvent,
  type UploadSnapshot,
} from '../src/core/index.js'
import type { UploadsApi } from '../src/uploads-api/index.js'
import { type Journey, newJourney, type Tab, uploadOf } from './journey.js'
import type { Schedule } from './schedule.js'
import { md5Of, type SimFile } from './sim-file.js'
import { type SimStorage, STORAGE_CANARY, type StorageWatch, type StoreCall } from './sim-storage.js'
import { type Answer, CANARY, type Exchange, tokenOf, type Wire, type WireWatch } from './wire.js'
import type { Page, World } from './world.js'

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
  I10: 'nothing is left at rest: timers, listeners, requests, locks, records',
  I11: 'a record claims only what the server has acknowledged, and what counts is written',
  I12: 'no two pages send the same upload',
  I13: 'no failure of the storage fails an upload',
  I14: 'no token appears in an error or a snapshot, and in a record only as the token',
  reasons: 'an upload fails only for a reason that was given',
} as const
export type Invariant = keyof typeof INVARIANTS

export interface Violation {
  invariant: Invariant
  message: string
  /** Virtual ms since the beginning. */
  at: number
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
  pagesLost: number
  restored: number
  /** Bytes of all parts that were begun to be sent. */
  sentBytes: number
  mirrored: number
  takenOver: number
  storeFailures: number
  /** Bytes sent again after a reload, as a share of what its page may have had on its way. */
  resent: number[]
  steps: number
  virtualMs: number
  /** Ms from the last sign of life to the end that the page put to a request. */
  stallMs: number[]
  recoveryMs: number[]
}

// As the engine's, where neither the app nor the backend says.
// Browsers open no more connections to one origin.
const MOST_CONCURRENCY = 6
const GIVE_UP_AFTER = 600_000
const MAX_DELAY = 30_000
const statusOfCall = { create: 'creating', addPart: 'uploading', complete: 'completing', cancel: 'cancelling' } as const
const asksToWait = new Set([408, 425, 429, 503])
const saysNothing = new Set<UploadErrorCode>([
  'auth_required',
  'file_mismatch',
  'file_changed',
  'file_gone',
  'file_unreadable',
])
const transient = new Set<UploadErrorCode>([
  'network',
  'timeout',
  'server_error',
  'upstream_error',
  'rate_limited',
  'part_incomplete',
])

/** Looks at everything that goes by, and says what must not be. */
export class Watch implements WireWatch, StorageWatch {
  readonly violations: Violation[] = []
  /** Of all pages, in the order in which they were added or restored. */
  readonly journeys: Journey[] = []
  readonly tabs: Tab[] = []
  readonly trace: string[] = []
  wire!: Wire
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
    pagesLost: 0,
    restored: 0,
    sentBytes: 0,
    mirrored: 0,
    takenOver: 0,
    storeFailures: 0,
    resent: [],
    steps: 0,
    virtualMs: 0,
    stallMs: [],
    recoveryMs: [],
  }
  readonly #world: World
  readonly #api: UploadsApi
  readonly #schedule: Schedule
  readonly tracing: boolean
  readonly #files: readonly SimFile[]
  readonly #byId = new Map<string, Journey>()
  readonly #maxima = new Map<string, { key: string; accepted: number; fraction: number }>()
  /** Ranges that the API has, by Upload, by part id, as any page was told. */
  readonly #told = new Map<string, Map<string, { start: number; end: number }>>()
  /** Whose bytes an Upload was completed with: an earlier page may have done it, and gone before it heard so. */
  readonly completedWith = new Map<string, SimFile>()
  // Uploads whose complete got no answer of the API's own.
  readonly #ambiguous = new Set<string>()

  constructor(world: World, api: UploadsApi, schedule: Schedule, files: readonly SimFile[], tracing: boolean) {
    this.#world = world
    this.#api = api
    this.#schedule = schedule
    this.#files = files
    this.tracing = tracing
  }

  /** Pages whose engine runs. */
  get live(): Tab[] {
    return this.tabs.filter(({ page, destroyed }) => !page.gone && !destroyed)
  }

  /** On the machine's monotonic clock: when the last Retry-After is over. */
  get gateUntil(): number {
    return Math.max(0, ...this.live.flatMap(({ gateUntil, cancelGates }) => [gateUntil, ...cancelGates.values()]))
  }

  /** What a file's last page shows of it. */
  journeyOf(file: SimFile): Journey | undefined {
    return this.journeys.findLast((journey) => journey.file.name === file.name && uploadOf(journey))
  }

  fail(invariant: Invariant, message: string): void {
    this.violations.push({ invariant, message, at: Math.round(this.#world.time) })
    this.say(`!! ${invariant}: ${message}`)
  }

  say(line: string): void {
    if (this.tracing) this.trace.push(`${(this.#world.time / 1000).toFixed(3).padStart(10)}  ${line}`)
  }

  added(tab: Tab, file: SimFile, id: string, restored = false): Journey {
    const journey = newJourney(tab, file, id, restored)
    this.journeys.push(journey)
    this.#byId.set(id, journey)
    return journey
  }

  // REQUESTS

  carriedOut(exchange: Exchange): void {
    const { call, uploadId } = exchange
    const file = this.#whose(exchange)?.file
    if (call === 'complete' && uploadId !== null && file && !this.completedWith.has(uploadId))
      this.completedWith.set(uploadId, file)
  }

  started(exchange: Exchange): void {
    const { call, filename, uploadId, range, token } = exchange
    this.figures.requests += 1
    if (call === 'addPart') this.figures.partRequests += 1
    if (this.tracing)
      this.say(
        `-> ${call} ${filename} ${range ? `[${range.start},${range.end})` : ''} #${exchange.n} ${exchange.trouble === 'ok' ? '' : `(${exchange.trouble})`}`,
      )
    const journey = this.#whose(exchange)
    if (!journey) return this.fail('I2', `${call} for an Upload that no create made`)
    const { tab } = journey
    if (exchange.source) journey.file = exchange.source
    if (tab.destroyed) this.fail('I4', `${call} after destroy`)
    if (tab.page.gone) this.fail('I4', `${call} by a page that is gone`)
    const elapsed = this.#world.elapsed()
    this.#checkStatus(journey, call)
    if (uploadId !== null && token !== tokenOf(uploadId)) this.fail('I2', `${call} with the token ${token}`)
    // Whoever leaves the page cannot wait for a free connection to cancel.
    const leaving = call === 'cancel' && tab.page.wasLeft
    const allowed = tab.concurrency ?? tab.uploader.policy?.concurrency ?? MOST_CONCURRENCY
    const concurrency = Math.min(allowed, tab.uploader.concurrency)
    const inFlight = this.wire.inFlightOf(tab.page)
    if (!this.#schedule.deaf && !leaving && inFlight + 1 > concurrency)
      this.fail('I6', `${inFlight + 1} requests, ${concurrency} allowed`)
    if (!this.#schedule.deaf) this.#checkAlone(exchange)
    this.#checkOnlyPage(exchange)
    const gate = call === 'cancel' ? (tab.cancelGates.get(uploadId ?? '') ?? 0) : tab.gateUntil
    if (elapsed < gate - 1e-6) {
      this.figures.retryAfterViolations += 1
      this.fail('I7', `${call} ${Math.round(gate - elapsed)} ms before Retry-After`)
    }
    if (range) {
      this.figures.sentBytes += range.end - range.start
      this.#checkRange(journey, exchange, range)
    }
    if (call === 'complete') this.#checkComplete(journey, exchange)
    if (call !== 'cancel') journey.triedSince ??= elapsed
  }

  answered(exchange: Exchange, answer: Answer): void {
    const { call, filename, uploadId, range } = exchange
    const { status, headers, body, genuine, wait } = answer
    const journey = this.#whose(exchange)
    if (this.tracing)
      this.say(
        `<- ${call} ${filename} #${exchange.n} ${status}${genuine ? '' : ' not from the API'}${wait === null ? '' : ` wait ${wait}`}${status >= 400 ? ` ${saidBy(body)}` : ''}`,
      )
    if (!journey) return
    const elapsed = this.#world.elapsed()
    journey.answers.push({ call, status, genuine, said: saidBy(body), redirected: answer.redirected })
    const told = headers.get('x-should-retry')
    const said = told === 'false' || (told === null && codeOf(body) === 'insufficient_quota')
    const final = said && this.#schedule.shouldRetry !== 'a_few_times'
    if (!exchange.ignored && wait !== null && asksToWait.has(status) && !final) {
      this.figures.retryAfters += 1
      const { tab } = journey
      if (call === 'cancel') tab.cancelGates.set(uploadId as string, elapsed + wait)
      else tab.gateUntil = Math.max(tab.gateUntil, elapsed + wait)
      // Waiting as told is nobody's failure.
      if (wait > 0) journey.triedSince = null
    }
    if (status === 200 && !genuine) journey.badAnswers += 1
    // It was to find out what became of a complete that was refused.
    if (call === 'cancel' && !(genuine && status === 200)) this.#ambiguous.add(uploadId as string)
    if (call === 'complete') {
      if (!(genuine && status === 200) && (exchange.done || !genuine)) this.#ambiguous.add(uploadId as string)
    }
    if (exchange.ignored || status !== 200) return
    const { id, object, upload_id } = (typeof body === 'object' ? body : {}) as Record<string, unknown>
    if (call === 'create' && genuine && typeof id === 'string') {
      journey.uploadIds.add(id)
      journey.begun = journey.file
      this.#advanced(journey)
    }
    if (call === 'addPart' && range && object === 'upload.part' && upload_id === uploadId && typeof id === 'string') {
      const acked = journey.acked.get(uploadId as string) ?? new Map()
      journey.acked.set(uploadId as string, acked)
      if (!acked.has(id)) {
        acked.set(id, range)
        const told = this.#told.get(uploadId as string) ?? new Map()
        this.#told.set(uploadId as string, told)
        if (!told.has(id)) told.set(id, range)
        this.figures.parts += 1
        this.#advanced(journey)
        this.onAccepted?.()
      } else journey.badAnswers += 1
    }
  }

  ended(exchange: Exchange): void {
    if (exchange.ended === 'answered') return
    if (this.tracing) this.say(`-x ${exchange.call} ${exchange.filename} #${exchange.n} ${exchange.ended}`)
    if (exchange.call === 'complete' || exchange.call === 'cancel') this.#ambiguous.add(exchange.uploadId as string)
    if (exchange.ended === 'aborted' || exchange.ignored) this.onAborted?.(exchange)
  }

  /** Among the uploads of one file on one page: by the Upload it is about, else the one that is being created. */
  #whose({ page, filename, uploadId }: Exchange): Journey | undefined {
    const all = this.journeys.filter(({ tab, file }) => tab.page === page && file.name === filename)
    const creating = () => all.find((journey) => uploadOf(journey)?.status === 'creating')
    return all.find(({ uploadIds }) => uploadIds.has(uploadId ?? '')) ?? creating() ?? all.at(-1)
  }

  #advanced(journey: Journey): void {
    journey.triedSince = null
    // Where parts are written down they count a moment after their answer.
    if (!this.#schedule.memory) journey.badAnswers = 0
  }

  #checkStatus(journey: Journey, call: Exchange['call']): void {
    if (journey.removed) {
      if (call !== 'cancel') this.fail('I4', `${call} for ${journey.file.name}, which was removed`)
      return
    }
    const status = journey.tab.uploader.get(journey.id)?.status
    // After a refused complete, a cancel finds out whether it had gone through before that.
    const refused = journey.answers.findLast((answer) => answer.call === 'complete')
    const findsOut = call === 'cancel' && status === 'completing' && refused !== undefined && refused.status >= 400
    if (status !== statusOfCall[call] && !findsOut)
      this.fail('I4', `${call} for ${journey.file.name} while it is ${status}`)
  }

  #checkOnlyPage({ call, page, uploadId }: Exchange): void {
    if (uploadId === null) return
    for (const other of this.wire.open()) {
      if (other.uploadId === uploadId && other.page !== page && !other.ignored)
        this.fail('I12', `${call} into ${uploadId} by page ${page.number}, while page ${other.page.number} sends it`)
    }
    // A page that has no record any more may still cancel, while another looks whether there is one.
    const holder = call === 'cancel' ? undefined : this.#world.locks.holderOf(uploadId)
    if (holder && holder !== page)
      this.fail('I12', `${call} into ${uploadId} by page ${page.number}, while page ${holder.number} has its lock`)
  }

  #checkAlone({ page, call, filename, uploadId, range }: Exchange): void {
    for (const other of this.wire.open()) {
      if (other.page !== page || other.call !== call || other.filename !== filename || other.uploadId !== uploadId)
        continue
      // A file that was begun twice, before a reload and after it, is created twice.
      if (call === 'create' && this.#schedule.memory) continue
      if (!range || !other.range) this.fail('I7', `two ${call} for ${filename} at a time`)
      else if (range.start < other.range.end && other.range.start < range.end)
        this.fail(
          'I7',
          `[${range.start},${range.end}) of ${filename} while [${other.range.start},${other.range.end}) is on its way`,
        )
    }
  }

  #checkRange(
    { file, acked, tab }: Journey,
    { uploadId }: Exchange,
    { start, end }: { start: number; end: number },
  ): void {
    if (!(start >= 0 && start < end && end <= file.size)) this.fail('I2', `a part of [${start},${end}) of ${file.size}`)
    const { policy } = this.#schedule
    const most = policy?.how === 'answers' && tab.uploader.policy ? policy.maxPartBytes : Number.POSITIVE_INFINITY
    if (end - start > Math.min(tab.largestPart, most)) this.fail('I2', `a part of ${end - start} bytes`)
    for (const range of acked.get(uploadId as string)?.values() ?? []) {
      if (start < range.end && range.start < end) this.fail('I7', `[${start},${end}) again, though it was accepted`)
    }
  }

  #checkComplete({ file }: Journey, { uploadId, partIds }: Exchange): void {
    const ranges = this.#told.get(uploadId as string)
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

  event(tab: Tab, { type, id, upload }: UploaderEvent): void {
    if (type === 'restored') this.#restored(tab, upload)
    const journey = this.#byId.get(id)
    if (this.tracing)
      this.say(
        `** ${type} ${upload.file.name} ${upload.status}${upload.status === 'failed' ? ` ${upload.error.code}` : ''}`,
      )
    if (tab.destroyed) this.fail('I4', `the event ${type} after destroy`)
    if (!journey) return
    if (type === 'started') {
      journey.settled = false
      journey.triedSince = null
      journey.badAnswers = 0
    }
    if (type !== 'settled') return
    if (upload.inOtherTab) this.fail('I3', `${upload.file.name} settled on a page that does not send it`)
    if (journey.settled) this.fail('I3', `${upload.file.name} settled twice: ${upload.status}`)
    journey.settled = true
    if (!isSettled(upload)) this.fail('I3', `settled while ${upload.status}`)
    this.#checkSecrets(upload)
    this.checkTruth(journey, upload)
    if (upload.status === 'failed') this.#checkReason(journey, upload.error.code)
  }

  #restored(tab: Tab, upload: UploadSnapshot): void {
    const { remote, progress, inOtherTab } = upload
    const file = this.#files.find(({ name }) => name === upload.file.name)
    if (!file || !remote) return this.fail('I11', `${upload.file.name} was restored out of nothing`)
    // It keeps its place on the list when it comes over from another page.
    const shown = this.#byId.get(upload.id)
    if (inOtherTab) this.figures.mirrored += 1
    else this.figures.restored += 1
    if (shown && !inOtherTab) this.figures.takenOver += 1
    // A complete may have gone out, and this page was never told.
    if (progress.bytesAccepted === upload.file.size || this.#statusOf(remote.id) === 'completed')
      this.#ambiguous.add(remote.id)
    const writers = this.journeys.filter(({ uploadIds }) => uploadIds.has(remote.id))
    const journey = shown ?? this.added(tab, file, upload.id, true)
    journey.begun = writers.at(-1)?.begun ?? file
    journey.file = journey.begun
    journey.provided = false
    journey.misled = writers.some(({ tab: writer }) => hadTrouble(writer))
    journey.uploadIds.add(remote.id)
    journey.acked.set(remote.id, new Map(progress.accepted.map((range, at) => [`restored ${at}`, range])))
  }

  /** Called after every report to the subscribers. */
  look(tab: Tab): void {
    if (tab.destroyed) this.fail('I4', 'a report after destroy')
    const { uploads } = tab.uploader.getSnapshot()
    for (const [id, snapshot] of uploads) {
      const journey = this.#byId.get(id)
      if (!journey || journey.snapshot === snapshot) continue
      // What another page sends is that page's to answer for.
      if (!snapshot.inOtherTab && !journey.snapshot?.inOtherTab) this.#checkMove(journey, snapshot)
      if (!snapshot.inOtherTab) this.#checkProgress(id, snapshot)
      if (isSettled(snapshot) && journey.snapshot?.status !== snapshot.status) journey.commanded = false
      journey.snapshot = snapshot
    }
  }

  /** After every step: what was stopped has to be stopped at once. */
  checkStopped(): void {
    if (this.#schedule.deaf) return
    for (const exchange of this.wire.open()) {
      const { call, filename, range } = exchange
      if (call !== 'addPart') continue
      const journey = this.#whose(exchange)
      const status = (journey && uploadOf(journey)?.status) ?? 'gone'
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
    else if (!this.#isCommanded(journey) && !(before.status === 'failed' && snapshot.status === 'expired'))
      this.fail('I3', `${snapshot.file.name} left ${before.status} for ${snapshot.status} by itself`)
  }

  /** By somebody here, or on a page that shows it as this one's: then the word may still be on its way. */
  #isCommanded({ commanded, file }: Journey): boolean {
    return commanded || this.journeys.some((other) => other.file.name === file.name && uploadOf(other)?.inOtherTab)
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
    if (mentions(snapshot, CANARY)) this.fail('I14', `the token of ${snapshot.file.name} shows`)
    if (mentions(snapshot, STORAGE_CANARY)) this.fail('I13', `${snapshot.file.name} failed with the storage`)
  }

  // THE STORAGE

  storeAsked(page: Page, call: StoreCall): void {
    this.say(`~~ page ${page.number}: ${call}`)
    // What is begun is finished, but nothing new is.
    const tab = this.#tabOf(page)
    if (tab?.destroyed && (call === 'savePart' || call === 'load')) this.fail('I4', `${call} after destroy`)
  }

  storeFailed(page: Page, call: StoreCall, how: string): void {
    this.say(`~~ page ${page.number}: ${call} ${how}`)
    this.figures.storeFailures += 1
    const tab = this.#tabOf(page)
    if (tab && how === 'late') tab.storeWasLate = true
    else if (tab) tab.storeFailures += 1
  }

  wrote(page: Page, uploadId: string, what: ResumeHead | ResumePart): void {
    const journey = this.journeys.find(({ tab, uploadIds }) => tab.page === page && uploadIds.has(uploadId))
    if (!journey) return this.fail('I11', `a record of ${uploadId}, which page ${page.number} does not send`)
    const { token: _token, ...rest } = { token: null, ...what }
    if (mentions(rest, CANARY)) this.fail('I14', `the token of ${journey.file.name} is written into its record`)
    if ('partId' in what) this.#checkWritten(journey, uploadId, what)
    else if (what.remote.status !== 'pending') this.fail('I11', `a record of an Upload that is ${what.remote.status}`)
  }

  /** A page is about to go: what counts there has to be written by now, or it is lost. */
  checkRemembered(tab: Tab, storage: SimStorage): void {
    if (!this.#schedule.memory || hadTrouble(tab)) return
    for (const journey of this.journeys) {
      const upload = journey.tab === tab ? uploadOf(journey) : undefined
      if (!upload?.remote || upload.inOtherTab || upload.remote.status !== 'pending' || isSettled(upload)) continue
      // A failed one may have been forgotten before somebody cancelled it.
      if (upload.status === 'cancelling') continue
      const written = storage.rangesOf(upload.remote.id)
      const isWritten = (at: number) => written?.some(({ start, end }) => start <= at && at < end)
      for (const { start, end } of written ? upload.progress.accepted : []) {
        for (let at = start; at < end; at += 1)
          if (!isWritten(at)) return this.fail('I11', `byte ${at} of ${upload.file.name} counts, and is not written`)
      }
    }
  }

  #checkWritten({ file }: Journey, uploadId: string, { start, end, partId, digest }: ResumePart): void {
    const told = this.#told.get(uploadId)?.get(partId)
    if (told?.start !== start || told.end !== end)
      this.fail('I11', `${partId} is written as [${start},${end}), and the API said no such thing`)
    if (digest !== null && file.fate === 'same' && digest !== md5Of(file.original.subarray(start, end)))
      this.fail('I11', `the digest of [${start},${end}) is of other bytes`)
  }

  #tabOf(page: Page): Tab | undefined {
    return this.tabs.find((tab) => tab.page === page)
  }

  // TRUTH

  /** Compares a terminal state with what the server has. */
  checkTruth(journey: Journey, snapshot: UploadSnapshot, when = 'settled'): void {
    const { remote } = snapshot
    // A record that could not be removed may have been taken up by another page since.
    const misled = journey.misled || (when !== 'settled' && hadTrouble(journey.tab))
    if (!remote || (misled && snapshot.status !== 'completed')) return
    const truth = this.#statusOf(remote.id)
    const wrong = (what: string) => {
      this.figures.falseOutcomes += 1
      this.fail('I3', `${when}: ${journey.file.name} is ${what}, the server says ${truth}`)
    }
    if (snapshot.status === 'completed' && truth !== 'completed') wrong('completed')
    if (snapshot.inOtherTab) return
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
        if (!this.#ambiguous.has(remote.id)) wrong('unknown, though complete, or the cancel after it, was answered')
      } else if (saysNothing.has(snapshot.error.code) && this.#ambiguous.has(remote.id)) {
        // Asking again needs a sign-in or the right file first, and says so; nothing is claimed about the Upload.
      } else if (truth === 'completed') wrong(`failed with ${snapshot.error.code}`)
    }
  }

  #statusOf(uploadId: string): string | undefined {
    return this.#api.uploads.find(({ id }) => id === uploadId)?.status
  }

  #checkReason(journey: Journey, code: UploadErrorCode): void {
    const { file, answers, badAnswers, triedSince, misled } = journey
    const isOther = file.fate !== 'same' || file !== journey.begun
    const impatient = this.#schedule.shouldRetry === 'never'
    const unfounded = (why: string) => this.fail('reasons', `${file.name} failed with ${code}: ${why}`)
    const refusals = answers.filter(({ status }) => status >= 400)
    if (misled && refusals.some(({ said }) => said.includes('is not pending'))) return
    const told = (...statuses: number[]) => refusals.some(({ status }) => statuses.includes(status))
    if (code.startsWith('file_')) {
      if (!isOther) unfounded('the file is what it was')
    } else if (code === 'bad_response') {
      if (badAnswers < 3 && !impatient) unfounded(`only ${badAnswers} answers were bad`)
    } else if (transient.has(code)) {
      const tried = triedSince === null ? 0 : this.#world.elapsed() - triedSince
      const final = this.#schedule.faults.some((fault) => fault.kind === 'status' && fault.shouldRetry === false)
      if (tried < GIVE_UP_AFTER - MAX_DELAY && !told(409, 501, 505) && !final && !impatient)
        unfounded(`after trying for ${Math.round(tried / 1000)} s`)
    } else if (code === 'auth_required') {
      if (!told(401) && !answers.some(({ redirected }) => redirected)) unfounded('nobody asked for a sign-in')
    } else if (code === 'integrity_failed') {
      if (this.wire.flipped === 0 && !isOther) unfounded('every byte is right')
    } else if (code === 'outcome_unknown') {
      // checkTruth looks at it.
    } else {
      const last = refusals.at(-1)
      if (!last) unfounded('nobody refused anything')
      else if (last.genuine && !this.#isInevitable(journey, last.said)) unfounded(`the API said: ${last.said}`)
    }
  }

  /** Refusals by the API that no client could have avoided. */
  #isInevitable({ uploadIds, file, restored }: Journey, said: string): boolean {
    const { behaviour, faults } = this.#schedule
    // Its hour passed while the page was frozen, and create's answer came too late to tell.
    if (said.includes('(status: expired)')) return true
    // An earlier page cancelled it, and went before the answer came; or the app asked again what had been refused.
    // Or a flipped bit made the API cancel it, and that answer was lost.
    if (this.wire.flipped > 0 && said.includes('(status: cancelled)')) return true
    const askedAgain = restored || this.#schedule.shouldRetry === 'a_few_times'
    if (askedAgain && said.includes('(status: cancelled)')) return true
    if (behaviour.maxParts !== undefined && said.includes('takes at most')) return true
    // Orphans count on this server: those of lost answers again after it was tried anew, or some that nobody knows of.
    const { orphanParts, overflow, maxPartBytes } = behaviour
    const countsOrphans = orphanParts === 'count' || overflow === 'cumulative'
    const unseen = uploadIds.size > 1 || faults.some(({ kind }) => kind === 'twice')
    if (countsOrphans && unseen && /The parts? (hold|exceeds)/.test(said)) return true
    return maxPartBytes !== undefined && file.size > maxPartBytes && said.includes('too large')
  }
}

/** Whether the storage may have let a page down. */
function hadTrouble({ storeFailures, storeWasLate }: Tab): boolean {
  return storeFailures > 0 || storeWasLate
}

/** Whether a text is anywhere in a value, also in what caused an error. */
function mentions(value: unknown, text: string, seen = new Set<unknown>()): boolean {
  if (typeof value === 'string') return value.includes(text)
  if (typeof value !== 'object' || value === null || seen.has(value)) return false
  seen.add(value)
  const search = (inner: unknown) => mentions(inner, text, seen)
  if (value instanceof Error && (search(value.message) || search(value.cause))) return true
  return Object.values(value).some(search)
}

function codeOf(body: unknown): unknown {
  return (body as { error?: { code?: unknown } } | null)?.error?.code
}

function saidBy(body: unknown): string {
  const said = (body as { error?: { message?: unknown } } | null)?.error?.message
  return typeof said === 'string' ? said : ''
}
