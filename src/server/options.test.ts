import { describe, expect, it, vi } from 'vitest'
import { backend, errorOf } from './fixture.test.support.js'
import { createUploadsHandler, isUploadError, type UploadsHandlerOptions } from './index.js'

const sound: UploadsHandlerOptions = {
  apiKey: 'sk-test',
  secret: 'x'.repeat(32),
  purposes: ['user_data'],
  authorize: () => ({ userId: 'ada' }),
}

function construct(over: object) {
  try {
    createUploadsHandler({ ...sound, ...over })
  } catch (error) {
    return error
  }
  return null
}

describe('construction', () => {
  it.each([
    ['no authorize', { authorize: undefined }, 'authorize'],
    ['no purposes', { purposes: undefined }, 'purposes'],
    ['an empty list of purposes', { purposes: [] }, 'purposes'],
    ['a misspelt purpose', { purposes: ['fine_tune'] }, 'purposes'],
    ['a purpose named like a property of every object', { purposes: ['constructor'] }, 'purposes'],
    ['no apiKey', { apiKey: undefined }, 'apiKey'],
    ['an empty apiKey', { apiKey: '' }, 'apiKey'],
    ['an apiKey with a line break', { apiKey: 'sk-test\n' }, 'apiKey'],
    ['no secret', { secret: undefined }, 'secret'],
    ['a short secret', { secret: 'x'.repeat(31) }, 'secret'],
    ['a list without a secret', { secret: [] }, 'secret'],
    ['a list with a short secret', { secret: ['x'.repeat(32), 'x'.repeat(31)] }, 'secret'],
    ['a list with a gap', { secret: ['x'.repeat(32), undefined] }, 'secret'],
    ['an http baseURL', { baseURL: 'http://api.openai.com/v1' }, 'baseURL'],
    ['a baseURL that only looks like loopback', { baseURL: 'http://127.0.0.1.evil.com/v1' }, 'baseURL'],
    ['a baseURL with a password', { baseURL: 'https://u:p@api.openai.com/v1' }, 'baseURL'],
    ['a baseURL with a query', { baseURL: 'https://api.openai.com/v1?x=1' }, 'baseURL'],
    ['a baseURL that is no URL', { baseURL: 'api.openai.com' }, 'baseURL'],
    ['a basePath without a slash', { basePath: 'api' }, 'basePath'],
    ['maxBytes of 0', { maxBytes: 0 }, 'maxBytes'],
    ['maxBytes above the API', { maxBytes: 2 ** 40 }, 'maxBytes'],
    ['maxPartBytes above the API', { maxPartBytes: 2 ** 30 }, 'maxPartBytes'],
    ['a fraction as concurrency', { concurrency: 1.5 }, 'concurrency'],
    ['expiresAfter of a minute', { expiresAfter: 60 }, 'expiresAfter'],
    ['expiresAfter of a year', { expiresAfter: 31_536_000 }, 'expiresAfter'],
    ['an apiKeyHeader of another name', { apiKeyHeader: 'x-api-key' }, 'apiKeyHeader'],
    ['an apiVersion with a query of its own', { apiVersion: '1&x=2' }, 'apiVersion'],
    ['an empty apiVersion', { apiVersion: '' }, 'apiVersion'],
    ['a senderLimit of nothing', { senderLimits: { idleSeconds: 0 } }, 'senderLimits.idleSeconds'],
    ['a hook that is no function', { onCreate: {} }, 'onCreate'],
    ['a logger that is an object', { logger: console }, 'logger'],
    ['every origin', { allowedOrigins: ['*'] }, 'allowedOrigins'],
    ['an origin with a path', { allowedOrigins: ['https://a.example/'] }, 'allowedOrigins'],
    ['the null origin', { allowedOrigins: ['null'] }, 'allowedOrigins'],
    ['an accept entry that is neither type nor extension', { accept: ['pdf'] }, 'accept'],
    ['an organization with a line break', { organization: 'org\r\nx: y' }, 'organization'],
  ])('refuses %s and names the option', (_, over, option) => {
    const error = construct(over)
    expect(isUploadError(error) && error.code).toBe('invalid_options')
    expect(String(error)).toContain(`\`${option}\``)
    expect(isUploadError(error) && error.hint).toBeTruthy()
  })

  it('never quotes the key or the secret it refuses', () => {
    expect(String(construct({ apiKey: 'sk-broken key' }))).not.toContain('sk-broken')
    expect(String(construct({ secret: 'too-short' }))).not.toContain('too-short')
  })

  it.each(['http://localhost:8080/v1', 'http://127.0.0.1/v1', 'http://[::1]:1/v1', 'https://eu.api.openai.com/v1/'])(
    'takes %s as baseURL',
    (baseURL) => expect(construct({ baseURL })).toBeNull(),
  )

  it('calls nothing, so a build without secrets works', () => {
    const apiKey = vi.fn()
    const secret = vi.fn()
    expect(construct({ apiKey, secret })).toBeNull()
    expect(apiKey).not.toHaveBeenCalled()
    expect(secret).not.toHaveBeenCalled()
  })
})

describe('credentials from functions', () => {
  it.each([
    ['an apiKey that is not set', { apiKey: () => undefined }],
    ['a secret that is too short', { secret: async () => 'short' }],
    ['a list of secrets with one that is not set', { secret: () => ['x'.repeat(32), undefined as never] }],
    [
      'a function that throws',
      {
        apiKey: () => {
          throw new Error('vault is sealed')
        },
      },
    ],
  ])('answers %s without details and tells the log', async (_, over) => {
    const { post, seen, errors } = backend(over)
    const response = await post('', { method: 'GET' })
    expect(await errorOf(response)).toEqual({
      status: 500,
      code: 'invalid_options',
      type: 'server_error',
      param: null,
      message: 'The upload backend is not set up correctly; its log says why.',
    })
    expect(errors).toHaveLength(1)
    expect(seen).toHaveLength(0)
  })

  it('are asked for on every request, so that a key can be changed while the server runs', async () => {
    let key = 'sk-one'
    const { post, seen } = backend({ apiKey: async () => key })
    const json = { filename: 'a.txt', bytes: 1, mime_type: 'text/plain', purpose: 'user_data' }
    await post('', { json })
    key = 'sk-two'
    await post('', { json })
    expect(seen.map((call) => call.headers.authorization)).toEqual(['Bearer sk-one', 'Bearer sk-two'])
  })
})
