import { describe, expect, it } from 'vitest'
import { backend, errorOf, rawPart, remoteUpload, SECRET, START, UPLOAD_ID } from './fixture.test.support.js'
import { MAX_SIGNED_METADATA_BYTES, openKeyring, signToken, verifyToken } from './token.js'

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
    const claims = { uploadId: UPLOAD_ID, bytes: 1, purpose: 'batch', expiresAt: START, nonce: 'n' }
    const keyring = await openKeyring(['s'.repeat(32)])
    const [one, two] = await Promise.all([
      signToken(keyring, 'ada@example.com', claims),
      signToken(keyring, 'ada@example.com', { ...claims, nonce: 'm' }),
    ])
    expect(one).not.toBe(two)
    expect(atob((one.split('.')[0] ?? '').replaceAll('-', '+').replaceAll('_', '/'))).not.toContain('ada')
    const expected = { userId: 'ada@example.com', uploadId: UPLOAD_ID, notBefore: START }
    expect(await verifyToken(keyring, one, expected)).toEqual(claims)
  })

  it('fits a header, whatever metadata it carries', async () => {
    const keyring = await openKeyring(['s'.repeat(32)])
    const claims = {
      uploadId: `upload_${'x'.repeat(128)}`,
      bytes: Number.MAX_SAFE_INTEGER,
      purpose: 'fine-tune',
      expiresAt: START,
      nonce: 'n'.repeat(16),
      metadata: { a: 'x'.repeat(MAX_SIGNED_METADATA_BYTES - '{"a":""}'.length) },
    }
    const token = await signToken(keyring, 'ada', claims)
    expect(await verifyToken(keyring, token, { userId: 'ada', uploadId: claims.uploadId, notBefore: 0 })).toEqual(
      claims,
    )
  })
})

describe('a change of secret', () => {
  const [older, newer] = [SECRET, 'newer-secret-0123456789abcdef-0123456789abcdef']
  const cancel = async (secret: string | string[], token: string) => {
    const { post, seen } = backend({ secret })
    const response = await post(`/${UPLOAD_ID}/cancel`, { token })
    return { error: await errorOf(response.clone()).catch(() => null), status: response.status, calls: seen.length }
  }

  it('ends no upload while both are known, and ends those of the old one when it is dropped', async () => {
    const before = await backend({ secret: older }).token()
    expect(await cancel([older, newer], before)).toMatchObject({ status: 200 })
    expect(await cancel([newer, older], before)).toMatchObject({ status: 200 })
    const after = await backend({ secret: [newer, older] }).token()
    expect(await cancel(newer, after)).toMatchObject({ status: 200 })
    expect(await cancel([older, newer], after)).toMatchObject({ status: 200 })
    expect(await cancel(newer, before)).toMatchObject({ status: 403, calls: 0 })
    expect(await cancel(older, after)).toMatchObject({ status: 403, calls: 0 })
  })

  it('gives an unknown kid, and a kid on a signature of another, the answer that every bad token gets', async () => {
    const token = await backend({ secret: older }).token()
    const [text = '', signature = ''] = token.split('.')
    const payload = JSON.parse(Buffer.from(text, 'base64url').toString())
    const renamed = (kid: unknown) =>
      `${Buffer.from(JSON.stringify({ ...payload, kid })).toString('base64url')}.${signature}`
    const newerKid = (await openKeyring([newer]))[0].kid
    const bad = await cancel([older, newer], 'bad.token')
    for (const kid of ['unknown', '', newerKid, null, '__proto__', undefined]) {
      expect(await cancel([older, newer], renamed(kid))).toEqual(bad)
    }
    expect(bad).toMatchObject({ error: refused, calls: 0 })
  })

  it('shows no secret in the kid, and every instance finds the same', async () => {
    const [one, two] = [await openKeyring([older, newer]), await openKeyring([newer, older])]
    expect(one.map(({ kid }) => kid)).toEqual(two.map(({ kid }) => kid).reverse())
    expect(new Set(one.map(({ kid }) => kid)).size).toBe(2)
    expect(one[0].kid).toMatch(/^[\w-]{8}$/)
    expect(older).not.toContain(one[0].kid)
  })
})
