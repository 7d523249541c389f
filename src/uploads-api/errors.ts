import type { ErrorEnvelope } from '../protocol/index.js'

export interface ApiErrorOptions {
  /** @default 400 */
  status?: number
  /** Which parameter is at fault. @default null */
  param?: string | null
  /** @default null, as in every recorded error */
  code?: string | null
}

/** A refusal that the caller is meant to read; anything else that is thrown becomes a 500 without details. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly param: string | null
  readonly code: string | null

  constructor(message: string, { status = 400, param = null, code = null }: ApiErrorOptions = {}) {
    super(message)
    this.status = status
    this.param = param
    this.code = code
  }

  /** Source: recorded 400 and 404 answers; all four keys are always there. */
  toEnvelope(): ErrorEnvelope {
    const { message, param, code } = this
    return { error: { message, type: this.status >= 500 ? 'server_error' : 'invalid_request_error', param, code } }
  }
}

/** Source: recorded 404 of a File, restated for both kinds. */
export function noSuch(kind: 'Upload' | 'File', id: string): ApiError {
  return new ApiError(`No such ${kind} object: ${id}`, { status: 404, param: 'id' })
}

export function missing(param: string): ApiError {
  return new ApiError(`Missing required parameter: '${param}'.`, { param })
}
