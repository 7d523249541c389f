import { AzureOpenAI } from 'openai'
import { describe, expect, it, vi } from 'vitest'
import { createUploader } from '../core/index.js'
import type { RemoteUpload, UploadPolicy } from '../protocol/index.js'
import { createFakeUploads } from '../testing/index.js'
import {
  API_KEY,
  backend,
  createBody,
  errorOf,
  rawPart,
  remoteUpload,
  START,
  UPLOAD_ID,
} from './fixture.test.support.js'

const completeBody = { part_ids: ['part_1'], md5: '0'.repeat(32) }

/** Address and credentials of the four calls, as the official client makes them. */
async function official(apiVersion: string) {
  const calls: { url: string; headers: Headers }[] = []
  const client = new AzureOpenAI({
    endpoint: 'https://name.openai.azure.com',
    apiKey: API_KEY,
    apiVersion,
    maxRetries: 0,
    fetch: async (input, init) => {
      // Beside its calls the client asks the fetch whether it knows FormData.
      const { url } = new Request(input)
      if (url.startsWith('https:')) calls.push({ url, headers: new Headers(init?.headers) })
      return Response.json({})
    },
  })
  await client.uploads.create(createBody() as never)
  await client.uploads.parts.create(UPLOAD_ID, { data: new File(['hello world!'], 'blob') })
  await client.uploads.complete(UPLOAD_ID, completeBody)
  await client.uploads.cancel(UPLOAD_ID)
  return calls.map(({ url, headers }) => ({
    url,
    'api-key': headers.get('api-key'),
    authorization: headers.get('authorization'),
  }))
}

async function allCalls({ post, seen, token }: ReturnType<typeof backend>) {
  const headers = { token: await token() }
  await post('', { json: createBody() })
  await post(`/${UPLOAD_ID}/parts`, { ...rawPart(), ...headers })
  await post(`/${UPLOAD_ID}/complete`, { json: completeBody, ...headers })
  await post(`/${UPLOAD_ID}/cancel`, headers)
  return seen
}

describe('Azure OpenAI', () => {
  it('is called where, and with what, the official client calls it', async () => {
    const seen = await allCalls(
      backend({
        baseURL: 'https://name.openai.azure.com/openai',
        apiKeyHeader: 'api-key',
        apiVersion: '2024-10-21',
        maxBytes: 9e9,
      }),
    )
    expect(
      seen.map(({ url, headers }) => ({
        url,
        'api-key': headers['api-key'] ?? null,
        authorization: headers.authorization ?? null,
      })),
    ).toEqual(await official('2024-10-21'))
  })

  it('may take larger files and parts than OpenAI', async () => {
    const over = { baseURL: 'https://name.openai.azure.com/openai/v1', maxBytes: 9e9, maxPartBytes: 100e6 }
    const { post } = backend(over)
    expect((await post('', { json: createBody({ bytes: 9e9 }) })).status).toBe(200)
    expect(await (await post('', { method: 'GET' })).json()).toMatchObject({ maxBytes: 9e9, maxPartBytes: 100e6 })
    expect(() => backend({ maxBytes: 9e9 })).toThrow('maxBytes')
  })

  it('tells the browser its limits, which checks files and lets Uploads live by them', async () => {
    const azure = { baseURL: 'https://name.openai.azure.com/openai/v1', maxBytes: 9e9 }
    const { post } = backend(azure, () => Response.json(remoteUpload({ bytes: 9e9, expires_at: START + 7200 })))
    const { fetcher, environment } = createFakeUploads()
    const uploader = createUploader({
      environment,
      fetcher: {
        ...fetcher,
        policy: async () => (await post('', { method: 'GET' })).json() as Promise<UploadPolicy>,
        create: async (json) => ({ upload: (await (await post('', { json })).json()) as RemoteUpload }),
      },
      defaults: { purpose: 'user_data' },
      checksum: 'off',
    })
    const sized = (name: string, size: number) => Object.defineProperty(new File([], name), 'size', { value: size })
    expect(() => uploader.add(sized('early.pdf', 9e9))).toThrow(expect.objectContaining({ code: 'file_too_large' }))
    await uploader.loadPolicy()
    expect(() => uploader.add(sized('large.pdf', 9e9 + 1))).toThrow(expect.objectContaining({ code: 'file_too_large' }))
    const id = uploader.add(sized('film.pdf', 9e9))
    uploader.run(id).catch(() => {})
    await vi.waitFor(() => expect(uploader.get(id)?.remote).toBeTruthy())
    expect(uploader.get(id)?.expiresAt).toBe(environment.now() + 7_200_000)
    uploader.destroy()
  })

  it('gets an Entra token as a bearer, asked for anew with every call', async () => {
    let tokens = 0
    const seen = await allCalls(
      backend({
        baseURL: 'https://name.openai.azure.com/openai/v1',
        apiKey: async () => {
          tokens += 1
          return `entra-${tokens}`
        },
      }),
    )
    expect(seen.map(({ headers }) => headers.authorization)).toEqual([2, 3, 4, 5].map((n) => `Bearer entra-${n}`))
    expect(seen[0]?.url).toBe('https://name.openai.azure.com/openai/v1/uploads')
  })

  it('that refuses its key is told to the developer, and to nobody else', async () => {
    const { post, errors } = backend(
      { apiKeyHeader: 'api-key' },
      () => new Response(`{"error":{"message":"Access denied: ${API_KEY}"}}`, { status: 401 }),
    )
    const response = await post('', { json: createBody() })
    expect(await response.clone().text()).not.toContain(API_KEY)
    expect(await errorOf(response)).toMatchObject({ status: 502, code: 'upstream_auth' })
    expect(errors).toHaveLength(1)
  })
})

it('a region is called at its own address, with organisation and project', async () => {
  const seen = await allCalls(
    backend({ baseURL: 'https://eu.api.openai.com/v1/', organization: 'org-1', project: 'proj_1' }),
  )
  expect(seen.map(({ url }) => new URL(url).origin)).toEqual(Array(4).fill('https://eu.api.openai.com'))
  for (const { headers } of seen) {
    expect(headers).toMatchObject({
      authorization: `Bearer ${API_KEY}`,
      'openai-organization': 'org-1',
      'openai-project': 'proj_1',
    })
  }
})
