import { describe, expect, it, vi } from 'vitest'
import {
  API_KEY,
  backend,
  completedUpload,
  createBody,
  errorOf,
  ORGANIZATION,
  part,
  type Respond,
  rawPart,
  remoteUpload,
  SECRET,
  UPLOAD_ID,
  well,
} from './fixture.test.support.js'

type Call = 'create' | 'parts' | 'complete' | 'cancel'

async function ask(call: Call, respond: Respond, options = {}) {
  const token = await backend().token()
  const made = backend(options, respond)
  const bodies = {
    create: { json: createBody() },
    parts: rawPart(),
    complete: { json: { part_ids: ['part_1'], md5: '0'.repeat(32) } },
    cancel: {},
  }
  const response = await made.post(call === 'create' ? '' : `/${UPLOAD_ID}/${call}`, { token, ...bodies[call] })
  return { ...made, response }
}

const envelope = (error: object) => ({
  error: { message: 'No.', type: 'invalid_request_error', param: null, code: null, ...error },
})

describe('an error of OpenAI', () => {
  it.each<[string, Call, number, unknown, object]>([
    ['wrong key', 'create', 401, envelope({ message: 'Incorrect API key' }), { status: 502, code: 'upstream_auth' }],
    ['forbidden region', 'parts', 403, envelope({}), { status: 502, code: 'upstream_auth' }],
    ['rate limit', 'parts', 429, envelope({ code: 'rate_limit_exceeded' }), { status: 429, code: 'rate_limited' }],
    ['slow down', 'parts', 429, envelope({ code: 'slow_down' }), { status: 429, code: 'rate_limited' }],
    ['rate limit without a body', 'parts', 429, '', { status: 429, code: 'rate_limited' }],
    [
      'no quota by code',
      'parts',
      429,
      envelope({ code: 'insufficient_quota' }),
      { status: 429, code: 'quota_exceeded' },
    ],
    [
      'no quota by type',
      'create',
      429,
      envelope({ type: 'insufficient_quota' }),
      { status: 429, code: 'quota_exceeded' },
    ],
    [
      'no credit',
      'create',
      429,
      envelope({ code: 'credit_balance_exhausted' }),
      { status: 429, code: 'quota_exceeded' },
    ],
    [
      'bad purpose',
      'create',
      400,
      envelope({ message: "'x' is not one of", param: 'purpose' }),
      { status: 400, code: 'invalid_request', param: 'purpose', message: "'x' is not one of" },
    ],
    [
      'wrong md5 by param',
      'complete',
      400,
      envelope({ param: 'md5' }),
      { status: 400, code: 'integrity_failed', param: 'md5' },
    ],
    [
      'wrong md5 by words',
      'complete',
      400,
      envelope({ message: 'The MD5 checksum does not match' }),
      { status: 400, code: 'integrity_failed' },
    ],
    [
      'expired by words',
      'parts',
      400,
      envelope({ message: 'Upload x is not pending (status: expired)' }),
      { status: 400, code: 'expired' },
    ],
    ['expired by code', 'complete', 400, envelope({ code: 'upload_expired' }), { status: 400, code: 'expired' }],
    [
      'not pending',
      'parts',
      400,
      envelope({ message: 'Upload x is not pending (status: cancelled)' }),
      { status: 400, code: 'invalid_request' },
    ],
    [
      'an HTML 400',
      'parts',
      400,
      '<html>',
      { status: 400, code: 'invalid_request', message: 'OpenAI refused the request.' },
    ],
    ['unknown upload', 'cancel', 404, envelope({}), { status: 404, code: 'not_found' }],
    [
      'conflict',
      'complete',
      409,
      envelope({ message: 'Busy' }),
      { status: 409, code: 'invalid_request', message: 'Busy' },
    ],
    ['too large', 'parts', 413, '<html>', { status: 413, code: 'part_too_large' }],
    [
      'server error',
      'parts',
      500,
      envelope({ message: 'secret stack' }),
      { status: 502, code: 'upstream_error', message: 'OpenAI is not able to answer right now.' },
    ],
    ['bad gateway page', 'parts', 502, '<html>', { status: 502, code: 'upstream_error' }],
    ['overload', 'complete', 503, envelope({ code: 'server_is_overloaded' }), { status: 503, code: 'upstream_error' }],
    ['cloudflare time-out', 'complete', 524, '<html>', { status: 502, code: 'upstream_error' }],
    ['teapot', 'create', 418, '', { status: 502, code: 'upstream_error' }],
    ['redirect', 'create', 307, '', { status: 502, code: 'bad_response' }],
  ])('%s (%s %i) becomes the answer that the browser knows', async (_, call, status, body, expected) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const { response } = await ask(
      call,
      () => new Response(text, { status, headers: { location: 'https://evil.example/' } }),
    )
    expect(await errorOf(response)).toMatchObject(expected)
    expect(response.headers.get('location')).toBeNull()
  })

  it('keeps its request id and its word on retrying', async () => {
    const headers = { 'x-request-id': 'req_1', 'retry-after': '2', 'retry-after-ms': '1500', 'x-should-retry': 'true' }
    for (const status of [429, 500, 503]) {
      const { response } = await ask('parts', () => new Response('', { status, headers: { ...headers, server: 'x' } }))
      for (const [name, value] of Object.entries(headers)) expect(response.headers.get(name)).toBe(value)
      expect(response.headers.get('server')).toBeNull()
    }
    const date = 'Wed, 21 Oct 2026 07:28:00 GMT'
    const { response } = await ask('parts', () => new Response('', { status: 429, headers: { 'retry-after': date } }))
    expect(response.headers.get('retry-after')).toBe(date)
  })

  it('has no request id that looks like a key, or like the beginning of one', async () => {
    for (const id of [API_KEY, API_KEY.slice(0, 14), `req_${API_KEY}`, 'sk-proj-1234', ORGANIZATION]) {
      const respond = (status: number) => () => new Response('', { status, headers: { 'x-request-id': id } })
      expect((await ask('create', respond(500))).response.headers.get('x-request-id')).toBeNull()
      expect((await ask('create', respond(200))).response.headers.get('x-request-id')).toBeNull()
    }
  })

  it('names no field that looks like a key', async () => {
    for (const param of [API_KEY, API_KEY.slice(0, 14), ORGANIZATION]) {
      const { response } = await ask('create', () => Response.json(envelope({ param }), { status: 400 }))
      expect((await errorOf(response)).param).toBeNull()
    }
  })

  it('is not worth a retry when only the developer can help, and the developer hears of it', async () => {
    for (const respond of [
      () => new Response('', { status: 401 }),
      () => Response.json(envelope({ code: 'insufficient_quota' }), { status: 429 }),
      () => new Response(null, { status: 302, headers: { location: '/' } }),
    ]) {
      const { response, errors } = await ask('create', respond)
      expect(response.headers.get('x-should-retry')).toBe('false')
      expect(errors).toHaveLength(1)
    }
  })

  it('is shortened and cleaned before a browser sees it', async () => {
    const message = `a\u0000b\r\nc ${'x'.repeat(5000)}`
    const { response } = await ask('create', () =>
      Response.json(envelope({ message, param: '<img onerror>' }), { status: 400 }),
    )
    const error = await errorOf(response)
    expect(error.message).toMatch(/^a b c x+$/)
    expect(error.message.length).toBeLessThanOrEqual(300)
    expect(error.param).toBeNull()
  })

  it('is never answered with a second try', async () => {
    for (const status of [408, 409, 429, 500, 503]) {
      const { seen } = await ask('parts', () => new Response('', { status }))
      expect(seen).toHaveLength(1)
    }
  })
})

describe('an answer of OpenAI that is no answer', () => {
  it.each<[string, Call, unknown]>([
    ['HTML', 'create', '<html>'],
    ['an empty body', 'cancel', ''],
    ['another object', 'create', part()],
    ['an Upload of another id', 'cancel', remoteUpload({ id: 'upload_other', status: 'cancelled' })],
    ['a Part of another upload', 'parts', part({ upload_id: 'upload_other' })],
    ['a completed Upload without its file', 'complete', remoteUpload({ status: 'completed' })],
    ['a completed Upload with half a file', 'complete', { ...completedUpload(), file: { id: 'file-1' } }],
    ['a file with the key for its name', 'create', remoteUpload({ filename: `${API_KEY}.txt` })],
    ['a file with the organisation for its name', 'create', remoteUpload({ filename: `${ORGANIZATION}.txt` })],
    ['a purpose that names the organisation', 'cancel', remoteUpload({ purpose: `of ${ORGANIZATION}` })],
    ['a secret for a purpose', 'complete', { ...completedUpload(), purpose: SECRET }],
    ['a megabyte', 'complete', { ...completedUpload(), padding: 'x'.repeat(2 ** 20) }],
  ])('%s to %s is 502 bad_response', async (_, call, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const { response, errors } = await ask(call, () => new Response(text, { headers: { 'x-request-id': 'req_1' } }))
    expect(await errorOf(response)).toMatchObject({ status: 502, code: 'bad_response' })
    expect(response.headers.get('x-request-id')).toBe('req_1')
    expect(errors).toHaveLength(1)
  })

  it('such as none at all is 502 upstream_error, with the reason in the log only', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const fetch = async () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('10.0.0.1'), { code: 'ECONNREFUSED' }) })
    }
    const { response } = await ask('create', () => new Response(), { fetch, onError: undefined })
    expect(await errorOf(response)).toMatchObject({
      status: 502,
      code: 'upstream_error',
      message: 'OpenAI could not be reached.',
    })
    expect(log.mock.calls[0]?.[1]).toEqual({ method: 'POST', error: 'TypeError: fetch failed', cause: 'ECONNREFUSED' })
  })
})

describe('a redirect of OpenAI', () => {
  const modeOf = async (call: Call) => (await ask(call, well)).seen[0]?.init.redirect

  it('is not followed, and its status is seen where the body is at hand', async () => {
    for (const call of ['create', 'complete', 'cancel'] as const) expect(await modeOf(call)).toBe('manual')
  })

  it('fails a part, whose bytes nothing keeps for another address', async () => {
    expect(await modeOf('parts')).toBe('error')
  })

  it('is not followed by a part either where the platform knows no such failure', async () => {
    class CloudflareRequest extends Request {
      constructor(input: RequestInfo | URL, init?: RequestInit) {
        if (init?.redirect === 'error') throw new TypeError('Invalid redirect value')
        super(input, init)
      }
    }
    vi.stubGlobal('Request', CloudflareRequest)
    expect(await modeOf('parts')).toBe('manual')
  })
})
