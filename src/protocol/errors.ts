/** Every way an upload can go wrong, one word each; the backend and the browser share the list. */
export const UPLOAD_ERROR_CODES = [
  // the file, refused or lost on this side
  'file_empty',
  'file_too_small',
  'file_too_large',
  'file_type_not_allowed',
  'too_many_files',
  'file_duplicate',
  'file_rejected', // by the app's own rules; the message is its own, for the person to read
  'file_unreadable',
  'file_changed',
  'file_gone',
  'file_mismatch',
  // the person, refused by the backend
  'auth_required',
  'forbidden',
  'token_invalid',
  'rate_limited',
  'quota_exceeded',
  // the request, refused by the backend or by OpenAI
  'not_found',
  'method_not_allowed',
  'invalid_request',
  'part_too_large',
  'part_incomplete',
  'upstream_auth',
  'upstream_error',
  // the way there
  'network',
  'timeout',
  'server_error',
  'bad_response',
  // the outcome
  'integrity_failed',
  'outcome_unknown',
  'expired',
  'cancelled',
  // the developer
  'invalid_options',
  'unknown',
] as const

export type UploadErrorCode = (typeof UPLOAD_ERROR_CODES)[number]

export interface UploadErrorDetails {
  /** HTTP status of the answer that caused this, when there was one. */
  status?: number
  /** `x-request-id` of that answer: what support asks for. */
  requestId?: string
  /** OpenAI's id of the Upload. */
  uploadId?: string
}

export interface UploadErrorOptions extends UploadErrorDetails {
  /** One sentence for the developer: what to change so that this does not happen again. */
  hint?: string
  cause?: unknown
}

/** What went wrong with an upload: `code` to branch on, `message` for the person, `hint` for the developer. */
export class UploadError extends Error {
  override readonly name = 'UploadError'
  readonly code: UploadErrorCode
  readonly hint: string | undefined
  readonly details: UploadErrorDetails

  constructor(code: UploadErrorCode, message: string, options: UploadErrorOptions = {}) {
    const { hint, cause, ...details } = options
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.hint = hint
    this.details = details
  }
}

/** Tells whether `value` is an UploadError, also when it comes from another copy of this package. */
export function isUploadError(value: unknown): value is UploadError {
  return value instanceof Error && value.name === 'UploadError' && isUploadErrorCode((value as UploadError).code)
}

const codes: ReadonlySet<unknown> = new Set(UPLOAD_ERROR_CODES)

export function isUploadErrorCode(value: unknown): value is UploadErrorCode {
  return codes.has(value)
}
