import { describe, expect, it } from 'vitest'
import { encodeMetadata } from '../protocol/index.js'
import { cleanFilename } from './filename.js'
import { backend, createBody, errorOf, remoteUpload } from './fixture.test.support.js'

describe('create', () => {
  it('asks OpenAI for exactly the known fields, and answers with the Upload and its token', async () => {
    const { post, seen } = backend({ project: 'proj_1' })
    const response = await post('', { json: createBody() })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(remoteUpload())
    expect(response.headers.get('x-upload-token')).toMatch(/^[\w-]+\.[\w-]+$/)
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(createBody())
    expect(seen[0]?.url).toBe('https://api.openai.com/v1/uploads')
    expect(Object.keys(seen[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'authorization',
      'content-type',
      'openai-organization',
      'openai-project',
    ])
  })

  it('passes on no field of OpenAI’s that it does not know', async () => {
    const { post } = backend({}, () =>
      Response.json({ ...remoteUpload(), organization_id: 'org-1', __proto__: { a: 1 } }),
    )
    expect(await (await post('', { json: createBody() })).json()).toEqual(remoteUpload())
  })

  it.each<[string, unknown, string, string | null]>([
    ['an unknown field', createBody({ model: 'x' }), 'invalid_request', 'model'],
    ['a purpose that is not allowed', createBody({ purpose: 'batch' }), 'invalid_request', 'purpose'],
    ['a purpose named constructor', createBody({ purpose: 'constructor' }), 'invalid_request', 'purpose'],
    ['no purpose', createBody({ purpose: undefined }), 'invalid_request', 'purpose'],
    ['no bytes', createBody({ bytes: undefined }), 'invalid_request', 'bytes'],
    ['bytes as text', createBody({ bytes: '12' }), 'invalid_request', 'bytes'],
    ['negative bytes', createBody({ bytes: -1 }), 'invalid_request', 'bytes'],
    ['fractional bytes', createBody({ bytes: 1.5 }), 'invalid_request', 'bytes'],
    ['an empty file', createBody({ bytes: 0 }), 'file_empty', 'bytes'],
    ['a file beyond maxBytes', createBody({ bytes: 1001 }), 'file_too_large', 'bytes'],
    ['no filename', createBody({ filename: undefined }), 'invalid_request', 'filename'],
    ['a filename of dots', createBody({ filename: '../..' }), 'invalid_request', 'filename'],
    ['a filename of control characters', createBody({ filename: '\u0000\u202e' }), 'invalid_request', 'filename'],
    ['a mime_type with a line break', createBody({ mime_type: 'text/plain\r\nx: y' }), 'invalid_request', 'mime_type'],
    ['a mime_type of one word', createBody({ mime_type: 'txt' }), 'invalid_request', 'mime_type'],
    [
      'a type that the purpose does not take',
      createBody({ purpose: 'fine-tune' }),
      'file_type_not_allowed',
      'mime_type',
    ],
    [
      'another anchor',
      createBody({ expires_after: { anchor: 'now', seconds: 3600 } }),
      'invalid_request',
      'expires_after.anchor',
    ],
    [
      'expiry within a minute',
      createBody({ expires_after: { anchor: 'created_at', seconds: 60 } }),
      'invalid_request',
      'expires_after.seconds',
    ],
    [
      'expiry after a year',
      createBody({ expires_after: { anchor: 'created_at', seconds: 2_592_001 } }),
      'invalid_request',
      'expires_after.seconds',
    ],
    ['expiry as a number', createBody({ expires_after: 3600 }), 'invalid_request', 'expires_after'],
    ['a list', [createBody()], 'invalid_request', null],
    ['null', null, 'invalid_request', null],
  ])('refuses %s without calling OpenAI', async (_, json, code, param) => {
    const { post, seen } = backend({ maxBytes: 1000 })
    expect(await errorOf(await post('', { json }))).toMatchObject({ status: 400, code, param })
    expect(seen).toHaveLength(0)
  })

  it.each<[string, string, Record<string, string>, number]>([
    ['JSON as text/plain, which a form can send', JSON.stringify(createBody()), { 'content-type': 'text/plain' }, 415],
    ['a compressed body', JSON.stringify(createBody()), { 'content-encoding': 'gzip' }, 415],
    ['a body beyond 16 KiB', JSON.stringify(createBody({ filename: 'x'.repeat(17_000) })), {}, 413],
    ['broken JSON', '{"filename":', {}, 400],
    ['an own __proto__', '{"__proto__":{"purpose":"user_data"}}', {}, 400],
    ['brackets ten thousand deep', '['.repeat(10_000), {}, 400],
    ['a length that lies', '{}', { 'content-length': '99999999' }, 413],
  ])('refuses %s without calling OpenAI', async (_, body, headers, status) => {
    const { post, seen } = backend()
    expect((await post('', { body, headers: { 'content-type': 'application/json', ...headers } })).status).toBe(status)
    expect(seen).toHaveLength(0)
  })

  it('stops reading an endless body at the limit', async () => {
    const { post } = backend()
    let pulled = 0
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1
        controller.enqueue(new Uint8Array(1024).fill(0x20))
      },
      cancel: () => {
        cancelled = true
      },
    })
    expect((await post('', { body, headers: { 'content-type': 'application/json' } })).status).toBe(413)
    expect(pulled).toBeLessThan(20)
    expect(cancelled).toBe(true)
  })

  it.each([
    ['a.csv', 'text/csv', 200],
    ['a.csv', 'text/plain', 200],
    ['a.html', 'text/csv', 400],
    ['a', 'text/csv', 200],
    ['a', 'text/csvx', 400],
    ['a.zzz', 'text/csv', 200],
    ['a.csv.html', 'text/csv', 400],
  ])(
    'goes by what an extension stands for before what is claimed: %s as %s is %i',
    async (filename, mime_type, status) => {
      const { post } = backend({ accept: ['text/csv'] })
      expect((await post('', { json: createBody({ filename, mime_type }) })).status).toBe(status)
    },
  )

  it('takes an accept list of its own instead of the purpose’s', async () => {
    const { post } = backend({ accept: ['.txt'] })
    expect((await post('', { json: createBody({ purpose: 'fine-tune' }) })).status).toBe(200)
    const refused = await post('', { json: createBody({ filename: 'a.pdf', mime_type: 'application/pdf' }) })
    expect((await errorOf(refused)).code).toBe('file_type_not_allowed')
  })
})

describe('expiresAfter', () => {
  const expiry = (seconds: number) => ({ anchor: 'created_at', seconds })
  const sent = async (expiresAfter: number | undefined, json: object) => {
    const { post, seen } = backend(expiresAfter === undefined ? {} : { expiresAfter })
    const { status } = await post('', { json })
    return status === 200 ? JSON.parse(seen[0]?.body ?? '').expires_after : status
  }

  it('is the default of an upload that asks for none', async () => {
    expect(await sent(7200, createBody())).toEqual(expiry(7200))
    expect(await sent(undefined, createBody())).toBeUndefined()
  })

  it('is the most that an upload may ask for', async () => {
    expect(await sent(7200, createBody({ expires_after: expiry(3600) }))).toEqual(expiry(3600))
    expect(await sent(7200, createBody({ expires_after: expiry(7201) }))).toBe(400)
    expect(await sent(undefined, createBody({ expires_after: expiry(2_592_000) }))).toEqual(expiry(2_592_000))
  })
})

describe('metadata', () => {
  it('stays on our side', async () => {
    const { post, seen } = backend()
    const headers = { 'x-upload-metadata': encodeMetadata({ folder: 'canary-folder ü' }) }
    expect((await post('', { json: createBody(), headers })).status).toBe(200)
    expect(JSON.stringify(seen)).not.toContain('canary-folder')
    expect(seen[0]?.headers).not.toHaveProperty('x-upload-metadata')
  })

  it.each([
    ['text that is no base64', '%%%'],
    ['a list', btoa('["a"]')],
    ['a number as value', btoa('{"a":1}')],
    ['more than 4 KiB', encodeMetadata({ a: 'x'.repeat(4096) })],
    ['far more than 4 KiB', encodeMetadata({ a: 'x'.repeat(100_000) })],
  ])('is refused when it is %s', async (_, header) => {
    const { post, seen } = backend()
    const response = await post('', { json: createBody(), headers: { 'x-upload-metadata': header } })
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'invalid_request', param: 'x-upload-metadata' })
    expect(seen).toHaveLength(0)
  })
})

describe('a file name', () => {
  it.each([
    ['report.pdf', 'report.pdf'],
    ['/etc/passwd', 'passwd'],
    ['C:\\fakepath\\a.txt', 'a.txt'],
    ['../../a.txt', 'a.txt'],
    ['evil\u202Efdp.exe', 'evilfdp.exe'],
    ['a\u0000b\u0085c\u007f\r\n.txt', 'abc.txt'],
    ['\u2066a\u2069\u200f\u061c.txt', 'a.txt'],
    ['e\u0301te\u0301.txt', 'été.txt'],
    ['a\ud800b.txt', 'ab.txt'],
    ['"quoted"; name=x.txt', '"quoted"; name=x.txt'],
    ['👩‍💻.md', '👩‍💻.md'],
    ['__proto__', '__proto__'],
    ['toString', 'toString'],
    ['/home/ada/.ssh/id_ed25519', 'id_ed25519'],
    ['file:///home/ada/a.txt', 'a.txt'],
    ['\\\\server\\share\\a.txt', 'a.txt'],
    ['a"\r\nContent-Type: text/html\r\n\r\n<script>.txt', 'html<script>.txt'],
    ['a%0d%0ab.txt', 'a%0d%0ab.txt'],
    ['   ', ''],
    ['..', ''],
  ])('%j becomes %j', (raw, clean) => expect(cleanFilename(raw)).toBe(clean))

  it('holds no control character, no mark that turns the direction, and no half of a character', () => {
    const ranges = [
      [0x00, 0x1f],
      [0x7f, 0x9f],
      [0x200e, 0x200f],
      [0x202a, 0x202e],
      [0x2066, 0x2069],
      [0x061c, 0x061c],
      [0xd800, 0xdfff],
    ] as const
    for (const [first, last] of ranges) {
      for (let code = first; code <= last; code += 1) expect(cleanFilename(`a${String.fromCharCode(code)}b`)).toBe('ab')
    }
  })

  it('keeps its extension when it is cut to 255 bytes, and is not cut inside a character', () => {
    const name = cleanFilename(`${'é'.repeat(300)}.jsonl`)
    expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(255)
    expect(name).toMatch(/^é+\.jsonl$/u)
  })
})
