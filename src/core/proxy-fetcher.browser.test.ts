import { expect, it } from 'vitest'
import { createProxyFetcher } from './proxy-fetcher.js'

// The page's own server has no such endpoint, and says so once it has read the part: enough to see what only a browser
// can tell. The answers that count are tested against a server in proxy-fetcher-parts.test.ts and end to end.
const MIB = 2 ** 20
const part = {
  uploadId: 'upload_1',
  range: { start: 0, end: MIB },
  bytesTotal: MIB,
  body: new Blob([new Uint8Array(MIB)]),
}

it('a browser tells how many bytes of a part have left it', async () => {
  const sent: number[] = []
  const fetcher = createProxyFetcher({ endpoint: '/no-such-endpoint' })
  const { signal } = new AbortController()
  await expect(fetcher.addPart(part, { signal, onProgress: (bytes) => sent.push(bytes) })).rejects.toMatchObject({
    name: 'FetcherError',
    status: expect.any(Number) as number,
  })
  expect(sent.at(-1)).toBe(MIB)
  expect(sent).toEqual(sent.toSorted((a, b) => a - b))
})

it('an abort ends the request at once', async () => {
  const abort = new AbortController()
  const fetcher = createProxyFetcher({ endpoint: '/no-such-endpoint' })
  const sending = fetcher.addPart(part, { signal: abort.signal, onProgress: () => {} })
  abort.abort()
  await expect(sending).rejects.toMatchObject({ name: 'FetcherError', status: undefined })
})

it('a server that cannot be reached is no status at all', async () => {
  // Nothing listens on the discard port, and browsers refuse it.
  const fetcher = createProxyFetcher({ endpoint: 'http://127.0.0.1:9/api/uploads' })
  const { signal } = new AbortController()
  for (const call of [
    () => fetcher.addPart(part, { signal, onProgress: () => {} }),
    () => fetcher.cancel({ uploadId: 'upload_1' }, { signal }),
  ]) {
    await expect(call()).rejects.toMatchObject({ name: 'FetcherError', status: undefined })
  }
})
