import { HEADERS, parseRemoteUpload, parseUploadPart, pathOf, type RemoteUpload } from '../protocol/index.js'
import { answerJson } from './answer.js'
import { readCompleteRequest } from './complete.js'
import { readCreateRequest } from './create.js'
import { applyOnCreate, runOnComplete } from './hooks.js'
import { hashForLog, type LogDraft } from './log.js'
import type { Settings, UploadsUser } from './options.js'
import { openPart } from './part.js'
import { type Relayed, relay } from './relay.js'
import { createNonce, type Keyring, signToken, type UploadClaims } from './token.js'

/** One request that has been let in, with all that its call needs. */
export interface Visit {
  readonly request: Request
  readonly settings: Settings
  readonly apiKey: string
  readonly keyring: Keyring
  readonly user: UploadsUser
  readonly entry: LogDraft
}

export async function create({ request, settings, apiKey, keyring, user, entry }: Visit): Promise<Response> {
  const asked = await readCreateRequest(request, settings)
  const { wanted, metadata } = await applyOnCreate(asked, user, request, settings)
  entry.purpose = wanted.purpose
  entry.bytes = wanted.bytes
  if (settings.logger) entry.filename = await hashForLog(keyring, 'filename', wanted.filename)
  const { value, headers } = await relay(settings, apiKey, {
    call: 'create',
    path: '',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
    signals: [request.signal],
    parse: parseRemoteUpload,
  })
  entry.uploadId = value.id
  const token = await signToken(keyring, user.userId, {
    uploadId: value.id,
    bytes: wanted.bytes,
    purpose: wanted.purpose,
    expiresAt: value.expires_at,
    nonce: createNonce(),
    ...(settings.onComplete && Object.keys(metadata).length > 0 && { metadata }),
  })
  return answerJson(200, value, { ...headers, [HEADERS.token]: token })
}

export async function addPart({ request, settings, apiKey, entry }: Visit, claims: UploadClaims): Promise<Response> {
  const body = openPart(request, claims, settings.policy)
  entry.bytes = body.size
  const relayed = await relay(settings, apiKey, {
    call: 'addPart',
    path: pathOf('addPart', claims.uploadId),
    headers: body.headers,
    body: body.stream,
    signals: [request.signal, body.broken],
    // A part that is confirmed before its last byte is not the part that was sent.
    parse: (answer) => {
      const part = body.arrived() ? parseUploadPart(answer) : null
      return part?.upload_id === claims.uploadId ? part : null
    },
  })
  return answerRelayed(relayed)
}

export async function complete({ request, settings, apiKey, user }: Visit, claims: UploadClaims): Promise<Response> {
  const wanted = await readCompleteRequest(request)
  const relayed = await relay(settings, apiKey, {
    call: 'complete',
    path: pathOf('complete', claims.uploadId),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
    // The file may be made although the browser has left: whoever wants to hear of it, hears of it.
    signals: settings.onComplete ? [] : [request.signal],
    parse: (answer) => {
      const upload = parseOwnUpload(answer, claims)
      return upload?.status === 'completed' && !upload.file ? null : upload
    },
  })
  const { file, status } = relayed.value
  if (file && status === 'completed') {
    const completed = { uploadId: claims.uploadId, metadata: claims.metadata ?? {} }
    await runOnComplete(file, user, completed, request, settings)
  }
  return answerRelayed(relayed)
}

export async function cancel({ request, settings, apiKey }: Visit, claims: UploadClaims): Promise<Response> {
  const relayed = await relay(settings, apiKey, {
    call: 'cancel',
    path: pathOf('cancel', claims.uploadId),
    signals: [request.signal],
    parse: (answer) => parseOwnUpload(answer, claims),
  })
  return answerRelayed(relayed)
}

function parseOwnUpload(answer: unknown, claims: UploadClaims): RemoteUpload | null {
  const upload = parseRemoteUpload(answer)
  return upload?.id === claims.uploadId ? upload : null
}

function answerRelayed({ value, headers }: Relayed<unknown>): Response {
  return answerJson(200, value, headers)
}
