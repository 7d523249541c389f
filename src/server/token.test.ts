import { describe, expect, it } from 'vitest'
import { backend, errorOf, rawPart, remoteUpload, START, UPLOAD_ID } from './fixture.test.support.js'
import { signToken, verifyToken } from './token.js'

const refused = { status: 403, code: 'token_invalid' }

describe('the upload token', () => {
  it('is refused when any one of its characters is another, and OpenAI is not called', async () => {
    const { post, seen, token } = backend()
    const good = await token()
    for (let index = 0; index < good.length; index += 1) {
      // 'A' and 'B' differ in the last bit, the one that sloppy base64 decoders drop.
      const flipped = good.slice(0, index) + (good[index] === 'A' ? 'B' : 'A') + good.slice(index + 1)
      const response = await post(`/${UPLOAD_ID}/cancel`, { token: flipped })
      expect(response.status, `character ${index}`).toBe(403)
    }
    expect(seen).toHaveLength(0)
    expect((await post(`/${UPLOAD_ID}/cancel`, { token: good })).status).toBe(200)
  })

  it('is refused in every other spelling of its bytes', async () => {
    const { post, seen, token } = backend()
    const good = await token()
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const others = alphabet
      .split('')
      .map((last) => good.slice(0, -1) + last)
      .filter((text) => text !== good)
    for (const text of [
      ...others,
      `${good}=`,
      `${good}.`,
      `.${good}`,
      good.replace('.', '..'),
      `${good}A`,
      good.slice(1),
    ]) {
      expect((await post(`/${UPLOAD_ID}/cancel`, { token: text })).status).toBe(403)
    }
    expect(seen).toHaveLength(0)
  })

  it.each(['parts', 'complete', 'cancel'])(
    'guards %s: without it, and with a foreign one, the answer is the same',
    async (verb) => {
      const { post, seen, token } = backend()
      const good = await token()
      const otherSecret = await backend({ secret: 'another-secret-another-secret-another' }).token()
      const answers = await Promise.all([
        post(`/${UPLOAD_ID}/${verb}`),
        post(`/${UPLOAD_ID}/${verb}`, { token: '' }),
        post(`/${UPLOAD_ID}/${verb}`, { token: 'x'.repeat(5000) }),
        post(`/${UPLOAD_ID}/${verb}`, { token: otherSecret }),
        post(`/${UPLOAD_ID}/${verb}`, { token: good, user: 'mallory' }),
        post(`/upload_other/${verb}`, { token: good }),
      ])
      const errors = await Promise.all(answers.map(errorOf))
      expect(errors[0]).toMatchObject(refused)
      for (const error of errors) expect(error).toEqual(errors[0])
      expect(seen).toHaveLength(0)
    },
  )

  it('dies with its Upload, five minutes late at most, and a day late for cancel', async () => {
    const { post, clock, token } = backend()
    const good = await token()
    clock.now = (START + 3600 + 299) * 1000
    expect((await post(`/${UPLOAD_ID}/parts`, { token: good, ...late() })).status).toBe(200)
    clock.now = (START + 3600 + 301) * 1000
    expect(await errorOf(await post(`/${UPLOAD_ID}/parts`, { token: good }))).toMatchObject(refused)
    expect(await errorOf(await post(`/${UPLOAD_ID}/complete`, { token: good }))).toMatchObject(refused)
    expect((await post(`/${UPLOAD_ID}/cancel`, { token: good })).status).toBe(200)
    clock.now = (START + 3600 + 86_401) * 1000
    expect(await errorOf(await post(`/${UPLOAD_ID}/cancel`, { token: good }))).toMatchObject(refused)
  })
  const late = () => {
    const { body, headers } = rawPart()
    return { ...(body !== undefined && { body }), ...(headers && { headers }) }
  }

  it('lives as long as OpenAI says', async () => {
    const { post, clock } = backend({}, () => Response.json(remoteUpload({ expires_at: START + 60 })))
    const json = { filename: 'a.txt', bytes: 12, mime_type: 'text/plain', purpose: 'user_data' }
    const token = (await post('', { json })).headers.get('x-upload-token') ?? ''
    clock.now = (START + 60 + 301) * 1000
    expect((await post(`/${UPLOAD_ID}/complete`, { token, json: { part_ids: ['part_1'] } })).status).toBe(403)
  })

  it('shows nobody who the user is, and no two are the same', async () => {
    const claims = { uploadId: UPLOAD_ID, bytes: 1, purpose: 'batch', expiresAt: START }
    const secret = 's'.repeat(32)
    const [one, two] = await Promise.all([
      signToken(secret, 'ada@example.com', claims),
      signToken(secret, 'ada@example.com', claims),
    ])
    expect(one).not.toBe(two)
    expect(atob((one.split('.')[0] ?? '').replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('ada')
    const expected = { userId: 'ada@example.com', uploadId: UPLOAD_ID, notBefore: START }
    expect(await verifyToken(secret, one, expected)).toEqual(claims)
  })
})
