import type { IncomingMessage, ServerResponse } from 'node:http'
import { MAX_PART_BYTES } from '../protocol/index.js'
import { answerRefusal, Refusal } from './answer.js'

/** Bytes of a refused body that are still read, so that the browser gets to see the refusal and not a reset. */
const MAX_DRAINED_BYTES = MAX_PART_BYTES + 64 * 1024

/** Serves a handler from `node:http` and from what is built on it, such as Express and Fastify's raw objects. */
export function toNodeListener(
  handler: (request: Request) => Promise<Response>,
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  return async (req, res) => {
    const gone = new AbortController()
    res.once('close', () => {
      if (!res.writableFinished) gone.abort()
    })
    try {
      const response = await answer(handler, req, gone.signal)
      await send(response, res)
    } catch {
      // Either the browser left, which needs no answer, or an answer broke half way, which can only be cut.
      res.destroy()
    }
  }
}

async function answer(
  handler: (request: Request) => Promise<Response>,
  req: IncomingMessage,
  signal: AbortSignal,
): Promise<Response> {
  let request: Request
  try {
    request = toRequest(req, signal)
  } catch (error) {
    req.resume()
    return answerRefusal(
      error instanceof Refusal ? error : new Refusal(400, 'invalid_request', 'The request could not be read.'),
    )
  }
  try {
    return await handler(request)
  } catch {
    return answerRefusal(new Refusal(500, 'server_error', 'The upload backend failed.'))
  }
}

function toRequest(req: IncomingMessage, signal: AbortSignal): Request {
  const method = req.method ?? 'GET'
  // The platform makes no Request of these.
  if (/^(?:CONNECT|TRACE|TRACK)$/.test(method)) {
    throw new Refusal(405, 'method_not_allowed', 'No path takes this method.', { headers: { allow: 'GET, POST' } })
  }
  const headers = new Headers()
  for (const [name, value] of Object.entries(req.headers)) {
    // HTTP/2 has its request line among the headers.
    if (value === undefined || name.startsWith(':')) continue
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one)
  }
  const init: RequestInit & { duplex?: 'half' } = { method, headers, signal }
  if (method !== 'GET' && method !== 'HEAD') {
    refuseConsumedBody(req)
    init.body = bodyOf(req)
    init.duplex = 'half'
  }
  return new Request(urlOf(req), init)
}

/** A body parser mounted before us has eaten the bytes: waiting for them would hang, so this says what to do. */
function refuseConsumedBody(req: IncomingMessage): void {
  if (!req.readableDidRead && !req.readableEnded) return
  throw new Refusal(
    500,
    'invalid_options',
    'A body parser read this request before the upload handler did. Mount the handler before it.',
  )
}

/** Built by joining text: `new URL('//host/', base)` would take the path for a host. */
function urlOf(req: IncomingMessage): string {
  // Express cuts the mount path off `url` and keeps the whole in `originalUrl`.
  const { originalUrl } = req as { originalUrl?: unknown }
  const target = typeof originalUrl === 'string' ? originalUrl : (req.url ?? '/')
  const host = req.headers.host ?? req.headers[':authority'] ?? 'localhost'
  if (!target.startsWith('/') || typeof host !== 'string' || !/^[\w.:[\]-]+$/.test(host)) {
    throw new Refusal(400, 'invalid_request', 'The request has no usable path or host.')
  }
  const url = `${'encrypted' in req.socket ? 'https' : 'http'}://${host}${target}`
  // Dots and backslashes would be resolved: whoever stands in front of us, and decides by the path, has read another one.
  if (new URL(url).pathname !== target.split('?', 1)[0]) {
    throw new Refusal(404, 'not_found', 'No such path. Send it as it is to be read.')
  }
  return url
}

/** Not `Readable.toWeb`: it reads ahead, and a cancel of it closes the socket before the refusal is out. */
function bodyOf(req: IncomingMessage): ReadableStream<Uint8Array> {
  let drained: number | null = null
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const settle = (act: () => void) => {
          if (drained === null) act()
          drained ??= 0
        }
        req.pause()
        req.on('data', (chunk: Uint8Array) => {
          if (drained === null) {
            controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength))
            req.pause()
          } else {
            drained += chunk.byteLength
            if (drained > MAX_DRAINED_BYTES) req.destroy()
          }
        })
        req.once('end', () => settle(() => controller.close()))
        req.once('error', (error) => settle(() => controller.error(error)))
        req.once('close', () => settle(() => controller.error(new Error('The client closed the connection.'))))
      },
      pull() {
        req.resume()
      },
      cancel() {
        drained ??= 0
        req.resume()
      },
    },
    { highWaterMark: 0 },
  )
}

async function send(response: Response, res: ServerResponse): Promise<void> {
  res.statusCode = response.status
  // Who was cut for being slow would keep the connection open with what is left of the body.
  if (response.status === 408) res.shouldKeepAlive = false
  for (const [name, value] of response.headers) if (name !== 'set-cookie') res.setHeader(name, value)
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) res.setHeader('set-cookie', cookies)
  if (!response.body) {
    res.end()
    return
  }
  const reader = response.body.getReader()
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      if (!res.write(chunk.value)) await drained(res)
    }
    res.end()
  } finally {
    reader.cancel().catch(() => {})
  }
}

/** Waits for room, or fails when the client is gone. */
function drained(res: ServerResponse): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => () => {
      res.off('drain', onDrain).off('close', onClose)
      act()
    }
    const onDrain = settle(resolve)
    const onClose = settle(() => reject(new Error('The client closed the connection.')))
    if (res.destroyed) return onClose()
    res.once('drain', onDrain).once('close', onClose)
  })
}
