import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backend, createBody, errorOf, part, UPLOAD_ID } from './fixture.test.support.js'

// A multipart part of another client passes as it is: any boundary, any bytes, cut anywhere on the way.

const FILE_BYTES = 150_000
/** What part.ts leaves for boundaries and part headers. */
const FRAMING = 64 * 1024
const token = backend()
  .post('', { json: createBody({ bytes: FILE_BYTES }) })
  .then((response) => response.headers.get('x-upload-token') ?? '')

interface Case {
  boundary: string
  data: Buffer
  /** Sizes that the body is cut into, over and over. */
  cuts: number[]
  announced: boolean
  maxPartBytes: number
}

const letters = "abcXYZ019_-.+'(),/:=?".split('')
const boundaries = fc
  .tuple(fc.array(fc.constantFrom(...letters, ' '), { maxLength: 69 }), fc.constantFrom(...letters))
  .map(([first, last]) => [...first, last].join(''))
const cuts = fc.oneof(
  fc.constant<number[]>([1]),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
)

/** Bytes with what looks like a boundary in them, and is none: a boundary begins a line, and this file has none of that. */
const dataFor = (boundary: string) => {
  const lookalikes = [`--${boundary}--`, `--${boundary}`, `\r\n--`, '\r\n', '\n', '--', boundary]
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(...lookalikes).map((text) => Buffer.from(text)),
  )
  return fc
    .array(piece, { maxLength: 12 })
    .map((pieces) => Buffer.concat(pieces))
    .filter((data) => Buffer.from(`\r\n${data.toString('latin1')}\r\n--`).indexOf(`\r\n--${boundary}`) === -1)
}
const small = boundaries.chain((boundary) =>
  fc.record({ boundary: fc.constant(boundary), data: dataFor(boundary), cuts, announced: fc.boolean() }),
)

/** As it goes over the wire, with the closing boundary or without. */
function bodyOf({ boundary, data }: Pick<Case, 'boundary' | 'data'>): Buffer {
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="data"; filename="blob"\r\n\r\n`
  return Buffer.concat([Buffer.from(head), data, Buffer.from(`\r\n--${boundary}--\r\n`)])
}

/** Sends it, to an upstream that believes nothing but the end of a body, and gives up only when it is told to. */
async function send({ boundary, cuts, announced, maxPartBytes }: Case, body: Buffer, length = body.length) {
  const reached: Uint8Array[] = []
  const upstream = { calls: 0, ended: false, headers: new Headers() }
  const { post } = backend({
    maxPartBytes,
    fetch: (_, init) =>
      new Promise((resolve, reject) => {
        upstream.calls += 1
        upstream.headers = new Headers(init.headers)
        init.signal?.addEventListener('abort', () => reject(new Error('aborted')))
        const read = async () => {
          for await (const chunk of init.body as unknown as AsyncIterable<Uint8Array>) reached.push(chunk)
          upstream.ended = true
          resolve(Response.json(part()))
        }
        read().catch(() => {})
      }),
  })
  let at = 0
  let turn = 0
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at === body.length) return controller.close()
      const size = cuts[turn % cuts.length] ?? 1
      controller.enqueue(new Uint8Array(body.subarray(at, at + size)))
      at = Math.min(body.length, at + size)
      turn += 1
    },
  })
  const type = /^[\w'+.-]+$/.test(boundary) ? boundary : `"${boundary}"`
  const response = await post(`/${UPLOAD_ID}/parts`, {
    body: stream,
    headers: {
      'content-type': `multipart/form-data; boundary=${type}`,
      ...(announced && { 'content-length': String(length) }),
    },
    token: await token,
  })
  return { response, upstream, reached: Buffer.concat(reached) }
}

describe('any multipart part', () => {
  it('of as many bytes as are allowed passes byte for byte, announced or not', async () => {
    await fc.assert(
      fc.asyncProperty(small, async (drawn) => {
        // One byte at least may always be sent.
        const sent = { ...drawn, maxPartBytes: Math.max(1, drawn.data.length) }
        const body = bodyOf(sent)
        const { response, upstream, reached } = await send(sent, body)
        expect(response.status).toBe(200)
        expect(reached.equals(body)).toBe(true)
        expect(upstream.headers.get('content-length')).toBe(sent.announced ? String(body.length) : null)
      }),
      { numRuns: 300 },
    )
  })

  it('that was cut before its closing boundary is refused, and OpenAI never gets to see its end', async () => {
    const cutShort = small.chain((drawn) => {
      const body = bodyOf(drawn)
      // The line break after the closing boundary is none of it.
      return fc.record({ drawn: fc.constant(drawn), length: fc.nat({ max: body.length - 3 }), rewritten: fc.boolean() })
    })
    await fc.assert(
      fc.asyncProperty(cutShort, async ({ drawn, length, rewritten }) => {
        const sent = { ...drawn, maxPartBytes: 1000 }
        const whole = bodyOf(sent)
        const { response, upstream } = await send(sent, whole.subarray(0, length), rewritten ? length : whole.length)
        expect(await errorOf(response)).toMatchObject({ status: 400, code: 'part_incomplete' })
        expect(upstream.ended).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('that was cut right behind bytes that read like its closing boundary is refused', async () => {
    const sent = { boundary: 'x', data: Buffer.from('a--x--\r\nb'), cuts: [7], announced: false, maxPartBytes: 1000 }
    const whole = bodyOf(sent)
    for (const words of ['a--x--', 'a--x--\r\n']) {
      const { response, upstream } = await send(sent, whole.subarray(0, whole.indexOf(words) + words.length))
      expect(await errorOf(response)).toMatchObject({ status: 400, code: 'part_incomplete' })
      expect(upstream.ended).toBe(false)
    }
  })

  it('beyond the limit and its framing is refused, and no more than those reach OpenAI', async () => {
    const large = fc.record({
      boundary: boundaries,
      over: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20_000 })),
      cuts: fc.array(fc.integer({ min: 500, max: 30_000 }), { minLength: 1, maxLength: 5 }),
      announced: fc.boolean(),
      maxPartBytes: fc.integer({ min: 1, max: 5000 }),
    })
    await fc.assert(
      fc.asyncProperty(large, async ({ over, ...drawn }) => {
        const framing = bodyOf({ ...drawn, data: Buffer.alloc(0) }).length
        const data = Buffer.alloc(drawn.maxPartBytes + FRAMING - framing + over, 'a')
        const sent = { ...drawn, data }
        const { response, upstream, reached } = await send(sent, bodyOf(sent))
        expect(await errorOf(response)).toMatchObject({ status: 413, code: 'part_too_large' })
        expect(upstream.ended).toBe(false)
        expect(reached.length).toBeLessThanOrEqual(drawn.maxPartBytes + FRAMING)
        if (drawn.announced) expect(upstream.calls).toBe(0)
      }),
      { numRuns: 100 },
    )
  })

  it('that goes on after the length it announced is refused there', async () => {
    await fc.assert(
      fc.asyncProperty(small, fc.integer({ min: 1, max: 500 }), async (drawn, more) => {
        const sent = { ...drawn, announced: true, maxPartBytes: 1000 }
        const body = bodyOf(sent)
        const { response, upstream, reached } = await send(sent, Buffer.concat([body, Buffer.alloc(more)]), body.length)
        expect(await errorOf(response)).toMatchObject({ status: 413, code: 'part_too_large' })
        expect(upstream.ended).toBe(false)
        expect(reached.length).toBeLessThanOrEqual(body.length)
      }),
      { numRuns: 100 },
    )
  })
})
