import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HEADERS } from '../protocol/index.js'
import { createProxyFetcher, type ProxyFetcherOptions } from './proxy-fetcher.js'
import { openBackend } from './proxy-fetcher.test.kit.js'

let backend: Awaited<ReturnType<typeof openBackend>>
beforeEach(async () => {
  backend = await openBackend()
})
afterEach(() => backend.close())

const { signal } = new AbortController()
const upload = { id: 'upload_1', object: 'upload', status: 'pending' }
const createRequest = { filename: 'ü.pdf', bytes: 3, mime_type: 'application/pdf', purpose: 'user_data' }
const make = (options: Partial<ProxyFetcherOptions> = {}) =>
  createProxyFetcher({ endpoint: `${backend.origin}/api/uploads`, ...options })

describe('create', () => {
  it('posts the API’s own body to the endpoint, marked as a call by script', async () => {
    backend.answers.push({ body: upload })
    expect(await make().create(createRequest, { signal })).toEqual({ upload })
    expect(backend.seen).toMatchObject([
      { method: 'POST', path: '/api/uploads', headers: { 'content-type': 'application/json', [HEADERS.client]: '1' } },
    ])
    expect(JSON.parse(backend.seen[0]?.body.toString() ?? '')).toEqual(createRequest)
  })

  it('sends metadata in a header, and none where there is none', async () => {
    backend.answers.push({ body: upload }, { body: upload })
    await make().create(createRequest, { signal, metadata: { project: 'für alle' } })
    await make().create(createRequest, { signal })
    const [sent, none] = backend.seen.map(({ headers }) => headers[HEADERS.metadata])
    expect(JSON.parse(Buffer.from(sent as string, 'base64url').toString())).toEqual({ project: 'für alle' })
    expect(none).toBeUndefined()
  })

  it('sends the key of the create in a header, and none where there is none', async () => {
    backend.answers.push({ body: upload }, { body: upload })
    await make().create(createRequest, { signal, key: 'k'.repeat(32) })
    await make().create(createRequest, { signal })
    expect(backend.seen.map(({ headers }) => headers[HEADERS.key])).toEqual(['k'.repeat(32), undefined])
  })

  it('gives the token that the backend answers with', async () => {
    backend.answers.push({ body: upload, headers: { [HEADERS.token]: 'signed' } })
    expect(await make().create(createRequest, { signal })).toEqual({ upload, token: 'signed' })
  })
})

describe('the later calls', () => {
  it('complete with the ids in order, the md5 and the token', async () => {
    backend.answers.push({ body: upload }, { body: upload })
    await make().complete({ uploadId: 'upload_1', token: 'signed', partIds: ['b', 'a'], md5: 'x' }, { signal })
    await make().complete({ uploadId: 'upload_1', partIds: ['b', 'a'] }, { signal })
    expect(backend.seen.map(({ path }) => path)).toEqual(Array(2).fill('/api/uploads/upload_1/complete'))
    expect(backend.seen.map(({ body }) => JSON.parse(body.toString()) as unknown)).toEqual([
      { part_ids: ['b', 'a'], md5: 'x' },
      { part_ids: ['b', 'a'] },
    ])
    expect(backend.seen.map(({ headers }) => headers[HEADERS.token])).toEqual(['signed', undefined])
  })

  it('cancel without a body, with the token', async () => {
    backend.answers.push({ body: upload })
    await make().cancel({ uploadId: 'upload_1', token: 'signed' }, { signal })
    expect(backend.seen).toMatchObject([
      {
        method: 'POST',
        path: '/api/uploads/upload_1/cancel',
        headers: { [HEADERS.token]: 'signed', [HEADERS.client]: '1' },
      },
    ])
    expect(backend.seen[0]?.body).toHaveLength(0)
    expect(backend.seen[0]?.headers['content-type']).toBeUndefined()
  })

  it('cancel in the same turn and with keepalive, as the page may be gone in the next', async () => {
    const calls: RequestInit[] = []
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      calls.push(init)
      return Response.json(upload)
    })
    const cancelled = make({ headers: () => ({ a: 'b' }) }).cancel({ uploadId: 'upload_1' }, { signal })
    expect(calls).toMatchObject([{ method: 'POST', keepalive: true }])
    await cancelled
  })

  it('cannot be led to another path by an id', async () => {
    backend.answers.push({ body: upload })
    await make().cancel({ uploadId: '../../admin' }, { signal })
    expect(backend.seen[0]?.path).toBe('/api/uploads/..%2F..%2Fadmin/cancel')
  })
})

describe('the policy', () => {
  const policy = { purposes: ['batch'], accept: ['.jsonl'], maxBytes: 10, maxPartBytes: 5, concurrency: 2 }

  it('is asked for by GET', async () => {
    backend.answers.push({ body: policy })
    expect(await make().policy?.({ signal })).toEqual(policy)
    expect(backend.seen).toMatchObject([{ method: 'GET', path: '/api/uploads' }])
  })

  it.each([{ body: { hello: 'world' } }, { body: '<html>app</html>' }])('is none when it is %j', async (answer) => {
    backend.answers.push(answer)
    await expect(make().policy?.({ signal })).rejects.toMatchObject({ name: 'FetcherError', status: 200 })
  })
})

describe('the protocol', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is what the browser noted with the last call to the endpoint', () => {
    const entries = vi.spyOn(performance, 'getEntriesByName')
    entries.mockReturnValue([
      { nextHopProtocol: 'http/1.1' },
      { nextHopProtocol: 'h2' },
    ] as unknown as PerformanceEntry[])
    expect(make().protocol?.()).toBe('h2')
    expect(entries).toHaveBeenCalledWith(`${backend.origin}/api/uploads`, 'resource')
  })

  it('is unknown where the browser noted nothing', () => {
    expect(make().protocol?.()).toBeUndefined()
  })
})

describe('the app’s headers', () => {
  it.each<[string, ProxyFetcherOptions['headers']]>([
    ['an object', { authorization: 'Bearer 1' }],
    ['a function', () => ({ authorization: 'Bearer 1' })],
    ['an async function', async () => ({ authorization: 'Bearer 1' })],
  ])('go along when they are %s', async (_what, headers) => {
    backend.answers.push({ body: upload }, { body: upload })
    const fetcher = make({ ...(headers && { headers }) })
    await fetcher.create(createRequest, { signal })
    await fetcher.cancel({ uploadId: 'upload_1' }, { signal })
    expect(backend.seen.map((request) => request.headers.authorization)).toEqual(['Bearer 1', 'Bearer 1'])
  })

  it('are asked for before each call', async () => {
    let asked = 0
    backend.answers.push({ body: upload }, { body: upload })
    const fetcher = make({ headers: () => ({ authorization: `Bearer ${(asked += 1)}` }) })
    await fetcher.create(createRequest, { signal })
    await fetcher.create(createRequest, { signal })
    expect(backend.seen.map((request) => request.headers.authorization)).toEqual(['Bearer 1', 'Bearer 2'])
  })

  it('cannot take the place of the kit’s own', async () => {
    backend.answers.push({ body: upload })
    const fetcher = make({ headers: { 'X-Upload-Token': 'forged', 'Content-Type': 'text/plain' } })
    await fetcher.complete({ uploadId: 'upload_1', token: 'signed', partIds: [] }, { signal })
    expect(backend.seen[0]?.headers).toMatchObject({ [HEADERS.token]: 'signed', 'content-type': 'application/json' })
  })

  it('that cannot be had fail the call', async () => {
    const fetcher = make({ headers: () => Promise.reject(new Error('Signed out.')) })
    await expect(fetcher.create(createRequest, { signal })).rejects.toThrow('Signed out.')
    expect(backend.seen).toEqual([])
  })
})

describe('cookies', () => {
  it.each([undefined, 'include', 'omit'] as const)('go along as the app says: %s', async (credentials) => {
    const calls: RequestInit[] = []
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      calls.push(init)
      return Response.json(upload)
    })
    await make({ ...(credentials && { credentials }) }).create(createRequest, { signal })
    expect(calls[0]?.credentials).toBe(credentials ?? 'same-origin')
  })
})

describe('a failure is told with', () => {
  it('the status, the headers and the JSON of the answer', async () => {
    const body = { error: { message: 'No.', type: 'x', param: null, code: 'forbidden' } }
    backend.answers.push({ status: 403, headers: { 'x-request-id': 'req_1', 'retry-after': '3' }, body })
    const error: unknown = await make()
      .create(createRequest, { signal })
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'FetcherError', status: 403, body })
    const { headers } = error as { headers: Headers }
    expect([headers.get('x-request-id'), headers.get('retry-after')]).toEqual(['req_1', '3'])
  })

  it('the beginning of a page that is no JSON, also when its status is 200', async () => {
    backend.answers.push({ status: 200, body: `<html>${'x'.repeat(5000)}` })
    const error = await make()
      .create(createRequest, { signal })
      .catch((reason: { status: number; body: string }) => reason)
    expect(error).toMatchObject({ status: 200 })
    expect((error as { body: string }).body).toHaveLength(2000)
  })

  it('no status when no one answered', async () => {
    const error = make().create(createRequest, { signal })
    await expect(error).rejects.toMatchObject({
      name: 'FetcherError',
      status: undefined,
      cause: expect.anything() as unknown,
    })
  })

  it('no status when it was aborted', async () => {
    backend.answers.push('never')
    const abort = new AbortController()
    const create = make().create(createRequest, { signal: abort.signal })
    await vi.waitUntil(() => backend.seen.length === 1)
    abort.abort()
    await expect(create).rejects.toMatchObject({ name: 'FetcherError', status: undefined })
  })
})

describe('an endpoint', () => {
  it('may end with a slash', async () => {
    backend.answers.push({ body: upload })
    await make({ endpoint: `${backend.origin}/api/uploads///` }).create(createRequest, { signal })
    expect(backend.seen[0]?.path).toBe('/api/uploads')
  })

  it.each(['/a', 'a/b', '//other.test/a', 'https://other.test', 'http://localhost:3000/a/', '/caf\u00e9', 'host/a:b'])(
    'may be %j',
    (endpoint) => {
      expect(() => createProxyFetcher({ endpoint })).not.toThrow()
    },
  )

  const unusable = ['ftp://x', 'javascript:x', '  ', '/a b', 'http://', 'http://name:word@x/a']
  it.each(['', '/api?x=1', '/api#x', undefined, null, 5, ...unusable])(
    'is refused when it is %j, with an example',
    (endpoint) => {
      expect(() => createProxyFetcher({ endpoint: endpoint as string })).toThrow(
        expect.objectContaining({
          code: 'invalid_options',
          message: expect.stringContaining('/api/uploads') as string,
        }),
      )
    },
  )
})

describe('options that cannot work', () => {
  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an encoding that there is not', { endpoint: '/a', partEncoding: 'base64' }],
    ['credentials that there are not', { endpoint: '/a', credentials: 'always' }],
    ['a header that cannot be sent', { endpoint: '/a', headers: { 'not a name': 'x' } }],
    ['headers that are none', { endpoint: '/a', headers: 5 }],
  ])('are refused when the fetcher is made, not at each call: %s', (_what, options) => {
    expect(() => createProxyFetcher(options as ProxyFetcherOptions)).toThrow(
      expect.objectContaining({ code: 'invalid_options' }),
    )
  })

  it('are told at the first call where a function gives them, and end the upload', async () => {
    const created = make({ headers: () => ({ 'not a name': 'x' }) }).create(createRequest, { signal })
    await expect(created).rejects.toMatchObject({ code: 'invalid_options' })
  })

  it('are told where there is no browser to send parts', async () => {
    const part = { uploadId: 'upload_1', range: { start: 0, end: 4 }, bytesTotal: 4, body: new Blob(['data']) }
    const sent = make().addPart(part, { signal, onProgress: () => {} })
    await expect(sent).rejects.toMatchObject({ code: 'invalid_options' })
  })
})
