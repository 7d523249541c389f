import type { UploadPolicy } from '../protocol/index.js'
import type { Checksum } from './checksum.js'
import type { Concurrency } from './concurrency.js'
import type { Environment } from './environment.js'
import type { Fetcher } from './fetcher.js'
import type { PartQueue } from './part-queue.js'
import type { PartSize } from './part-size.js'
import type { RecordKeeper } from './resume/journal.js'
import type { RetryGate, RetryPlan } from './retry.js'
import type { TimeLimits } from './watchdog.js'

/** What an upload needs from the uploader that owns it. */
export interface UploadHost {
  readonly fetcher: Fetcher
  readonly environment: Environment
  readonly queue: PartQueue
  readonly gate: RetryGate
  readonly retry: RetryPlan
  readonly limits: Required<TimeLimits>
  readonly checksum: Checksum | null
  // What the line has taught, true for every file that goes the same way.
  readonly concurrency: Concurrency
  readonly partSize: PartSize
  /** Bytes of the next part of a file of so many bytes. */
  nextPartSize(bytesTotal: number): number
  /** What the backend allows; never rejects. */
  loadPolicy(): Promise<UploadPolicy>
  /** Where uploads are written down; null when they are not. */
  readonly journal: RecordKeeper | null
  /** Signs the person in again, once for all that ask; null where the app has no way to. Rejects when that fails. */
  readonly refreshAuth: (() => Promise<void>) | null
}
