import {
  type CompleteUploadRequest,
  encodeMetadata,
  formatRange,
  HEADERS,
  PART_FIELD,
  parseUploadPolicy,
  pathOf,
  type RemoteUpload,
  UploadError,
  type UploadPart,
} from '../protocol/index.js'
import { expectOption, isObject } from './expect-option.js'
import { type Fetcher, FetcherError } from './fetcher.js'

export interface ProxyFetcherOptions {
  /**
   * Where the backend handler is mounted, for example `/api/uploads`. On another origin it has to allow the headers
   * `x-uploads-client`, `x-upload-key`, `x-upload-token`, `x-upload-range` and `x-upload-metadata`; ours does.
   */
  endpoint: string
  /** Sent with every call, for example an authorization of the app's own; a function is asked before each call. */
  headers?: Record<string, string> | (() => Record<string, string> | Promise<Record<string, string>>)
  /** Whether cookies go along, as in `fetch`. @default 'same-origin' */
  credentials?: RequestCredentials
  /**
   * How a part travels: `raw` bytes to our handler, or `multipart` field `data` to any backend that mirrors OpenAI's
   * API. @default 'raw'
   */
  partEncoding?: 'raw' | 'multipart'
}

/**
 * Makes a Fetcher that talks to the app's own backend: XHR for parts, as only XHR reports upload progress, and fetch for
 * the rest. Throws `invalid_options` when the endpoint cannot be used.
 */
export function createProxyFetcher(options: ProxyFetcherOptions): Fetcher {
  expectOption(isObject(options), 'What createProxyFetcher was given', options, '{ endpoint: "/api/uploads" }')
  const base = checkEndpoint(options.endpoint)
  const { credentials = 'same-origin', partEncoding = 'raw' } = options
  const isEncoding = partEncoding === 'raw' || partEncoding === 'multipart'
  expectOption(isEncoding, 'partEncoding', partEncoding, '"raw" or "multipart"')
  const isCredentials = ['omit', 'same-origin', 'include'].includes(credentials)
  expectOption(isCredentials, 'credentials', credentials, '"omit", "same-origin" or "include"')
  // Found out at a call, it would look like a lost connection, and be tried for ten minutes.
  if (typeof options.headers !== 'function') mergeHeaders(options.headers, {})

  // Not an async function: with plain headers a call must begin in the same turn, also while the page is left.
  function withHeaders<T>(own: Record<string, string | undefined>, send: (headers: Headers) => Promise<T>): Promise<T> {
    const headers = typeof options.headers === 'function' ? options.headers() : options.headers
    return headers instanceof Promise
      ? headers.then((resolved) => send(mergeHeaders(resolved, own)))
      : send(mergeHeaders(headers, own))
  }

  function call(path: string, body: unknown, own: Record<string, string | undefined>, init: RequestInit) {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    return withHeaders({ ...json, ...own, [HEADERS.client]: '1' }, (headers) =>
      request(base + path, {
        method: 'POST',
        headers,
        credentials,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...init,
      }),
    )
  }

  return {
    policy: ({ signal }) =>
      withHeaders({}, async (headers) => {
        const { body } = await request(base, { headers, credentials, signal })
        const policy = parseUploadPolicy(body)
        if (!policy) throw new FetcherError('The answer is not an upload policy.', { status: 200, body })
        return policy
      }),

    create: async (createRequest, { signal, metadata, key }) => {
      const own = { [HEADERS.metadata]: metadata && encodeMetadata(metadata), [HEADERS.key]: key }
      const { body, headers } = await call('', createRequest, own, { signal })
      const token = headers.get(HEADERS.token)
      return { upload: body as RemoteUpload, ...(token !== null && { token }) }
    },

    addPart: ({ uploadId, token, range, bytesTotal, body }, { signal, onProgress }) => {
      const raw = partEncoding === 'raw'
      const own = {
        [HEADERS.client]: '1',
        [HEADERS.token]: token,
        // A browser writes the multipart content type itself, with the boundary it chose.
        ...(raw && { 'content-type': 'application/octet-stream', [HEADERS.range]: formatRange(range, bytesTotal) }),
      }
      return withHeaders(own, async (headers) => {
        const url = base + pathOf('addPart', uploadId)
        const withCredentials = credentials === 'include'
        const answer = await sendPart({
          url,
          headers,
          withCredentials,
          body: raw ? body : form(body),
          signal,
          onProgress,
        })
        return answer as UploadPart
      })
    },

    complete: async ({ uploadId, token, partIds, md5 }, { signal }) => {
      const body: CompleteUploadRequest = { part_ids: [...partIds], ...(md5 !== undefined && { md5 }) }
      const answer = await call(pathOf('complete', uploadId), body, { [HEADERS.token]: token }, { signal })
      return answer.body as RemoteUpload
    },

    cancel: ({ uploadId, token }, { signal }) =>
      // keepalive lets the call outlive a page that is being left.
      call(pathOf('cancel', uploadId), undefined, { [HEADERS.token]: token }, { signal, keepalive: true }).then(
        (answer) => answer.body as RemoteUpload,
      ),

    protocol: () => {
      const { href } = new URL(base, globalThis.location?.href)
      const [last] = performance.getEntriesByName(href, 'resource').slice(-1)
      return (last as PerformanceResourceTiming | undefined)?.nextHopProtocol
    },
  }
}

// A path, or an http(s) URL; `fetch` takes no URL with a user name in it.
const usable = /^(https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?|(?![a-z][a-z\d+.-]*:)[^\s?#]+)$/i

function checkEndpoint(endpoint: string): string {
  if (typeof endpoint === 'string' && usable.test(endpoint)) return endpoint.replace(/\/+$/, '')
  const message = `The endpoint ${JSON.stringify(endpoint)} cannot be used. Pass the path or URL of your backend handler, for example "/api/uploads", without a query.`
  throw new UploadError('invalid_options', message)
}

function mergeHeaders(app: Record<string, string> | undefined, own: Record<string, string | undefined>): Headers {
  let headers: Headers
  try {
    headers = new Headers(app)
  } catch (cause) {
    throw new UploadError('invalid_options', 'The headers cannot be sent. Pass an object of names and texts.', {
      cause,
    })
  }
  for (const [name, value] of Object.entries(own)) if (value !== undefined) headers.set(name, value)
  return headers
}

function form(body: Blob): FormData {
  const data = new FormData()
  // A constant name: the file's own is told once, at create.
  data.append(PART_FIELD, body, 'part')
  return data
}

async function request(url: string, init: RequestInit): Promise<{ body: unknown; headers: Headers }> {
  let response: Response
  let text: string
  try {
    response = await fetch(url, init)
    text = await response.text()
  } catch (cause) {
    throw new FetcherError(`No answer from ${url}.`, { cause })
  }
  const { status, headers, redirected } = response
  return { body: readAnswer({ url, status, headers, text, redirected }), headers }
}

interface PartRequest {
  url: string
  headers: Headers
  withCredentials: boolean
  body: Blob | FormData
  signal: AbortSignal
  onProgress: (bytesSent: number) => void
}

function sendPart({ url, headers, withCredentials, body, signal, onProgress }: PartRequest): Promise<unknown> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    if (typeof XMLHttpRequest === 'undefined') {
      const message = 'Parts go by XMLHttpRequest, which there is only in a browser. Pass a fetcher of your own here.'
      throw new UploadError('invalid_options', message)
    }
    const xhr = new XMLHttpRequest()
    // As the browser resolves it, and now: until the answer comes the page may have another address.
    const { href } = new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href)
    const stop = () => xhr.abort()
    const fail = () => reject(new FetcherError(`No answer from ${url}.`, { cause: signal.reason }))
    xhr.upload.onprogress = (event) => onProgress(event.loaded)
    xhr.onerror = fail
    xhr.onabort = fail
    xhr.ontimeout = fail
    xhr.onload = () => {
      try {
        const headers = parseHeaders(xhr.getAllResponseHeaders())
        // XHR follows redirects without a word; only the address of the answer tells.
        const redirected = xhr.responseURL !== '' && xhr.responseURL !== href
        resolve(readAnswer({ url, status: xhr.status, headers, text: xhr.responseText, redirected }))
      } catch (error) {
        reject(error)
      }
    }
    xhr.onloadend = () => signal.removeEventListener('abort', stop)
    xhr.open('POST', url)
    // Else Firefox takes an answer without a type for XML, and puts an error on the page's console.
    xhr.responseType = 'text'
    xhr.withCredentials = withCredentials
    headers.forEach((value, name) => {
      xhr.setRequestHeader(name, value)
    })
    signal.addEventListener('abort', stop)
    xhr.send(body)
  })
}

interface Answer {
  url: string
  status: number
  headers: Headers
  text: string
  redirected: boolean
}

/** The JSON of a 2xx answer from the address that was asked; throws a FetcherError for everything else. */
function readAnswer({ url, status, headers, text, redirected }: Answer): unknown {
  const body = parseJson(text)
  if (status >= 200 && status < 300 && body !== undefined && !redirected) return body
  const shown = body ?? text.slice(0, MAX_ERROR_TEXT)
  throw new FetcherError(`${url} answered ${status}.`, { status, headers, redirected, body: shown })
}

// Enough of a proxy's HTML page to recognise it in a bug report.
const MAX_ERROR_TEXT = 2000

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parseHeaders(lines: string): Headers {
  const headers = new Headers()
  for (const line of lines.trim().split(/[\r\n]+/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return headers
}
