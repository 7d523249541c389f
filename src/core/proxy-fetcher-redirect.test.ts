// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createProxyFetcher } from './proxy-fetcher.js'
import { openBackend } from './proxy-fetcher.test.kit.js'
import { classify } from './retry.js'

let backend: Awaited<ReturnType<typeof openBackend>>
beforeEach(async () => {
  backend = await openBackend()
  const { happyDOM } = window as unknown as { happyDOM: { setURL(url: string): void } }
  happyDOM.setURL(`${backend.origin}/`)
})
afterEach(() => backend.close())

const part = { uploadId: 'upload_1', range: { start: 0, end: 4 }, bytesTotal: 4, body: new Blob(['data']) }
// What would pass if nobody looked where it came from.
const answer = { id: 'part_1', object: 'upload.part', created_at: 1, upload_id: 'upload_1' }

describe('an answer from another address, such as a login page, never counts', () => {
  it.each([
    ['HTML', '<html>Sign in</html>'],
    ['JSON like ours', answer],
  ])('to a part, being %s', async (_what, body) => {
    backend.answers.push({ status: 302, headers: { location: `${backend.origin}/login` } }, { body })
    const fetcher = createProxyFetcher({ endpoint: `${backend.origin}/api/uploads` })
    const { signal } = new AbortController()
    const thrown: unknown = await fetcher
      .addPart(part, { signal, onProgress: () => {} })
      .catch((error: unknown) => error)
    expect(thrown).toMatchObject({ name: 'FetcherError', redirected: true })
    expect(classify(thrown, 'addPart', 0)).toMatchObject({ error: { code: 'auth_required' }, retryable: false })
  })

  it('but the page itself may go to another address before the answer comes', async () => {
    const { happyDOM } = window as unknown as { happyDOM: { setURL(url: string): void } }
    happyDOM.setURL(`${backend.origin}/app/`)
    backend.answers.push({ body: answer })
    const fetcher = createProxyFetcher({ endpoint: 'api/uploads' })
    const { signal } = new AbortController()
    const sending = fetcher.addPart(part, { signal, onProgress: () => {} })
    happyDOM.setURL(`${backend.origin}/elsewhere/`)
    await expect(sending).resolves.toEqual(answer)
    expect(backend.seen).toMatchObject([{ path: '/app/api/uploads/upload_1/parts' }])
  })

  it('to any other call', async () => {
    backend.answers.push({ status: 302, headers: { location: `${backend.origin}/login` } }, { body: answer })
    const fetcher = createProxyFetcher({ endpoint: `${backend.origin}/api/uploads` })
    const { signal } = new AbortController()
    const thrown: unknown = await fetcher.cancel({ uploadId: 'upload_1' }, { signal }).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ name: 'FetcherError', redirected: true })
    expect(classify(thrown, 'cancel', 0)).toMatchObject({ error: { code: 'auth_required' }, retryable: false })
  })
})
