import { Call } from './call.js'
import { classify, type Failure } from './retry.js'
import type { UploadHost } from './upload-host.js'

type CallName = 'create' | 'complete' | 'cancel'

/** The requests of one upload, and what each of them tells of the line that all uploads share. */
export class Calls {
  readonly #host: UploadHost
  readonly #onSlept: () => void
  // Those that are not parts; each at most once.
  readonly #underWay = new Map<CallName, Call>()

  /** `onSlept` when the machine slept during one. */
  constructor(host: UploadHost, onSlept: () => void) {
    this.#host = host
    this.#onSlept = onSlept
  }

  /** Whether any of these is under way. */
  has(...names: CallName[]): boolean {
    return names.some((name) => this.#underWay.has(name))
  }

  /** Gives a create a moment to prove that its connection lives. Not a complete: see its outcome. */
  expectSign(): void {
    this.#underWay.get('create')?.expectSign()
  }

  stop(): void {
    for (const call of this.#underWay.values()) call.stop()
  }

  /** Makes one of the calls that are not parts; one that we stopped ourselves neither succeeds nor fails. */
  async make<T>(
    name: CallName,
    request: (call: Call) => Promise<T>,
    succeeded: (value: T) => void,
    failed: (failure: Failure) => void,
  ): Promise<void> {
    const { environment, limits } = this.#host
    const call = this.open(name === 'complete' ? limits.complete : limits.response)
    this.#underWay.set(name, call)
    const outcome = await request(call).then(
      (value) => ({ value }),
      (thrown: unknown) => ({ thrown }),
    )
    this.#underWay.delete(name)
    if (call.wasStopped) return
    if ('value' in outcome) {
      this.succeeded(call)
      return succeeded(outcome.value)
    }
    const failure = classify(outcome.thrown, name, environment.now())
    this.failed(call, failure)
    failed(failure)
  }

  /** A call that may be without a sign of life for `limit` ms. */
  open(limit: number): Call {
    return new Call(this.#host.environment, limit, this.#onSlept)
  }

  /** What a call that went well tells of the line; `bytes` of a part. */
  succeeded({ startedAt, leftAt }: Call, bytes = 0): void {
    const { concurrency, environment, partSize, queue } = this.#host
    const now = environment.elapsed()
    if (bytes > 0) partSize.learn({ bytes, sending: (leftAt ?? now) - startedAt, accepted: now - startedAt })
    concurrency.succeeded(bytes, queue.inFlight, now)
  }

  /** What a failed call means for everybody, also when the upload it told this has moved on meanwhile. */
  failed({ startedAt, diedInOutage }: Call, { error: { code }, retryable, retryAfter }: Failure): void {
    const { concurrency, environment, gate } = this.#host
    const now = environment.elapsed()
    if (retryable && retryAfter !== null) gate.closeFor(retryAfter)
    if (code === 'rate_limited') concurrency.tooMany(startedAt, now)
    else if (code === 'network' && !diedInOutage) concurrency.broke(startedAt, now)
  }
}
