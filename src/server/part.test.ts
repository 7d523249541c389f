import { describe, expect, it, vi } from 'vitest'
import { backend, errorOf, part, rawPart, type SeenCall, UPLOAD_ID } from './fixture.test.support.js'

const PARTS = `/${UPLOAD_ID}/parts`
const boundaryOf = (call: SeenCall | undefined) => /boundary=(.+)$/.exec(call?.headers['content-type'] ?? '')?.[1] ?? ''

/** A body that is made only when somebody asks for it. */
function lazy(chunks: number, bytesEach: number) {
  const state = { pulled: 0, cancelled: false as unknown }
  const chunk = new Uint8Array(bytesEach)
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state.pulled === chunks) return controller.close()
        state.pulled += 1
        controller.enqueue(chunk)
      },
      cancel() {
        state.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { state, body }
}

describe('a raw part', () => {
  it('is framed as the one field of a multipart body, with its exact length', async () => {
    const { post, seen, token } = backend()
    expect((await post(PARTS, { ...rawPart(), token: await token() })).status).toBe(200)
    const boundary = boundaryOf(seen[0])
    expect(seen[0]?.body).toBe(
      `--${boundary}\r\nContent-Disposition: form-data; name="data"; filename="blob"\r\nContent-Type: application/octet-stream\r\n\r\nhello world!\r\n--${boundary}--\r\n`,
    )
    expect(seen[0]?.headers['content-length']).toBe(String(seen[0]?.body.length))
  })

  it('has a boundary that nobody can foresee', async () => {
    const { post, seen, token } = backend()
    const good = await token()
    for (let round = 0; round < 50; round += 1) await post(PARTS, { ...rawPart(), token: good })
    const boundaries = seen.map(boundaryOf)
    expect(new Set(boundaries).size).toBe(50)
    for (const boundary of boundaries) expect(boundary).toMatch(/^upload-[0-9a-f]{32}$/)
  })

  it('has a boundary of 128 bits that are one as often as nought, and owe nothing to Math.random', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    const { post, seen, token } = backend()
    const good = await token()
    for (let round = 0; round < 400; round += 1) await post(PARTS, { ...rawPart(), token: good })
    const ones = Array<number>(128).fill(0)
    for (const boundary of seen.map(boundaryOf)) {
      const value = BigInt(`0x${boundary.replace('upload-', '')}`)
      for (let bit = 0; bit < 128; bit += 1) ones[bit] = (ones[bit] ?? 0) + Number((value >> BigInt(bit)) & 1n)
    }
    // Ten standard deviations: chance does not get there.
    for (const count of ones) expect(Math.abs(count - 200)).toBeLessThan(100)
  })

  it.each<[string, string | null, object]>([
    ['no range', null, { status: 400, code: 'invalid_request', param: 'x-upload-range' }],
    ['a range that is none', 'bytes 0-11/12', { status: 400, param: 'x-upload-range' }],
    ['a range of another file', '0-11/13', { status: 400, param: 'x-upload-range' }],
    ['a range past the end', '0-12/12', { status: 400, param: 'x-upload-range' }],
    ['a range backwards', '11-0/12', { status: 400, param: 'x-upload-range' }],
    ['a part beyond maxPartBytes', '0-11/12', { status: 413, code: 'part_too_large' }],
  ])('with %s is refused before OpenAI is called', async (_, range, expected) => {
    const { post, seen, token } = backend({ maxPartBytes: 11 })
    const headers = { 'content-type': 'application/octet-stream', 'x-upload-range': range }
    const response = await post(PARTS, { body: 'hello world!', headers, token: await token() })
    expect(await errorOf(response)).toMatchObject(expected)
    expect(seen).toHaveLength(0)
  })

  it.each<[string, string, object]>([
    ['shorter', '11', { status: 400, code: 'part_incomplete' }],
    ['longer', '13', { status: 400, code: 'invalid_request' }],
    ['no number', '1e3', { status: 400, code: 'invalid_request' }],
  ])('whose Content-Length is %s than its range is refused before OpenAI is called', async (_, length, expected) => {
    const { post, seen, token } = backend()
    const { body, headers } = rawPart()
    const response = await post(PARTS, {
      body: body as string,
      headers: { ...headers, 'content-length': length },
      token: await token(),
    })
    expect(await errorOf(response)).toMatchObject(expected)
    expect(seen).toHaveLength(0)
  })

  it.each([
    ['short', 'hello world', 'part_incomplete'],
    ['empty', undefined, 'part_incomplete'],
    ['long', 'hello world!!', 'invalid_request'],
  ])('that turns out %s is refused, and OpenAI never gets to see its end', async (_, body, code) => {
    const good = await backend().token()
    let ended = false
    const { post, errors } = backend({
      fetch: async (url, init) => {
        await new Request(url, init).text()
        ended = true
        return Response.json(part())
      },
    })
    const { headers } = rawPart()
    const response = await post(PARTS, {
      ...(body !== undefined && { body }),
      ...(headers && { headers }),
      token: good,
    })
    expect(await errorOf(response)).toMatchObject({ status: 400, code })
    expect(ended).toBe(false)
    expect(errors).toEqual([])
  })

  it('is refused when OpenAI confirms it before its last byte came in', async () => {
    const good = await backend().token()
    const hasty = backend({ fetch: async () => Response.json(part()) })
    const response = await hasty.post(PARTS, { ...rawPart(), token: good })
    expect(await errorOf(response)).toMatchObject({ status: 502, code: 'bad_response' })
  })

  it.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data', 415],
    ['multipart/form-data; boundary=', 415],
    ['multipart/form-data; boundary="a"b"', 415],
    ['multipart/form-data; boundary=a; charset=utf-8', 415],
    [`multipart/form-data; boundary=${'x'.repeat(71)}`, 415],
    ['multipart/mixed; boundary=x', 415],
    ['', 415],
  ])('sent as %j is %i', async (type, status) => {
    const { post, seen, token } = backend()
    const response = await post(PARTS, {
      body: new Uint8Array(12),
      headers: { 'content-type': type },
      token: await token(),
    })
    expect(response.status).toBe(status)
    expect(seen).toHaveLength(0)
  })

  it.each([
    ['content-encoding', 'gzip'],
    ['content-encoding', 'identity, gzip'],
    // Node undoes the chunks, and leaves the rest as it is.
    ['transfer-encoding', 'gzip, chunked'],
  ])('that is compressed (%s: %s) is refused', async (name, coding) => {
    const { post, seen, token } = backend()
    const response = await post(PARTS, {
      ...rawPart(),
      headers: { ...rawPart().headers, [name]: coding },
      token: await token(),
    })
    expect(response.status).toBe(415)
    expect(seen).toHaveLength(0)
  })

  it('may come in chunks', async () => {
    const { post, token } = backend()
    const headers = { ...rawPart().headers, 'transfer-encoding': 'chunked' }
    expect((await post(PARTS, { ...rawPart(), headers, token: await token() })).status).toBe(200)
  })
})

describe('a multipart part of another client', () => {
  const multipart = (content: string, boundary = 'x') =>
    `--${boundary}\r\nContent-Disposition: form-data; name="data"\r\n\r\n${content}\r\n--${boundary}--\r\n`

  it.each([
    ['undici', '----formdata-undici-012345678901'],
    ['.NET', '"oudwTei=KVj_x"'],
    ['the openai package', 'openai-0.123456'],
  ])('of %s passes as it is', async (_, boundary) => {
    const { post, seen, token } = backend()
    const body = multipart('hello world!', boundary.replaceAll('"', ''))
    const type = `multipart/form-data; boundary=${boundary}`
    const headers = { 'content-type': type, 'content-length': String(body.length) }
    expect((await post(PARTS, { body, headers, token: await token() })).status).toBe(200)
    expect(seen[0]?.body).toBe(body)
    expect(seen[0]?.headers).toMatchObject(headers)
  })

  const type = { 'content-type': 'multipart/form-data; boundary=x' }

  it('may be chunked, and is counted', async () => {
    const { post, seen, token } = backend()
    const good = await token()
    const body = new Blob([multipart('x'.repeat(16_384))]).stream()
    expect((await post(PARTS, { body, headers: type, token: good })).status).toBe(200)
    expect(seen[0]?.body).toBe(multipart('x'.repeat(16_384)))
    expect(seen[0]?.headers).not.toHaveProperty('content-length')
    const endless = lazy(2 ** 40, 4096)
    const response = await post(PARTS, { body: endless.body, headers: type, token: good })
    expect(await errorOf(response)).toMatchObject({ status: 413, code: 'part_too_large' })
    expect(endless.state.pulled).toBeLessThan(20)
    expect(endless.state.cancelled).toBe(true)
  })

  it.each([
    ['a line break', ''],
    ['none', '\r\n'],
  ])('may end its last line with %s, in chunks of any size', async (_, cut) => {
    const whole = multipart('hello world!')
    const text = whole.slice(0, whole.length - cut.length)
    for (const size of [1, 2, 3, 5, 8, 100]) {
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (__, at) =>
        new TextEncoder().encode(text.slice(at * size, (at + 1) * size)),
      )
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          const piece = pieces.shift()
          if (piece) controller.enqueue(piece)
          else controller.close()
        },
      })
      const { post, seen, token } = backend()
      expect((await post(PARTS, { body, headers: type, token: await token() })).status).toBe(200)
      expect(seen[0]?.body).toBe(text)
    }
  })

  it('that was cut on the way is refused at every length, also where the length was written anew', async () => {
    const whole = multipart('hello world!')
    const { post, seen, token } = backend()
    const good = await token()
    for (let length = 0; length < whole.length - 2; length += 1) {
      const body = whole.slice(0, length)
      for (const announced of [{}, { 'content-length': String(length) }, { 'content-length': String(whole.length) }]) {
        const response = await post(PARTS, { body, headers: { ...type, ...announced }, token: good })
        expect(await errorOf(response)).toMatchObject({ status: 400, code: 'part_incomplete' })
      }
    }
    expect(seen).toEqual([])
  })

  it('is refused when OpenAI confirms it without its closing boundary', async () => {
    const good = await backend().token()
    // It answers as soon as it has as many bytes as were announced.
    const hasty = backend({
      fetch: async (_, init) => {
        await (init.body as ReadableStream<Uint8Array>).getReader().read()
        return Response.json(part())
      },
    })
    const body = multipart('hello world!').slice(0, -6)
    const headers = { ...type, 'content-length': String(body.length) }
    const response = await hasty.post(PARTS, { body, headers, token: good })
    expect(response.status).toBe(502)
  })

  it.each<[string, number, number, object, number]>([
    ['announces more than the file and its framing', 100_000, 0, { status: 413, code: 'part_too_large' }, 0],
    ['is shorter than it announces', 4096, 1000, { status: 400, code: 'part_incomplete' }, 0],
    ['is longer than it announces', 1000, 4096, { status: 413, code: 'part_too_large' }, 0],
  ])('that %s is refused', async (_, announced, sent, expected, seenCalls) => {
    const { post, seen, token } = backend()
    const headers = { ...type, 'content-length': String(announced) }
    const response = await post(PARTS, { body: new Uint8Array(sent), headers, token: await token() })
    expect(await errorOf(response)).toMatchObject(expected)
    expect(seen).toHaveLength(seenCalls)
  })
})

describe('streaming', () => {
  const MiB = 2 ** 20
  const big = async () => {
    const wanted = { filename: 'a.bin', bytes: 64 * MiB, mime_type: 'application/octet-stream', purpose: 'user_data' }
    const response = await backend().post('', { json: wanted })
    return response.headers.get('x-upload-token') ?? ''
  }
  const headers = { 'content-type': 'application/octet-stream', 'x-upload-range': `0-${64 * MiB - 1}/${64 * MiB}` }

  it('hands a 64 MiB part on chunk by chunk: never more than one is in flight', async () => {
    const { state, body } = lazy(1024, 65_536)
    let read = 0
    let ahead = 0
    const { post } = backend({
      fetch: async (_url, init) => {
        for await (const chunk of init.body as unknown as AsyncIterable<Uint8Array>) {
          read += chunk.byteLength
          ahead = Math.max(ahead, state.pulled * 65_536 - read)
        }
        return Response.json(part())
      },
    })
    expect((await post(PARTS, { body, headers, token: await big() })).status).toBe(200)
    expect(state.pulled).toBe(1024)
    expect(read).toBeGreaterThan(64 * MiB)
    expect(ahead).toBeLessThanOrEqual(2 * 65_536)
  })

  it('lets the browser stop as soon as OpenAI has refused', async () => {
    const { state, body } = lazy(1024, 65_536)
    const { post } = backend({
      fetch: async (_url, init) => {
        const reader = (init.body as ReadableStream<Uint8Array>).getReader()
        await reader.read()
        await reader.read()
        reader.releaseLock()
        init.signal?.addEventListener('abort', () => void (init.body as ReadableStream).cancel())
        return new Response('', { status: 429 })
      },
    })
    expect((await post(PARTS, { body, headers, token: await big() })).status).toBe(429)
    expect(state.pulled).toBeLessThan(5)
    expect(state.cancelled).toBe(true)
  })

  it('lets the browser stop when the part is refused unread', async () => {
    const { state, body } = lazy(1024, 65_536)
    const { post, seen } = backend()
    expect((await post(PARTS, { body, headers, token: 'wrong' })).status).toBe(403)
    expect(state).toEqual({ pulled: 0, cancelled: true })
    expect(seen).toHaveLength(0)
  })

  it('ends the call to OpenAI when the browser leaves', async () => {
    const leaving = new AbortController()
    let reason: unknown
    const { post, errors } = backend({
      fetch: (_url, init) =>
        new Promise((_, reject) => {
          init.signal?.addEventListener('abort', () => {
            reason = init.signal?.reason
            reject(reason)
          })
          leaving.abort()
        }),
    })
    const response = await post(PARTS, {
      body: lazy(1024, 65_536).body,
      headers,
      token: await big(),
      signal: leaving.signal,
    })
    expect(response.status).toBe(499)
    expect(reason).toBeDefined()
    expect(errors).toEqual([])
  })

  it('that broke before it was sent leaves no rejection behind, whoever lets go of it', async () => {
    const rejections: unknown[] = []
    const fetch = async (_url: string, { body }: RequestInit) => {
      // What fetch does with a body when it is called too late. Awaited, so that a rejection is seen here.
      await (body as ReadableStream).cancel().catch((error: unknown) => rejections.push(error))
      throw new Error('aborted')
    }
    const { post } = backend({ fetch })
    const body = new ReadableStream({ start: (controller) => controller.error(new Error('The browser left.')) })
    const response = await post(PARTS, { body, headers, token: await big() })
    expect((await errorOf(response)).code).toBe('upstream_error')
    expect(rejections).toEqual([])
  })

  it('turns a body that breaks half way into part_incomplete, and ends the call to OpenAI', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new Uint8Array(1000)),
      pull: (controller) => controller.error(new Error('socket hang up')),
    })
    let aborted = false
    const { post, errors } = backend({
      // An upstream that would wait for ever.
      fetch: (_url, init) =>
        new Promise((_, reject) => {
          init.signal?.addEventListener('abort', () => {
            aborted = true
            reject(new Error('aborted'))
          })
          new Response(init.body ?? null).text().catch(() => {})
        }),
    })
    const response = await post(PARTS, { body, headers, token: await big() })
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'part_incomplete' })
    expect(aborted).toBe(true)
    expect(errors).toEqual([])
  })
})
