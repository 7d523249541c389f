import type { UploadCall, UploadErrorCode } from '../protocol/index.js'
import type { Settings } from './options.js'
import { tellApp } from './report.js'
import { hashFor, type Keyring } from './token.js'

/**
 * What a logger is told about one request: these fields and no others, none of them secret.
 * Users and file names are hashes under the handler's secret: equal ones can be found, and none can be guessed.
 */
export interface UploadsLogEntry {
  /** Null when no route fits. */
  call: UploadCall | 'preflight' | null
  /** HTTP status of the answer. */
  status: number
  /** Code of the error that was answered. */
  code: UploadErrorCode | null
  /** Hash of the userId, null before `authorize` has let somebody in. */
  user: string | null
  uploadId: string | null
  purpose: string | null
  /** Of the file at create, of the part at addPart. */
  bytes: number | null
  /** Hash of the file name, at create. */
  filename: string | null
  /** OpenAI's `x-request-id`: what its support asks for. */
  requestId: string | null
  durationMs: number
}

/** The entry of a request while it is being answered: each step writes down what it has learnt. */
export type LogDraft = Omit<UploadsLogEntry, 'status' | 'requestId' | 'durationMs'>

export function draftEntry(): LogDraft {
  return { call: null, code: null, user: null, uploadId: null, purpose: null, bytes: null, filename: null }
}

/** Logs start at a hash that is short enough to read, and long enough not to meet another. */
export async function hashForLog(keyring: Keyring, kind: 'user' | 'filename', text: string): Promise<string> {
  return (await hashFor(keyring, `uploads-log-v1|${kind}|`, text)).slice(0, 16)
}

/** Whatever the app's logger does, the answer stands. */
export function log(draft: LogDraft, response: Response, startedAt: number, settings: Settings): void {
  tellApp(() =>
    settings.logger?.({
      ...draft,
      status: response.status,
      requestId: response.headers.get('x-request-id'),
      durationMs: settings.now() - startedAt,
    }),
  )
}
