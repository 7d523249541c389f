import { isSettled, phaseOf, type UploadSnapshot } from '../core/index.js'
import { takesRoom } from './intake.js'
import { retryKind } from './retryable.js'
import { RunningSums } from './running-sums.js'

/** What an upload counts as in a list: each as exactly one. */
export type Kind = (typeof KINDS)[number]

const KINDS = [
  'queued',
  /** With a request under way or due. */
  'active',
  'paused',
  'offline',
  /** Left behind by an earlier page. */
  'interrupted',
  'completed',
  'cancelled',
  /** Failed or expired: someone has to decide. */
  'attention',
] as const

const SUMS = [
  ...KINDS,
  'retryable',
  /** Interrupted, and the file can be opened again without being chosen. */
  'reopenable',
  'settled',
  /** Counts towards `maxFiles`. */
  'room',
  /** Of everything that is not cancelled. */
  'bytesTotal',
  'bytesSent',
  /** As far as the bars are, which never fall. */
  'bytesShown',
  /** Of what goes on by itself. */
  'bytesLeft',
  'bytesPerSecond',
] as const

/** A list of uploads in numbers. */
export type Totals = Readonly<Record<(typeof SUMS)[number] | 'total', number>>

/** Keeps the numbers of a list, one change at a time. */
export class RunningTotals {
  readonly #sums = new RunningSums(SUMS)
  readonly #kinds = new Map<string, Kind>()

  kindOf(id: string): Kind | undefined {
    return this.#kinds.get(id)
  }

  /** Counts an upload as it is now; undefined once it is gone. Tells whether it counts as something else than before. */
  set(id: string, upload: UploadSnapshot | undefined): boolean {
    const before = this.#kinds.get(id)
    const kind = upload && kindOf(upload)
    this.#sums.set(id, upload && kind ? shareOf(upload, kind) : null)
    if (kind) this.#kinds.set(id, kind)
    else this.#kinds.delete(id)
    return kind !== before
  }

  read(): Totals {
    return { ...this.#sums.read(), total: this.#sums.size }
  }
}

export function kindOf(upload: UploadSnapshot): Kind {
  const phase = phaseOf(upload)
  switch (phase) {
    case 'queued':
    case 'paused':
    case 'offline':
    case 'interrupted':
    case 'completed':
      return phase
    case 'cancelling':
    case 'cancelled':
      return 'cancelled'
    case 'failed':
    case 'expired':
      return 'attention'
    default:
      return 'active'
  }
}

const nothing = Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<(typeof SUMS)[number], number>

function shareOf(upload: UploadSnapshot, kind: Kind): typeof nothing {
  const { status, progress } = upload
  const share = {
    ...nothing,
    [kind]: 1,
    retryable: status === 'failed' && retryKind(upload) ? 1 : 0,
    reopenable: kind === 'interrupted' && upload.canReopen ? 1 : 0,
    settled: isSettled(upload) ? 1 : 0,
    room: takesRoom(upload) ? 1 : 0,
  }
  if (kind === 'cancelled') return share
  const bytesSent = Math.min(progress.bytesSent, progress.bytesTotal)
  return {
    ...share,
    bytesTotal: progress.bytesTotal,
    bytesSent,
    bytesShown: Math.round(progress.fraction * progress.bytesTotal),
    bytesLeft: kind === 'active' || kind === 'queued' ? progress.bytesTotal - bytesSent : 0,
    bytesPerSecond: Math.round(progress.bytesPerSecond ?? 0),
  }
}
