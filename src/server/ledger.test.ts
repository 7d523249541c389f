import { describe, expect, it, vi } from 'vitest'
import {
  type Backend,
  backend,
  completedUpload,
  createBody,
  errorOf,
  part,
  type Respond,
  rawPart,
  remoteUpload,
  START,
  UPLOAD_ID,
  well,
} from './fixture.test.support.js'
import { createMemoryStore, revokeUpload, UploadError, type UploadsHandlerOptions, type UploadsStore } from './index.js'

/** Instances of one backend, side by side, with one clock and one store. */
function fleet(options: Partial<UploadsHandlerOptions> = {}, respond: Respond = well) {
  const clock = { now: START * 1000 }
  const now = () => clock.now
  const store = createMemoryStore({ now })
  const [one, two] = [1, 2].map(() => backend({ store, now, ...options }, respond)) as [Backend, Backend]
  return { clock, store, one, two }
}

const create = (at: Backend, over: object = {}, user = 'ada') => at.post('', { json: createBody(over), user })
const tokenOf = async (at: Backend, over: object = {}) => (await create(at, over)).headers.get('x-upload-token') ?? ''
const completeBody = { part_ids: ['part_1'], md5: '0'.repeat(32) }
const complete = (at: Backend, token: string, json: object = completeBody) =>
  at.post(`/${UPLOAD_ID}/complete`, { json, token })

describe('quotas of a user', () => {
  it('count over all instances, and answer 429 with the time to wait, without a call to OpenAI', async () => {
    const { one, two, clock } = fleet({ quotas: { createsPerMinute: 3 } })
    for (const at of [one, two, one]) expect((await create(at)).status).toBe(200)
    clock.now += 20_500
    one.seen.length = 0
    const refused = await create(two)
    expect(await errorOf(refused.clone())).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(refused.headers.get('retry-after')).toBe('40')
    expect((await create(one, {}, 'grace')).status).toBe(200)
    expect([one.seen.length, two.seen.length]).toEqual([1, 1])
    clock.now += 39_500
    expect((await create(one)).status).toBe(200)
  })

  it('bound the bytes of a day, and a file that does not fit takes nothing from the next', async () => {
    const { one, two, clock } = fleet({ quotas: { bytesPerDay: 100 } })
    expect((await create(one, { bytes: 90 })).status).toBe(200)
    const refused = await create(two, { bytes: 11 })
    expect(await errorOf(refused.clone())).toMatchObject({ status: 429, code: 'quota_exceeded' })
    expect(refused.headers.get('retry-after')).toBe('86400')
    expect(two.seen).toEqual([])
    expect((await create(two, { bytes: 10 })).status).toBe(200)
    expect((await create(two, { bytes: 1 })).status).toBe(429)
    clock.now += 86_400_000
    expect((await create(two, { bytes: 100 })).status).toBe(200)
  })

  it('bound the open uploads, until one is completed, cancelled or an hour old', async () => {
    const { one, two, clock } = fleet({ quotas: { openUploads: 2 } })
    const [first, second] = [await tokenOf(one), await tokenOf(two)]
    const refused = await create(one)
    expect(await errorOf(refused.clone())).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(refused.headers.get('retry-after')).toBe('5')
    expect((await complete(two, first)).status).toBe(200)
    expect((await create(one)).status).toBe(200)
    expect((await create(one)).status).toBe(429)
    expect((await one.post(`/${UPLOAD_ID}/cancel`, { token: second })).status).toBe(200)
    expect((await create(two)).status).toBe(200)
    expect((await create(two)).status).toBe(429)
    clock.now += 3_600_000
    expect((await create(two)).status).toBe(200)
  })

  it.each<[string, Partial<UploadsHandlerOptions>, Respond]>([
    ['OpenAI refuses', {}, () => new Response('', { status: 500 })],
    [
      'the app refuses',
      {
        onCreate: () => {
          throw new UploadError('file_rejected', 'No.')
        },
      },
      well,
    ],
  ])('are given back when %s the create', async (_, options, respond) => {
    const quotas = { openUploads: 1, bytesPerDay: 12 }
    const { store } = fleet()
    for (let round = 0; round < 3; round += 1) {
      expect((await create(backend({ store, quotas, ...options }, respond))).status).not.toBe(429)
    }
    expect((await create(backend({ store, quotas }))).status).toBe(200)
    expect((await create(backend({ store, quotas }))).status).toBe(429)
  })

  it('bound the parts at once, and a part that ends makes room, however it ended', async () => {
    const answers: (() => void)[] = []
    const { one, two } = fleet({ quotas: { partsAtOnce: 2 } }, async (request) => {
      if (!request.url.endsWith('/parts')) return well(request)
      await new Promise<void>((resolve) => answers.push(resolve))
      return answers.length > 2 ? Response.json(part()) : new Response('', { status: 500 })
    })
    const token = await tokenOf(one)
    const send = (at: Backend) => at.post(`/${UPLOAD_ID}/parts`, { ...rawPart(), token })
    const under = [send(one), send(two)]
    await vi.waitFor(() => expect(answers).toHaveLength(2))
    const refused = await send(one)
    expect(await errorOf(refused.clone())).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(refused.headers.get('retry-after')).toBe('5')
    for (const answer of answers) answer()
    expect((await Promise.all(under)).map(({ status }) => status)).toEqual([502, 502])
    const next = send(two)
    await vi.waitFor(() => expect(answers).toHaveLength(3))
    answers[2]?.()
    expect((await next).status).toBe(200)
  })

  it('live in the memory of the process where no store is given', async () => {
    const { post } = backend({ quotas: { createsPerMinute: 1 } })
    expect((await post('', { json: createBody() })).status).toBe(200)
    expect((await post('', { json: createBody() })).status).toBe(429)
  })

  it.each<[string, object]>([
    ['a misspelt quota', { quotas: { createsPerHour: 1 } }],
    ['a quota of nothing', { quotas: { openUploads: 0 } }],
    ['a store that cannot count', { store: { get: () => null } }],
  ])('refuse %s at construction', (_, options) => {
    expect(() => backend(options)).toThrow(/invalid `(?:quotas|store)/)
  })
})

describe('the bytes of an upload', () => {
  const size = 5 * 2 ** 20
  const send = (at: Backend, token: string, bytes = size) =>
    at.post(`/${UPLOAD_ID}/parts`, { ...rawPart(new Uint8Array(bytes), `0-${bytes - 1}/${size}`), token })

  it('may be sent again, up to three times the file and one part', async () => {
    const { one, two } = fleet()
    const token = await tokenOf(one, { bytes: size })
    for (const at of [one, two, one]) expect((await send(at, token)).status).toBe(200)
    expect((await send(two, token, 4 * 2 ** 20)).status).toBe(200)
    two.seen.length = 0
    const refused = await send(two, token, 1)
    expect(await errorOf(refused.clone())).toMatchObject({ status: 429, code: 'quota_exceeded' })
    expect(refused.headers.get('x-should-retry')).toBe('false')
    expect(two.seen).toEqual([])
  })

  it('do not count where OpenAI refused them, or where they broke off', async () => {
    let status = 500
    const { one } = fleet({}, (request) =>
      request.url.endsWith('/parts') && status !== 200 ? new Response('', { status }) : well(request),
    )
    const token = await tokenOf(one, { bytes: size })
    for (let round = 0; round < 10; round += 1) expect((await send(one, token)).status).toBe(502)
    const headers = { 'content-type': 'application/octet-stream', 'x-upload-range': `0-${size - 1}/${size}` }
    for (let round = 0; round < 10; round += 1) {
      const cut = await one.post(`/${UPLOAD_ID}/parts`, { body: new Uint8Array(size - 1), headers, token })
      expect((await errorOf(cut)).code).toBe('part_incomplete')
    }
    status = 200
    for (let round = 0; round < 3; round += 1) expect((await send(one, token)).status).toBe(200)
  })

  it('count where the reply was lost, as the part may be at OpenAI', async () => {
    const { store } = fleet()
    const token = await tokenOf(backend({ store }), { bytes: size })
    const lossy = backend({
      store,
      fetch: async (url, init) => {
        await new Request(url, init).arrayBuffer()
        throw new TypeError('fetch failed')
      },
    })
    for (let round = 0; round < 3; round += 1) expect((await send(lossy, token)).status).toBe(502)
    expect((await send(lossy, token)).status).toBe(429)
  })

  it('are counted as they came where nobody announced them', async () => {
    const { one } = fleet()
    const token = await tokenOf(one, { bytes: size })
    const chunked = () => ({
      body: new Blob(['x'.repeat(1000), '\r\n--x--\r\n']).stream(),
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      token,
    })
    for (let round = 0; round < 20; round += 1) {
      expect((await one.post(`/${UPLOAD_ID}/parts`, chunked())).status).toBe(200)
    }
  })
})

describe('completing', () => {
  it('again gives the first answer, from any instance, without asking OpenAI or telling the app', async () => {
    const onComplete = vi.fn<() => void>()
    const { one, two } = fleet({ onComplete })
    const token = await tokenOf(one)
    const first = await (await complete(one, token)).json()
    expect(first).toMatchObject(completedUpload())
    two.seen.length = 0
    for (let round = 0; round < 200; round += 1) {
      const again = await complete(two, token)
      expect(again.status).toBe(200)
      expect(await again.json()).toEqual(first)
    }
    expect(two.seen).toEqual([])
    expect(onComplete).toHaveBeenCalledTimes(1)
  })

  it('with another list of parts is OpenAI’s to answer', async () => {
    const { one, two } = fleet()
    const token = await tokenOf(one)
    await complete(one, token)
    await complete(two, token, { part_ids: ['part_2'] })
    expect(two.seen).toHaveLength(1)
  })

  it('while another call does so asks the browser to come back, and then gives the same answer', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const onComplete = vi.fn<() => void>()
    const { one, two } = fleet({ onComplete }, async (request) => {
      if (request.url.endsWith('/complete')) await held
      return well(request)
    })
    const token = await tokenOf(one)
    one.seen.length = 0
    const first = complete(one, token)
    await vi.waitFor(() => expect(one.seen).toHaveLength(1))
    const second = await complete(two, token)
    expect(await errorOf(second.clone())).toMatchObject({ status: 503, code: 'upstream_error' })
    expect(second.headers.get('retry-after')).toBe('2')
    release()
    expect((await first).status).toBe(200)
    expect((await complete(two, token)).status).toBe(200)
    expect(two.seen).toEqual([])
    expect(onComplete).toHaveBeenCalledTimes(1)
  })

  it('is free again once a call has failed, or its instance has died a minute ago', async () => {
    const { one, clock, store } = fleet()
    const token = await tokenOf(one)
    const failing = backend({ store }, () => new Response('', { status: 500 }))
    expect((await complete(failing, token)).status).toBe(502)
    await store.put(`uploads:completing:${UPLOAD_ID}`, '1', 60)
    expect((await complete(one, token)).status).toBe(503)
    clock.now += 60_000
    expect((await complete(one, token)).status).toBe(200)
  })

  it('that OpenAI refuses because another instance was faster is answered with what that one got', async () => {
    const { one, store } = fleet()
    const token = await tokenOf(one)
    const late = backend({ store }, async () => {
      await store.delete(`uploads:completing:${UPLOAD_ID}`)
      await complete(one, token)
      return Response.json({ error: { message: 'Not pending.' } }, { status: 400 })
    })
    const answer = await complete(late, token)
    expect([answer.status, await answer.json()]).toMatchObject([200, completedUpload()])
  })

  it('goes on when the browser leaves, so that its next try hears how it ended', async () => {
    const leaving = new AbortController()
    const { one, two } = fleet({}, (request) => {
      if (request.url.endsWith('/complete')) leaving.abort()
      request.signal.throwIfAborted()
      return well(request)
    })
    const token = await tokenOf(one)
    await one.post(`/${UPLOAD_ID}/complete`, { json: completeBody, token, signal: leaving.signal })
    expect((await complete(two, token)).status).toBe(200)
    expect(two.seen).toEqual([])
  })

  it('that left the Upload pending is asked again', async () => {
    const { one } = fleet({}, () => Response.json(remoteUpload()))
    const token = await tokenOf(one)
    one.seen.length = 0
    await complete(one, token)
    await complete(one, token)
    expect(one.seen).toHaveLength(2)
  })
})

describe('a revoked upload', () => {
  it('is closed to every later call, on every instance, with the answer of any bad token', async () => {
    const { one, two, store } = fleet()
    const token = await tokenOf(one)
    await revokeUpload(store, UPLOAD_ID)
    one.seen.length = 0
    const bad = await errorOf(await one.post(`/${UPLOAD_ID}/cancel`, { token: 'bad' }))
    for (const verb of ['parts', 'complete', 'cancel']) {
      expect(await errorOf(await one.post(`/${UPLOAD_ID}/${verb}`, { ...rawPart(), token }))).toEqual(bad)
      expect(await errorOf(await two.post(`/${UPLOAD_ID}/${verb}`, { ...rawPart(), token }))).toEqual(bad)
    }
    expect([...one.seen, ...two.seen]).toEqual([])
  })
})

describe('a store that fails', () => {
  const broken = (works: (method: keyof UploadsStore, args: unknown[]) => boolean): UploadsStore => {
    const store = createMemoryStore()
    return new Proxy(store, {
      get:
        (target, name: keyof UploadsStore) =>
        async (...args: unknown[]) => {
          if (!works(name, args)) throw new Error('ECONNREFUSED redis://:canary@10.0.0.1')
          return (target[name] as (...args: unknown[]) => unknown)(...args)
        },
    })
  }
  const quotas = { createsPerMinute: 9, openUploads: 9, bytesPerDay: 900, partsAtOnce: 9 }

  it('stops every call before OpenAI is asked: what cannot be counted is not given away', async () => {
    const token = await backend().token()
    const { post, seen, errors } = backend({ quotas, store: broken(() => false) })
    for (const [path, options] of [
      ['', { json: createBody() }],
      [`/${UPLOAD_ID}/parts`, rawPart()],
      [`/${UPLOAD_ID}/complete`, { json: completeBody }],
    ] as const) {
      const response = await post(path, { ...options, token })
      const text = await response.clone().text()
      expect(await errorOf(response)).toMatchObject({ status: 503, code: 'server_error' })
      expect(text).not.toContain('canary')
    }
    expect(seen).toEqual([])
    expect(errors).toHaveLength(3)
  })

  it('afterwards changes no answer: the developer hears of it', async () => {
    const store = broken((method, [key]) => {
      if (method === 'put') return !String(key).includes('completed')
      return method !== 'release' && method !== 'delete'
    })
    const onComplete = vi.fn<() => void>()
    const { post, errors } = backend({ quotas, onComplete, store })
    const token = (await post('', { json: createBody() })).headers.get('x-upload-token') ?? ''
    expect((await post(`/${UPLOAD_ID}/parts`, { ...rawPart(), token })).status).toBe(200)
    const response = await post(`/${UPLOAD_ID}/complete`, { json: completeBody, token })
    expect(await response.json()).toMatchObject(completedUpload())
    expect(onComplete).toHaveBeenCalledTimes(1)
    // The place of the part, the cached answer, the lock, the place of the upload.
    expect(errors).toHaveLength(4)
  })

  it('or was written to by somebody else is believed nothing', async () => {
    const { one, store } = fleet()
    const token = await tokenOf(one)
    for (const text of [
      '',
      'null',
      '{}',
      '{"digest":"x"}',
      '[',
      JSON.stringify({ digest: null, upload: completedUpload() }),
    ]) {
      await store.delete(`uploads:completed:${UPLOAD_ID}`)
      await store.put(`uploads:completed:${UPLOAD_ID}`, text, 60)
      one.seen.length = 0
      expect((await complete(one, token)).status).toBe(200)
      expect(one.seen).toHaveLength(1)
    }
  })
})
