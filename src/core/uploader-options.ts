import { MAX_PART_BYTES, UploadError } from '../protocol/index.js'
import type { Checksum, ChecksumScript } from './checksum.js'
import type { Environment } from './environment.js'
import { expectOption, isNumberFrom, isObject } from './expect-option.js'
import type { Fetcher } from './fetcher.js'
import type { FileRules } from './file-rules.js'
import { type PartSizeRange, partSizesOf } from './part-size.js'
import type { ResumeStore } from './resume-store.js'
import type { RetryOptions } from './retry.js'
import type { UploadOptions } from './upload-options.js'
import type { TimeLimits } from './watchdog.js'

export interface UploaderOptions {
  /** How the Uploads API is reached; see `createProxyFetcher`. */
  fetcher: Fetcher
  /**
   * Most requests under way at a time, over all files and all their parts: 1 to 64. Fewer while connections break again and
   * again, or while the server answers 429.
   * @default what the policy says, else 4 to begin with, and up to 6 (8 over HTTP/2 and 3) where more are faster
   */
  concurrency?: number
  /**
   * Bytes of a part, never above 64 MiB or what the backend's policy allows: a number for parts of one size, or a range
   * in which they follow the line, so that one takes 2 to 5 seconds. A slow line makes them smaller than `from`, down to
   * `minPartSize`; a file is cut into parts enough for its connections.
   * @default { from: 4194304, to: 67108864 }
   */
  partSize?: number | PartSizeRange
  /** Bytes below which a part is not cut any smaller, whether servers refuse larger ones or the line is slow. @default 262144 */
  minPartSize?: number
  /** `md5` proves at complete that every byte arrived; `off` sends no checksum. @default 'md5' */
  checksum?: 'md5' | 'off' | Checksum
  /** Makes the checksum worker, for apps whose bundler does not find it; see `ChecksumOptions`. */
  createWorker?: (script: ChecksumScript) => Worker
  retry?: RetryOptions
  /** How long a call may stand still. */
  limits?: TimeLimits
  /**
   * Signs the person in again after a 401, asked once for all uploads that meet it; they wait, and go on when it resolves.
   * @default uploads that meet a 401 fail with `auth_required`, and Retry goes on with their parts
   */
  onAuthRefresh?: () => Promise<void>
  /**
   * Where uploads are written down, so that they can go on after a reload or a crash; see `createIndexedDbResumeStore`.
   * The code for it is loaded with the first file or `restore`.
   * @default nowhere
   */
  resumeStore?: ResumeStore
  /** Options of every upload, where `add` says nothing else. */
  defaults?: Partial<UploadOptions>
  /** Rules for every file, where `add` says nothing else. */
  rules?: FileRules
  /** Ms between two reports of progress; changes of status are reported at once. @default 250 */
  progressInterval?: number
  /** Clock, timers and the rest of the world. @default the browser */
  environment?: Environment
}

/** Throws `invalid_options` with the fix in the message when the options cannot work. */
export function checkUploaderOptions(options: UploaderOptions): void {
  expectOption(isObject(options), 'What createUploader was given', options, 'an object with a fetcher')
  const { fetcher, concurrency, partSize, checksum } = options
  const calls = ['create', 'addPart', 'complete', 'cancel'] as const
  const missing = calls.filter((call) => typeof fetcher?.[call] !== 'function')
  if (missing.length > 0) {
    const message = `The fetcher lacks ${missing.join(', ')}. Pass createProxyFetcher({ endpoint: '/api/uploads' }), or an object with all four calls.`
    throw new UploadError('invalid_options', message)
  }
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1 && concurrency <= 64)) {
    throw new UploadError('invalid_options', `concurrency is ${concurrency}. Pass a whole number from 1 to 64.`)
  }
  for (const name of ['retry', 'limits', 'resumeStore', 'environment', 'defaults', 'rules'] as const) {
    const value: unknown = options[name]
    expectOption(value === undefined || isObject(value), name, value, 'an object')
  }
  for (const name of ['createWorker', 'onAuthRefresh'] as const) {
    const value: unknown = options[name]
    expectOption(value === undefined || typeof value === 'function', name, value, 'a function')
  }
  const { baseDelay, maxDelay, giveUpAfter } = options.retry ?? {}
  const { stall, response, complete } = options.limits ?? {}
  const { minPartSize, progressInterval } = options
  const times = { baseDelay, maxDelay, giveUpAfter, progressInterval, stall, response, complete }
  for (const [name, value] of Object.entries(times)) {
    expectOption(value === undefined || isNumberFrom(0, value), name, value, 'a number of milliseconds')
  }
  expectOption(
    minPartSize === undefined || isPartSize(minPartSize),
    'minPartSize',
    minPartSize,
    'a whole number of bytes',
  )
  const isChecksum =
    checksum === undefined || checksum === 'md5' || checksum === 'off' || typeof checksum === 'function'
  expectOption(isChecksum, 'checksum', checksum, '"md5", "off" or a function')
  const isSize = partSize === undefined || typeof partSize === 'number' || isObject(partSize)
  expectOption(isSize, 'partSize', partSize, 'a number of bytes, or { from, to }')
  const { from, to } = partSizesOf(partSize)
  if (!(isPartSize(from) && isPartSize(to) && from <= to)) {
    const message = `partSize goes from ${from} to ${to}; it counts bytes. Pass whole numbers from 1 to ${MAX_PART_BYTES}.`
    throw new UploadError('invalid_options', message)
  }
}

function isPartSize(bytes: number): boolean {
  return Number.isInteger(bytes) && bytes >= 1 && bytes <= MAX_PART_BYTES
}

/** Without the keys whose value is undefined, which would hide a default. */
export function definedOf<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>
}
