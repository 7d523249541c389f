import {
  isUploadError,
  isUploadErrorCode,
  parseErrorEnvelope,
  type UploadCall,
  UploadError,
  type UploadErrorCode,
} from '../protocol/index.js'
import { callApp } from './app-code.js'
import type { Environment } from './environment.js'
import { FetcherError } from './fetcher.js'

// TYPES

export interface RetryOptions {
  /** First delay in ms; doubles with each failure in a row. @default 500 */
  baseDelay?: number
  /** Longest delay in ms that we choose ourselves. @default 30000 */
  maxDelay?: number
  /** Ms without a newly accepted byte after which an upload fails instead of trying on. @default 600000 */
  giveUpAfter?: number
  /** Overrides whether a failure is worth another try; undefined leaves it to the kit. `attempt` counts failures in a row. */
  shouldRetry?: (error: UploadError, attempt: number) => boolean | undefined
}

/** RetryOptions with every number in place. */
export type RetryPlan = Required<Omit<RetryOptions, 'shouldRetry'>> & Pick<RetryOptions, 'shouldRetry'>

export const DEFAULT_RETRY: RetryPlan = { baseDelay: 500, maxDelay: 30_000, giveUpAfter: 600_000 }

/** What became of a call that failed. */
export interface Failure {
  error: UploadError
  retryable: boolean
  /** Ms that the server asks us to wait, null when it says nothing. */
  retryAfter: number | null
}

// CLASSIFY

/** Says what a thrown value means for the call that threw it; `now` in ms. */
export function classify(thrown: unknown, call: UploadCall, now: number): Failure {
  if (isUploadError(thrown)) return { error: thrown, retryable: retryableCodes.has(thrown.code), retryAfter: null }
  const answer = thrown instanceof FetcherError ? thrown : new FetcherError('The call failed.', { cause: thrown })
  const code = codeOf(answer)
  return {
    error: new UploadError(code, messageOf(code, answer), {
      cause: thrown,
      ...hintOf(code, answer, call),
      ...(answer.status !== undefined && { status: answer.status }),
      ...(answer.headers.get('x-request-id') && { requestId: answer.headers.get('x-request-id') as string }),
    }),
    retryable: isRetryable(code, answer, call),
    retryAfter: retryAfterOf(answer.headers, now),
  }
}

function codeOf({ status, body, redirected }: FetcherError): UploadErrorCode {
  // The API never redirects: this is somebody's login page, whatever its status.
  if (redirected) return 'auth_required'
  const envelope = parseErrorEnvelope(body)
  if (isUploadErrorCode(envelope?.code)) return envelope.code
  if (status === undefined) return 'network'
  if (status >= 200 && status < 300) return 'bad_response'
  // A backend that mirrors the API without our codes: its param tells a failed check of the whole file.
  if (status === 400 && envelope?.param === 'md5') return 'integrity_failed'
  if (status === 429) return envelope && quotaCodes.has(envelope.code ?? '') ? 'quota_exceeded' : 'rate_limited'
  if (status >= 500) return 'server_error'
  return codeByStatus.get(status) ?? 'invalid_request'
}

const codeByStatus: ReadonlyMap<number, UploadErrorCode> = new Map<number, UploadErrorCode>([
  [401, 'auth_required'],
  [403, 'forbidden'],
  [404, 'not_found'],
  [405, 'method_not_allowed'],
  [408, 'timeout'],
  [413, 'part_too_large'],
  [425, 'server_error'],
])

// A 429 that waiting does not cure. Source: error codes in the API's documentation.
const quotaCodes: ReadonlySet<string> = new Set(['insufficient_quota', 'credit_balance_exhausted', 'quota_exceeded'])

const retryableCodes: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'network',
  'timeout',
  'rate_limited',
  'bad_response',
  'server_error',
  'upstream_error',
  'part_incomplete',
])

function isRetryable(code: UploadErrorCode, { status, headers }: FetcherError, call: UploadCall): boolean {
  // The server knows best. Source: the official clients obey this header before anything else.
  const told = headers.get('x-should-retry')
  if (told === 'true' || told === 'false') return told === 'true'
  // A complete or cancel that conflicts met an Upload that has moved on: asking again proves nothing.
  if (status === 409) return call === 'create' || call === 'addPart'
  return retryableCodes.has(code) && status !== 501 && status !== 505
}

function messageOf(code: UploadErrorCode, { status, body }: FetcherError): string {
  const said = parseErrorEnvelope(body)?.message
  switch (code) {
    case 'network':
      return 'The connection was lost. What was sent is kept; try again.'
    case 'auth_required':
      return 'You are signed out. Sign in, then try again; what was sent is kept.'
    case 'bad_response':
      return 'The server sent an unexpected answer. Try again.'
    case 'integrity_failed':
      return 'The uploaded copy does not match the file, so it was not kept. Upload it again.'
    case 'part_too_large':
      return 'The server refused a part because it is too large. Tell the owner of this site.'
    default:
      return said ?? `The server refused the request (${status}). Try again later.`
  }
}

function hintOf(code: UploadErrorCode, { status, body }: FetcherError, call: UploadCall): { hint?: string } {
  const said = parseErrorEnvelope(body)?.message
  switch (code) {
    case 'network':
      return { hint: `The ${call} request got no answer; a CORS refusal looks the same to a page.` }
    case 'bad_response':
      return { hint: `The ${call} request was answered ${status} with something that is not the API's JSON.` }
    case 'part_too_large':
      return { hint: 'Lower `partSize`, or raise the body limit of the proxy (nginx: client_max_body_size).' }
    case 'not_found':
    case 'method_not_allowed':
      return { hint: `Is the backend handler mounted at the endpoint? The ${call} request was answered ${status}.` }
    default:
      return said ? { hint: said } : {}
  }
}

// DECIDE

/** What to do about a failure. */
export type NextStep =
  | { type: 'fail' }
  | { type: 'pause_offline' }
  /** Try again after `delay` ms; `held` when the server asked for it, so that no other request goes earlier either. */
  | { type: 'wait'; delay: number; held: boolean; reason: 'backoff' | 'rate_limited' }

export interface Circumstances {
  /** How many tries in a row have failed, this one included. */
  attempt: number
  /** How many answers since then were none. */
  badResponses: number
  /** Ms since a byte was last accepted. */
  sinceProgress: number
  online: boolean
  /** At least 0, below 1. */
  random: number
}

// An answer that is not the API's does not get better by asking: a login page, a wrong route.
const MAX_BAD_RESPONSES = 3
// Nor does a conflict that lasts: the Upload has been closed.
const MAX_CONFLICTS = 5

/** Decides whether a failed call is tried again, and when. */
export function nextStep(failure: Failure, now: Circumstances, options: RetryPlan): NextStep {
  const { error, retryAfter } = failure
  const retryable = callApp(() => options.shouldRetry?.(error, now.attempt)) ?? failure.retryable
  if (!retryable || (error.code === 'bad_response' && now.badResponses >= MAX_BAD_RESPONSES)) return { type: 'fail' }
  if (error.details.status === 409 && now.attempt >= MAX_CONFLICTS) return { type: 'fail' }
  if (error.code === 'network' && !now.online) return { type: 'pause_offline' }
  const delay = backoff(now.attempt, now.random, options)
  if (retryAfter !== null) {
    // Jitter only upward: never before the server's time, and later each time, as some ask for 0 seconds for ever.
    return { type: 'wait', delay: retryAfter + delay, held: true, reason: 'rate_limited' }
  }
  if (now.sinceProgress + delay > options.giveUpAfter) return { type: 'fail' }
  return { type: 'wait', delay, held: false, reason: error.code === 'rate_limited' ? 'rate_limited' : 'backoff' }
}

// WAIT

/** Ms to wait before try number `attempt + 1`: exponential with full jitter, so that clients spread out. */
export function backoff(attempt: number, random: number, options: RetryPlan): number {
  const { baseDelay, maxDelay } = options
  return random * Math.min(maxDelay, baseDelay * 2 ** (attempt - 1))
}

/**
 * Ms that an answer asks us to wait, null when it says nothing usable.
 * `retry-after-ms` first, then `retry-after` as seconds or as a date, which is read against the answer's own clock.
 */
export function retryAfterOf(headers: Headers, now: number): number | null {
  const ms = waitOf(headers.get('retry-after-ms'), 1)
  if (ms !== null) return ms
  const header = headers.get('retry-after')
  const seconds = waitOf(header, 1000)
  if (seconds !== null) return seconds
  const date = header ? Date.parse(header) : Number.NaN
  const answeredAt = Date.parse(headers.get('date') ?? '')
  const wait = date - (Number.isNaN(answeredAt) ? now : answeredAt)
  return wait > 0 ? wait : null
}

function waitOf(header: string | null, unit: number): number | null {
  // Digits alone: `1e306` and `0xff` are numbers to JavaScript, and to no server.
  const ms = /^\s*\d+(\.\d+)?\s*$/.test(header ?? '') ? Number(header) * unit : Number.NaN
  return Number.isFinite(ms) ? ms : null
}

/** Holds every request of every file back for as long as a server asked one of them to wait. */
export class RetryGate {
  readonly #environment: Environment
  readonly #onOpen: () => void
  // Of the clock that never jumps: a wall clock set forward must not open the gate early.
  #closedUntil = 0
  #stopTimer: (() => void) | null = null

  constructor(environment: Environment, onOpen: () => void) {
    this.#environment = environment
    this.#onOpen = onOpen
  }

  isClosed(): boolean {
    return this.#environment.elapsed() < this.#closedUntil
  }

  /** Closes for `delay` ms from now; never opens earlier than was asked before. */
  closeFor(delay: number): void {
    const until = this.#environment.elapsed() + delay
    if (until <= this.#closedUntil) return
    this.#closedUntil = until
    this.#openAfter(delay)
  }

  stop(): void {
    this.#stopTimer?.()
    this.#stopTimer = null
  }

  #openAfter(delay: number): void {
    this.#stopTimer?.()
    this.#stopTimer = this.#environment.setTimer(() => {
      this.#stopTimer = null
      // Timers may fire a little early; the clock decides.
      if (this.isClosed()) this.#openAfter(this.#closedUntil - this.#environment.elapsed())
      else this.#onOpen()
    }, delay)
  }
}
