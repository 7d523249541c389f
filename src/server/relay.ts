import { type ErrorEnvelope, parseErrorEnvelope, type UploadCall, type UploadErrorCode } from '../protocol/index.js'
import { Refusal } from './answer.js'
import { parseJson, readText } from './json-body.js'
import { redact } from './report.js'
import type { Settings } from './settings.js'

/** OpenAI's answers are about 1 kB; a proxy's error page may be longer and is not worth reading. */
const MAX_ANSWER_BYTES = 256 * 1024

export interface RelayCall<T> {
  call: Exclude<UploadCall, 'policy'>
  /** Below `{baseURL}/uploads`. */
  path: string
  headers?: Readonly<Record<string, string>>
  body?: string | ReadableStream<Uint8Array>
  signals: readonly AbortSignal[]
  /** Builds the answer anew from OpenAI's; null when it is not what the call promises. */
  parse: (body: unknown) => T | null
}

export interface Relayed<T> {
  value: T
  headers: Readonly<Record<string, string>>
}

/** Makes one call to OpenAI and never a second one: only the browser retries, since it alone knows what was accepted. */
export async function relay<T>(settings: Settings, apiKey: string, call: RelayCall<T>): Promise<Relayed<T>> {
  const abort = new AbortController()
  const follow = (event: Event) => abort.abort((event.target as AbortSignal).reason)
  for (const signal of call.signals) {
    if (signal.aborted) abort.abort(signal.reason)
    signal.addEventListener('abort', follow, { once: true })
  }
  try {
    const response = await send(settings, apiKey, call, abort.signal)
    const hidden = [apiKey, ...settings.hidden()].filter(Boolean)
    const names = response.ok ? ['x-request-id'] : [...headerPatterns.keys()]
    const headers = passedHeaders(response.headers, names, hidden)
    const body = parseJson(await readAnswer(response))
    if (!response.ok) throw refusalOf(call.call, response, parseErrorEnvelope(body), headers, hidden)
    const value = call.parse(body)
    if (value === null || quotes(value, hidden)) {
      throw new Refusal(502, 'bad_response', 'OpenAI gave an answer that could not be read.', {
        headers,
        cause: new Error(
          `${call.call} was answered ${response.status} with a body that is not what the API documents.`,
        ),
      })
    }
    return { value, headers }
  } catch (error) {
    if (error instanceof Refusal) throw error
    const told = call.signals.find((signal) => signal.aborted)?.reason
    if (told instanceof Refusal) throw told
    // Nobody is left to read this one.
    if (told !== undefined) throw new Refusal(499, 'cancelled', 'The browser ended the request.')
    throw new Refusal(502, 'upstream_error', 'OpenAI could not be reached.', { cause: error })
  } finally {
    for (const signal of call.signals) signal.removeEventListener('abort', follow)
    // An early answer leaves a body half sent: this ends it, and with it the browser's.
    abort.abort()
  }
}

/** What is longer than an answer of the API is none, and not read to its end. */
async function readAnswer({ body }: Response): Promise<string> {
  if (!body) return ''
  const reader = body.getReader()
  const text = await readText(reader, MAX_ANSWER_BYTES)
  if (text === null) reader.cancel().catch(() => {})
  return text ?? ''
}

/** Headers are built from nothing: none of the browser's is copied. */
function send<T>(settings: Settings, apiKey: string, call: RelayCall<T>, signal: AbortSignal): Promise<Response> {
  const init: RequestInit & { duplex?: 'half' } = {
    method: 'POST',
    headers: {
      ...settings.accountHeaders,
      ...call.headers,
      accept: 'application/json',
      ...(settings.apiKeyHeader === 'api-key' ? { 'api-key': apiKey } : { authorization: `Bearer ${apiKey}` }),
    },
    redirect: redirectModeFor(call.body),
    signal,
    ...(call.body !== undefined && { body: call.body }),
    ...(call.body instanceof ReadableStream && { duplex: 'half' }),
  }
  return settings.fetch(`${settings.baseURL}/uploads${call.path}${settings.query}`, init)
}

/**
 * Redirects are never followed, so the key goes to baseURL only. 'manual' shows the status, and with it Node's fetch keeps a
 * copy of a streamed body for the redirect that it will not follow: the whole part, in memory. 'error' keeps none.
 */
function redirectModeFor(body: RelayCall<unknown>['body']): RequestRedirect {
  return body instanceof ReadableStream && knowsRedirectError() ? 'error' : 'manual'
}

/** Cloudflare's runtime does not, and refuses to build such a request. */
function knowsRedirectError(): boolean {
  try {
    return new Request('https://example.com', { redirect: 'error' }).redirect === 'error'
  } catch {
    return false
  }
}

type Hint = ErrorEnvelope['error'] | null

/** OpenAI itself has said no: what was sent to it does not count. */
export class UpstreamRefusal extends Refusal {}

/** What the browser is told about an error answer of OpenAI. */
function refusalOf(
  call: RelayCall<unknown>['call'],
  response: Response,
  error: Hint,
  headers: Readonly<Record<string, string>>,
  hidden: readonly string[],
): UpstreamRefusal {
  const { status } = response
  const never = { ...headers, 'x-should-retry': 'false' }
  if (status === 0 || (status >= 300 && status < 400)) {
    const cause = new Error('baseURL redirects. The key does not follow: pass the final URL as baseURL.')
    return new UpstreamRefusal(502, 'bad_response', 'OpenAI gave an answer that could not be read.', {
      headers: never,
      cause,
    })
  }
  if (status === 401 || status === 403) {
    // OpenAI's text prints part of the key, so not a word of it is passed on.
    const cause = new Error(`OpenAI answered ${status}. Check apiKey, organization and project.`)
    return new UpstreamRefusal(502, 'upstream_auth', 'The upload backend is not allowed to use OpenAI.', {
      headers: never,
      cause,
    })
  }
  if (status === 429) {
    return isOutOfQuota(error)
      ? new UpstreamRefusal(429, 'quota_exceeded', "The backend's OpenAI account has no quota left.", {
          headers: { 'x-should-retry': 'false', ...headers },
          cause: new Error('OpenAI answered 429: the account has no quota left.'),
        })
      : new UpstreamRefusal(429, 'rate_limited', 'OpenAI asks to slow down.', { headers })
  }
  if (status === 404) return new UpstreamRefusal(404, 'not_found', 'OpenAI knows no such Upload.', { headers })
  if (status === 413)
    return new UpstreamRefusal(413, 'part_too_large', 'OpenAI refused the part as too large.', { headers })
  if (status === 400 || status === 409 || status === 415 || status === 422) {
    const message = error && plainText(error.message, hidden)
    return new UpstreamRefusal(status, codeOf(call, error), message || 'OpenAI refused the request.', {
      headers,
      param: error?.param && isHarmless(error.param, /^[\w.[\]-]{1,64}$/, hidden) ? error.param : null,
    })
  }
  return new UpstreamRefusal(status === 503 ? 503 : 502, 'upstream_error', 'OpenAI is not able to answer right now.', {
    headers,
  })
}

/** 429 stands for two things: wait a moment, or pay a bill. */
function isOutOfQuota(error: Hint): boolean {
  const words = `${error?.code ?? ''} ${error?.type ?? ''}`.slice(0, 200)
  return /\b(?:insufficient_quota|credit_balance_exhausted|billing_\w+|\w*quota_exceeded|usage_limit_\w+)\b/.test(words)
}

/** The API has no codes for these two, so its words decide; the ids in them hold neither word. */
function codeOf(call: RelayCall<unknown>['call'], error: Hint): UploadErrorCode {
  const words = `${error?.code ?? ''} ${error?.message ?? ''}`.slice(0, 1000)
  if (call === 'complete' && (error?.param === 'md5' || /\b(?:md5|checksum)\b/i.test(words))) return 'integrity_failed'
  if (call !== 'create' && /(?:\b|_)expired\b/i.test(words)) return 'expired'
  return 'invalid_request'
}

/** Cut after it is cleaned: half a key would not be found. */
function plainText(message: string, hidden: readonly string[]): string {
  const line = message.slice(0, 2000).replace(/\p{Cc}+/gu, ' ')
  return redact(line, hidden).trim().slice(0, 300)
}

/** The only headers of OpenAI's that reach a browser, and what they must look like. */
const headerPatterns: ReadonlyMap<string, RegExp> = new Map([
  ['x-request-id', /^[\w-]{1,128}$/],
  ['retry-after', /^(?:\d{1,8}(?:\.\d{1,6})?|[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT)$/],
  ['retry-after-ms', /^\d{1,11}(?:\.\d{1,6})?$/],
  ['x-should-retry', /^(?:true|false)$/],
])

function passedHeaders(headers: Headers, names: readonly string[], hidden: readonly string[]): Record<string, string> {
  const passed: Record<string, string> = {}
  for (const name of names) {
    const value = headers.get(name)
    const pattern = headerPatterns.get(name)
    if (value !== null && pattern && isHarmless(value, pattern, hidden)) passed[name] = value
  }
  return passed
}

/** A short word of OpenAI's that looks as it should, and not like a key or a piece of one. */
function isHarmless(word: string, pattern: RegExp, hidden: readonly string[]): boolean {
  return pattern.test(word) && redact(word, hidden) === word
}

/** Shorter ones are stand-ins of tests and demos, and ordinary words. */
const MIN_HIDDEN_LENGTH = 12

/** An answer that quotes the key or an id of the account in a field of the API, such as a file's name, is not passed on. */
function quotes(value: unknown, hidden: readonly string[]): boolean {
  const text = JSON.stringify(value)
  return hidden.some((one) => one.length >= MIN_HIDDEN_LENGTH && text.includes(JSON.stringify(one).slice(1, -1)))
}
