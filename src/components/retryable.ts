import { keepsParts, type UploadSnapshot } from '../core/index.js'
import type { UploadErrorCode } from '../protocol/index.js'

/** Trying the same file again ends the same way, so no button offers it. */
const hopeless: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'file_empty',
  'file_too_small',
  'file_too_large',
  'file_type_not_allowed',
  'file_gone',
  'file_changed',
  'forbidden',
  'quota_exceeded',
  'method_not_allowed',
  'invalid_request',
  'invalid_options',
])

/** What pressing Retry would do; null where there is nothing to try. */
export function retryKind(upload: UploadSnapshot): 'continue' | 'again' | 'anew' | null {
  switch (upload.status) {
    case 'failed':
      if (hopeless.has(upload.error.code)) return null
      if (keepsParts(upload)) return 'continue'
      // Nothing had reached the server, so there is nothing to do "again".
      return upload.remote === null ? 'continue' : 'anew'
    case 'cancelled':
      return 'anew'
    case 'expired':
      return 'again'
    default:
      return null
  }
}

/** Tells whether the parts on the server are of use to a retry that is offered. */
export function canContinue(upload: UploadSnapshot): boolean {
  return upload.status === 'failed' && keepsParts(upload) && !hopeless.has(upload.error.code)
}
