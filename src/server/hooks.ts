import {
  type CreateUploadRequest,
  EXPIRES_AFTER_SECONDS,
  type FileObject,
  HEADERS,
  isRecord,
  isUploadError,
  MAX_METADATA_BYTES,
  type Purpose,
  UploadError,
  type UploadErrorCode,
} from '../protocol/index.js'
import { misconfigured, Refusal } from './answer.js'
import { cleanFilename } from './filename.js'
import type { CompletedUpload, Metadata, NewUploadChanges, UploadsUser } from './options.js'
import { report } from './report.js'
import type { Settings } from './settings.js'
import { MAX_SIGNED_METADATA_BYTES } from './token.js'

/** A create as it goes to OpenAI, with the metadata that stays here. */
export interface CreateRequest {
  wanted: CreateUploadRequest
  metadata: Metadata
}

/** Lets the app change or refuse what is to be created. */
export async function applyOnCreate(
  asked: CreateRequest,
  user: UploadsUser,
  request: Request,
  settings: Settings,
): Promise<CreateRequest> {
  if (!settings.onCreate) return checkSignedMetadata(asked, settings)
  const { wanted, metadata } = asked
  let returned: unknown
  try {
    returned = await settings.onCreate({
      user,
      filename: wanted.filename,
      bytes: wanted.bytes,
      mimeType: wanted.mime_type,
      // It was looked up among the handler's own.
      purpose: wanted.purpose as Purpose,
      metadata,
      expiresAfter: wanted.expires_after?.seconds ?? null,
      request,
    })
  } catch (error) {
    throw error instanceof Response ? error : refusalOf(error)
  }
  const changes = readChanges(returned)
  const { expires_after, ...rest } = wanted
  const seconds = changes.expiresAfter === undefined ? expires_after?.seconds : readExpiresAfter(changes.expiresAfter)
  return checkSignedMetadata(
    {
      wanted: {
        ...rest,
        ...(changes.filename !== undefined && { filename: readFilename(changes.filename) }),
        ...(seconds && { expires_after: { anchor: 'created_at', seconds } }),
      },
      metadata: changes.metadata === undefined ? metadata : readMetadata(changes.metadata, settings),
    },
    settings,
  )
}

/** What the app may say no with, and the status it stands for; any other throw is a failure of the app's. */
const refusals: ReadonlyMap<UploadErrorCode, number> = new Map([
  ['auth_required', 401],
  ['forbidden', 403],
  ['file_rejected', 403],
  ['rate_limited', 429],
  ['quota_exceeded', 429],
  ['invalid_request', 400],
  ['file_too_small', 400],
  ['file_too_large', 400],
  ['file_type_not_allowed', 400],
  ['file_duplicate', 400],
  ['too_many_files', 400],
])

function refusalOf(error: unknown): Refusal {
  const status = isUploadError(error) ? refusals.get(error.code) : undefined
  return isUploadError(error) && status !== undefined
    ? new Refusal(status, error.code, error.message)
    : new Refusal(500, 'server_error', 'The upload backend failed.', { cause: error })
}

/** `false`, or a Response that was returned instead of thrown, was meant as a no: nothing of that kind lets anybody in. */
function readChanges(returned: unknown): NewUploadChanges {
  if (returned === undefined || returned === null) return {}
  if (isRecord(returned) && !(returned instanceof Response) && !(returned instanceof Error)) return returned
  const hint = 'onCreate must return an object of changes, or nothing. To refuse, throw an UploadError or a Response.'
  throw misconfigured(new UploadError('invalid_options', hint, { hint }))
}

function readFilename(filename: unknown): string {
  const clean = typeof filename === 'string' ? cleanFilename(filename) : ''
  if (clean === '') throw wrongChange('filename', 'a file name with at least one visible character')
  return clean
}

function readExpiresAfter(seconds: unknown): number | null {
  const { min, max } = EXPIRES_AFTER_SECONDS
  if (seconds === null) return null
  if (!Number.isSafeInteger(seconds) || (seconds as number) < min || (seconds as number) > max) {
    throw wrongChange('expiresAfter', `null or whole seconds from ${min} to ${max}`)
  }
  return seconds as number
}

function readMetadata(metadata: unknown, settings: Settings): Metadata {
  const most = settings.onComplete ? MAX_SIGNED_METADATA_BYTES : MAX_METADATA_BYTES
  const sound =
    typeof metadata === 'object' &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    Object.values(metadata).every((text) => typeof text === 'string') &&
    jsonBytes(metadata) <= most
  if (!sound) throw wrongChange('metadata', `an object of strings, at most ${most} bytes as JSON`)
  return { ...(metadata as Metadata) }
}

function wrongChange(field: keyof NewUploadChanges, wanted: string): Refusal {
  return misconfigured(new UploadError('invalid_options', `onCreate must return ${wanted} as ${field}.`))
}

/** What `onComplete` is to get travels in the token, with every part: the browser may send only so much of it. */
function checkSignedMetadata(asked: CreateRequest, settings: Settings): CreateRequest {
  if (!settings.onComplete || jsonBytes(asked.metadata) <= MAX_SIGNED_METADATA_BYTES) return asked
  const message = `${HEADERS.metadata} may hold at most ${MAX_SIGNED_METADATA_BYTES} bytes of JSON here.`
  throw new Refusal(400, 'invalid_request', message, { param: HEADERS.metadata })
}

function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length
}

/** The browser waits this long for `onComplete` at most, in ms: the file is there, whatever the app makes of it. */
const HOOK_PATIENCE = 10_000

/** Tells the app of a file; nothing that goes wrong in there can undo that the upload is complete. */
export async function runOnComplete(
  fileObject: FileObject,
  user: UploadsUser,
  completed: CompletedUpload,
  request: Request,
  settings: Settings,
): Promise<void> {
  const { onComplete } = settings
  if (!onComplete) return
  const running = (async () => onComplete(fileObject, user, completed))().catch((error: unknown) =>
    report(error, request, settings),
  )
  await new Promise<void>((resolve) => {
    const stop = settings.setTimer(resolve, HOOK_PATIENCE)
    void running.then(() => {
      stop()
      resolve()
    })
  })
}
