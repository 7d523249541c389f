import {
  HEADERS,
  parseRemoteUpload,
  parseUploadPart,
  pathOf,
  type RemoteUpload,
  type Route,
  routeOf,
  UploadError,
} from '../protocol/index.js'
import { answerJson, answerRefusal, Refusal } from './answer.js'
import { readCompleteRequest } from './complete.js'
import { readCreateRequest } from './create.js'
import { readOptions, type Settings, type UploadsHandlerOptions } from './options.js'
import { answerPreflight, checkClient, corsHeaders } from './origin.js'
import { openPart } from './part.js'
import { type Relayed, relay } from './relay.js'
import { report } from './report.js'
import { createNonce, type Keyring, signToken, type UploadClaims, verifyToken } from './token.js'

/** The backend of the upload components, for any framework that speaks Request and Response. */
export type UploadsHandler = (request: Request) => Promise<Response>

/**
 * Creates the handler that stands between your users and OpenAI's Uploads API.
 * It keeps the key, lets only `authorize`d users in, and holds no state: any instance can serve any upload.
 */
export function createUploadsHandler(options: UploadsHandlerOptions): UploadsHandler {
  const settings = readOptions(options)
  return async (request) => {
    try {
      return withCors(await answer(request, settings), request, settings)
    } catch (error) {
      return withCors(answerError(error, request, settings), request, settings)
    } finally {
      // Whatever was not read is let go, so that the sender stops; a stream that was read is locked, and refuses.
      request.body?.cancel().catch(() => {})
    }
  }
}

/** Each check stands before everything that costs more than it does; OpenAI is called last. */
async function answer(request: Request, settings: Settings): Promise<Response> {
  if (request.method === 'OPTIONS') return answerPreflight(request, settings.allowedOrigins)
  const route = findRoute(request, settings.basePath)
  if (route.call !== 'policy') checkClient(request, settings.allowedOrigins)
  const user = await authorize(request, settings)
  if (user instanceof Response) return user
  const [apiKey, keyring] = await readCredentials(settings)
  if (route.call === 'policy') return answerJson(200, settings.policy)
  refuseEncodedBody(request)
  if (!('uploadId' in route)) return create(request, settings, apiKey, keyring, user)

  const { call, uploadId } = route
  const claims = await verifyToken(keyring, request.headers.get(HEADERS.token), {
    userId: user,
    uploadId,
    notBefore: settings.now() / 1000 - graceSeconds[call],
  })
  if (!claims)
    throw new Refusal(403, 'token_invalid', `The ${HEADERS.token} is missing, expired or not for this upload.`)
  switch (call) {
    case 'addPart':
      return addPart(request, settings, apiKey, claims)
    case 'complete':
      return complete(request, settings, apiKey, claims)
    case 'cancel':
      return cancel(request, settings, apiKey, claims)
  }
}

/**
 * How long a token outlives its Upload, by call. Our clock may be ahead of OpenAI's, whose word on expiry is final
 * and clearer than a 403; a cancel that comes late only cleans up.
 */
const graceSeconds = { addPart: 300, complete: 300, cancel: 86_400 } as const

function findRoute(request: Request, basePath: string): Route {
  const { pathname } = new URL(request.url)
  const path = pathname.startsWith(basePath) ? pathname.slice(basePath.length) : null
  if (path !== null && (path === '' || path.startsWith('/'))) {
    const route = routeOf(request.method, path)
    if (route) return route
    const allowed = ['GET', 'POST'].filter((method) => routeOf(method, path) !== null)
    if (allowed.length > 0) {
      throw new Refusal(405, 'method_not_allowed', `This path takes ${allowed.join(' and ')} only.`, {
        headers: { allow: allowed.join(', ') },
      })
    }
  }
  throw new Refusal(404, 'not_found', 'No such path. Is the endpoint of the browser the basePath of the handler?')
}

/** The user's id, or the app's own answer. */
async function authorize(request: Request, settings: Settings): Promise<string | Response> {
  let user: Awaited<ReturnType<Settings['authorize']>>
  try {
    user = await settings.authorize(request)
  } catch (error) {
    if (error instanceof Response) return error
    throw new Refusal(500, 'server_error', 'The upload backend failed.', { cause: error })
  }
  if (!user) throw new Refusal(401, 'auth_required', 'Sign in to upload files.')
  if (typeof user.userId !== 'string' || user.userId === '') {
    throw misconfigured(new UploadError('invalid_options', 'authorize must return { userId } with a non-empty string.'))
  }
  if (request.bodyUsed) {
    const hint = 'authorize read the request body, which the upload needs. Decide by headers and cookies.'
    throw misconfigured(new UploadError('invalid_options', hint, { hint }))
  }
  return user.userId
}

async function readCredentials(settings: Settings): Promise<[apiKey: string, keyring: Keyring]> {
  try {
    return await Promise.all([settings.apiKey(), settings.keyring()])
  } catch (error) {
    throw misconfigured(error)
  }
}

function misconfigured(cause: unknown): Refusal {
  return new Refusal(500, 'invalid_options', 'The upload backend is not set up correctly; its log says why.', { cause })
}

/** Sizes are counted in the bytes that OpenAI gets, so they may not be compressed on the way. */
function refuseEncodedBody(request: Request): void {
  const encoding = request.headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') {
    throw new Refusal(415, 'invalid_request', 'Send the body without a content-encoding.')
  }
}

async function create(
  request: Request,
  settings: Settings,
  apiKey: string,
  keyring: Keyring,
  userId: string,
): Promise<Response> {
  const wanted = await readCreateRequest(request, settings)
  const { value, headers } = await relay(settings, apiKey, {
    call: 'create',
    path: '',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
    signals: [request.signal],
    parse: parseRemoteUpload,
  })
  const token = await signToken(keyring, userId, {
    uploadId: value.id,
    bytes: wanted.bytes,
    purpose: wanted.purpose,
    expiresAt: value.expires_at,
    nonce: createNonce(),
  })
  return answerJson(200, value, { ...headers, [HEADERS.token]: token })
}

async function addPart(request: Request, settings: Settings, apiKey: string, claims: UploadClaims): Promise<Response> {
  const body = openPart(request, claims, settings.policy)
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

async function complete(request: Request, settings: Settings, apiKey: string, claims: UploadClaims): Promise<Response> {
  const relayed = await relay(settings, apiKey, {
    call: 'complete',
    path: pathOf('complete', claims.uploadId),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(await readCompleteRequest(request)),
    signals: [request.signal],
    parse: (answer) => {
      const upload = parseOwnUpload(answer, claims)
      return upload?.status === 'completed' && !upload.file ? null : upload
    },
  })
  return answerRelayed(relayed)
}

async function cancel(request: Request, settings: Settings, apiKey: string, claims: UploadClaims): Promise<Response> {
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

function answerError(error: unknown, request: Request, settings: Settings): Response {
  if (!(error instanceof Refusal)) {
    report(error, request, settings)
    return answerRefusal(new Refusal(500, 'server_error', 'The upload backend failed.'))
  }
  // A refusal with a cause is our side's trouble: the developer hears the cause, the browser only that it happened.
  if (error.cause !== undefined) report(error.cause, request, settings)
  return answerRefusal(error)
}

function withCors(response: Response, request: Request, settings: Settings): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(corsHeaders(request, settings.allowedOrigins))) headers.set(name, value)
  headers.append('vary', 'origin')
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers })
}
