import { createServer } from 'node:http'
import { randomOf } from '../src/uploads-api/random.test.kit.js'
import { ask, test as base, expect } from './chaos-bed.e2e.kit.js'
import { type ChaosProxy, startChaosProxy } from './chaos-proxy.js'

// The proxy itself, without a browser: a fault that does not happen would prove nothing.

interface Arrival {
  body: string
  whole: boolean
}

/** A server that answers with how many bytes it got, behind a proxy. */
const test = base.extend<{ chaos: ChaosProxy; arrivals: Arrival[] }>({
  // biome-ignore format: Playwright reads the names of fixtures off the parameters
  arrivals: async ({}, use) => use([]),
  chaos: async ({ arrivals }, use) => {
    const server = createServer((request, response) => {
      const arrival = { body: '', whole: false }
      arrivals.push(arrival)
      request.on('error', () => {})
      request.on('data', (chunk) => {
        arrival.body += String(chunk)
      })
      request.on('end', () => {
        arrival.whole = request.complete
        response.end(`got ${arrival.body.length}`)
      })
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const address = server.address()
    const proxy = await startChaosProxy({
      host: '127.0.0.1',
      port: typeof address === 'object' && address ? address.port : 0,
    })
    await use(proxy)
    await proxy.close()
    server.close()
    server.closeAllConnections()
  },
})

const body = 'abcdefghij'
const path = '/api/uploads/upload_1/parts'
const part = `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: 10\r\n\r\n${body}`

test('passes a request and its reply, whole and in chunks', async ({ chaos: proxy, arrivals }) => {
  expect(await ask(proxy.port, part)).toMatch(/^HTTP\/1.1 200 [^]*got 10$/)
  const chunked = `POST ${path} HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n4\r\nabcd\r\n6;x=1\r\nefghij\r\n0\r\n\r\n`
  expect(await ask(proxy.port, chunked)).toContain('got 10')
  expect(arrivals).toEqual([
    { body, whole: true },
    { body, whole: true },
  ])
  expect(proxy.exchanges.map(({ call, delivered, status }) => ({ call, delivered, status }))).toEqual([
    { call: 'parts', delivered: true, status: 200 },
    { call: 'parts', delivered: true, status: 200 },
  ])
})

test('cuts a request at an exact byte', async ({ chaos: proxy, arrivals }) => {
  for (let at = 0; at <= 10; at += 1) {
    proxy.inject({ on: 'parts', fault: { type: 'cut', message: 'request', place: { of: 'body', at } } })
    expect(await ask(proxy.port, part)).toBe('<ECONNRESET>')
    await expect.poll(() => arrivals.at(-1)?.body).toBe(body.slice(0, at))
    expect(arrivals).toHaveLength(at + 1)
  }
  for (const at of [0, 1, -1]) {
    proxy.inject({ on: 'parts', fault: { type: 'cut', message: 'request', place: { of: 'head', at } } })
    expect(await ask(proxy.port, part)).toBe('<ECONNRESET>')
  }
  // None of these heads was whole.
  expect(arrivals).toHaveLength(11)
})

test('cuts a reply at an exact byte', async ({ chaos: proxy, arrivals }) => {
  for (const at of [0, 1, 5, 6]) {
    proxy.inject({ on: 'parts', fault: { type: 'cut', message: 'reply', place: { of: 'body', at } } })
    const reply = await ask(proxy.port, part)
    // Node takes a reset that comes together with bytes for an end.
    expect(reply.split('\r\n\r\n')[1]?.replace('<ECONNRESET>', '')).toBe('got 10'.slice(0, at))
  }
  proxy.inject({ on: 'parts', fault: { type: 'cut', message: 'reply', place: { of: 'head', at: 8 } } })
  expect(await ask(proxy.port, part)).toMatch(/^HTTP\/1.1(?:<ECONNRESET>)?$/)
  expect(arrivals.map(({ whole }) => whole)).toEqual([true, true, true, true, true])
})

test('holds a request before its first byte, within it and after its last, until it is released', async ({
  chaos: proxy,
  arrivals,
}) => {
  for (const where of ['before', { of: 'body', at: 4 }, 'after'] as const) {
    const rule = proxy.inject({ on: 'parts', fault: { type: 'stall', where } })
    const reply = ask(proxy.port, part)
    await rule.reached
    if (where === 'after') await expect.poll(() => arrivals.at(-1)?.whole).toBe(true)
    else if (where !== 'before') await expect.poll(() => arrivals.at(-1)?.body).toBe('abcd')
    rule.release()
    expect(await reply).toContain('got 10')
  }
})

test('swallows a reply, delivers twice, and answers in place of the server', async ({ chaos: proxy, arrivals }) => {
  proxy.inject({ on: 'parts', fault: { type: 'swallow' } })
  expect(await ask(proxy.port, part)).toBe('<ECONNRESET>')
  expect(arrivals).toEqual([{ body, whole: true }])
  proxy.inject({ on: 'parts', fault: { type: 'twice', reply: 'second' } })
  expect(await ask(proxy.port, part)).toContain('got 10')
  expect(arrivals).toHaveLength(3)
  proxy.inject({ on: 'parts', fault: { type: 'page', status: 200, html: '<h1>Hi</h1>' } })
  expect(await ask(proxy.port, part)).toMatch(/^HTTP\/1.1 200 [^]*<h1>Hi<\/h1>$/)
  expect(arrivals).toHaveLength(3)
  proxy.inject({ on: 'parts', fault: { type: 'replace', status: 502, html: '<h1>Bad</h1>' } })
  expect(await ask(proxy.port, part)).toMatch(/^HTTP\/1.1 502 [^]*<h1>Bad<\/h1>$/)
  expect(arrivals).toHaveLength(4)
})

test('flips one bit, and no other', async ({ chaos: proxy, arrivals }) => {
  const random = randomOf(7)
  for (let run = 0; run < 40; run += 1) {
    const [at, bit] = [random(10), random(8)]
    proxy.inject({ on: 'parts', fault: { type: 'flip', at, bit } })
    // ASCII with its highest bit set is not text, so only the number of bytes is compared there.
    await ask(proxy.port, part)
    const got = Buffer.from(arrivals.at(-1)?.body ?? '')
    const different = [...Buffer.from(body)].filter((byte, index) => byte !== got[index])
    if (bit < 7) expect(different).toEqual([body.charCodeAt(at)])
    else expect(different.length).toBeGreaterThan(0)
  }
})

test('refuses a body early, with a word or without', async ({ chaos: proxy, arrivals }) => {
  proxy.inject({ on: 'parts', fault: { type: 'too_large', after: 1, says: true } })
  expect(await ask(proxy.port, part)).toMatch(/^HTTP\/1.1 413 /)
  proxy.inject({ on: 'parts', fault: { type: 'too_large', after: 1, says: false } })
  expect(await ask(proxy.port, part)).toBe('<ECONNRESET>')
  expect(arrivals.filter(({ whole }) => whole)).toEqual([])
})

test('counts: only the requests that a rule is about', async ({ chaos: proxy, arrivals }) => {
  const rule = proxy.inject({ on: 'parts', skip: 1, times: 2, fault: { type: 'swallow' } })
  const replies: boolean[] = []
  for (let run = 0; run < 5; run += 1) replies.push((await ask(proxy.port, part)).includes('got 10'))
  expect(replies).toEqual([true, false, false, true, true])
  expect(rule.hits).toBe(2)
  proxy.inject({ on: 'complete', fault: { type: 'swallow' } })
  expect(await ask(proxy.port, part)).toContain('got 10')
  expect(arrivals).toHaveLength(6)
})

test('limits bytes a second, and delays', async ({ chaos: proxy }) => {
  const timed = async () => {
    const started = performance.now()
    expect(await ask(proxy.port, part)).toContain('got 10')
    return performance.now() - started
  }
  // 66 bytes at 1000 a second.
  proxy.setBandwidth(1000)
  expect(await timed()).toBeGreaterThan(50)
  proxy.setBandwidth(null)
  proxy.inject({ on: 'parts', fault: { type: 'delay', ms: 80 } })
  expect(await timed()).toBeGreaterThan(79)
})

test('refuses connections while it is down, and takes them again', async ({ chaos: proxy }) => {
  await proxy.down()
  expect(await ask(proxy.port, part)).toBe('<ECONNREFUSED>')
  await proxy.up()
  expect(await ask(proxy.port, part)).toContain('got 10')
})
