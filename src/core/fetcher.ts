import type { ByteRange, CreateUploadRequest, RemoteUpload, UploadPart, UploadPolicy } from '../protocol/index.js'

/**
 * How the engine reaches the Uploads API: four calls, and optionally the policy. An app may bring its own.
 * Failures throw a {@link FetcherError}; anything else that is thrown counts as a network failure.
 * The engine checks every answer itself, so an implementation may return what the server said as it is.
 */
export interface Fetcher {
  /** What the backend allows. Missing, or failing with 404 or 405: the protocol's own limits. */
  policy?(options: { signal: AbortSignal }): Promise<UploadPolicy>
  /**
   * `token` is sent back with every later call for this Upload. `key` is random, and the same for every try of one create,
   * so that a backend that remembers can answer a try whose reply was lost with the Upload that it made then.
   */
  create(
    request: CreateUploadRequest,
    options: { signal: AbortSignal; metadata?: Readonly<Record<string, string>>; key?: string },
  ): Promise<{ upload: RemoteUpload; token?: string }>
  /** Sends `body`, the bytes of `range`; `onProgress` tells how many of them have left the browser. */
  addPart(
    part: { uploadId: string; token?: string; range: ByteRange; bytesTotal: number; body: Blob },
    options: { signal: AbortSignal; onProgress: (bytesSent: number) => void },
  ): Promise<UploadPart>
  complete(
    call: { uploadId: string; token?: string; partIds: readonly string[]; md5?: string },
    options: { signal: AbortSignal },
  ): Promise<RemoteUpload>
  /** Has to begin before it returns: it is also called while the page is being left. */
  cancel(call: { uploadId: string; token?: string }, options: { signal: AbortSignal }): Promise<RemoteUpload>
  /** How the calls travel, as `PerformanceResourceTiming.nextHopProtocol` says it; missing or empty: as over HTTP/1.1. */
  protocol?(): string | undefined
}

interface FetcherAnswer {
  status?: number
  headers?: HeadersInit
  body?: unknown
  redirected?: boolean
  cause?: unknown
}

/** A call that did not succeed: with `status` when a server answered, without when none was reached. */
export class FetcherError extends Error {
  override readonly name = 'FetcherError'
  readonly status: number | undefined
  readonly headers: Headers
  /** The answer as JSON where it was JSON, else as text. */
  readonly body: unknown
  /** Whether the answer came from another address than was asked, as with a login page. */
  readonly redirected: boolean

  constructor(message: string, answer: FetcherAnswer = {}) {
    super(message, answer.cause === undefined ? undefined : { cause: answer.cause })
    this.status = answer.status
    this.headers = new Headers(answer.headers)
    this.body = answer.body
    this.redirected = answer.redirected ?? false
  }
}
