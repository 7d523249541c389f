import type { ErrorEnvelope, UploadErrorCode } from '../protocol/index.js'

/** Every answer carries these: it holds ids or a token, so nothing may cache, sniff or embed it. */
const alwaysSent = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
} as const

export interface RefusalOptions {
  /** Field of the request that is wrong, as OpenAI's envelope names it. */
  param?: string | null
  /** Headers of the answer, already checked. */
  headers?: Readonly<Record<string, string>>
  /** What really happened. Its presence asks for a log entry; it never reaches the answer. */
  cause?: unknown
}

/** A request that gets an error answer. Its message is written for the browser: no key, no token, no stack. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: UploadErrorCode
  readonly param: string | null
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: UploadErrorCode, message: string, options: RefusalOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.status = status
    this.code = code
    this.param = options.param ?? null
    this.headers = options.headers ?? {}
  }
}

/** What only the developer can put right: the log says what, the browser only that it is so. */
export function misconfigured(cause: unknown): Refusal {
  return new Refusal(500, 'invalid_options', 'The upload backend is not set up correctly; its log says why.', { cause })
}

export function answerJson(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, ...alwaysSent, 'content-type': 'application/json' },
  })
}

export function answerRefusal({ status, code, message, param, headers }: Refusal): Response {
  const envelope: ErrorEnvelope = { error: { message, type: typeOf(status), param, code } }
  return answerJson(status, envelope, headers)
}

/** The `type` that OpenAI's own envelopes carry for such a status. */
function typeOf(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status < 500 ? 'invalid_request_error' : 'server_error'
}
