import { describe, expect, it, vi } from 'vitest'
import {
  API_KEY,
  BASE,
  backend,
  completedUpload,
  createBody,
  errorOf,
  ORGANIZATION,
  part,
  rawPart,
  remoteUpload,
  UPLOAD_ID,
} from './fixture.test.support.js'

describe('the five routes', () => {
  it('GET answers with the policy, so that limits are written once', async () => {
    const { post, seen } = backend({ maxBytes: 1000, maxPartBytes: 100, concurrency: 2, accept: ['.pdf'] })
    const response = await post('', { method: 'GET' })
    expect(await response.json()).toEqual({
      purposes: ['user_data', 'fine-tune'],
      accept: ['.pdf'],
      maxBytes: 1000,
      maxPartBytes: 100,
      concurrency: 2,
    })
    expect(seen).toHaveLength(0)
  })

  it('a policy without options says what the API itself allows', async () => {
    expect(await (await backend().post('', { method: 'GET' })).json()).toEqual({
      purposes: ['user_data', 'fine-tune'],
      accept: null,
      maxBytes: 8 * 2 ** 30,
      maxPartBytes: 64 * 2 ** 20,
      concurrency: null,
    })
  })

  it('parts, complete and cancel reach OpenAI at their own path and answer with its object', async () => {
    const { post, seen, token } = backend()
    const headers = { token: await token() }
    expect(await (await post(`/${UPLOAD_ID}/parts`, { ...rawPart(), ...headers })).json()).toEqual(part())
    const json = { part_ids: ['part_1'], md5: '0'.repeat(32) }
    expect(await (await post(`/${UPLOAD_ID}/complete`, { json, ...headers })).json()).toMatchObject(completedUpload())
    const cancelled = await post(`/${UPLOAD_ID}/cancel`, headers)
    expect(await cancelled.json()).toEqual(remoteUpload({ status: 'cancelled' }))
    expect(seen.map((call) => new URL(call.url).pathname)).toEqual(
      ['parts', 'complete', 'cancel'].map((verb) => `/v1/uploads/${UPLOAD_ID}/${verb}`),
    )
    expect(JSON.parse(seen[1]?.body ?? '')).toEqual(json)
    expect(seen[2]?.body).toBe('')
  })

  const paths = [
    '/x',
    '/upload_1',
    '/upload_1/',
    '/upload_1/part',
    '/upload_1/parts/',
    '/upload_1/parts/x',
    '//parts',
    '/upload_1//parts',
    '/constructor/parts',
    '/__proto__/complete',
    '/upload_%2e%2e/parts',
    '/..%2f..%2ffiles',
    '/upload_1%00/parts',
    '/upload_1/../../../files',
    '/upload_1;/parts',
    '/upload_1\\..\\x/parts',
    `/upload_${'x'.repeat(10_000)}/parts`,
    '/upload_1/content',
    '/files',
    's',
  ]
  it.each(paths.map((path) => [path.slice(0, 40), path]))('POST %s is 404 and calls nobody', async (_, path) => {
    const authorize = vi.fn()
    const { post, seen } = backend({ authorize })
    expect(await errorOf(await post(path))).toMatchObject({ status: 404, code: 'not_found' })
    expect(seen).toHaveLength(0)
    expect(authorize).not.toHaveBeenCalled()
  })

  it.each([
    ['GET', '/upload_1/parts', 'POST'],
    ['GET', '/upload_1/complete', 'POST'],
    ['PUT', '/upload_1/cancel', 'POST'],
    ['DELETE', '', 'GET, POST'],
    ['PATCH', '/', 'GET, POST'],
    ['HEAD', '', 'GET, POST'],
    ['OPTIONS', '', 'GET, POST'],
    ['OPTIONS', '/upload_1/parts', 'POST'],
  ])('%s %s is 405 and names what is allowed', async (method, path, allow) => {
    const { post, seen } = backend()
    const response = await post(path, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe(allow)
    expect(seen).toHaveLength(0)
  })

  it.each(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PROPFIND'])('are all there is for %s, too', async (method) => {
    const { post, seen } = backend()
    for (const path of paths) expect((await post(path, { method })).status).toBe(404)
    expect(seen).toHaveLength(0)
  })

  it('serves at the path it was given', async () => {
    const { handler } = backend({ basePath: '/', authorize: () => ({ userId: 'ada' }) })
    expect((await handler(new Request('https://a.example/'))).status).toBe(200)
    expect((await handler(new Request(BASE))).status).toBe(404)
  })
})

describe('authorize', () => {
  const routes = ['', `/${UPLOAD_ID}/parts`, `/${UPLOAD_ID}/complete`, `/${UPLOAD_ID}/cancel`]

  it.each([['GET', ''], ...routes.map((path) => ['POST', path])] as [string, string][])(
    'stands before %s %s',
    async (method, path) => {
      const { post, seen } = backend()
      const response = await post(path, { method, user: null })
      expect(await errorOf(response)).toMatchObject({
        status: 401,
        code: 'auth_required',
        type: 'authentication_error',
      })
      expect(seen).toHaveLength(0)
    },
  )

  it('may answer itself, by throwing a Response', async () => {
    const { post } = backend({
      authorize: () => {
        throw new Response('Not in your plan', { status: 402, headers: { 'x-plan': 'free' } })
      },
    })
    const response = await post('', { json: createBody() })
    expect([response.status, response.headers.get('x-plan'), await response.text()]).toEqual([
      402,
      'free',
      'Not in your plan',
    ])
  })

  it('may throw one and the same Response for every request', async () => {
    const no = new Response('Not in your plan', { status: 402 })
    const { post } = backend({
      authorize: () => {
        throw no
      },
    })
    for (let time = 0; time < 3; time += 1) {
      const response = await post('', { json: createBody() })
      expect([response.status, await response.text()]).toEqual([402, 'Not in your plan'])
    }
  })

  it.each<[string, () => Promise<Response>]>([
    [
      'whose body was read',
      async () => {
        const response = new Response('Not in your plan')
        await response.text()
        return response
      },
    ],
    ['that is a network error', async () => Response.error()],
  ])('that throws a Response %s is told to the developer', async (_, make) => {
    const { post, errors } = backend({
      authorize: async () => {
        throw await make()
      },
    })
    expect(await errorOf(await post('', { json: createBody() }))).toMatchObject({
      status: 500,
      code: 'invalid_options',
    })
    expect(String(errors)).toContain('Response')
  })

  it('that throws is a 500 without details, and is logged', async () => {
    const { post, errors, seen } = backend({
      authorize: async () => {
        throw new Error('db password is hunter2')
      },
    })
    const response = await post('', { json: createBody() })
    expect(await errorOf(response)).toEqual({
      status: 500,
      code: 'server_error',
      type: 'server_error',
      param: null,
      message: 'The upload backend failed.',
    })
    expect(String(errors)).toContain('hunter2')
    expect(seen).toHaveLength(0)
  })

  it.each([
    ['no userId', () => ({})],
    ['an empty userId', () => ({ userId: '' })],
    ['a number', () => ({ userId: 7 })],
  ])('that gives %s is told to the developer', async (_, authorize) => {
    const { post, errors } = backend({ authorize: authorize as never })
    expect(await errorOf(await post('', { json: createBody() }))).toMatchObject({
      status: 500,
      code: 'invalid_options',
    })
    expect(String(errors)).toContain('{ userId }')
  })

  it('that reads the body is told to the developer instead of sending an empty part', async () => {
    const { post, errors, seen } = backend({
      authorize: async (request) => {
        await request.text()
        return { userId: 'ada' }
      },
    })
    expect((await errorOf(await post('', { json: createBody() }))).code).toBe('invalid_options')
    expect(String(errors)).toContain('read the request body')
    expect(seen).toHaveLength(0)
  })
})

describe('complete', () => {
  it.each<[string, unknown, string]>([
    ['no ids', {}, 'part_ids'],
    ['an empty list', { part_ids: [] }, 'part_ids'],
    ['an id of something else', { part_ids: ['part_1', 'file-1'] }, 'part_ids'],
    ['an id with a path', { part_ids: ['part_../x'] }, 'part_ids'],
    ['numbers', { part_ids: [1] }, 'part_ids'],
    ['an md5 that is too short', { part_ids: ['part_1'], md5: 'abc' }, 'md5'],
    ['an md5 of other letters', { part_ids: ['part_1'], md5: 'g'.repeat(32) }, 'md5'],
    ['an unknown field', { part_ids: ['part_1'], filename: 'x' }, 'filename'],
  ])('refuses %s', async (_, json, param) => {
    const { post, seen, token } = backend()
    const response = await post(`/${UPLOAD_ID}/complete`, { json, token: await token() })
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'invalid_request', param })
    expect(seen).toHaveLength(0)
  })

  it('takes the parts of the largest file, and no more than 2 MiB', async () => {
    const { post, token } = backend()
    const ids = (count: number) =>
      Array.from({ length: count }, (_, index) => `part_${String(index).padStart(32, '0')}`)
    const headers = { token: await token() }
    expect((await post(`/${UPLOAD_ID}/complete`, { json: { part_ids: ids(32_768) }, ...headers })).status).toBe(200)
    expect((await post(`/${UPLOAD_ID}/complete`, { json: { part_ids: ids(60_000) }, ...headers })).status).toBe(413)
  })

  it('sends an md5 in lower-case hex, and leaves base64 as it is', async () => {
    const { post, seen, token } = backend()
    const headers = { token: await token() }
    for (const md5 of ['AB'.repeat(16), 'XrY7u+Ae7tCTyyK7j1rNww==']) {
      await post(`/${UPLOAD_ID}/complete`, { json: { part_ids: ['part_1'], md5 }, ...headers })
    }
    expect(seen.map((call) => JSON.parse(call.body).md5)).toEqual(['ab'.repeat(16), 'XrY7u+Ae7tCTyyK7j1rNww=='])
  })
})

describe('the calls to OpenAI', () => {
  it('carry none of the browser’s headers', async () => {
    const { post, seen } = backend()
    const hostile = Object.fromEntries(
      [
        'cookie',
        'authorization',
        'x-forwarded-for',
        'forwarded',
        'te',
        'upgrade',
        'proxy-authorization',
        'x-api-key',
        'openai-organization',
        'openai-beta',
        'user-agent',
        'accept',
        'referer',
        'trailer',
        'x-http-method-override',
        ...Array.from({ length: 200 }, (_, index) => `x-hostile-${index}`),
      ].map((name) => [name, 'hostile']),
    )
    await post('', { json: createBody(), headers: hostile })
    expect(seen[0]?.headers).toEqual({
      accept: 'application/json',
      authorization: `Bearer ${API_KEY}`,
      'content-type': 'application/json',
      'openai-organization': ORGANIZATION,
    })
  })
})
