import type { Fetcher } from '../core/index.js'
import { type FileObject, routeOf, type UploadCall } from '../protocol/index.js'
import { createUploadsApi, type UploadsApiBehaviour, type UploadView } from '../uploads-api/index.js'
import { type ClockKind, createClock, type FakeClock } from './clock.js'
import { createFakeEnvironment, type FakeEnvironment } from './fake-environment.js'
import { type Fault, Faults } from './faults.js'
import { createHandlerFetcher, type FakeLine } from './handler-fetcher.js'

export interface FakeUploadsOptions {
  /** `manual` stands still until `clock.advance(ms)`; `real` is for stories and demos. @default 'manual' */
  clock?: ClockKind
  /** Ms that every call takes on top. @default 0 */
  latency?: number
  /** Bytes per second of each connection for the bodies of parts. @default no limit */
  bytesPerSecond?: number
  /** Limits of the API, and its answers where OpenAI documents none. */
  behaviour?: Partial<UploadsApiBehaviour>
  /** Seed of the environment's randomness. @default 1 */
  seed?: number
}

/** One call as the API's door saw it. */
export interface RecordedRequest {
  call: UploadCall
  uploadId: string | null
  /** HTTP status of the answer, null when there was none or it is still under way. */
  status: number | null
}

export interface FakeUploads {
  /** For `createUploader`, `UploadsProvider` and every component. */
  fetcher: Fetcher
  /** The Uploads API as a fetch-standard handler, to put behind a backend; latency and faults included. */
  handler: (request: Request) => Promise<Response>
  clock: FakeClock
  /** For `createUploader({ environment })`, so that waiting takes no time. */
  environment: FakeEnvironment
  faults: Faults
  line: FakeLine
  files: {
    list(): readonly FileObject[]
    /** Every byte of a File. */
    read(fileId: string): Promise<Uint8Array>
  }
  uploads: { list(): readonly UploadView[] }
  /** Every call so far, oldest first. */
  requests: readonly RecordedRequest[]
  /** Calls under way at this moment, and the most there ever were. */
  traffic: { inFlight: number; peak: number }
}

/**
 * The Uploads API in memory, with a clock, faults and a fetcher: what the kit tests itself with, for an app's own tests
 * and stories.
 */
export function createFakeUploads(options: FakeUploadsOptions = {}): FakeUploads {
  const line: FakeLine = {
    latency: options.latency ?? 0,
    bytesPerSecond: options.bytesPerSecond ?? Number.POSITIVE_INFINITY,
  }
  const faults = new Faults()
  const requests: RecordedRequest[] = []
  const traffic = { inFlight: 0, peak: 0 }
  // Calls that neither wait for the clock nor for a test: only these can end by themselves.
  let busy = 0
  // A slow complete sleeps on the clock inside the API, and other calls may wait in line behind it.
  let asleep = 0

  // The engine loads it when it has something to remember, and time must not pass before it has.
  let loading: Promise<unknown> | null = null
  const clock = createClock(options.clock ?? 'manual', async () => {
    loading ??= import('../core/resume/index.js')
    await loading
    do await nextTask()
    while (busy > 0 && asleep === 0)
    // What the answers set off: a few turns for promises, messages and the streams of bodies.
    for (let turn = 0; turn < 5; turn += 1) await nextTask()
  })
  const api = createUploadsApi({
    clock: {
      now: () => clock.now(),
      sleep: async (ms) => {
        asleep += 1
        await clock.sleep(ms)
        asleep -= 1
      },
    },
    ...(options.behaviour && { behaviour: options.behaviour }),
  })

  async function working<T>(work: () => Promise<T>): Promise<T> {
    busy += 1
    try {
      return await work()
    } finally {
      busy -= 1
    }
  }

  async function passThrough(call: UploadCall, request: Request): Promise<Response> {
    const fault = faults.take(call)
    if (fault?.until) await orAborted(fault.until, request.signal)
    const delay = line.latency + (fault?.delay ?? 0)
    if (delay > 0) await clock.sleep(delay, request.signal)
    if (fault?.respond) return responseOf(fault.respond)
    if (fault?.lose === 'request') throw new TypeError('The request was lost.')
    const asked = fault?.corrupt ? await working(() => flipOneBit(request)) : request
    const response = await working(() => api.handler(asked))
    request.signal.throwIfAborted()
    if (fault?.lose === 'reply') throw new TypeError('The reply was lost.')
    return response
  }

  const handler = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname.replace(/^\/v1\/uploads/, '')
    const route = routeOf(request.method, path)
    if (!route || route.call === 'policy') return api.handler(request)
    const uploadId = 'uploadId' in route ? route.uploadId : null
    const record: RecordedRequest = { call: route.call, uploadId, status: null }
    requests.push(record)
    traffic.inFlight += 1
    traffic.peak = Math.max(traffic.peak, traffic.inFlight)
    try {
      const response = await passThrough(route.call, request)
      record.status = response.status
      return response
    } finally {
      traffic.inFlight -= 1
    }
  }

  return {
    fetcher: createHandlerFetcher(handler, clock, line),
    handler,
    clock,
    environment: createFakeEnvironment(clock, options.seed),
    faults,
    line,
    files: { list: () => api.files, read: (fileId) => api.readFile(fileId) },
    uploads: { list: () => api.uploads },
    requests,
    traffic,
  }
}

function responseOf({ status, headers, body }: NonNullable<Fault['respond']>): Response {
  if (typeof body === 'string') return new Response(body, { status, ...(headers && { headers }) })
  return Response.json(body ?? { error: { message: `Fault ${status}.`, type: 'fault', param: null, code: null } }, {
    status,
    ...(headers && { headers }),
  })
}

async function flipOneBit(request: Request): Promise<Request> {
  const data = await request.formData()
  const [field, part] = [...data.entries()][0] as [string, File]
  const bytes = new Uint8Array(await part.arrayBuffer())
  const at = bytes.length >> 1
  bytes[at] = (bytes[at] ?? 0) ^ 1
  const form = new FormData()
  form.append(field, new File([bytes], part.name))
  return new Request(request.url, { method: 'POST', body: form, signal: request.signal })
}

function orAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const fail = () => reject(signal.reason)
    signal.addEventListener('abort', fail, { once: true })
    void promise.then(() => {
      signal.removeEventListener('abort', fail)
      resolve()
    })
  })
}

// Node has a turn of the event loop without the millisecond that its timers take.
declare const setImmediate: ((callback: () => void) => void) | undefined

function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve)
    else setTimeout(resolve, 0)
  })
}
