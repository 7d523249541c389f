import {
  type CreateUploadRequest,
  EXPIRES_AFTER_SECONDS,
  MAX_METADATA_BYTES,
  mimeTypeOf,
  type Purpose,
  UploadError,
} from '../protocol/index.js'
import { expectOption, isObject } from './expect-option.js'

/** What one upload is for and how it is declared to OpenAI. */
export interface UploadOptions {
  /** What OpenAI will use the file for. */
  purpose: Purpose | (string & {})
  /** Name that OpenAI shows. @default the file's own name */
  filename?: string
  /** @default by extension where OpenAI documents one, else what the browser says */
  mimeType?: string
  /** Seconds until OpenAI deletes the resulting File: 3600 to 2592000. @default the API's: batch files 30 days, others never */
  expiresAfter?: number
  /** For the backend's hooks, at most 4 KiB as JSON; never sent to OpenAI. */
  metadata?: Readonly<Record<string, string>>
}

/** Throws `invalid_options` with the fix in the message when the options cannot work. */
export function checkOptions(options: Partial<UploadOptions>): asserts options is UploadOptions {
  const { purpose, filename, mimeType, expiresAfter, metadata } = options
  if (typeof purpose !== 'string' || purpose === '') {
    throw new UploadError('invalid_options', 'An upload needs a purpose. Pass `purpose`, for example "user_data".')
  }
  const isName = filename === undefined || (typeof filename === 'string' && filename !== '')
  expectOption(isName, 'filename', filename, 'the name as text, or nothing for the file’s own')
  const isType = mimeType === undefined || typeof mimeType === 'string'
  expectOption(isType, 'mimeType', mimeType, 'a MIME type as text, or nothing to have it found out')
  const { min, max } = EXPIRES_AFTER_SECONDS
  if (expiresAfter !== undefined && !(Number.isInteger(expiresAfter) && expiresAfter >= min && expiresAfter <= max)) {
    const message = `expiresAfter is ${String(expiresAfter)}; it counts seconds. Pass a whole number from ${min} to ${max}.`
    throw new UploadError('invalid_options', message)
  }
  if (metadata !== undefined) {
    const isPlain = isObject(metadata) && Object.values(metadata).every((value) => typeof value === 'string')
    expectOption(isPlain && !(metadata instanceof Map), 'metadata', metadata, 'an object whose values are all texts')
    const bytes = new TextEncoder().encode(JSON.stringify(metadata)).length
    if (bytes > MAX_METADATA_BYTES) {
      const message = `metadata has ${bytes} bytes as JSON; at most ${MAX_METADATA_BYTES} are sent. Pass ids, not contents.`
      throw new UploadError('invalid_options', message)
    }
  }
}

/** The body of `POST /uploads` for a file. */
export function createRequestOf(file: File, options: UploadOptions): CreateUploadRequest {
  const filename = options.filename ?? file.name
  return {
    filename,
    bytes: file.size,
    mime_type: options.mimeType || mimeTypeOf(filename, file.type),
    purpose: options.purpose,
    ...(options.expiresAfter !== undefined && {
      expires_after: { anchor: 'created_at' as const, seconds: options.expiresAfter },
    }),
  }
}
