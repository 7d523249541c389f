import type { UploadError } from '../protocol/index.js'
import { expiryOf } from './closing.js'
import type { Environment } from './environment.js'
import { aboutUpload, explainsItself, outcomeUnknown } from './outcome-errors.js'
import { type Failure, type NextStep, nextStep, type RetryPlan } from './retry.js'
import type { Transfer } from './transfer.js'
import type { UploadHost } from './upload-host.js'
import type { UploadEvent, WorkingState } from './upload-state.js'

/** What to do about a failed call: an event that ends or pauses the upload, or a wait. */
export type Remedy = UploadEvent | Extract<NextStep, { type: 'wait' }>

// What a server may answer about an Upload that is gone; no documentation says which.
const lateStatuses = new Set([400, 403, 404, 409, 410])

/** Remembers how an upload has fared, and finds the remedy for its next failure. */
export class Recovery {
  readonly #environment: Environment
  readonly #plan: RetryPlan
  readonly #canSignIn: boolean
  // Answers that were none, since something was accepted.
  #badResponses = 0
  // Failed tries in a row, and since when nothing was accepted.
  #attempts = 0
  #lastProgressAt = 0
  // Once only: a second 401 means that signing in again did not help.
  #signedIn = false

  constructor({ environment, retry, refreshAuth }: UploadHost) {
    this.#environment = environment
    this.#plan = retry
    this.#canSignIn = refreshAuth !== null
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

  remedyFor(failure: Failure, state: WorkingState, transfer: Transfer): Remedy {
    const { error } = failure
    const late = transfer.isOver(this.#environment.now())
    const over = error.code === 'expired' || (late && isRefusal(error))
    // Without an Upload on the server there is nothing that could expire.
    if (over && state.status !== 'creating') return expiryOf(transfer)
    if (error.code === 'auth_required' && this.#canSignIn && !this.#signedIn) {
      this.#signedIn = true
      return { type: 'pause', reason: 'auth' }
    }
    // Parts that fail together are one failure.
    if (!state.wait) {
      this.#attempts += 1
      if (error.code === 'bad_response') this.#badResponses += 1
    }
    const circumstances = {
      attempt: this.#attempts,
      badResponses: this.#badResponses,
      sinceProgress: this.#environment.elapsed() - this.#lastProgressAt,
      // A complete goes on asking: it has nothing to lose, and its answer may be on its way.
      online: this.#environment.isOnline() || state.status === 'completing',
      random: this.#environment.random(),
    }
    const step = nextStep(failure, circumstances, this.#plan)
    if (step.type === 'wait') return step
    if (step.type === 'pause_offline') return { type: 'pause', reason: 'offline' }
    // To give up asking is no answer either.
    const unknown = transfer.completeUnanswered && !explainsItself(error.code)
    return { type: 'failed', error: unknown ? outcomeUnknown(error) : aboutUpload(error, state.remote?.id) }
  }
}

/** No answer names expiry for certain, but a refusal after the hour can hardly mean anything else. */
function isRefusal({ code, details: { status = 0 } }: UploadError): boolean {
  return lateStatuses.has(status) && !explainsItself(code)
}
