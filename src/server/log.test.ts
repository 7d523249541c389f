import { describe, expect, it } from 'vitest'
import { API_KEY, backend, createBody, ORGANIZATION, rawPart, SECRET, UPLOAD_ID } from './fixture.test.support.js'
import type { UploadsLogEntry } from './index.js'

function logged(options: Parameters<typeof backend>[0] = {}, respond?: Parameters<typeof backend>[1]) {
  const entries: UploadsLogEntry[] = []
  return { entries, ...backend({ logger: (entry) => entries.push(entry), ...options }, respond) }
}

describe('the logger', () => {
  it('hears one entry of every request, with what was learnt about it', async () => {
    const { entries, post, clock } = logged({
      onCreate: () => {
        clock.now += 25
        return undefined
      },
    })
    const token = (await post('', { json: createBody() })).headers.get('x-upload-token') ?? ''
    await post(`/${UPLOAD_ID}/parts`, { ...rawPart(), token })
    await post(`/${UPLOAD_ID}/complete`, { json: { part_ids: [] }, token })
    await post('', { method: 'GET' })
    await post('', { method: 'OPTIONS', headers: { 'access-control-request-method': 'POST' } })
    await post('/x', {})
    await post('', { json: createBody(), user: null })
    const hash = expect.stringMatching(/^[\w-]{16}$/)
    const nothing = {
      code: null,
      user: null,
      uploadId: null,
      purpose: null,
      bytes: null,
      filename: null,
      requestId: null,
      durationMs: 0,
    }
    const ours = { ...nothing, user: hash, uploadId: UPLOAD_ID, purpose: 'user_data' }
    expect(entries).toEqual([
      { ...ours, call: 'create', status: 200, bytes: 12, filename: hash, durationMs: 25 },
      { ...ours, call: 'addPart', status: 200, bytes: 12 },
      { ...ours, call: 'complete', status: 400, code: 'invalid_request' },
      { ...nothing, call: 'policy', status: 200, user: hash },
      { ...nothing, call: 'preflight', status: 403, code: 'forbidden' },
      { ...nothing, call: null, status: 404, code: 'not_found' },
      { ...nothing, call: 'create', status: 401, code: 'auth_required' },
    ])
  })

  it('finds equal names and users by their hashes, which only this backend can make', async () => {
    const { entries, post } = logged()
    for (const filename of ['a.txt', 'b.txt', 'a.txt']) await post('', { json: createBody({ filename }) })
    await post('', { json: createBody({ filename: 'a.txt' }), user: 'a.txt' })
    const [first, second, third, fourth] = entries
    expect(first?.filename).toBe(third?.filename)
    expect(first?.filename).not.toBe(second?.filename)
    expect(first?.user).toBe(second?.user)
    expect(fourth?.user).not.toBe(fourth?.filename)
    const other = logged({ secret: 'another-secret-another-secret-another' })
    await other.post('', { json: createBody({ filename: 'a.txt' }) })
    expect(other.entries[0]?.filename).not.toBe(first?.filename)
  })

  it('is told no key, secret, token, name, person or metadata, whatever OpenAI answers', async () => {
    const leak = `Incorrect API key provided: ${API_KEY}`
    const answers = [400, 401, 429, 500].map(
      (status) => () =>
        Response.json(
          { error: { message: leak, type: leak, code: leak, param: leak } },
          {
            status,
            headers: { 'x-request-id': API_KEY },
          },
        ),
    )
    const good = await backend().token()
    for (const respond of answers) {
      const { entries, post } = logged({}, respond)
      await post('', { json: createBody({ filename: 'canary-name.txt' }), user: 'canary@example.com' })
      await post(`/${UPLOAD_ID}/complete`, { json: { part_ids: ['part_1'] }, token: good })
      expect(entries).toHaveLength(2)
      const text = JSON.stringify(entries)
      for (const secret of [API_KEY, SECRET, ORGANIZATION, good, 'canary']) expect(text).not.toContain(secret)
    }
  })

  it.each<[string, () => void]>([
    [
      'throws',
      () => {
        throw new Error('disk full')
      },
    ],
    ['is async and rejects, which nobody else would catch', () => Promise.reject(new Error('disk full'))],
  ])('that %s changes nothing, and neither does such an onError', async (_, listener) => {
    const unhandled: unknown[] = []
    const listen = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', listen)
    const { post } = logged({ logger: listener, onError: listener }, () => new Response('', { status: 401 }))
    const response = await post('', { json: createBody() })
    // Rejections that nobody has caught are known once the promises of this turn are done.
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listen)
    expect([response.status, unhandled]).toEqual([502, []])
  })
})
