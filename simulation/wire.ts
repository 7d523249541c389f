import { type Fetcher, FetcherError } from '../src/core/index.js'
import { PART_FIELD, pathOf, type RemoteUpload, type UploadPart, type UploadPolicy } from '../src/protocol/index.js'
import type { UploadsApi } from '../src/uploads-api/index.js'
import { Random } from './random.js'
import type { Call, Fault, PolicyAnswer, RetryAfter, Schedule, Trouble } from './schedule.js'
import type { SimBlob, SimFile } from './sim-file.js'
import type { Page, World } from './world.js'

/** One request as the fetcher sees it. */
export interface Exchange {
  readonly page: Page
  readonly call: Call
  /** Of its kind, from 0. */
  readonly n: number
  /** Name of the file, which tells whose request it is. */
  readonly filename: string
  readonly uploadId: string | null
  readonly range: { start: number; end: number } | null
  readonly partIds: readonly string[]
  readonly token: string | undefined
  /** Whose bytes a part has. */
  readonly source: SimFile | null
  readonly trouble: Trouble['kind'] | 'ok'
  readonly startedAt: number
  /** Since when nothing has moved on this connection. */
  silentSince: number
  /** How often the API has carried it out, successfully or not. */
  processed: number
  /** The API did what was asked. */
  done: boolean
  ended: 'open' | 'answered' | 'lost' | 'aborted'
  /** The page has given it up, although a deaf fetcher goes on. */
  ignored: boolean
}

/** What the page was handed. */
export interface Answer {
  status: number
  headers: Headers
  body: unknown
  /** Whether the body was JSON. */
  isJson: boolean
  redirected: boolean
  /** Whether the API itself said so. */
  genuine: boolean
  /** Ms that the server asks to wait, by the schedule's own word. */
  wait: number | null
}

export interface WireWatch {
  started(exchange: Exchange): void
  /** The API did what was asked. */
  carriedOut(exchange: Exchange): void
  answered(exchange: Exchange, answer: Answer): void
  /** The page lost it: by the network's doing, or its own. */
  ended(exchange: Exchange): void
}

export const CANARY = 'canary-7Qx'
// Bytes that hold no boundary by accident: parts are a few hundred bytes of noise.
const BOUNDARY = 'simulated-boundary-0f3a9c'
const HEAD = new TextEncoder().encode(
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${PART_FIELD}"; filename="part"\r\nContent-Type: application/octet-stream\r\n\r\n`,
)
const TAIL = new TextEncoder().encode(`\r\n--${BOUNDARY}--\r\n`)
const noHeaders = new Headers()

type Asked = Pick<Exchange, 'page' | 'call' | 'filename' | 'uploadId' | 'range' | 'partIds' | 'token'> & {
  json?: unknown
  blob?: SimBlob
}

/** The network between page and API, with the schedule's troubles on it. */
export class Wire {
  readonly #world: World
  readonly #api: UploadsApi
  readonly #schedule: Schedule
  readonly #watch: WireWatch
  readonly #faults = new Map<string, Fault>()
  readonly #counts: Record<Call, number> = { create: 0, addPart: 0, complete: 0, cancel: 0 }
  readonly #open = new Set<{ exchange: Exchange; cut: () => void; die: () => void }>()
  readonly #earlierParts = new Map<Page, unknown[]>()
  #outage: { until: number; how: 'refused' | 'silent' } | null = null
  #healed = false
  // Calls that the API is working on; without a slow complete, that takes promises and no time.
  #busy = 0
  signedIn = true
  /** Troubles of the next requests, before those of the schedule. */
  readonly upcoming: Trouble[] = []
  /** Names of the files behind the Uploads. */
  readonly filenames = new Map<string, string>()
  flipped = 0

  constructor(world: World, api: UploadsApi, schedule: Schedule, watch: WireWatch) {
    this.#world = world
    this.#api = api
    this.#schedule = schedule
    this.#watch = watch
    for (const fault of schedule.faults) this.#faults.set(`${fault.call} ${fault.n}`, fault)
  }

  get isBusy(): boolean {
    return this.#busy > 0
  }

  get inFlight(): number {
    return this.#open.size
  }

  *open(): Generator<Exchange> {
    for (const { exchange } of this.#open) yield exchange
  }

  inFlightOf(page: Page): number {
    let count = 0
    for (const { exchange } of this.#open) if (exchange.page === page) count += 1
    return count
  }

  /** The page is gone: nobody hears the answers, and what has not left it never will. */
  letGo(page: Page): void {
    for (const entry of Array.from(this.#open)) {
      if (entry.exchange.page !== page) continue
      this.#open.delete(entry)
      entry.exchange.ended = 'lost'
      this.#watch.ended(entry.exchange)
    }
  }

  /** For `ms` nothing gets through; what is on its way is lost. */
  breakDown(ms: number, how: 'refused' | 'silent'): void {
    this.#outage = { until: this.#world.time + ms, how }
    if (how === 'refused') this.cut()
  }

  /** Connections die, and the page hears of it. */
  cut(): void {
    for (const { cut } of Array.from(this.#open)) cut()
  }

  /** Connections die, and nobody hears of it. */
  die(): void {
    for (const { die } of Array.from(this.#open)) die()
  }

  /** From now on everything works, but for requests that are stuck already. */
  heal(): void {
    this.#healed = true
    this.#outage = null
    this.signedIn = true
  }

  fetcher(page: Page): Fetcher {
    const name = (uploadId: string) => this.filenames.get(uploadId) ?? ''
    const none = { page, range: null, partIds: [], token: undefined }
    const { policy } = this.#schedule
    return {
      ...(policy && { policy: () => this.#policy(page, policy) }),
      create: async (request, { signal }) => {
        const { filename } = request
        const upload = (await this.#ask(
          { ...none, call: 'create', filename, uploadId: null, json: request },
          signal,
        )) as RemoteUpload
        return { upload, token: tokenOf(upload.id) }
      },
      addPart: async ({ uploadId, token, range, body }, { signal, onProgress }) => {
        const blob = body as unknown as SimBlob
        const filename = name(uploadId)
        return (await this.#ask(
          { ...none, call: 'addPart', filename, uploadId, token, range, blob },
          signal,
          onProgress,
        )) as UploadPart
      },
      complete: async ({ uploadId, token, partIds, md5 }, { signal }) => {
        const json = { part_ids: partIds, ...(md5 !== undefined && { md5 }) }
        const asked = { ...none, call: 'complete' as const, filename: name(uploadId), uploadId, token, partIds, json }
        return (await this.#ask(asked, signal)) as RemoteUpload
      },
      cancel: async ({ uploadId, token }, { signal }) =>
        (await this.#ask(
          { ...none, call: 'cancel', filename: name(uploadId), uploadId, token },
          signal,
        )) as RemoteUpload,
    }
  }

  // ONE REQUEST

  #ask(asked: Asked, signal: AbortSignal, onProgress: (bytes: number) => void = () => {}): Promise<unknown> {
    const { json, blob, ...about } = asked
    const { page } = asked
    const n = this.#counts[asked.call]
    this.#counts[asked.call] += 1
    const trouble = this.#troubleFor(asked, n)
    const { time } = this.#world
    const exchange: Exchange = {
      ...about,
      source: blob?.source ?? null,
      n,
      trouble: trouble?.kind ?? 'ok',
      startedAt: time,
      silentSince: time,
      processed: 0,
      done: false,
      ended: 'open',
      ignored: false,
    }
    const random = new Random(this.#schedule.seed, 5, n, asked.call.charCodeAt(1))
    const latency = (this.#healed ? 1 : this.#schedule.latency) * (0.5 + random.next())
    const signedIn = this.signedIn
    this.#watch.started(exchange)

    return new Promise((resolve, reject) => {
      const stops = new Set<() => void>()
      // The page no longer listens; whatever has left it goes on.
      const end = (how: Exclude<Exchange['ended'], 'open'>) => {
        exchange.ended = how
        this.#open.delete(entry)
        signal.removeEventListener('abort', abort)
        for (const stop of stops) stop()
        if (!exchange.ignored) this.#watch.ended(exchange)
      }
      const abort = () => {
        if (exchange.ended !== 'open') return
        if (this.#schedule.deaf) {
          exchange.ignored = true
          return this.#watch.ended(exchange)
        }
        end('aborted')
        exchange.ignored = true
        reject(new FetcherError('Aborted.', { cause: signal.reason }))
      }
      let dead = false
      const lose = () => {
        if (dead || exchange.ended !== 'open') return
        end('lost')
        reject(new FetcherError('No answer.'))
      }
      const entry = {
        exchange,
        cut: () => void stops.add(page.deliver(1, lose)),
        die: () => {
          dead = true
        },
      }
      const loseAfter = (delay: number) => stops.add(page.deliver(delay, lose))
      const answer = (late: Answer) => {
        if (dead || exchange.ended !== 'open') return
        const given = this.#asDelivered(late)
        end('answered')
        if (exchange.call === 'addPart' && given.genuine && given.status === 200 && !exchange.ignored)
          this.#earlierPartsOf(page).push(given.body)
        this.#watch.answered(exchange, given)
        const { status, headers, body, isJson, redirected } = given
        if (status >= 200 && status < 300 && isJson && !redirected) resolve(body)
        else reject(new FetcherError(`Answered ${status}.`, { status, headers, body, redirected }))
      }
      const answerAfter = (delay: number, given: Answer | null) => {
        if (given && !this.#blackedOut()) stops.add(page.deliver(delay, () => answer(given)))
      }

      this.#open.add(entry)
      signal.addEventListener('abort', abort)
      if (signal.aborted) return abort()
      if (trouble?.kind === 'refused') return void loseAfter(latency)

      let bytes: Uint8Array | null = null
      try {
        bytes = blob ? blob.read().slice() : null
      } catch {
        // A browser cannot send what it cannot read, and calls it a network error.
        return void loseAfter(1)
      }
      const size = bytes?.length ?? 0
      const limit = this.#schedule.bodyLimit
      const tooLarge = limit !== null && size > limit.bytes
      // A proxy that does not read to the end resets, and the page sees no 413.
      const cutShort = tooLarge && limit.how === 'reset'
      const upTo = cutShort ? 0.25 : trouble?.kind === 'reset' || trouble?.kind === 'stall' ? trouble.at : 1
      const bodyMs = trouble?.kind === 'slow' ? trouble.ms : (size / this.#bytesPerSecond()) * 1000

      // The body leaves in steps, each of them a sign of life.
      const least = cutShort ? 4 : 1
      const steps = size === 0 ? 0 : Math.max(least, Math.min(4, Math.ceil(bodyMs / 50)), Math.ceil(bodyMs / 20_000))
      const sendStep = (step: number) => {
        if (step > 0 && exchange.ended === 'open') {
          exchange.silentSince = this.#world.time
          onProgress(Math.round((size * step) / steps))
        }
        if (dead || this.#blackedOut()) return
        if (steps === 0 || step / steps >= upTo) return sent(steps === 0 ? upTo === 1 : step === steps)
        // Bytes that have not left by the time of an abort never leave.
        const stop = page.deliver(bodyMs / steps, () => sendStep(step + 1))
        stops.add(stop)
      }
      const sent = (whole: boolean) => {
        if (cutShort || trouble?.kind === 'reset') return void loseAfter(latency)
        if (trouble?.kind === 'stall' && !whole) return
        this.#world.after(latency, () => void arrive())
      }
      const arrive = async () => {
        if (dead || this.#blackedOut()) return
        const reply = trouble?.kind === 'late' ? latency + trouble.ms : latency
        if (!signedIn) return answerAfter(reply, plain(401, 'json'))
        if (tooLarge) return answerAfter(reply, plain(413, 'html'))
        if (trouble?.kind === 'flip' && bytes) {
          const at = trouble.bit % (size * 8)
          bytes[at >> 3] = (bytes[at >> 3] as number) ^ (1 << (at & 7))
          this.flipped += 1
        }
        const carryOut = () => this.#carryOut(exchange, json, bytes)
        switch (trouble?.kind) {
          case 'status': {
            if (trouble.processed) await carryOut()
            return answerAfter(reply, this.#statusAnswer(trouble))
          }
          case 'bad': {
            const real = trouble.processed ? await carryOut() : null
            return answerAfter(reply, this.#badAnswer(trouble.how, exchange, real))
          }
          case 'swallow':
            await carryOut()
            return void loseAfter(reply)
          case 'stall':
            await carryOut()
            return
          case 'twice': {
            const first = await carryOut()
            if (trouble.answer === 'first') answerAfter(reply, first)
            this.#world.after(trouble.gap, () => {
              void carryOut().then((second) => {
                if (trouble.answer === 'second') answerAfter(reply, second)
              })
            })
            return
          }
          default:
            return answerAfter(reply, await carryOut())
        }
      }
      sendStep(0)
    })
  }

  #earlierPartsOf(page: Page): unknown[] {
    const parts = this.#earlierParts.get(page) ?? []
    this.#earlierParts.set(page, parts)
    return parts
  }

  async #policy(page: Page, { how, maxPartBytes, concurrency, delay }: PolicyAnswer): Promise<UploadPolicy> {
    if (how === 'throws') throw new Error('no policy here')
    if (how === 'hangs' && !this.#healed) return new Promise(() => {})
    await page.sleep(delay)
    if (how === 'missing') throw new FetcherError('Answered 404.', { status: 404 })
    if (how === 'fails' && !this.#healed) throw new FetcherError('Answered 500.', { status: 500 })
    if (how === 'garbage') return { purposes: 'all' } as never
    return { purposes: ['user_data'], accept: null, maxBytes: 1e9, maxPartBytes, concurrency }
  }

  #troubleFor({ call }: Asked, n: number): Trouble | null {
    if (this.#healed) return null
    const outage = this.#outage
    if (outage && this.#world.time < outage.until) {
      return outage.how === 'refused' ? { kind: 'refused' } : { kind: 'stall', at: 0 }
    }
    return this.upcoming.shift() ?? this.#faults.get(`${call} ${n}`) ?? null
  }

  #bytesPerSecond(): number {
    return this.#healed ? 1e9 : this.#schedule.bytesPerSecond
  }

  /** A date means another span to a page whose clock is wrong, unless the answer says what time it is there. */
  #asDelivered(answer: Answer): Answer {
    if (answer.wait === null || !answer.headers.has('retry-after') || answer.headers.has('date')) return answer
    const until = Date.parse(answer.headers.get('retry-after') ?? '')
    if (Number(answer.headers.get('retry-after')) >= 0) return answer
    return { ...answer, wait: Math.max(0, until - this.#world.now - this.#world.skewed) }
  }

  /** Whether what is on its way vanishes. */
  #blackedOut(): boolean {
    return this.#outage?.how === 'silent' && this.#world.time < this.#outage.until
  }

  // ANSWERS

  async #carryOut(exchange: Exchange, json: unknown, bytes: Uint8Array | null): Promise<Answer> {
    const { call, uploadId } = exchange
    const path = `/v1/uploads${call === 'create' ? '' : pathOf(call, uploadId as string)}`
    const request = bytes ? requestOfPart(path, bytes) : requestOf(path, json)
    this.#busy += 1
    try {
      const response = await this.#api.handler(request)
      const parsed: unknown = await response.json()
      exchange.processed += 1
      if (response.ok) this.#note(exchange, parsed)
      const { status, headers } = response
      return { status, headers, body: parsed, isJson: true, redirected: false, genuine: true, wait: null }
    } finally {
      this.#busy -= 1
    }
  }

  #note(exchange: Exchange, answer: unknown): void {
    exchange.done = true
    this.#watch.carriedOut(exchange)
    if (exchange.call === 'create') this.filenames.set((answer as RemoteUpload).id, exchange.filename)
  }

  #statusAnswer({ status, body, code, retryAfter, garbage, shouldRetry }: Trouble & { kind: 'status' }): Answer {
    const headers = new Headers()
    if (retryAfter) writeRetryAfter(headers, retryAfter, this.#world.now)
    if (garbage !== undefined) headers.set('retry-after', encodeURI(garbage))
    if (shouldRetry !== undefined) headers.set('x-should-retry', String(shouldRetry))
    const answer = plain(status, body === 'envelope' ? 'json' : body, code)
    return { ...answer, headers, wait: retryAfter ? retryAfter.ms : null }
  }

  #badAnswer(how: (Trouble & { kind: 'bad' })['how'], exchange: Exchange, real: Answer | null): Answer {
    const like = (real?.status === 200 ? real.body : {}) as Record<string, unknown>
    const say = (body: unknown): Answer => ({ ...plain(200, 'json'), body })
    switch (how) {
      case 'html':
      case 'empty':
        return plain(200, how)
      case 'login':
        return { ...plain(200, 'html'), redirected: true }
      case 'shape':
        return say({ ...like, object: 'list', id: 7 })
      case 'foreign':
        return say(
          exchange.call === 'addPart'
            ? { ...like, id: 'part_foreign', object: 'upload.part', created_at: 1, upload_id: 'upload_foreign' }
            : { ...like, id: 'upload_foreign', bytes: 3 },
        )
      case 'earlier': {
        // As from a cache that should not be there.
        const earlier = this.#earlierPartsOf(exchange.page).at(-1)
        return exchange.call === 'addPart' && earlier ? say(earlier) : plain(200, 'empty')
      }
      case 'state':
        return say({ ...like, status: 'expired' })
    }
  }
}

/** What the page must never show. */
export function tokenOf(uploadId: string): string {
  return `${CANARY}.${uploadId}`
}

function plain(status: number, body: 'json' | 'html' | 'empty', code: string | null = null): Answer {
  const said =
    body === 'json'
      ? { error: { message: `Fault ${status}.`, type: 'fault', param: null, code } }
      : body === 'html'
        ? '<!doctype html><title>Bad gateway</title>'
        : ''
  const isJson = body === 'json'
  return { status, headers: noHeaders, body: said, isJson, redirected: false, genuine: false, wait: null }
}

function writeRetryAfter(headers: Headers, { form, ms }: RetryAfter, now: number): void {
  switch (form) {
    case 'seconds':
      return headers.set('retry-after', String(ms / 1000))
    case 'ms':
      return headers.set('retry-after-ms', String(ms))
    case 'date':
      // The server's clock is a day wrong, and so its Date says.
      headers.set('date', new Date(now - 86_400_000).toUTCString())
      return headers.set('retry-after', new Date(now - 86_400_000 + ms).toUTCString())
    case 'date_without_clock':
      return headers.set('retry-after', new Date(now + ms).toUTCString())
  }
}

function frame(bytes: Uint8Array): Uint8Array {
  const framed = new Uint8Array(HEAD.length + bytes.length + TAIL.length)
  framed.set(HEAD)
  framed.set(bytes, HEAD.length)
  framed.set(TAIL, HEAD.length + bytes.length)
  return framed
}

const neverAborted = { addEventListener: () => {}, removeEventListener: () => {}, aborted: false }

/** A JSON request, or one without a body. */
export function requestOf(path: string, json: unknown): Request {
  const body = json === undefined ? null : new TextEncoder().encode(JSON.stringify(json))
  return requestWith(path, 'application/json', body)
}

export function requestOfPart(path: string, bytes: Uint8Array): Request {
  return requestWith(path, `multipart/form-data; boundary=${BOUNDARY}`, frame(bytes))
}

/** As much of a Request as the API looks at: a real one costs more than all the rest of the simulation. */
function requestWith(path: string, contentType: string, body: Uint8Array | null): Request {
  let left = body
  const reader = {
    read: async () => {
      const value = left
      left = null
      return value ? { done: false, value } : { done: true, value: undefined }
    },
    cancel: async () => {},
  }
  return {
    url: `http://uploads.test${path}`,
    method: 'POST',
    headers: { get: (name: string) => (name === 'content-type' ? contentType : null) },
    body: body && { getReader: () => reader },
    signal: neverAborted,
  } as unknown as Request
}
