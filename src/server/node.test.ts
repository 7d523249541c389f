import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, it } from 'vitest'
import { API_KEY, backend, createBody, errorOf, part, remoteUpload, UPLOAD_ID } from './fixture.test.support.js'
import { createUploadsHandler, type UploadsHandlerOptions } from './index.js'
import { toNodeListener } from './node.js'

type Listener = (req: IncomingMessage, res: ServerResponse) => unknown

const open = new Set<Server>()
afterEach(async () => {
  for (const server of open) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  open.clear()
})

async function serve(listener: Listener): Promise<{ url: string; server: Server; closed: Promise<unknown>[] }> {
  const server = createServer((req, res) => void listener(req, res))
  const closed: Promise<unknown>[] = []
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    closed.push(new Promise((resolve) => socket.once('close', resolve)))
  })
  open.add(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, closed }
}

function deferred<T>() {
  let resolve!: (value: T) => void
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** What buffers take that somebody still holds: of many looks the least, as what is free is given back a little later. */
async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  let least = Number.POSITIVE_INFINITY
  for (let look = 0; look < 20; look += 1) {
    collectGarbage()
    least = Math.min(least, process.memoryUsage().arrayBuffers)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return least
}

/** The handler over HTTP, in front of an OpenAI over HTTP. */
async function stack(openAI: Listener, options: Partial<UploadsHandlerOptions> = {}) {
  const upstream = await serve(openAI)
  const errors: unknown[] = []
  const handler = createUploadsHandler({
    apiKey: API_KEY,
    secret: 's'.repeat(32),
    purposes: ['user_data'],
    authorize: () => ({ userId: 'ada' }),
    baseURL: `${upstream.url}/v1`,
    onError: (error) => errors.push(error),
    ...options,
  })
  const front = await serve(toNodeListener(handler))
  return { upstream, front, errors, base: `${front.url}/api/uploads` }
}

const hour = () => Math.floor(Date.now() / 1000) + 3600
const json = (res: ServerResponse, body: unknown, status = 200) => {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
const isCreate = (req: IncomingMessage) => req.url === '/v1/uploads'

async function tokenOf(base: string, bytes: number): Promise<string> {
  const response = await fetch(base, {
    method: 'POST',
    headers: { 'x-uploads-client': '1', 'content-type': 'application/json' },
    body: JSON.stringify(createBody({ bytes })),
  })
  expect(response.status).toBe(200)
  return response.headers.get('x-upload-token') ?? ''
}

const partHeaders = (token: string, bytes: number) => ({
  'x-uploads-client': '1',
  'x-upload-token': token,
  'content-type': 'application/octet-stream',
  'x-upload-range': `0-${bytes - 1}/${bytes}`,
})

const PARTS = `/${UPLOAD_ID}/parts`
const MiB = 2 ** 20

describe('over real HTTP', () => {
  it('sends OpenAI an exact Content-Length and the very bytes', async () => {
    const received: { headers: IncomingMessage['headers']; body: Buffer }[] = []
    const { base, errors } = await stack(async (req, res) => {
      if (isCreate(req)) return json(res, remoteUpload({ expires_at: hour() }))
      received.push({ headers: req.headers, body: Buffer.concat(await req.toArray()) })
      return json(res, part())
    })
    const bytes = new Uint8Array(3 * MiB + 7).map((_, index) => index * 31)
    const headers = partHeaders(await tokenOf(base, bytes.length), bytes.length)
    const response = await fetch(base + PARTS, { method: 'POST', headers, body: bytes })
    expect([response.status, errors]).toEqual([200, []])
    const { headers: got, body } = received[0] ?? { headers: {}, body: Buffer.alloc(0) }
    expect(Number(got['content-length'])).toBe(body.length)
    expect(got['transfer-encoding']).toBeUndefined()
    const start = body.indexOf('\r\n\r\n') + 4
    expect(body.subarray(start, start + bytes.length).equals(bytes)).toBe(true)
    expect(body.subarray(start + bytes.length).toString()).toMatch(/^\r\n--upload-[0-9a-f]{32}--\r\n$/)
  })

  it('sends OpenAI only the headers it needs, and a cancel without a body', async () => {
    const seen: IncomingMessage['headers'][] = []
    const { base } = await stack((req, res) => {
      seen.push(req.headers)
      json(res, remoteUpload({ expires_at: hour() }))
    })
    const token = await tokenOf(base, 12)
    const headers = { 'x-uploads-client': '1', 'x-upload-token': token, cookie: 'session=1', 'x-hostile': '1' }
    expect((await fetch(`${base}/${UPLOAD_ID}/cancel`, { method: 'POST', headers })).status).toBe(200)
    expect(seen[1]).toMatchObject({
      'content-length': '0',
      authorization: `Bearer ${API_KEY}`,
      accept: 'application/json',
    })
    expect(Object.keys(seen[1] ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'accept-language',
      'authorization',
      'connection',
      'content-length',
      'host',
      'sec-fetch-mode',
      'user-agent',
    ])
  })

  it('lets OpenAI see the first bytes of a 64 MiB part before the browser has sent the last', async () => {
    const bytes = 64 * MiB
    let arrived = 0
    const first = deferred<void>()
    const { base } = await stack(async (req, res) => {
      if (isCreate(req)) return json(res, remoteUpload({ expires_at: hour() }))
      for await (const chunk of req) {
        arrived += (chunk as Buffer).length
        first.resolve()
      }
      return json(res, part())
    })
    const token = await tokenOf(base, bytes)
    const sending = request(base + PARTS, {
      method: 'POST',
      headers: { ...partHeaders(token, bytes), 'content-length': bytes },
    })
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>
    const chunk = Buffer.alloc(MiB)
    sending.write(chunk)
    await first.promise
    expect(arrived).toBeLessThan(2 * MiB)
    for (let sent = MiB; sent < bytes; sent += MiB) if (!sending.write(chunk)) await once(sending, 'drain')
    sending.end()
    const [response] = await answered
    expect(response.statusCode).toBe(200)
    response.resume()
    expect(arrived).toBeGreaterThan(bytes)
  })

  it('makes the browser wait while OpenAI does not read, and buffers nothing', async () => {
    const bytes = 64 * MiB
    const reading = deferred<IncomingMessage>()
    const { base, front } = await stack((req, res) => {
      if (isCreate(req)) return json(res, remoteUpload({ expires_at: hour() }))
      req.pause()
      req.once('end', () => json(res, part()))
      reading.resolve(req)
    })
    const token = await tokenOf(base, bytes)
    let relayed: IncomingMessage | undefined
    front.server.prependListener('request', (req: IncomingMessage) => {
      relayed = req
    })
    const sending = request(base + PARTS, {
      method: 'POST',
      headers: { ...partHeaders(token, bytes), 'content-length': bytes },
    })
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>
    sending.end(Buffer.alloc(bytes))
    const upstream = await reading.promise
    // Sockets hold a few hundred kilobytes each; what they do not hold is still with the sender.
    await settled(() => relayed?.socket.bytesRead ?? 0)
    expect(relayed?.socket.bytesRead).toBeLessThan(16 * MiB)
    upstream.resume()
    const [response] = await answered
    expect(response.statusCode).toBe(200)
    response.resume()
  })

  it('keeps nothing of a part that has gone to OpenAI', async () => {
    const bytes = 64 * MiB
    let arrived = 0
    const most = deferred<void>()
    const { base } = await stack(async (req, res) => {
      if (isCreate(req)) return json(res, remoteUpload({ expires_at: hour() }))
      for await (const chunk of req) {
        arrived += (chunk as Buffer).length
        if (arrived >= 60 * MiB) most.resolve()
      }
      return json(res, part())
    })
    const token = await tokenOf(base, bytes)
    const before = await heldBytes()
    const sending = request(base + PARTS, {
      method: 'POST',
      headers: { ...partHeaders(token, bytes), 'content-length': bytes },
    })
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>
    const chunk = Buffer.alloc(MiB)
    for (let sent = 0; sent < 61; sent += 1) if (!sending.write(chunk)) await once(sending, 'drain')
    await most.promise
    expect((await heldBytes()) - before).toBeLessThan(16 * MiB)
    for (let sent = 61; sent < 64; sent += 1) sending.write(chunk)
    sending.end()
    const [response] = await answered
    expect(response.statusCode).toBe(200)
    response.resume()
  })

  it('refuses a redirect, and the key does not follow', async () => {
    const trapped: unknown[] = []
    const trap = await serve((req, res) => {
      trapped.push(req.headers)
      res.end()
    })
    for (const status of [301, 302, 303, 307, 308]) {
      const { base } = await stack((_req, res) => res.writeHead(status, { location: `${trap.url}/v1/uploads` }).end())
      const response = await fetch(base, {
        method: 'POST',
        headers: { 'x-uploads-client': '1', 'content-type': 'application/json' },
        body: JSON.stringify(createBody()),
      })
      expect(await errorOf(response)).toMatchObject({ status: 502, code: 'bad_response' })
    }
    expect(trapped).toEqual([])
  })

  it('refuses the redirect of a part, and neither the key nor a byte follows', async () => {
    const trapped: unknown[] = []
    const trap = await serve((req, res) => {
      trapped.push(req.headers)
      res.end()
    })
    for (const status of [301, 302, 303, 307, 308]) {
      const { base } = await stack(async (req, res) => {
        if (isCreate(req)) return json(res, remoteUpload({ expires_at: hour() }))
        await req.toArray()
        res.writeHead(status, { location: `${trap.url}/v1/uploads` }).end()
      })
      const headers = partHeaders(await tokenOf(base, MiB), MiB)
      const response = await fetch(base + PARTS, { method: 'POST', headers, body: Buffer.alloc(MiB) })
      expect(await errorOf(response)).toMatchObject({ status: 502, code: 'upstream_error' })
    }
    expect(trapped).toEqual([])
  })

  it('answers part_incomplete when a body limit on the way has cut the part', async () => {
    const { base } = await stack(async (req, res) => {
      if (isCreate(req)) return json(res, remoteUpload({ expires_at: hour() }))
      await req.toArray().catch(() => {})
      return json(res, part())
    })
    const headers = partHeaders(await tokenOf(base, 2 * MiB), 2 * MiB)
    // As Next.js does it: the range says 2 MiB, the body ends in good order after 1 MiB.
    const cut = new ReadableStream({
      start(controller) {
        controller.enqueue(new Uint8Array(MiB))
        controller.close()
      },
    })
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body: cut, duplex: 'half' }
    expect(await errorOf(await fetch(base + PARTS, init))).toMatchObject({ status: 400, code: 'part_incomplete' })
  })

  it('shows the browser the refusal of a part that it is still sending', async () => {
    const { base } = await stack((req, res) => {
      if (isCreate(req)) return json(res, remoteUpload({ expires_at: hour() }))
      return json(res, { error: { message: 'No.', type: 'x', param: null, code: null } }, 429)
    })
    const bytes = 16 * MiB
    const good = partHeaders(await tokenOf(base, bytes), bytes)
    const body = new Uint8Array(bytes)
    expect((await fetch(base + PARTS, { method: 'POST', headers: good, body })).status).toBe(429)
    const bad = { ...good, 'x-upload-token': 'wrong' }
    expect((await fetch(base + PARTS, { method: 'POST', headers: bad, body })).status).toBe(403)
  })

  it('closes the connection of a sender that was cut for being slow, and that to OpenAI', async () => {
    const timers = new Set<() => void>()
    let now = Date.now()
    const { base, front, upstream, errors } = await stack(
      (req, res) => {
        if (isCreate(req)) return json(res, remoteUpload({ expires_at: hour() }))
        req.on('error', () => {}).once('data', () => started.resolve())
      },
      {
        now: () => now,
        setTimer: (callback) => {
          timers.add(callback)
          return () => timers.delete(callback)
        },
      },
    )
    const started = deferred<void>()
    const bytes = 4 * MiB
    const headers = { ...partHeaders(await tokenOf(base, bytes), bytes), 'content-length': bytes }
    const sending = request(base + PARTS, { method: 'POST', headers, agent: false }).on('error', () => {})
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>
    sending.write(Buffer.alloc(65_536))
    await started.promise
    now += 30_000
    for (const timer of timers) timer()
    const [response] = await answered
    expect([response.statusCode, response.headers.connection]).toEqual([408, 'close'])
    response.resume()
    front.server.closeIdleConnections()
    upstream.server.closeIdleConnections()
    await Promise.all([...front.closed, ...upstream.closed])
    expect(errors).toEqual([])
  })

  it('gives every socket back after 100 browsers left in the middle of a part', async () => {
    const calls: Promise<unknown>[] = []
    let waiting = deferred<void>()
    const { base, front, upstream, errors } = await stack((req, res) => {
      if (isCreate(req)) return json(res, remoteUpload({ expires_at: hour() }))
      // OpenAI reads, and learns that the rest will not come.
      calls.push(new Promise((resolve) => req.once('close', resolve)))
      req.on('error', () => {}).once('data', () => waiting.resolve())
    })
    const bytes = 4 * MiB
    const token = await tokenOf(base, bytes)
    const headers = { ...partHeaders(token, bytes), 'content-length': bytes }
    for (let round = 0; round < 100; round += 1) {
      waiting = deferred<void>()
      const sending = request(base + PARTS, { method: 'POST', headers, agent: false }).on('error', () => {})
      sending.write(Buffer.alloc(65_536))
      await waiting.promise
      sending.destroy()
    }
    await Promise.all(calls)
    expect(calls).toHaveLength(100)
    // Kept alive by the clients for a next call; everything else must have closed by itself.
    front.server.closeIdleConnections()
    upstream.server.closeIdleConnections()
    await Promise.all([...front.closed, ...upstream.closed])
    expect(front.closed.length).toBeGreaterThan(100)
    expect(await connections(front.server)).toBe(0)
    // Node's fetch opens one connection anew when it had to cut one; a hundred would be a leak.
    expect(await connections(upstream.server)).toBeLessThanOrEqual(1)
    expect(errors).toEqual([])
  })
})

/** Waits, turn by turn of the event loop, until a figure has kept its value for fifty turns. */
async function settled(figure: () => unknown): Promise<void> {
  let last = await figure()
  for (let calm = 0; calm < 50; ) {
    await new Promise((resolve) => setImmediate(resolve))
    const next = await figure()
    calm = next === last ? calm + 1 : 0
    last = next
  }
}

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )
}

describe('toNodeListener', () => {
  it('carries the request over: method, full path, headers and body', async () => {
    const { url } = await serve(
      toNodeListener(async (req) =>
        Response.json([req.method, new URL(req.url).pathname, req.headers.get('x-a'), await req.text()]),
      ),
    )
    const response = await fetch(`${url}/a/b?c=1`, { method: 'PUT', headers: { 'x-a': 'ü' }, body: 'text' })
    expect(await response.json()).toEqual(['PUT', '/a/b', 'ü', 'text'])
  })

  it('sees the whole path when Express has cut its mount path off', async () => {
    const { handler } = backend()
    const listener = toNodeListener(handler)
    const { url } = await serve((req, res) => {
      Object.assign(req, { originalUrl: req.url, url: '/' })
      return listener(req, res)
    })
    const response = await fetch(`${url}/api/uploads`, { headers: { 'x-test-user': 'ada' } })
    expect(response.status).toBe(200)
  })

  it('carries the answer over: status, every cookie, and a body of any length', async () => {
    const { url } = await serve(
      toNodeListener(async () => {
        const headers = new Headers({ 'x-b': '1' })
        headers.append('set-cookie', 'a=1; Path=/')
        headers.append('set-cookie', 'b=2, c')
        let left = 64
        const body = new ReadableStream({
          pull: (controller) => (left-- > 0 ? controller.enqueue(new Uint8Array(65_536)) : controller.close()),
        })
        return new Response(body, { status: 418, headers })
      }),
    )
    const response = await fetch(url)
    expect([response.status, response.headers.get('x-b')]).toEqual([418, '1'])
    expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2, c'])
    expect((await response.arrayBuffer()).byteLength).toBe(64 * 65_536)
  })

  it('aborts the request’s signal when the browser leaves', async () => {
    const started = deferred<void>()
    const aborted = deferred<void>()
    const { url } = await serve(
      toNodeListener((req) => {
        req.signal.addEventListener('abort', () => aborted.resolve())
        started.resolve()
        return new Promise(() => {})
      }),
    )
    const leaving = new AbortController()
    const answer = fetch(url, { signal: leaving.signal }).catch(() => {})
    await started.promise
    leaving.abort()
    await expect(aborted.promise).resolves.toBeUndefined()
    await answer
  })

  it('stops making an answer that nobody reads any more', async () => {
    const cancelled = deferred<void>()
    const { url } = await serve(
      toNodeListener(async () => {
        const body = new ReadableStream({
          pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
          cancel: () => cancelled.resolve(),
        })
        return new Response(body)
      }),
    )
    const leaving = new AbortController()
    const response = await fetch(url, { signal: leaving.signal })
    await response.body?.getReader().read()
    leaving.abort()
    await expect(cancelled.promise).resolves.toBeUndefined()
  })

  it('answers 500 when the handler rejects, without the reason', async () => {
    const { url } = await serve(toNodeListener(() => Promise.reject(new Error('secret reason'))))
    expect(await errorOf(await fetch(url))).toEqual({
      status: 500,
      code: 'server_error',
      type: 'server_error',
      param: null,
      message: 'The upload backend failed.',
    })
  })

  it('says what to do when a body parser came first', async () => {
    const { handler, seen } = backend()
    const listener = toNodeListener(handler)
    const { url } = await serve(async (req, res) => {
      await req.toArray()
      return listener(req, res)
    })
    const response = await fetch(`${url}/api/uploads`, { method: 'POST', body: '{}' })
    const error = await errorOf(response)
    expect(error).toMatchObject({ status: 500, code: 'invalid_options' })
    expect(error.message).toContain('Mount the handler before it')
    expect(seen).toHaveLength(0)
  })

  it.each([
    ['GET //evil.example/api/uploads HTTP/1.1\r\nHost: a\r\n', '200'],
    ['GET / HTTP/1.1\r\nHost: a/b?c\r\n', '400'],
    ['GET http://evil.example/ HTTP/1.1\r\nHost: a\r\n', '400'],
    ['TRACE / HTTP/1.1\r\nHost: a\r\n', '405'],
    ['GET /a/../b HTTP/1.1\r\nHost: a\r\n', '404'],
    ['GET /a/%2e%2e/b HTTP/1.1\r\nHost: a\r\n', '404'],
    ['GET /a/./b HTTP/1.1\r\nHost: a\r\n', '404'],
    ['GET /a\\b HTTP/1.1\r\nHost: a\r\n', '404'],
    ['GET /a#b HTTP/1.1\r\nHost: a\r\n', '404'],
    ['GET /a..b/%2f/c?d=../e HTTP/1.1\r\nHost: a\r\n', '200'],
    ['GET / HTTP/1.0\r\n', '200'],
  ])('keeps its feet when asked %j', async (head, status) => {
    const hosts: string[] = []
    const { server } = await serve(
      toNodeListener(async (req) => {
        hosts.push(new URL(req.url).host)
        return new Response('ok')
      }),
    )
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.end(`${head}Connection: close\r\n\r\n`)
    const answer = Buffer.concat(await socket.toArray()).toString()
    expect(answer.slice(9, 12)).toBe(status)
    expect(hosts).not.toContain('evil.example')
  })
})
