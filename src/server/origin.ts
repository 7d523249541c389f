import { HEADERS } from '../protocol/index.js'
import { Refusal } from './answer.js'

/**
 * Keeps foreign pages from spending a user's cookies (CSRF).
 * A plain form cannot set `x-uploads-client`, and a script of another origin cannot without a preflight that we refuse.
 */
export function checkClient(request: Request, allowedOrigins: ReadonlySet<string>): void {
  if (request.headers.get(HEADERS.client) !== '1') {
    throw new Refusal(403, 'forbidden', `Send the header ${HEADERS.client}: 1 with every call that changes something.`)
  }
  const origin = request.headers.get('origin')
  if (origin !== null && allowedOrigins.has(origin)) return
  const site = request.headers.get('sec-fetch-site')
  const siteIsOwn = site === null || site === 'same-origin' || site === 'none'
  // No Origin at all: not a browser's script, so there are no ambient cookies to protect.
  const originIsOwn = origin === null || isOwnOrigin(request, origin)
  if (!siteIsOwn || !originIsOwn) {
    throw new Refusal(
      403,
      'forbidden',
      'This page may not upload here. Add its origin to allowedOrigins of the handler.',
    )
  }
}

/**
 * A proxy that ends TLS leaves us with an http URL, and some servers with an inner host name in it.
 * So the Host header decides, and an https origin may call what looks like http; never the other way round.
 */
function isOwnOrigin(request: Request, origin: string): boolean {
  if (!URL.canParse(origin)) return false
  const from = new URL(origin)
  const to = new URL(request.url)
  if (from.origin !== origin || (from.protocol !== 'https:' && from.protocol !== to.protocol)) return false
  const host = request.headers.get('host') ?? to.host
  const own = `${from.protocol}//${host}`
  return URL.canParse(own) && new URL(own).origin === origin
}

/** CORS headers of an answer: an exact origin or none, never `*`. */
export function corsHeaders(request: Request, allowedOrigins: ReadonlySet<string>): Record<string, string> {
  const origin = request.headers.get('origin')
  if (origin === null || !allowedOrigins.has(origin)) return {}
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': `${HEADERS.token}, retry-after, retry-after-ms, x-should-retry, x-request-id`,
  }
}

/** A browser's question before a call from another origin; any other OPTIONS is a method like those that no route takes. */
export function isPreflight({ method, headers }: Request): boolean {
  return method === 'OPTIONS' && headers.has('access-control-request-method')
}

export function answerPreflight(request: Request, allowedOrigins: ReadonlySet<string>): Response {
  const origin = request.headers.get('origin')
  if (origin === null || !allowedOrigins.has(origin)) {
    throw new Refusal(
      403,
      'forbidden',
      'This page may not upload here. Add its origin to allowedOrigins of the handler.',
    )
  }
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': ['authorization', 'content-type', ...Object.values(HEADERS)].join(', '),
      'access-control-max-age': '600',
    },
  })
}
