// @vitest-environment happy-dom
// Parts need XMLHttpRequest: happy-dom's speaks real HTTP to a real server. Chromium sends them in the end-to-end tests.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HEADERS } from '../protocol/index.js'
import { createProxyFetcher, type ProxyFetcherOptions } from './proxy-fetcher.js'
import { openBackend } from './proxy-fetcher.test.kit.js'

let backend: Awaited<ReturnType<typeof openBackend>>
beforeEach(async () => {
  backend = await openBackend()
  const { happyDOM } = window as unknown as { happyDOM: { setURL(url: string): void } }
  happyDOM.setURL(`${backend.origin}/`)
})
afterEach(() => backend.close())

const answer = { id: 'part_1', object: 'upload.part', created_at: 1, upload_id: 'upload_1' }
const bytes = new Uint8Array([0, 13, 10, 45, 45, 255, 128, 7])
const part = { uploadId: 'upload_1', range: { start: 100, end: 108 }, bytesTotal: 1000, body: new Blob([bytes]) }

function send(options: Partial<ProxyFetcherOptions> = {}, { signal = new AbortController().signal, token = '' } = {}) {
  const fetcher = createProxyFetcher({ endpoint: `${backend.origin}/api/uploads`, ...options })
  return fetcher.addPart({ ...part, ...(token && { token }) }, { signal, onProgress: () => {} })
}

describe('a raw part', () => {
  it('is its bytes, with the range they have in the file', async () => {
    backend.answers.push({ body: answer })
    expect(await send({}, { token: 'signed' })).toEqual(answer)
    expect(backend.seen).toMatchObject([
      {
        method: 'POST',
        path: '/api/uploads/upload_1/parts',
        headers: {
          'content-type': 'application/octet-stream',
          [HEADERS.range]: '100-107/1000',
          [HEADERS.client]: '1',
          [HEADERS.token]: 'signed',
        },
      },
    ])
    expect(backend.seen[0]?.body.equals(Buffer.from(bytes))).toBe(true)
  })

  it('goes with the app’s headers, asked for before each', async () => {
    backend.answers.push({ body: answer }, { body: answer })
    let asked = 0
    const headers = async () => ({ authorization: `Bearer ${(asked += 1)}` })
    await send({ headers })
    await send({ headers })
    expect(backend.seen.map((request) => request.headers.authorization)).toEqual(['Bearer 1', 'Bearer 2'])
  })
})

describe('a multipart part', () => {
  it('is one field named data, with the boundary that the browser chose and without a range', async () => {
    backend.answers.push({ body: answer })
    await send({ partEncoding: 'multipart' })
    const [request] = backend.seen
    const contentType = request?.headers['content-type'] ?? ''
    expect(contentType).toMatch(/^multipart\/form-data; boundary=/)
    expect(request?.headers[HEADERS.range]).toBeUndefined()
    const form = await new Response(new Uint8Array(request?.body ?? []), {
      headers: { 'content-type': contentType },
    }).formData()
    expect([...form.keys()]).toEqual(['data'])
    expect(Buffer.from(await (form.get('data') as File).arrayBuffer()).equals(Buffer.from(bytes))).toBe(true)
  })
})

describe('a part that fails is told with', () => {
  it('the status, the headers and the JSON of the answer', async () => {
    const body = { error: { message: 'Slow down.', type: 'x', param: null, code: 'rate_limited' } }
    backend.answers.push({ status: 429, headers: { 'retry-after': '3', 'x-request-id': 'req_1' }, body })
    const error: unknown = await send().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'FetcherError', status: 429, body })
    const { headers } = error as { headers: Headers }
    expect([headers.get('retry-after'), headers.get('x-request-id')]).toEqual(['3', 'req_1'])
  })

  it('the page of a proxy', async () => {
    backend.answers.push({ status: 413, body: '<html>413 Request Entity Too Large</html>' })
    await expect(send()).rejects.toMatchObject({ status: 413, body: '<html>413 Request Entity Too Large</html>' })
  })

  it('no status when the connection breaks', async () => {
    await expect(send()).rejects.toMatchObject({ name: 'FetcherError', status: undefined })
  })

  it('no status when it was aborted, and the request ends', async () => {
    backend.answers.push('never')
    const abort = new AbortController()
    const sending = send({}, { signal: abort.signal })
    await vi.waitUntil(() => backend.seen.length === 1)
    abort.abort()
    await expect(sending).rejects.toMatchObject({ name: 'FetcherError', status: undefined })
  })
})

it('a part that was aborted before it began is never sent', async () => {
  await expect(send({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  expect(backend.seen).toEqual([])
})
