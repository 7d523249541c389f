import { isSettled, type Uploader, type UploadSnapshot } from '../core/index.js'
import { isChecking } from './ledger.js'
import { expiryOf, type Pace, type Paces, riskOf } from './pace.js'
import { type RootStore, uploadsOf } from './root-store.js'
import { nameIn, type Wording } from './wording.js'

/** What time alone brings about, and what is worth hearing of it; each once for an upload. */
type LateNews = 'at_risk' | 'last_minutes' | 'finishing'

const LAST_MINUTES_MS = 300_000
const FINISHING_SAID_AFTER_MS = 5000

/** Says when an upload may miss its hour, once more in its last five minutes, and when its end takes long. */
export function announceLateNews(
  store: RootStore,
  uploader: Uploader,
  paces: Paces,
  wordingNow: () => Wording,
): () => void {
  const said = new Map<string, Set<LateNews>>()
  const sayOnce = (upload: UploadSnapshot, news: LateNews) => {
    const before = said.get(upload.id) ?? new Set()
    if (before.has(news)) return
    said.set(upload.id, before.add(news))
    const wording = wordingNow()
    const { messages, measures } = wording
    const name = nameIn(upload.file.name, wording)
    if (news === 'finishing') store.say('polite', messages.announceFinishing({ name }))
    else store.say('assertive', messages.announceAtRisk({ name, time: measures.clock(expiryOf(upload) ?? 0) }))
  }
  return paces.subscribe(() => {
    for (const upload of uploadsOf(store, uploader)) {
      const news = isSettled(upload) ? null : newsOf(upload, paces.of(upload))
      if (news) sayOnce(upload, news)
      // Whoever tries again wants to hear of it again.
      else if (isSettled(upload)) said.delete(upload.id)
    }
  })
}

function newsOf(upload: UploadSnapshot, pace: Pace): LateNews | null {
  if (riskOf(upload, pace)) return (expiryOf(upload) ?? 0) - pace.at < LAST_MINUTES_MS ? 'last_minutes' : 'at_risk'
  if (isChecking(upload)) return null
  return pace.phase === 'completing' && pace.at - pace.since > FINISHING_SAID_AFTER_MS ? 'finishing' : null
}
