import {
  type CompleteUploadRequest,
  type CreateUploadRequest,
  HEADERS,
  isCreateKey,
  parseRemoteUpload,
  parseUploadPart,
  pathOf,
  type RemoteUpload,
} from '../protocol/index.js'
import { answerJson, Refusal } from './answer.js'
import { readCompleteRequest } from './complete.js'
import { readCreateRequest } from './create.js'
import { applyOnCreate, type CreateRequest, runOnComplete } from './hooks.js'
import type { Ledger } from './ledger.js'
import { hashForLog, type LogDraft } from './log.js'
import type { Made } from './once.js'
import type { UploadsUser } from './options.js'
import { openPart, type PartBody } from './part.js'
import { type Relayed, relay, UpstreamRefusal } from './relay.js'
import type { Settings } from './settings.js'
import { createNonce, type Keyring, signToken, type UploadClaims } from './token.js'

/** One request that has been let in, with all that its call needs. */
export interface Visit {
  readonly request: Request
  readonly settings: Settings
  readonly apiKey: string
  readonly keyring: Keyring
  readonly user: UploadsUser
  readonly entry: LogDraft
  /** Null without a store. */
  readonly ledger: Ledger | null
}

export async function create(visit: Visit): Promise<Response> {
  const { request, settings, keyring, user, ledger, entry } = visit
  const key = readCreateKey(request)
  const asked = await readCreateRequest(request, settings)
  const call = () => createCounted(visit, asked)
  const made = ledger && key !== null ? await ledger.createOnce(user.userId, key, asked, call) : await call()
  const { value, headers } = made.relayed
  if ('again' in made && made.again) await noteNew(visit, { ...asked.wanted, filename: value.filename })
  entry.uploadId = value.id
  const token = await signToken(keyring, user.userId, {
    uploadId: value.id,
    bytes: asked.wanted.bytes,
    purpose: asked.wanted.purpose,
    expiresAt: value.expires_at,
    nonce: made.nonce,
    ...(settings.onComplete && Object.keys(made.metadata).length > 0 && { metadata: made.metadata }),
  })
  return answerJson(200, value, { ...headers, [HEADERS.token]: token })
}

function readCreateKey({ headers }: Request): string | null {
  const key = headers.get(HEADERS.key)
  if (key === null || isCreateKey(key)) return key
  throw new Refusal(400, 'invalid_request', `${HEADERS.key} must be 16 to 64 letters, digits, - or _.`, {
    param: HEADERS.key,
  })
}

async function createCounted(visit: Visit, asked: CreateRequest): Promise<Made> {
  const { request, settings, user, ledger } = visit
  const nonce = createNonce()
  const takeBack = await ledger?.begin(user.userId, nonce, asked.wanted.bytes)
  try {
    const { wanted, metadata } = await applyOnCreate(asked, user, request, settings)
    await noteNew(visit, wanted)
    return { relayed: await relayCreate(visit, wanted), nonce, metadata }
  } catch (error) {
    await takeBack?.()
    throw error
  }
}

async function noteNew({ settings, keyring, entry }: Visit, { purpose, bytes, filename }: CreateUploadRequest) {
  entry.purpose = purpose
  entry.bytes = bytes
  if (settings.logger) entry.filename = await hashForLog(keyring, 'filename', filename)
}

function relayCreate({ request, settings, apiKey, ledger }: Visit, wanted: CreateUploadRequest) {
  // A browser that has left may try again with its key, and gets what was made then.
  const isAwaited = ledger !== null && request.headers.has(HEADERS.key)
  return relay(settings, apiKey, {
    call: 'create',
    path: '',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
    signals: isAwaited ? [] : [request.signal],
    parse: parseRemoteUpload,
  })
}

export async function addPart(visit: Visit, claims: UploadClaims): Promise<Response> {
  const { request, settings, user, entry, ledger } = visit
  const body = openPart(request, claims, settings)
  entry.bytes = body.size
  let finish: Awaited<ReturnType<Ledger['beginPart']>> | undefined
  try {
    finish = await ledger?.beginPart(user.userId, claims, body.limit)
    const relayed = await relayPart(visit, claims, body)
    await finish?.(body.received())
    return answerRelayed(relayed)
  } catch (error) {
    // A part that went out whole and got no answer may be at OpenAI.
    await finish?.(body.arrived() && !(error instanceof UpstreamRefusal) ? body.received() : 0)
    throw error
  } finally {
    body.release()
  }
}

function relayPart({ request, settings, apiKey }: Visit, claims: UploadClaims, body: PartBody) {
  return relay(settings, apiKey, {
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
}

export async function complete(visit: Visit, claims: UploadClaims): Promise<Response> {
  const { request, settings, user, ledger } = visit
  const wanted = await readCompleteRequest(request, settings)
  const call = () => relayComplete(visit, claims, wanted)
  const { relayed, first } = ledger
    ? await ledger.completeOnce(claims, wanted, call)
    : { relayed: await call(), first: true }
  const { file, status } = relayed.value
  if (first && file && status === 'completed') {
    await ledger?.end(user.userId, claims)
    const completed = { uploadId: claims.uploadId, metadata: claims.metadata ?? {} }
    await runOnComplete(file, user, completed, request, settings)
  }
  return answerRelayed(relayed)
}

function relayComplete({ request, settings, apiKey }: Visit, claims: UploadClaims, wanted: CompleteUploadRequest) {
  // The file may be made although the browser has left: whoever is to know of it, waits for it.
  const isAwaited = settings.onComplete !== undefined || settings.store !== null
  return relay(settings, apiKey, {
    call: 'complete',
    path: pathOf('complete', claims.uploadId),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
    signals: isAwaited ? [] : [request.signal],
    parse: (answer) => {
      const upload = parseOwnUpload(answer, claims)
      return upload?.status === 'completed' && !upload.file ? null : upload
    },
  })
}

export async function cancel(visit: Visit, claims: UploadClaims): Promise<Response> {
  const { request, settings, apiKey, user, ledger } = visit
  const relayed = await relay(settings, apiKey, {
    call: 'cancel',
    path: pathOf('cancel', claims.uploadId),
    signals: [request.signal],
    parse: (answer) => parseOwnUpload(answer, claims),
  })
  if (relayed.value.status === 'cancelled') await ledger?.end(user.userId, claims)
  return answerRelayed(relayed)
}

function parseOwnUpload(answer: unknown, claims: UploadClaims): RemoteUpload | null {
  const upload = parseRemoteUpload(answer)
  return upload?.id === claims.uploadId ? upload : null
}

function answerRelayed({ value, headers }: Relayed<unknown>): Response {
  return answerJson(200, value, headers)
}
