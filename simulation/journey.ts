import type { Uploader, UploadSnapshot } from '../src/core/index.js'
import type { SimFile } from './sim-file.js'
import type { Page } from './world.js'

/** A page with the engine that runs on it. */
export interface Tab {
  readonly page: Page
  readonly uploader: Uploader
  /** Most bytes that the app lets a part have. */
  readonly largestPart: number
  /** Null leaves it to the policy. */
  readonly concurrency: number | null
  /** The app ended its engine. */
  destroyed: boolean
  /** On the machine's monotonic clock: when the last Retry-After that this page heard is over. */
  gateUntil: number
  readonly cancelGates: Map<string, number>
  /** Calls to the storage that failed. */
  storeFailures: number
  /** One took longer than the engine waits, if its timers ring in time. */
  storeWasLate: boolean
}

/** Everything known of one upload as one page shows it. */
export interface Journey {
  readonly tab: Tab
  /** What its Upload began with. */
  begun: SimFile
  /** What it sends: after a reload, what was chosen again. */
  file: SimFile
  readonly id: string
  /** Another page began it. */
  readonly restored: boolean
  /** What was read is out of date, as the storage had failed the page that wrote it: nobody can make sense of the rest. */
  misled: boolean
  /** It has its file: always, unless it was restored. */
  provided: boolean
  removed: boolean
  /** A terminal event came, and nothing was asked for since. */
  settled: boolean
  /** Somebody gave a command since the last terminal event. */
  commanded: boolean
  snapshot: UploadSnapshot | null
  promises: { outcome: 'pending' | 'resolved' | 'rejected' }[]
  /** Accepted ranges by Upload, by part id, as this page was told or read. */
  readonly acked: Map<string, Map<string, { start: number; end: number }>>
  /** First try since something last went well or was begun anew, on the machine's monotonic clock. */
  triedSince: number | null
  badAnswers: number
  readonly answers: { call: string; status: number; genuine: boolean; said: string; redirected: boolean }[]
  readonly uploadIds: Set<string>
}

export function newJourney(tab: Tab, file: SimFile, id: string, restored: boolean): Journey {
  return {
    tab,
    begun: file,
    file,
    id,
    restored,
    misled: false,
    provided: !restored,
    removed: false,
    settled: false,
    commanded: false,
    snapshot: null,
    promises: [],
    acked: new Map(),
    triedSince: null,
    badAnswers: 0,
    answers: [],
    uploadIds: new Set(),
  }
}

/** The upload of a journey, unless it was removed or its page is gone. */
export function uploadOf({ tab, id, removed }: Journey): UploadSnapshot | undefined {
  return removed || tab.page.gone || tab.destroyed ? undefined : tab.uploader.get(id)
}
