import type { RemoteUpload } from '../protocol/index.js'
import { createUploadsHandler, type UploadsHandler, type UploadsHandlerOptions } from './index.js'

/** Canaries: no test may ever find one of these in what a browser or a log gets. */
export const API_KEY = 'sk-canary-9f27c1d04b6e48aa'
export const SECRET = 'canary-secret-0123456789abcdef-0123456789abcdef'
export const ORGANIZATION = 'org-canary5d1e'

export const UPLOAD_ID = 'upload_abc123'
/** 2026-01-01T00:00:00Z in seconds; the Upload of every test lives for the hour after it. */
export const START = 1_767_225_600

export const remoteUpload = (over: Partial<RemoteUpload> = {}): RemoteUpload => ({
  id: UPLOAD_ID,
  object: 'upload',
  bytes: 12,
  created_at: START,
  expires_at: START + 3600,
  filename: 'notes.txt',
  purpose: 'user_data',
  status: 'pending',
  ...over,
})

const file = {
  id: 'file-1',
  object: 'file',
  bytes: 12,
  created_at: START,
  filename: 'notes.txt',
  purpose: 'user_data',
} as const
export const completedUpload = (): RemoteUpload => remoteUpload({ status: 'completed', file })

export const part = (over: object = {}) => ({
  id: 'part_1',
  object: 'upload.part',
  created_at: START,
  upload_id: UPLOAD_ID,
  ...over,
})

export interface SeenCall {
  url: string
  headers: Record<string, string>
  body: string
  init: RequestInit
}

export type Respond = (request: Request) => Response | Promise<Response>

/** OpenAI as it answers when all is well. */
export const well: Respond = (request) => {
  const call = new URL(request.url).pathname.split('/').at(-1)
  if (call === 'parts') return Response.json(part())
  if (call === 'complete') return Response.json(completedUpload())
  return Response.json(remoteUpload(call === 'cancel' ? { status: 'cancelled' } : {}))
}

export interface Backend {
  handler: UploadsHandler
  /** What OpenAI got; bodies are read to their end before it answers. */
  seen: SeenCall[]
  errors: unknown[]
  clock: { now: number }
  post(path: string, options?: PostOptions): Promise<Response>
  /** Creates an Upload as Ada and gives its token. */
  token(): Promise<string>
}

export interface PostOptions {
  method?: string
  headers?: Record<string, string | null>
  json?: unknown
  body?: NonNullable<RequestInit['body']>
  user?: string | null
  token?: string
  signal?: AbortSignal
}

export const ORIGIN = 'https://app.example.com'
export const BASE = `${ORIGIN}/api/uploads`

export function backend(options: Partial<UploadsHandlerOptions> = {}, respond: Respond = well): Backend {
  const seen: SeenCall[] = []
  const errors: unknown[] = []
  const clock = { now: START * 1000 }
  const handler = createUploadsHandler({
    apiKey: API_KEY,
    secret: SECRET,
    organization: ORGANIZATION,
    purposes: ['user_data', 'fine-tune'],
    authorize: (request) => {
      const userId = request.headers.get('x-test-user')
      return userId ? { userId } : null
    },
    now: () => clock.now,
    onError: (error) => errors.push(error),
    fetch: async (url, init) => {
      const request = new Request(url, init)
      const body = await request.clone().text()
      seen.push({ url, headers: Object.fromEntries(request.headers), body, init })
      return respond(request)
    },
    ...options,
  })
  const post = (
    path: string,
    { method = 'POST', headers, json, body, user = 'ada', token, signal }: PostOptions = {},
  ) => {
    const sent = new Headers()
    const defaults = {
      ...(method === 'POST' && { 'x-uploads-client': '1' }),
      ...(user !== null && { 'x-test-user': user }),
      ...(token !== undefined && { 'x-upload-token': token }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
    }
    for (const [name, value] of Object.entries({ ...defaults, ...headers })) if (value !== null) sent.set(name, value)
    const content = json === undefined ? body : JSON.stringify(json)
    const init: RequestInit & { duplex: 'half' } = {
      method,
      headers: sent,
      duplex: 'half',
      ...(content !== undefined && { body: content }),
      ...(signal && { signal }),
    }
    return handler(new Request(BASE + path, init))
  }
  const token = async () => {
    const response = await post('', { json: createBody() })
    seen.length = 0
    return response.headers.get('x-upload-token') ?? ''
  }
  return { handler, seen, errors, clock, post, token }
}

export const createBody = (over: object = {}) => ({
  filename: 'notes.txt',
  bytes: 12,
  mime_type: 'text/plain',
  purpose: 'user_data',
  ...over,
})

/** A raw part of the twelve-byte file; by default the whole of it. */
export const rawPart = (body: NonNullable<PostOptions['body']> = 'hello world!', range = '0-11/12'): PostOptions => ({
  body,
  headers: { 'content-type': 'application/octet-stream', 'x-upload-range': range },
})

export async function errorOf(response: Response) {
  const body = (await response.json()) as {
    error: { message: string; type: string; param: string | null; code: string }
  }
  return { status: response.status, ...body.error }
}
