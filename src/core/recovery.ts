import type { UploadError } from '../protocol/index.js'
import type { Environment } from './environment.js'
import { explainsItself } from './outcome-errors.js'
import { type Failure, type NextStep, nextStep, type RetryPlan } from './retry.js'

/** What to do about a failed call: as `nextStep` says, or one of the ends and pauses that only an upload knows of. */
export type Remedy = NextStep | { type: 'expire' } | { type: 'sign_in' }

export interface Situation {
  /** A wait is under way, which other parts of the same breakdown have begun. */
  waiting: boolean
  completing: boolean
  /** The Upload's hour is over, as far as this device can tell. */
  late: boolean
  canSignIn: boolean
}

// What a server may answer about an Upload that is gone; no documentation says which.
const lateStatuses = new Set([400, 403, 404, 409, 410])

/** Remembers how an upload has fared, and finds the remedy for its next failure. */
export class Recovery {
  readonly #environment: Environment
  readonly #plan: RetryPlan
  // Answers that were none, since something was accepted.
  #badResponses = 0
  // Failed tries in a row, and since when nothing was accepted.
  #attempts = 0
  #lastProgressAt = 0
  // Once only: a second 401 means that signing in again did not help.
  #signedIn = false

  constructor(environment: Environment, plan: RetryPlan) {
    this.#environment = environment
    this.#plan = plan
  }

  /** Failed tries in a row. */
  get attempts(): number {
    return this.#attempts
  }

  /** A new run begins, or a person asked for another try. */
  reset(): void {
    this.#attempts = 0
    this.#badResponses = 0
    this.excuse()
  }

  /** Nothing could have been accepted lately, and that was nobody's fault: asleep, or offline. */
  excuse(): void {
    this.#lastProgressAt = this.#environment.elapsed()
  }

  /** Something was accepted. */
  advanced(): void {
    this.reset()
    this.#signedIn = false
  }

  remedyFor(failure: Failure, { waiting, completing, late, canSignIn }: Situation): Remedy {
    const { error } = failure
    if (error.code === 'expired' || (late && isRefusal(error))) return { type: 'expire' }
    if (error.code === 'auth_required' && canSignIn && !this.#signedIn) {
      this.#signedIn = true
      return { type: 'sign_in' }
    }
    // Parts that fail together are one failure.
    if (!waiting) {
      this.#attempts += 1
      if (error.code === 'bad_response') this.#badResponses += 1
    }
    const circumstances = {
      attempt: this.#attempts,
      badResponses: this.#badResponses,
      sinceProgress: this.#environment.elapsed() - this.#lastProgressAt,
      // A complete goes on asking: it has nothing to lose, and its answer may be on its way.
      online: this.#environment.isOnline() || completing,
      random: this.#environment.random(),
    }
    return nextStep(failure, circumstances, this.#plan)
  }
}

/** No answer names expiry for certain, but a refusal after the hour can hardly mean anything else. */
function isRefusal({ code, details: { status = 0 } }: UploadError): boolean {
  return lateStatuses.has(status) && !explainsItself(code)
}
