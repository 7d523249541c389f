import { isSettled, phaseOf, type Uploader, type UploadSnapshot } from '../core/index.js'
import { activityOf, activityText } from './activity.js'
import type { Limits } from './error-text.js'
import { percentOf } from './ledger.js'
import { rejectionTexts } from './rejection-texts.js'
import { uploadsOf } from './root-context.js'
import type { FileRejection, RootStore } from './root-store.js'
import { summarise } from './summarise.js'
import { countOf, type Wording } from './wording.js'

interface Manner {
  wording: Wording
  limits: Limits
  verbosity: 'milestones' | 'outcomes'
}

// What happens together is said together.
const GATHER_MS = 700
const MILESTONES = [75, 50, 25]
// Nobody wants to hear about the middle of something that is over in a moment.
const LONG_SECONDS = 20
const MILESTONE_EVERY_MS = 15_000

/** What became of an upload, as far as it is worth hearing. */
type News = 'added' | 'completed' | 'cancelled' | 'failed' | 'paused' | 'offline' | 'retrying' | 'online'

/** Watches a Root and says what happens through its store; returns the end of it. */
export function announce(store: RootStore, uploader: Uploader, manner: () => Manner): () => void {
  const phases = new Map<string, ReturnType<typeof phaseOf>>()
  // The newest news of an upload replaces what was to be said of it: "50%" after "uploaded" would be a lie.
  const news = new Map<string, News>()
  let rejections: readonly FileRejection[] = store.getState().rejections
  let timer: ReturnType<typeof setTimeout> | undefined
  let reached = 0
  let saidAt = Number.NEGATIVE_INFINITY

  const look = () => {
    const uploads = uploadsOf(store, uploader)
    for (const upload of uploads) {
      const phase = phaseOf(upload)
      const before = phases.get(upload.id)
      phases.set(upload.id, phase)
      const item = before === phase ? null : newsOf(before, phase, upload)
      if (item && !(before === undefined && store.kept.has(upload.id))) news.set(upload.id, item)
      // It has moved on before anything was said: what was to be said is no longer so.
      else if (before !== phase && news.get(upload.id) !== 'added') news.delete(upload.id)
    }
    const { rejections: now } = store.getState()
    const refused = now.filter((rejection) => !rejections.includes(rejection))
    rejections = now
    if (refused.length > 0) store.say('assertive', rejectionTexts(refused, manner().wording, manner().limits).join(' '))
    if (news.size > 0) timer ??= setTimeout(tell, GATHER_MS)
    else if (manner().verbosity === 'milestones') tellMilestone(uploads)
  }

  const tell = () => {
    timer = undefined
    const uploads = uploadsOf(store, uploader)
    const of = (kind: News) => uploads.filter((upload) => news.get(upload.id) === kind)
    tellNews(of, uploads, store, manner())
    news.clear()
  }

  const tellMilestone = (uploads: readonly UploadSnapshot[]) => {
    const { wording } = manner()
    const { percent } = summarise(uploads, wording)
    if (percent === null || percent < reached) reached = 0
    const milestone = percent === null ? undefined : MILESTONES.find((value) => percent >= value)
    if (milestone === undefined || milestone <= reached) return
    const now = Date.now()
    const long = uploads.some(({ progress }) => (progress.secondsLeft ?? 0) > (LONG_SECONDS * (100 - milestone)) / 100)
    reached = milestone
    if (!long || now - saidAt < MILESTONE_EVERY_MS) return
    saidAt = now
    const [only, ...others] = uploads.filter((upload) => !isSettled(upload))
    const name = only && others.length === 0 && uploads.length === 1 ? only.file.name : null
    store.say(
      'polite',
      wording.messages.announceMilestone({ name, percent: wording.measures.percent(milestone / 100) }),
    )
  }

  look()
  const stops = [store.subscribe(look), uploader.subscribe(look)]
  return () => {
    clearTimeout(timer)
    stops.forEach((stop) => stop())
  }
}

function newsOf(before: string | undefined, phase: ReturnType<typeof phaseOf>, upload: UploadSnapshot): News | null {
  switch (phase) {
    case 'retrying':
      // The first time only: a countdown is for the eye.
      return 'wait' in upload && upload.wait?.attempt === 1 ? 'retrying' : null
    case 'completed':
    case 'cancelled':
    case 'failed':
    case 'paused':
    case 'offline':
      return phase
    case 'expired':
      return 'failed'
    default:
      if (before === undefined) return 'added'
      return before === 'offline' ? 'online' : null
  }
}

function tellNews(
  of: (kind: News) => UploadSnapshot[],
  uploads: readonly UploadSnapshot[],
  store: RootStore,
  { wording, limits }: Manner,
): void {
  const { messages, measures } = wording
  const names = (group: readonly UploadSnapshot[]) => ({
    ...countOf(group.length, wording),
    name: group[0]?.file.name ?? '',
  })
  const [added, completed, cancelled, failed, paused, offline, retrying] = [
    of('added'),
    of('completed'),
    of('cancelled'),
    of('failed'),
    of('paused'),
    of('offline'),
    of('retrying'),
  ]
  if (added.length > 0) store.say('polite', messages.announceAdded(names(added)))
  if (completed.length > 0) {
    const left = countOf(uploads.filter((upload) => !isSettled(upload)).length, wording)
    store.say('polite', messages.announceCompleted({ ...names(completed), left }))
  }
  if (cancelled.length > 0) store.say('polite', messages.announceCancelled(names(cancelled)))
  if (failed[0]) {
    const text = activityText(activityOf(failed[0], wording, limits, Date.now()))
    store.say('assertive', messages.announceFailed({ ...countOf(failed.length, wording), text }))
  }
  if (paused[0]) {
    const percent = measures.percent(percentOf(paused[0]) / 100)
    const one = messages.announcePaused({ name: paused[0].file.name, percent })
    store.say('polite', paused.length === 1 ? one : messages.pausedCount(countOf(paused.length, wording)))
  }
  if (offline.length > 0) store.say('polite', messages.offlineCount(countOf(offline.length, wording)))
  if (retrying[0]) store.say('polite', messages.announceRetrying({ name: retrying[0].file.name }))
  if (of('online').length > 0) store.say('polite', messages.announceOnline)
}
