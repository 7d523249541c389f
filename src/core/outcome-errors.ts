import { UploadError, type UploadErrorCode } from '../protocol/index.js'

// Ways for an upload to end that no single answer stands for.

const unanswered: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'network',
  'timeout',
  'server_error',
  'upstream_error',
  'bad_response',
])

/** Whether a failure is no answer at all: the call may have been carried out all the same. */
export function isUnanswered(code: UploadErrorCode): boolean {
  return unanswered.has(code)
}

const explained: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'integrity_failed',
  'expired',
  'file_changed',
  'file_gone',
  'file_unreadable',
  'auth_required',
])

/** Whether a refusal has a reason of its own, and so says nothing of whether an earlier complete went through. */
export function explainsItself(code: UploadErrorCode): boolean {
  return explained.has(code)
}

/**
 * Whether a refusal of complete can be the answer to its twin: networks and browsers deliver a request twice now and then,
 * and the second finds an Upload that the first has completed.
 */
export function mayBeATwin(code: UploadErrorCode): boolean {
  return code === 'invalid_request' || code === 'not_found'
}

/** A complete went unanswered, and asking again was refused: the API cannot be asked what became of it. */
export function outcomeUnknown(cause?: UploadError): UploadError {
  const message =
    'The last answer of the server was lost, so nobody knows whether the file arrived. Look among your files before you upload it again.'
  return new UploadError('outcome_unknown', message, {
    ...cause?.details,
    ...(cause && { cause }),
    hint: 'complete was sent and refused, its first answer may be lost, and cancel was refused, too; the API cannot be asked for the status.',
  })
}

/** Signing in again was tried, and failed. */
export function signedOut(cause: unknown): UploadError {
  return new UploadError('auth_required', 'You are signed out. Sign in, then try again; what was sent is kept.', {
    cause,
  })
}

/** The same error, naming the Upload it is about. */
export function aboutUpload(error: UploadError, uploadId: string | undefined): UploadError {
  if (!uploadId || error.details.uploadId) return error
  const { code, message, hint, cause, details } = error
  return new UploadError(code, message, { ...details, uploadId, cause, ...(hint !== undefined && { hint }) })
}
