import type { UploadsLogEntry } from './options.js'
import { tellApp } from './report.js'
import type { Settings } from './settings.js'
import { hashFor, type Keyring } from './token.js'

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
