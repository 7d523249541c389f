import { describe, expect, it } from 'vitest'
import { BASE, backend, createBody, errorOf } from './fixture.test.support.js'

const friend = 'https://admin.example.com'
const options = { allowedOrigins: [friend, 'http://localhost:5173'] }

describe('a foreign page cannot spend a user’s cookies', () => {
  it.each<[string, Record<string, string | null>, number]>([
    ['a script of the own page', { origin: 'https://app.example.com', 'sec-fetch-site': 'same-origin' }, 200],
    ['an old browser that sends no Sec-Fetch-Site', { origin: 'https://app.example.com' }, 200],
    ['a server-side client without Origin', {}, 200],
    ['an allowed origin', { origin: friend, 'sec-fetch-site': 'same-site' }, 200],
    ['an allowed origin of another site', { origin: 'http://localhost:5173', 'sec-fetch-site': 'cross-site' }, 200],
    ['a form post, which cannot set a header', { origin: 'https://evil.com', 'x-uploads-client': null }, 403],
    ['a same-origin call that forgot the header', { origin: 'https://app.example.com', 'x-uploads-client': null }, 403],
    ['the header with another value', { 'x-uploads-client': 'true' }, 403],
    ['another origin', { origin: 'https://evil.com' }, 403],
    [
      'another origin that the browser calls cross-site',
      { origin: 'https://evil.com', 'sec-fetch-site': 'cross-site' },
      403,
    ],
    ['an origin that begins like ours', { origin: 'https://app.example.com.evil.com' }, 403],
    ['an origin that ends like ours', { origin: 'https://evil-app.example.com' }, 403],
    ['a subdomain', { origin: 'https://x.app.example.com', 'sec-fetch-site': 'same-site' }, 403],
    ['another port', { origin: 'https://app.example.com:8443' }, 403],
    ['the page over plain http', { origin: 'http://app.example.com' }, 403],
    [
      'the own origin when the browser says cross-site',
      { origin: 'https://app.example.com', 'sec-fetch-site': 'cross-site' },
      403,
    ],
    ['no Origin but same-site', { 'sec-fetch-site': 'same-site' }, 403],
    ['a sandboxed frame', { origin: 'null' }, 403],
    ['an origin in other letters', { origin: 'https://ADMIN.example.com' }, 403],
    ['an origin with a path', { origin: `${friend}/` }, 403],
    ['an empty Origin', { origin: '' }, 403],
  ])('%s: %o is %i', async (_, headers, status) => {
    const { post, seen } = backend(options)
    const response = await post('', { json: createBody(), headers })
    expect(response.status).toBe(status)
    expect(seen).toHaveLength(status === 200 ? 1 : 0)
    if (status === 403) expect((await errorOf(response)).code).toBe('forbidden')
  })

  it.each(['/upload_1/parts', '/upload_1/complete', '/upload_1/cancel'])('guards %s as well', async (path) => {
    const { post, seen } = backend(options)
    expect((await errorOf(await post(path, { headers: { 'x-uploads-client': null } }))).code).toBe('forbidden')
    expect((await errorOf(await post(path, { headers: { origin: 'https://evil.com' } }))).code).toBe('forbidden')
    expect(seen).toHaveLength(0)
  })

  it('knows its own origin behind a proxy that ends TLS, by the Host header', async () => {
    const { handler } = backend()
    const call = (headers: Record<string, string>) =>
      handler(
        new Request('http://10.0.0.7:3000/api/uploads', {
          method: 'POST',
          headers: { 'x-uploads-client': '1', 'x-test-user': 'ada', 'content-type': 'application/json', ...headers },
          body: JSON.stringify(createBody()),
        }),
      )
    expect((await call({ host: 'shop.example', origin: 'https://shop.example' })).status).toBe(200)
    expect((await call({ host: 'shop.example', origin: 'https://evil.example' })).status).toBe(403)
    // A client-made header must not decide.
    const forwarded = { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }
    expect((await call({ host: 'shop.example', origin: 'https://evil.example', ...forwarded })).status).toBe(403)
  })
})

describe('CORS', () => {
  const preflight = (origin: string | null) =>
    backend(options).handler(
      new Request(BASE, {
        method: 'OPTIONS',
        headers: { ...(origin !== null && { origin }), 'access-control-request-method': 'POST' },
      }),
    )

  it('lets an allowed origin in and shows it what it needs', async () => {
    const response = await preflight(friend)
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe(friend)
    expect(response.headers.get('access-control-allow-headers')).toContain('x-upload-range')
    const { post } = backend(options)
    const created = await post('', { json: createBody(), headers: { origin: friend } })
    expect(created.headers.get('access-control-allow-origin')).toBe(friend)
    expect(created.headers.get('access-control-expose-headers')).toContain('x-upload-token')
    const refused = await post('', { json: createBody(), headers: { origin: friend }, user: null })
    expect(refused.headers.get('access-control-allow-origin')).toBe(friend)
  })

  it.each([
    null,
    'null',
    'https://evil.com',
    `${friend}.evil.com`,
    'https://ADMIN.example.com',
    `${friend}:444`,
    'https://app.example.com',
  ])('gives %s nothing', async (origin) => {
    const response = await preflight(origin)
    expect(response.status).toBe(403)
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    expect(response.headers.get('vary')).toBe('origin')
  })
})
