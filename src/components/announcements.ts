import {
  browserEnvironment,
  type Environment,
  phaseOf,
  type Uploader,
  type UploadPhase,
  type UploadSnapshot,
} from '../core/index.js'
import { activityOf, activityText } from './activity.js'
import type { Limits } from './error-text.js'
import { percentOf } from './ledger.js'
import { rejectionTexts } from './rejection-texts.js'
import type { FileRejection, RootStore } from './root-store.js'
import type { RootUploads } from './root-uploads.js'
import { Run } from './run.js'
import { percentOfAll, secondsLeft, waitingOffline } from './summarise.js'
import { countOf, type Wording } from './wording.js'

/** `milestones`: outcomes, and a quarter, half and three quarters of what takes long. */
export type Verbosity = 'milestones' | 'outcomes'

/** Whose uploads are told about. */
interface Subject {
  store: RootStore
  uploader: Uploader
  uploads: RootUploads
}

interface Manner {
  wording: Wording
  limits: Limits
  verbosity: Verbosity
}

type Clock = Pick<Environment, 'now' | 'setTimer'>

// What happens together is said together.
const GATHER_MS = 700
const MILESTONES = [75, 50, 25]
// Nobody wants to hear about the middle of something that is over in a moment.
const LONG_SECONDS = 20
const MILESTONE_EVERY_MS = 15_000

/** What became of an upload, as far as it is worth hearing. */
type News = 'added' | 'restored' | 'completed' | 'cancelled' | 'failed' | 'paused' | 'retrying'

/** Watches a Root and says what happens through its store; returns the end of it. */
export function announce(subject: Subject, manner: () => Manner, clock: Clock = browserEnvironment()): () => void {
  const { store, uploads } = subject
  const phases = new Map<string, UploadPhase>()
  // The newest news of an upload replaces what was to be said of it: "50%" after "uploaded" would be a lie.
  const news = new Map<string, News>()
  // Those that came together are counted together, also where some were done before anything was said.
  const added = new Set<string>()
  const run = new Run()
  const outage = new Outage()
  // What is to be said of the connection.
  let line: 'offline' | 'online' | null = null
  let rejections: readonly FileRejection[] = store.getState().rejections
  let stopTimer: (() => void) | null = null
  let reached = 0
  let saidAt = Number.NEGATIVE_INFINITY

  const look = (changed: ReadonlySet<string>) => {
    for (const id of changed) {
      const upload = uploadOf(id, subject)
      if (upload) lookAt(upload)
      else forget(id)
    }
    lookAtRejections()
    if (news.size > 0 || line) stopTimer ??= clock.setTimer(tell, GATHER_MS)
    else if (run.isOver) run.reset()
    else if (run.isFew && manner().verbosity === 'milestones') tellMilestone()
  }

  const lookAt = (upload: UploadSnapshot) => {
    const phase = phaseOf(upload)
    const before = phases.get(upload.id)
    phases.set(upload.id, phase)
    run.note(upload, clock.now())
    line = outage.note(upload, phase) ?? line
    const item = before === phase ? null : newsOf(before, phase, upload)
    if (item === 'added') added.add(upload.id)
    if (item) news.set(upload.id, item)
    // It has moved on before anything was said: what was to be said is no longer so.
    else if (before !== phase && news.get(upload.id) !== 'added') news.delete(upload.id)
  }

  const forget = (id: string) => {
    phases.delete(id)
    news.delete(id)
    added.delete(id)
    run.leave(id)
    outage.leave(id)
  }

  const lookAtRejections = () => {
    const { rejections: now } = store.getState()
    const refused = now === rejections ? [] : now.filter((rejection) => !rejections.includes(rejection))
    rejections = now
    if (refused.length > 0) store.say('assertive', rejectionTexts(refused, manner().wording, manner().limits).join(' '))
  }

  const tell = () => {
    stopTimer = null
    const groups = new Map<News, UploadSnapshot[]>()
    for (const [id, kind] of news) {
      const upload = uploadOf(id, subject)
      if (!upload) continue
      const group = groups.get(kind)
      if (group) group.push(upload)
      else groups.set(kind, [upload])
    }
    const together = [...added].flatMap((id) => uploadOf(id, subject) ?? [])
    if (groups.has('added')) groups.set('added', together)
    news.clear()
    added.clear()
    tellNews((kind) => groups.get(kind) ?? [], { subject, run, manner: manner(), now: clock.now() })
    if (line) tellLine(line, subject, manner())
    line = null
    if (run.isOver) run.reset()
  }

  const tellMilestone = () => {
    const { wording } = manner()
    const totals = uploads.getTotals()
    const percent = percentOfAll(totals)
    if (percent === null || percent < reached) reached = 0
    const milestone = percent === null ? undefined : MILESTONES.find((value) => percent >= value)
    if (milestone === undefined || milestone <= reached) return
    const now = clock.now()
    const long = (secondsLeft(totals) ?? 0) > (LONG_SECONDS * (100 - milestone)) / 100
    reached = milestone
    if (!long || now - saidAt < MILESTONE_EVERY_MS) return
    saidAt = now
    const [only] = store.getState().ids
    const name = totals.total === 1 && only !== undefined ? (uploadOf(only, subject)?.file.name ?? null) : null
    store.say(
      'polite',
      wording.messages.announceMilestone({ name, percent: wording.measures.percent(milestone / 100) }),
    )
  }

  const stop = uploads.subscribe(look)
  // What was there before is no news.
  for (const id of store.getState().ids) {
    const upload = uploadOf(id, subject)
    if (!upload) continue
    phases.set(id, phaseOf(upload))
    run.note(upload, clock.now())
    outage.note(upload, phaseOf(upload))
  }
  return () => {
    stop()
    stopTimer?.()
  }
}

const TRIES: ReadonlySet<UploadPhase> = new Set(['queued', 'creating', 'uploading', 'retrying', 'completing'])

/** The time without a connection, as one thing, however many uploads it struck. */
class Outage {
  // How much had left the browser when each upload lost its connection.
  readonly #sent = new Map<string, number>()
  #isTold = false

  /** Tells where an upload is the first to be without a connection, or the first to get through again. */
  note(upload: UploadSnapshot, phase: UploadPhase): 'offline' | 'online' | null {
    const { id, progress } = upload
    if (phase === 'offline') {
      this.#sent.set(id, progress.bytesSent)
      const first = !this.#isTold
      this.#isTold = true
      return first ? 'offline' : null
    }
    const before = this.#sent.get(id)
    if (before === undefined) return null
    // To try is not to get through: only bytes that move are.
    const through = phase === 'completed' || progress.bytesSent > before
    if (through) this.#sent.clear()
    else if (!TRIES.has(phase)) this.#sent.delete(id)
    if (this.#sent.size === 0) this.#isTold = false
    return through ? 'online' : null
  }

  leave(id: string): void {
    this.#sent.delete(id)
    if (this.#sent.size === 0) this.#isTold = false
  }
}

function uploadOf(id: string, { store, uploader }: Subject): UploadSnapshot | undefined {
  return store.has(id) ? (store.kept.get(id) ?? uploader.get(id)) : undefined
}

function newsOf(before: UploadPhase | undefined, phase: UploadPhase, upload: UploadSnapshot): News | null {
  switch (phase) {
    case 'interrupted':
      return 'restored'
    case 'retrying':
      // The first time only: a countdown is for the eye.
      return 'wait' in upload && upload.wait?.attempt === 1 ? 'retrying' : null
    case 'completed':
    case 'cancelled':
    case 'failed':
    case 'paused':
      return phase
    case 'expired':
      return 'failed'
    // Told once for all of them.
    case 'offline':
      return null
    default:
      return before === undefined ? 'added' : null
  }
}

interface Circumstances {
  subject: Subject
  run: Run
  manner: Manner
  now: number
}

function tellNews(of: (kind: News) => UploadSnapshot[], circumstances: Circumstances): void {
  const { subject, run, manner, now } = circumstances
  const { store } = subject
  const { wording, limits } = manner
  const { messages, measures } = wording
  const count = (value: number) => countOf(value, wording)
  const names = (group: readonly UploadSnapshot[]) => ({ ...count(group.length), name: group[0]?.file.name ?? '' })

  const [added, restored, completed, cancelled] = [of('added'), of('restored'), of('completed'), of('cancelled')]
  const [failed, paused, retrying] = [of('failed'), of('paused'), of('retrying')]
  if (added.length > 0) store.say('polite', messages.announceAdded(names(added)))
  if (restored.length > 0) {
    const reopen = restored.every((upload) => upload.canReopen)
    store.say('polite', (reopen ? messages.reopenableCount : messages.interruptedCount)(count(restored.length)))
  }
  if (failed[0] && run.isFew) {
    const text = activityText(activityOf(failed[0], wording, limits, now))
    store.say('assertive', messages.announceFailed({ ...count(failed.length), text }))
  }
  if (run.isOver) tellEnd(completed, failed, circumstances)
  else if (completed.length > 0 && run.isFew)
    store.say('polite', messages.announceCompleted({ ...names(completed), left: count(run.open) }))
  else if (completed.length > 0 && run.takeCount(now))
    store.say('polite', messages.announceCount({ uploaded: count(run.completed), total: count(run.wanted) }))
  if (cancelled.length > 0) store.say('polite', messages.announceCancelled(names(cancelled)))
  if (paused[0]) {
    const percent = measures.percent(percentOf(paused[0]) / 100)
    const one = messages.announcePaused({ name: paused[0].file.name, percent })
    store.say('polite', paused.length === 1 ? one : messages.pausedCount(count(paused.length)))
  }
  const [first] = retrying
  if (first && 'wait' in first && first.wait && run.isFew)
    store.say('polite', messages.announceRetrying({ code: first.wait.code, name: first.file.name }))
}

function tellLine(line: 'offline' | 'online', { store, uploads }: Subject, { wording }: Manner): void {
  const { messages } = wording
  const totals = uploads.getTotals()
  const waiting = waitingOffline(totals) || totals.offline
  if (line === 'online') store.say('polite', messages.announceOnline)
  else if (waiting > 0) store.say('polite', messages.offlineCount(countOf(waiting, wording)))
}

/** Nothing more happens by itself: how it went, as far as that was not said just now. */
function tellEnd(
  completed: readonly UploadSnapshot[],
  failed: readonly UploadSnapshot[],
  { subject, run, manner }: Circumstances,
): void {
  const { store } = subject
  const { wording } = manner
  const { messages } = wording
  const saidByName = run.isFew && failed.length === run.attention && run.completed === 0
  if (run.attention > 0 && run.size > 1 && !saidByName) {
    const [uploaded, attention] = [countOf(run.completed, wording), countOf(run.attention, wording)]
    store.say('assertive', `${messages.uploadedAndAttention({ uploaded, attention })}.`)
  } else if (completed.length > 0 || (run.completed > 0 && !run.isFew)) {
    const name = completed[0]?.file.name ?? ''
    store.say(
      'polite',
      messages.announceCompleted({ ...countOf(run.completed, wording), name, left: countOf(0, wording) }),
    )
  }
}
