import { HEADERS, type Route, routeOf, UploadError } from '../protocol/index.js'
import { answerJson, answerRefusal, misconfigured, Refusal } from './answer.js'
import { addPart, cancel, complete, create } from './calls.js'
import { createLedger, type Ledger } from './ledger.js'
import { draftEntry, hashForLog, type LogDraft, log } from './log.js'
import type { UploadsHandlerOptions, UploadsUser } from './options.js'
import { answerPreflight, checkClient, corsHeaders, isPreflight } from './origin.js'
import { report } from './report.js'
import { readOptions, type Settings } from './settings.js'
import { type Keyring, verifyToken } from './token.js'

/** The backend of the upload components, for any framework that speaks Request and Response. */
export type UploadsHandler = (request: Request) => Promise<Response>

/**
 * Creates the handler that stands between your users and OpenAI's Uploads API.
 * It keeps the key, lets only `authorize`d users in, and holds no state: any instance can serve any upload.
 */
export function createUploadsHandler<User extends UploadsUser = UploadsUser>(
  options: UploadsHandlerOptions<User>,
): UploadsHandler {
  // The hooks get what `authorize` gave, and nothing in between looks at more of it than its userId.
  const settings = readOptions(options as unknown as UploadsHandlerOptions)
  return async (request) => {
    const startedAt = settings.now()
    const entry = draftEntry()
    let response: Response
    try {
      response = await answer(request, settings, entry)
    } catch (error) {
      response = answerThrown(error, request, settings, entry)
    } finally {
      // Whatever was not read is let go, so that the sender stops; a stream that was read is locked, and refuses.
      request.body?.cancel().catch(() => {})
    }
    log(entry, response, startedAt, settings)
    return withCors(response, request, settings)
  }
}

/** Each check stands before everything that costs more than it does; OpenAI is called last. */
async function answer(request: Request, settings: Settings, entry: LogDraft): Promise<Response> {
  if (isPreflight(request)) {
    entry.call = 'preflight'
    return answerPreflight(request, settings.allowedOrigins)
  }
  const route = findRoute(request, settings.basePath)
  entry.call = route.call
  if (route.call !== 'policy') checkClient(request, settings.allowedOrigins)
  const user = await authorize(request, settings)
  const [apiKey, keyring] = await readCredentials(settings)
  if (settings.logger) entry.user = await hashForLog(keyring, 'user', user.userId)
  if (route.call === 'policy') return answerJson(200, settings.policy)
  refuseEncodedBody(request)
  const visit = { request, settings, apiKey, keyring, user, entry, ledger: openLedger(request, settings) }
  if (!('uploadId' in route)) return create(visit)

  const { call, uploadId } = route
  entry.uploadId = uploadId
  const claims = await verifyToken(keyring, request.headers.get(HEADERS.token), {
    userId: user.userId,
    uploadId,
    notBefore: settings.now() / 1000 - graceSeconds[call],
  })
  if (!claims || (await visit.ledger?.isRevoked(uploadId)))
    throw new Refusal(403, 'token_invalid', `The ${HEADERS.token} is missing, expired or not for this upload.`)
  entry.purpose = claims.purpose
  switch (call) {
    case 'addPart':
      return addPart(visit, claims)
    case 'complete':
      return complete(visit, claims)
    case 'cancel':
      return cancel(visit, claims)
  }
}

/**
 * How long a token outlives its Upload, by call. Our clock may be ahead of OpenAI's, whose word on expiry is final
 * and clearer than a 403; a cancel that comes late only cleans up.
 */
const graceSeconds = { addPart: 300, complete: 300, cancel: 86_400 } as const

/** Time for OpenAI to answer a part that has arrived; after it the part's place is free, whatever became of its instance. */
const ANSWER_SECONDS = 300

function openLedger(request: Request, settings: Settings): Ledger | null {
  const { store, quotas, senderLimits } = settings
  return (
    store &&
    createLedger({
      store,
      quotas,
      partSeconds: senderLimits.totalSeconds + ANSWER_SECONDS,
      onTrouble: (error) => report(error, request, settings),
    })
  )
}

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

/** Who is asking; throws the app's own answer when it gives one. */
async function authorize(request: Request, settings: Settings): Promise<UploadsUser> {
  let user: Awaited<ReturnType<Settings['authorize']>>
  try {
    user = await settings.authorize(request)
  } catch (error) {
    if (error instanceof Response) throw error
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
  return user
}

async function readCredentials(settings: Settings): Promise<[apiKey: string, keyring: Keyring]> {
  try {
    return await Promise.all([settings.apiKey(), settings.keyring()])
  } catch (error) {
    throw misconfigured(error)
  }
}

/**
 * Sizes are counted in the bytes that OpenAI gets, so they may not be compressed on the way. Node undoes the chunks of a
 * transfer and hands on what else was done to it.
 */
function refuseEncodedBody({ headers }: Request): void {
  const [content = 'identity', transfer = 'chunked'] = ['content-encoding', 'transfer-encoding'].map((name) =>
    headers.get(name)?.toLowerCase(),
  )
  if (content !== 'identity' || transfer !== 'chunked') {
    throw new Refusal(415, 'invalid_request', 'Send the body without a content-encoding, and chunked at most.')
  }
}

/** Of what the app throws a copy is sent, as one Response may be thrown for many requests, and a body is read once. */
function answerThrown(error: unknown, request: Request, settings: Settings, entry: LogDraft): Response {
  if (!(error instanceof Response)) return answerError(error, request, settings, entry)
  try {
    if (error.type !== 'error') return error.clone()
  } catch {
    // Its body has been read.
  }
  const hint =
    'A Response that authorize or onCreate throws must be one that can be sent, with a body that nobody has read.'
  return answerError(misconfigured(new UploadError('invalid_options', hint, { hint })), request, settings, entry)
}

function answerError(error: unknown, request: Request, settings: Settings, entry: LogDraft): Response {
  if (!(error instanceof Refusal)) {
    report(error, request, settings)
    entry.code = 'server_error'
    return answerRefusal(new Refusal(500, 'server_error', 'The upload backend failed.'))
  }
  entry.code = error.code
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
