import { MAX_PART_BYTES, MAX_UPLOAD_BYTES, PURPOSES, parseUploadPolicy, type UploadPolicy } from '../protocol/index.js'
import { Call } from './call.js'
import type { Environment } from './environment.js'
import { type Fetcher, FetcherError } from './fetcher.js'

/** The protocol's own limits, for backends that do not say. */
const DEFAULT_POLICY: UploadPolicy = {
  purposes: PURPOSES,
  accept: null,
  maxBytes: MAX_UPLOAD_BYTES,
  maxPartBytes: MAX_PART_BYTES,
  concurrency: null,
}

/** What the backend allows: asked for once, when it is first needed. */
export class BackendPolicy {
  readonly #fetcher: Fetcher
  readonly #open: () => Call
  #call: Call | null = null
  #asked: Promise<UploadPolicy> | null = null
  #known: UploadPolicy | null = null

  /** A backend that does not answer within `limit` ms counts as one that does not say: an upload must not wait for ever. */
  constructor(fetcher: Fetcher, environment: Environment, limit: number) {
    this.#fetcher = fetcher
    this.#open = () => new Call(environment, limit, () => {})
  }

  /** Null until the backend has answered. */
  get known(): UploadPolicy | null {
    return this.#known
  }

  /** Never rejects; a failure other than "there is none" is asked about again the next time. */
  load(): Promise<UploadPolicy> {
    this.#asked ??= this.#ask()
    return this.#asked
  }

  stop(): void {
    this.#call?.stop()
  }

  async #ask(): Promise<UploadPolicy> {
    // A fetcher that throws at once must find the question asked, to take it back.
    await Promise.resolve()
    try {
      // An app's own fetcher may answer anything.
      this.#call = this.#open()
      const answer = await this.#call.run(async (signal) => this.#fetcher.policy?.({ signal }))
      this.#known = parseUploadPolicy(answer) ?? DEFAULT_POLICY
    } catch (error) {
      const none = error instanceof FetcherError && (error.status === 404 || error.status === 405)
      if (none) this.#known = DEFAULT_POLICY
      else this.#asked = null
    }
    return this.#known ?? DEFAULT_POLICY
  }
}
