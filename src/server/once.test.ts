import { describe, expect, it, vi } from 'vitest'
import {
  type Backend,
  backend,
  completedUpload,
  createBody,
  errorOf,
  type Respond,
  remoteUpload,
  START,
} from './fixture.test.support.js'
import { createMemoryStore, UploadError, type UploadsHandlerOptions, type UploadsLogEntry } from './index.js'
import { openKeyring, verifyToken } from './token.js'

/** An OpenAI that makes another Upload each time. */
function counting() {
  let made = 0
  const respond: Respond = async (request) => {
    if (request.url.endsWith('/complete')) return Response.json(completedUpload())
    made += 1
    const { filename, bytes, purpose } = (await request.json()) as { filename: string; bytes: number; purpose: string }
    return Response.json(remoteUpload({ id: `upload_${made}`, filename, bytes, purpose }))
  }
  return { respond, made: () => made }
}

/** Instances of one backend, side by side, with one clock and one store. */
function fleet(options: Partial<UploadsHandlerOptions> = {}, respond = counting().respond) {
  const clock = { now: START * 1000 }
  const now = () => clock.now
  const store = createMemoryStore({ now })
  const [one, two] = [1, 2].map(() => backend({ store, now, ...options }, respond)) as [Backend, Backend]
  return { clock, store, one, two }
}

const KEY = '0123456789abcdef0123456789abcdef'
const create = (at: Backend, { key = KEY, user = 'ada', body = {}, headers = {} } = {}) =>
  at.post('', { json: createBody(body), user, headers: { 'x-upload-key': key, ...headers } })
const idOf = async (response: Response) => ((await response.json()) as { id: string }).id

describe('creating with a key', () => {
  it('again gives the first answer and its token, from any instance, a thousand times', async () => {
    const onCreate = vi.fn<() => void>()
    const { one, two } = fleet({ onCreate, quotas: { createsPerMinute: 1, openUploads: 1, bytesPerDay: 12 } })
    const first = await create(one)
    const [text, token] = [await first.text(), first.headers.get('x-upload-token')]
    expect(JSON.parse(text)).toMatchObject({ id: 'upload_1', status: 'pending' })
    for (let round = 0; round < 1000; round += 1) {
      const again = await create(round % 2 === 0 ? two : one)
      expect([again.status, await again.text(), again.headers.get('x-upload-token')]).toEqual([200, text, token])
    }
    expect([one.seen.length, two.seen.length]).toEqual([1, 0])
    expect(onCreate).toHaveBeenCalledTimes(1)
  })

  it('gives a token that says what the first said, metadata of the app’s own included', async () => {
    const onComplete = vi.fn<(...args: unknown[]) => void>()
    const onCreate = () => ({ filename: 'hers.txt', metadata: { folder: 'inbox' } })
    const { one, two, clock } = fleet({ onCreate, onComplete })
    await create(one)
    const token = (await create(two)).headers.get('x-upload-token')
    const keyring = await openKeyring(['canary-secret-0123456789abcdef-0123456789abcdef'])
    const expected = { userId: 'ada', uploadId: 'upload_1', notBefore: clock.now / 1000 }
    expect(await verifyToken(keyring, token, expected)).toMatchObject({
      bytes: 12,
      purpose: 'user_data',
      expiresAt: START + 3600,
      metadata: { folder: 'inbox' },
    })
  })

  it('ten minutes later makes another', async () => {
    const { one, two, clock } = fleet()
    expect(await idOf(await create(one))).toBe('upload_1')
    clock.now += 599_000
    expect(await idOf(await create(two))).toBe('upload_1')
    clock.now += 1000
    expect(await idOf(await create(two))).toBe('upload_2')
  })

  it.each<[string, Parameters<typeof create>[1]]>([
    ['another size', { body: { bytes: 13 } }],
    ['another name', { body: { filename: 'other.txt' } }],
    ['other metadata', { headers: { 'x-upload-metadata': Buffer.from('{"a":"b"}').toString('base64url') } }],
  ])('for %s is refused: it would be answered with the wrong Upload', async (_, changed) => {
    const { one, two } = fleet()
    await create(one)
    expect(await errorOf(await create(two, changed))).toMatchObject({
      status: 422,
      code: 'invalid_request',
      param: 'x-upload-key',
    })
    expect(two.seen).toEqual([])
  })

  it('is each user’s own affair, and so is another key', async () => {
    const { one } = fleet()
    const ids = [await create(one), await create(one, { user: 'grace' }), await create(one, { key: 'z'.repeat(16) })]
    expect(await Promise.all(ids.map(idOf))).toEqual(['upload_1', 'upload_2', 'upload_3'])
  })

  it('while its twin is under way asks the browser to come back, and then gives the same answer', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const { respond } = counting()
    const { one, two } = fleet({}, async (request) => {
      await held
      return respond(request)
    })
    const first = create(one)
    await vi.waitFor(() => expect(one.seen).toHaveLength(1))
    const second = await create(two)
    expect(await errorOf(second.clone())).toMatchObject({ status: 503, code: 'upstream_error' })
    expect(second.headers.get('retry-after')).toBe('2')
    release()
    expect(await idOf(await first)).toBe('upload_1')
    expect(await idOf(await create(two))).toBe('upload_1')
    expect(two.seen).toEqual([])
  })

  it('again waits for nobody who asks the same: what was made is there for all of them', async () => {
    const { store, one } = fleet()
    await create(one)
    // Another try is looking it up, and has the lock.
    const busy = { ...store, put: async () => false }
    const { one: other } = fleet({ store: busy })
    expect(await idOf(await create(other))).toBe('upload_1')
    expect(other.seen).toEqual([])
  })

  it('of a browser that left goes on, so that its next try gets what was made', async () => {
    const leaving = new AbortController()
    const { respond } = counting()
    const { one, two } = fleet({}, (request) => {
      leaving.abort()
      request.signal.throwIfAborted()
      return respond(request)
    })
    const headers = { 'x-upload-key': KEY }
    await one.post('', { json: createBody(), headers, signal: leaving.signal })
    expect(await idOf(await create(two))).toBe('upload_1')
    expect(two.seen).toEqual([])
  })

  it('that was refused is asked anew, by OpenAI’s word or the app’s', async () => {
    const { respond } = counting()
    let failures = 1
    const onCreate = vi.fn<() => void>(() => {
      if (onCreate.mock.calls.length === 1) throw new UploadError('quota_exceeded', 'No room left.')
    })
    const { one, two } = fleet({ onCreate }, (request) => {
      failures -= 1
      return failures >= 0 ? new Response('', { status: 500 }) : respond(request)
    })
    expect((await create(one)).status).toBe(429)
    expect((await create(two)).status).toBe(502)
    expect(await idOf(await create(one))).toBe('upload_1')
  })

  it('gives what a faster instance made, where its own lock had run out', async () => {
    const { respond } = counting()
    const { one, store } = fleet({}, respond)
    const late = backend({
      store,
      fetch: async (url, init) => {
        // A minute goes by, and another instance takes over.
        for (const key of locks) await store.delete(key)
        await create(one)
        return respond(new Request(url, init))
      },
    })
    const locks: string[] = []
    const { put } = store
    store.put = (key, ...rest) => {
      if (key.includes('creating')) locks.push(key)
      return put(key, ...rest)
    }
    expect(await idOf(await create(late))).toBe('upload_1')
    expect(await idOf(await create(one))).toBe('upload_1')
  })

  it('is logged like the first', async () => {
    const entries: UploadsLogEntry[] = []
    const { one } = fleet({ logger: (entry) => entries.push(entry) })
    await create(one)
    await create(one)
    const [first, again] = entries
    expect(again).toEqual({ ...first, durationMs: again?.durationMs })
    expect(again).toMatchObject({ call: 'create', status: 200, uploadId: 'upload_1', bytes: 12, purpose: 'user_data' })
  })

  it('without a store asks OpenAI each time', async () => {
    const { respond } = counting()
    const alone = backend({}, respond)
    expect(await idOf(await create(alone))).toBe('upload_1')
    expect(await idOf(await create(alone))).toBe('upload_2')
  })

  it.each(['short', 'x'.repeat(65), '../../../../../../..', '__proto__'])('is refused for the key %j', async (key) => {
    for (const { post, seen } of [backend(), fleet().one]) {
      const refused = await post('', { json: createBody(), headers: { 'x-upload-key': key } })
      expect(await errorOf(refused)).toMatchObject({ status: 400, code: 'invalid_request', param: 'x-upload-key' })
      expect(seen).toEqual([])
    }
  })
})

describe('a store that fails', () => {
  it('stops a create with a key before OpenAI is asked, and changes nothing afterwards', async () => {
    const { store } = fleet()
    const { respond } = counting()
    const works = { get: true, put: true, delete: true }
    const shaky = {
      ...store,
      get: (key: string) => (works.get ? store.get(key) : Promise.reject(new Error('down'))),
      put: (...args: Parameters<typeof store.put>) =>
        works.put || args[0].includes('creating') ? store.put(...args) : Promise.reject(new Error('down')),
      delete: (key: string) => (works.delete ? store.delete(key) : Promise.reject(new Error('down'))),
    }
    const { post, seen, errors } = backend({ store: shaky }, respond)
    const headers = { 'x-upload-key': KEY }
    works.get = false
    expect((await post('', { json: createBody(), headers })).status).toBe(503)
    expect(seen).toEqual([])
    Object.assign(works, { get: true, put: false, delete: false })
    errors.length = 0
    expect(await idOf(await post('', { json: createBody(), headers }))).toBe('upload_1')
    expect(errors).toHaveLength(2)
  })

  it('or was written to by somebody else is believed nothing', async () => {
    const { respond, made } = counting()
    const { one, store } = fleet({}, respond)
    const written: string[] = []
    const { get } = store
    const upload = remoteUpload()
    const texts = ['', 'null', '[', '{}', '{"digest":"x"}', JSON.stringify({ upload, nonce: 1, metadata: {} })]
    store.get = async (key) => {
      if (!key.includes('created')) return get(key)
      written.push(key)
      return texts[written.length - 1] ?? null
    }
    for (let round = 0; round < texts.length; round += 1) {
      await store.delete(written.at(-1) ?? '')
      expect((await create(one)).status).toBe(200)
    }
    expect(made()).toBe(texts.length)
  })
})
