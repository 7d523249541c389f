import { type Conditions, type FaultName, LARGEST_BODY, RETRY_AFTER_SECONDS, SLOW_COMPLETE_MS } from './conditions.js'
import { SlowLine } from './slow-line.js'

/** Calls the Uploads API as `fetch` would. */
export type CallApi = (url: string, init: RequestInit) => Promise<Response>

/** The parts of the demo's backend that the weather comes between. */
export interface Backend {
  /** The upload handler in front of this API. */
  handlerFor: (callApi: CallApi) => (request: Request) => Promise<Response>
  callApi: CallApi
  /** The same, but its Uploads expire after `SHORT_LIFE_SECONDS`. */
  callShortLivedApi: CallApi
}

/**
 * What one visitor's requests go through: a line with a speed and a plug, a proxy with a limit, and an API that has bad
 * days. Between them stands the real handler, and behind them the real API.
 */
export class BadWeather {
  readonly #backend: Backend
  readonly #line = new SlowLine()
  readonly #shortLived = new Set<string>()
  #conditions: Conditions
  /** Breaks the connections that are open. */
  readonly #cuts = new Set<() => void>()

  constructor(backend: Backend, conditions: Conditions) {
    this.#backend = backend
    this.#conditions = conditions
  }

  set conditions(conditions: Conditions) {
    this.#conditions = conditions
    if (this.#has('cut')) for (const cut of this.#cuts) cut()
  }

  async serve(request: Request): Promise<Response> {
    if (this.#has('cut')) return cutOff()
    if (this.#has('too_large') && Number(request.headers.get('content-length')) > LARGEST_BODY) return tooLarge()
    let cut!: () => void
    const broken = new Promise<Response>((resolve) => {
      cut = () => resolve(cutOff())
    })
    this.#cuts.add(cut)
    const handle = this.#backend.handlerFor(this.#apiFor(request))
    const answer = handle(this.#line.carry(request, () => this.#conditions.bytesPerSecond))
    return Promise.race([answer, broken]).finally(() => this.#cuts.delete(cut))
  }

  #has(fault: FaultName): boolean {
    return this.#conditions.faults.includes(fault)
  }

  /** The API as it answers this request of the browser. */
  #apiFor(request: Request): CallApi {
    return async (url, init) => {
      if (this.#has('rate_limit')) return rateLimited()
      if (this.#has('part_3') && isThirdPart(request)) return unavailable()
      if (this.#has('slow_complete') && url.endsWith('/complete')) await sleep(SLOW_COMPLETE_MS)
      return this.#call(url, init)
    }
  }

  async #call(url: string, init: RequestInit): Promise<Response> {
    const { callApi, callShortLivedApi } = this.#backend
    const id = /\/uploads\/([^/]+)/.exec(url)?.[1]
    if (id !== undefined) return (this.#shortLived.has(id) ? callShortLivedApi : callApi)(url, init)
    if (!this.#has('short_life')) return callApi(url, init)
    const answer = await callShortLivedApi(url, init)
    const created = (await answer.clone().json()) as { id?: string }
    if (created.id !== undefined) this.#shortLived.add(created.id)
    return answer
  }
}

/** The adapter has no way to answer a body that fails but to break the connection: nothing arrives, not even a status. */
function cutOff(): Response {
  return new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('The plug is out.')) }))
}

/** As nginx says it. */
function tooLarge(): Response {
  const page = '<html><head><title>413 Request Entity Too Large</title></head></html>'
  return new Response(page, { status: 413, headers: { 'content-type': 'text/html' } })
}

function rateLimited(): Response {
  const error = { message: 'Rate limit reached.', type: 'requests', param: null, code: 'rate_limit_exceeded' }
  return Response.json({ error }, { status: 429, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } })
}

function unavailable(): Response {
  const error = { message: 'The server is overloaded.', type: 'server_error', param: null, code: null }
  return Response.json({ error }, { status: 503 })
}

/** Whether two parts of its size lie before it. */
function isThirdPart(request: Request): boolean {
  const [start = 0, last = 0] = (request.headers.get('x-upload-range') ?? '').split(/[-/]/).map(Number)
  return start > 0 && start === 2 * (last - start + 1)
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
