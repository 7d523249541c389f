import {
  acceptOfPurpose,
  decodeMetadata,
  EXPIRES_AFTER_SECONDS,
  type ExpiresAfter,
  HEADERS,
  isAccepted,
  MAX_METADATA_BYTES,
  mimeTypeOf,
} from '../protocol/index.js'
import { Refusal } from './answer.js'
import { cleanFilename } from './filename.js'
import type { CreateRequest } from './hooks.js'
import { readJsonBody, refuseUnknownFields } from './json-body.js'
import type { Metadata } from './options.js'
import type { Settings } from './settings.js'

const MAX_CREATE_BYTES = 16 * 1024

/** Reads what the browser wants to upload, and builds anew what OpenAI will be asked: no field passes unseen. */
export async function readCreateRequest(request: Request, settings: Settings): Promise<CreateRequest> {
  const metadata = readMetadata(request)
  const body = await readJsonBody(request, MAX_CREATE_BYTES, settings)
  refuseUnknownFields(body, ['filename', 'bytes', 'mime_type', 'purpose', 'expires_after'])
  const { purposes, accept, maxBytes } = settings.policy

  const { purpose, bytes, mime_type } = body
  if (typeof purpose !== 'string' || !purposes.includes(purpose)) {
    refuse('purpose', `Files can be uploaded here for ${purposes.join(', ')} only.`)
  }
  const filename = typeof body.filename === 'string' ? cleanFilename(body.filename) : ''
  if (filename === '') refuse('filename', 'filename must be a file name with at least one visible character.')
  if (!Number.isSafeInteger(bytes) || (bytes as number) < 0) refuse('bytes', 'bytes must be a whole number.')
  if (bytes === 0) throw new Refusal(400, 'file_empty', 'The file is empty.', { param: 'bytes' })
  if ((bytes as number) > maxBytes) {
    throw new Refusal(400, 'file_too_large', `The file is larger than ${maxBytes} bytes.`, { param: 'bytes' })
  }
  if (typeof mime_type !== 'string' || !isMimeType(mime_type)) refuse('mime_type', 'mime_type must be a MIME type.')
  const accepted = accept ?? acceptOfPurpose(purpose)
  if (accepted && !isAccepted(accepted, filename, mimeTypeOf(filename, mime_type))) {
    const message = `Files of this type are not accepted; these are: ${accepted.join(', ')}.`
    throw new Refusal(400, 'file_type_not_allowed', message, { param: 'mime_type' })
  }
  const expiresAfter = readExpiresAfter(body.expires_after, settings.expiresAfter)
  return {
    wanted: {
      purpose,
      filename,
      bytes: bytes as number,
      mime_type,
      ...(expiresAfter && { expires_after: expiresAfter }),
    },
    metadata,
  }
}

function refuse(param: string, message: string): never {
  throw new Refusal(400, 'invalid_request', message, { param })
}

function isMimeType(text: string): boolean {
  return text.length <= 255 && /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+(?:;\s?[a-z0-9-]+=[\w.-]+)?$/i.test(text)
}

function readExpiresAfter(raw: unknown, cap: number | null): ExpiresAfter | null {
  if (raw === undefined || raw === null) return cap === null ? null : { anchor: 'created_at', seconds: cap }
  if (typeof raw !== 'object' || Array.isArray(raw)) refuse('expires_after', 'expires_after must be an object.')
  const value = raw as Record<string, unknown>
  refuseUnknownFields(value, ['anchor', 'seconds'])
  if (value.anchor !== 'created_at') refuse('expires_after.anchor', "expires_after.anchor must be 'created_at'.")
  const { min } = EXPIRES_AFTER_SECONDS
  const max = cap ?? EXPIRES_AFTER_SECONDS.max
  const seconds = value.seconds as number
  if (!Number.isSafeInteger(seconds) || seconds < min || seconds > max) {
    refuse('expires_after.seconds', `expires_after.seconds must be a whole number from ${min} to ${max}.`)
  }
  return { anchor: 'created_at', seconds }
}

/** Metadata is for the backend's own hooks and stays here; what cannot be read is refused now, not lost later. */
function readMetadata(request: Request): Metadata {
  const header = request.headers.get(HEADERS.metadata)
  if (header === null) return {}
  // base64 is a third longer than its bytes: a quick bound before decoding.
  const metadata = header.length <= MAX_METADATA_BYTES * 1.5 ? decodeMetadata(header) : null
  if (!metadata || new TextEncoder().encode(JSON.stringify(metadata)).length > MAX_METADATA_BYTES) {
    throw new Refusal(
      400,
      'invalid_request',
      `${HEADERS.metadata} must be base64url of a JSON object of strings, at most ${MAX_METADATA_BYTES} bytes.`,
      { param: HEADERS.metadata },
    )
  }
  return metadata
}
