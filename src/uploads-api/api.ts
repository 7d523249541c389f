import type { FileObject, RemoteUpload } from '../protocol/index.js'
import { DEFAULT_BEHAVIOUR, type UploadsApiBehaviour } from './behaviour.js'
import { ApiError } from './errors.js'
import { listFiles } from './file-list.js'
import { type IdSource, randomIds } from './ids.js'
import { type Route, routeOf } from './routes.js'
import type { UploadsStorage } from './storage.js'
import { createMemoryStorage } from './storage-memory.js'
import { type CompletedRecord, fileObjectOf, hasFileAt, uploadObjectOf } from './upload-record.js'
import { Uploads } from './uploads.js'

export interface UploadsApiClock {
  /** Unix time in milliseconds. */
  now(): number
  /** Used for `completeDelay` only. @default setTimeout */
  sleep?(milliseconds: number): Promise<void>
}

export interface UploadsApiOptions {
  /** Where everything is kept. @default memory */
  storage?: UploadsStorage | undefined
  /** Replace it to let Uploads expire without waiting. @default the system's clock */
  clock?: UploadsApiClock | undefined
  /** @default random ids in the shapes of the real ones */
  ids?: IdSource | undefined
  /** The bearer token that every call must have. @default none is asked for */
  apiKey?: string | undefined
  /** Limits, and answers where OpenAI documents none. */
  behaviour?: Partial<UploadsApiBehaviour> | undefined
  /** Told of every failure that the caller sees only as a 500. @default console.error */
  onError?: ((error: unknown) => void) | undefined
}

/** An Upload as a test wants to see it: with the Parts that the real API never lists. */
export interface UploadView extends RemoteUpload {
  /** Accepted Parts in order of arrival; once completed, those that make the File. */
  parts: readonly { id: string; bytes: number }[]
}

export interface UploadsApi {
  /** Answers one request below `/v1`; never rejects. */
  handler: (request: Request) => Promise<Response>
  /** Reads what the storage kept; the first request does it, too. */
  load(): Promise<void>
  /** Every Upload at this moment, oldest first. */
  readonly uploads: readonly UploadView[]
  /** Every File that can be read at this moment. */
  readonly files: readonly FileObject[]
  /** All bytes of a File, to compare them; for large ones, stream `GET /files/{id}/content`. */
  readFile(fileId: string): Promise<Uint8Array>
}

/** The Uploads API of OpenAI in this process: same calls, same bodies, same errors. */
export function createUploadsApi(options: UploadsApiOptions = {}): UploadsApi {
  const { apiKey, ids = randomIds, clock = systemClock, storage = createMemoryStorage() } = options
  const { onError = console.error } = options
  const behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour }
  const now = () => Math.floor(clock.now() / 1000)
  const sleep = (milliseconds: number) => (clock.sleep ? clock.sleep(milliseconds) : systemSleep(milliseconds))
  const uploads = new Uploads({ storage, ids, behaviour, now, sleep, onError })

  let loading: Promise<void> | undefined
  const load = () => {
    loading ??= uploads.load()
    return loading
  }
  const fileRecords = () =>
    uploads.all().flatMap(({ record }): CompletedRecord[] => (hasFileAt(record, now()) ? [record] : []))

  async function answer(request: Request): Promise<Response> {
    assertKey(request, apiKey)
    const url = new URL(request.url)
    const route = routeOf(request.method, url.pathname)
    if ('allow' in route) return refuseRoute(request.method, url.pathname, route.allow)
    await load()
    await uploads.purge()
    return perform(route, request, url)
  }

  async function perform(route: Route, request: Request, url: URL): Promise<Response> {
    switch (route.call) {
      case 'createUpload':
        return Response.json(await uploads.create(request))
      case 'addPart':
        return Response.json(await uploads.addPart(route.id, request))
      case 'completeUpload':
        return Response.json(await uploads.complete(route.id, request))
      case 'cancelUpload':
        return Response.json(await uploads.cancel(route.id))
      case 'listFiles':
        return Response.json(listFiles(fileRecords(), url.searchParams))
      case 'getFile':
        return Response.json(fileObjectOf(uploads.recordOfFile(route.id)))
      case 'deleteFile':
        await uploads.deleteFile(route.id)
        return Response.json({ object: 'file', deleted: true, id: route.id })
      case 'getContent':
        return contentOf(uploads.recordOfFile(route.id))
    }
  }

  function contentOf(record: CompletedRecord): Response {
    if (behaviour.privatePurposes.includes(record.purpose)) {
      throw new ApiError(`Not allowed to download files of purpose: ${record.purpose}`)
    }
    return new Response(streamOf(storage.read(record.id, record.outcome.partIds)), {
      headers: {
        'content-type': 'application/octet-stream',
        'content-length': String(record.bytes),
        // A browser must never render what somebody uploaded.
        'content-disposition': 'attachment',
      },
    })
  }

  return {
    handler: async (request) => {
      const started = clock.now()
      const response = await answer(request).catch((error: unknown) => refusalOf(error, onError))
      setCommonHeaders(response.headers, ids.request(), clock.now() - started)
      return response
    },
    load,
    get uploads() {
      return uploads.all().map(({ record, parts }) => ({
        ...uploadObjectOf(record, now()),
        parts: Array.from(parts, ([id, bytes]) => ({ id, bytes })),
      }))
    },
    get files() {
      return fileRecords().map(fileObjectOf)
    },
    readFile: async (fileId) => {
      const record = uploads.recordOfFile(fileId)
      const bytes = new Uint8Array(record.bytes)
      let offset = 0
      for await (const chunk of storage.read(record.id, record.outcome.partIds)) {
        bytes.set(chunk, offset)
        offset += chunk.length
      }
      return bytes
    },
  }
}

const systemClock: UploadsApiClock = { now: () => Date.now() }

function systemSleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

function assertKey(request: Request, apiKey: string | undefined): void {
  if (apiKey === undefined || request.headers.get('authorization') === `Bearer ${apiKey}`) return
  throw new ApiError('Incorrect API key provided.', { status: 401, code: 'invalid_api_key' })
}

function refuseRoute(method: string, pathname: string, allow: readonly string[]): Response {
  if (allow.length === 0) throw new ApiError(`Invalid URL (${method} ${pathname})`, { status: 404 })
  const response = errorResponse(new ApiError(`Not allowed to ${method} on ${pathname}.`, { status: 405 }))
  response.headers.set('allow', allow.join(', '))
  return response
}

function refusalOf(error: unknown, onError: (error: unknown) => void): Response {
  if (error instanceof ApiError) return errorResponse(error)
  onError(error)
  return errorResponse(new ApiError('The server had an error while processing your request.', { status: 500 }))
}

function errorResponse(error: ApiError): Response {
  return Response.json(error.toEnvelope(), { status: error.status })
}

/** Source: recorded answers, but for the headers that name an organization or a network. */
function setCommonHeaders(headers: Headers, requestId: string, elapsedMs: number): void {
  headers.set('x-request-id', requestId)
  headers.set('openai-version', '2020-10-01')
  headers.set('openai-processing-ms', String(Math.max(0, Math.round(elapsedMs))))
  headers.set('access-control-allow-origin', '*')
  headers.set('x-content-type-options', 'nosniff')
}

/** Not every browser has `ReadableStream.from`. */
function streamOf(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await iterator.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: async () => void (await iterator.return?.()),
    },
    { highWaterMark: 0 },
  )
}
