import type { RemoteUpload } from '../protocol/index.js'
import type { Completed } from './answers.js'
import type { Environment } from './environment.js'
import { aboutUpload, explainsItself, isUnanswered, mayBeATwin, outcomeUnknown } from './outcome-errors.js'
import { backoff, type Failure, type RetryPlan } from './retry.js'
import type { Transfer } from './transfer.js'
import type { UploadHost } from './upload-host.js'
import type { UploadEvent } from './upload-state.js'

const MAX_CANCEL_TRIES = 3

/** What a failed complete comes to: an event, a cancel that finds out whether it went through, or what any failure does. */
export type AfterComplete = UploadEvent | { type: 'find_out' } | { type: 'recover' }

/** What a failed cancel comes to: an event, another try after `delay` ms, or whatever a complete beside it is told. */
export type AfterCancel = UploadEvent | { type: 'ask_again'; delay: number } | { type: 'await_complete' }

/** Remembers how the end of an upload was asked for, and decides what the answers to complete and cancel mean. */
export class Closing {
  readonly #environment: Environment
  readonly #plan: RetryPlan
  // Why complete was refused, while we find out whether it had gone through before that.
  #refusal: Failure | null = null
  #cancelTries = 0
  // Once only: what goes wrong twice will go wrong again.
  #discarded = false

  constructor({ environment, retry }: UploadHost) {
    this.#environment = environment
    this.#plan = retry
  }

  /** Whether a complete was refused, and a cancel has to tell if an earlier one had gone through. */
  get isFindingOut(): boolean {
    return this.#refusal !== null
  }

  /** The upload has another status: what was asked before is answered, or of no interest. */
  reset(): void {
    this.#refusal = null
    this.#cancelTries = 0
  }

  completeFailed(failure: Failure, transfer: Transfer): AfterComplete {
    const { error, retryable } = failure
    if (error.code === 'integrity_failed' && !this.#discarded) return this.#discard()
    const refused = !retryable && !isUnanswered(error.code) && !explainsItself(error.code)
    if (refused && mayBeATwin(error.code) && !this.#isLate(transfer)) return this.#findOut(failure)
    if (refused && transfer.completeUnanswered) return { type: 'failed', error: outcomeUnknown(error) }
    return { type: 'recover' }
  }

  /** `completed` where the Upload was completed before the cancel came, null where it is cancelled now. */
  cancelAnswered(completed: Completed | null, remote: RemoteUpload, transfer: Transfer): UploadEvent {
    if (completed) return { type: 'completed', ...completed }
    if (!this.#refusal) return { type: 'cancelled', confirmed: true }
    // A lost answer may be why: of a part, which counts toward its bytes, or of a complete that closed it.
    if ((transfer.mayHaveOrphans || transfer.completeUnanswered) && !this.#discarded) return this.#discard()
    const error = aboutUpload(this.#refusal.error, remote.id)
    return { type: 'failed', error, remote: { ...remote, status: 'cancelled' } }
  }

  /** `beside`: a complete is under way beside it, which tells who won. */
  cancelFailed({ error, retryable, retryAfter }: Failure, transfer: Transfer, beside: boolean): AfterCancel {
    this.#cancelTries += 1
    // Until the complete is answered there is nothing to ask.
    if (beside && !retryable) return { type: 'await_complete' }
    if (retryable && (beside || this.#cancelTries < MAX_CANCEL_TRIES)) {
      const delay = retryAfter ?? backoff(this.#cancelTries, this.#environment.random(), this.#plan)
      return { type: 'ask_again', delay }
    }
    if (this.#refusal || transfer.completeUnanswered)
      return { type: 'failed', error: outcomeUnknown(this.#refusal?.error ?? error) }
    return { type: 'cancelled', confirmed: false }
  }

  /**
   * Starts over where parts whose answers were lost can be why one is refused: nobody knows whether they count toward its
   * bytes. Null where they cannot.
   */
  partRefused({ error, retryable }: Failure, transfer: Transfer): UploadEvent | null {
    const refused = error.code === 'invalid_request' && !retryable
    return refused && transfer.mayHaveOrphans && !this.#isLate(transfer) && !this.#discarded ? this.#discard() : null
  }

  /** An Upload that can still be cancelled was not completed. Nothing is lost by it: its parts would be refused again. */
  #findOut(refusal: Failure): AfterComplete {
    this.#refusal = refusal
    return { type: 'find_out' }
  }

  #discard(): UploadEvent {
    this.#discarded = true
    return { type: 'discarded' }
  }

  #isLate(transfer: Transfer): boolean {
    return transfer.isOver(this.#environment.now())
  }
}

/** The hour is over. Of an Upload that may have been completed before, nobody can say that it expired. */
export function expiryOf({ completeUnanswered }: Transfer): UploadEvent {
  return completeUnanswered ? { type: 'failed', error: outcomeUnknown() } : { type: 'expired' }
}
