import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createUploadsApi } from '../uploads-api/index.js'
import { API_KEY, SECRET } from './fixture.test.support.js'
import { createUploadsHandler } from './index.js'
import { toNodeListener } from './node.js'

// The official client in front, the embedded API behind: what passes here, passes between a browser and OpenAI.
const api = createUploadsApi({ apiKey: API_KEY })
const handler = createUploadsHandler({
  apiKey: API_KEY,
  secret: SECRET,
  basePath: '/v1/uploads',
  purposes: ['user_data'],
  authorize: (request) => ({ userId: request.headers.get('authorization') ?? '' }),
  fetch: (url, init) => api.handler(new Request(url, init)),
})
const server = createServer((req, res) => void toNodeListener(handler)(req, res))

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const clientOf = (token?: string, apiKey = 'session-of-ada') =>
  new OpenAI({
    apiKey,
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    maxRetries: 0,
    defaultHeaders: { 'x-uploads-client': '1', ...(token !== undefined && { 'x-upload-token': token }) },
  })

const bytes = new Uint8Array(1_000_003).map((_, index) => (index * 7919) >> 3)
const md5 = createHash('md5').update(bytes).digest('hex')

async function begin() {
  const { data: upload, response } = await clientOf()
    .uploads.create({
      filename: 'data.bin',
      bytes: bytes.length,
      mime_type: 'application/octet-stream',
      purpose: 'user_data',
    })
    .withResponse()
  const token = response.headers.get('x-upload-token') ?? ''
  return { upload, token, client: clientOf(token) }
}

describe('the official openai package', () => {
  it('uploads a file through the handler: create, parts in any order, complete with md5', async () => {
    const { upload, client } = await begin()
    expect(upload.status).toBe('pending')
    const cuts = [0, 400_000, 400_001, bytes.length]
    const parts = await Promise.all(
      [2, 0, 1].map(async (index) => {
        const data = new File([bytes.subarray(cuts[index], cuts[index + 1])], 'part')
        return [index, (await client.uploads.parts.create(upload.id, { data })).id] as const
      }),
    )
    const part_ids = parts.sort(([one], [two]) => one - two).map(([, id]) => id)
    const completed = await client.uploads.complete(upload.id, { part_ids, md5 })
    expect(completed).toMatchObject({
      id: upload.id,
      status: 'completed',
      file: { bytes: bytes.length, filename: 'data.bin' },
    })
    const kept = await api.readFile(completed.file?.id ?? '')
    expect(createHash('md5').update(kept).digest('hex')).toBe(md5)
  })

  it('streams a chunked part of unknown length', async () => {
    const { upload, client } = await begin()
    const stream = new Blob([bytes]).stream()
    const data = { [Symbol.asyncIterator]: () => stream.values(), name: 'part' } as unknown as Response
    const part = await client.uploads.parts.create(upload.id, { data })
    const completed = await client.uploads.complete(upload.id, { part_ids: [part.id], md5 })
    expect(
      createHash('md5')
        .update(await api.readFile(completed.file?.id ?? ''))
        .digest('hex'),
    ).toBe(md5)
  })

  it('cancels', async () => {
    const { upload, client } = await begin()
    expect((await client.uploads.cancel(upload.id)).status).toBe('cancelled')
  })

  it('gets its own kind of error for a wrong md5, a foreign token, and no token', async () => {
    const { upload, token, client } = await begin()
    const part = await client.uploads.parts.create(upload.id, { data: new File([bytes], 'part') })
    const wrong = client.uploads.complete(upload.id, { part_ids: [part.id], md5: '0'.repeat(32) })
    await expect(wrong).rejects.toMatchObject({ status: 400, code: 'integrity_failed' })
    for (const foreign of [clientOf(token, 'session-of-mallory'), clientOf()]) {
      await expect(foreign.uploads.cancel(upload.id)).rejects.toMatchObject({ status: 403, code: 'token_invalid' })
    }
    expect((await client.uploads.complete(upload.id, { part_ids: [part.id], md5 })).status).toBe('completed')
  })
})
