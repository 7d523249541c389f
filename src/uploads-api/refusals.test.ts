import { describe, expect, it, vi } from 'vitest'
import { type Answer, createApiCaller } from './api-caller.test.kit.js'
import { createMemoryStorage } from './storage-memory.js'

/** Every error has all four keys, and nothing beside them. */
function expectRefusal({ body, ...answer }: Answer, status: number, param: string | null, words: RegExp) {
  expect({ status: answer.status, body }).toStrictEqual({
    status,
    body: { error: { message: expect.stringMatching(words), type: 'invalid_request_error', param, code: null } },
  })
}

const wrongMd5 = '00000000000000000000000000000000'

describe('create refuses', () => {
  it.each([
    [
      'an unknown purpose, in the recorded words',
      { purpose: 'world_domination' },
      'purpose',
      /^'world_domination' is not one of \['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'\] - 'purpose'$/,
    ],
    ['no purpose', { purpose: undefined }, 'purpose', /missing/i],
    ['a purpose that is no string', { purpose: 7 }, 'purpose', /string/],
    ['no filename', { filename: undefined }, 'filename', /missing/i],
    ['an empty filename', { filename: '' }, 'filename', /string/],
    ['no MIME type', { mime_type: undefined }, 'mime_type', /missing/i],
    ['no bytes', { bytes: undefined }, 'bytes', /missing/i],
    ['bytes as text', { bytes: '8' }, 'bytes', /integer/],
    ['a fraction of a byte', { bytes: 8.5 }, 'bytes', /integer/],
    ['negative bytes', { bytes: -1 }, 'bytes', /integer/],
    ['zero bytes', { bytes: 0 }, 'bytes', /integer/],
    ['more than 8 GiB', { bytes: 8 * 2 ** 30 + 1 }, 'bytes', /8589934592/],
    ['a property that is not specified', { colour: 'red' }, 'colour', /unknown parameter/i],
    [
      'a File of a minute',
      { expires_after: { anchor: 'created_at', seconds: 60 } },
      'expires_after.seconds',
      /seconds.*3600/,
    ],
    [
      'a File of over 30 days',
      { expires_after: { anchor: 'created_at', seconds: 2592001 } },
      'expires_after.seconds',
      /seconds.*2592000/,
    ],
    [
      'another anchor',
      { expires_after: { anchor: 'last_used', seconds: 3600 } },
      'expires_after.anchor',
      /anchor.*last_used/,
    ],
    ['expires_after that is no object', { expires_after: 3600 }, 'expires_after', /object/],
    [
      'expires_after with more in it',
      { expires_after: { anchor: 'created_at', seconds: 3600, x: 1 } },
      'expires_after.x',
      /unknown/i,
    ],
  ])('%s', async (_, fields, param, words) => {
    const { api, create } = createApiCaller()
    expectRefusal(await create(fields), 400, param, words)
    expect(api.uploads).toEqual([])
  })

  it.each(['', '{', '[]', 'null', '"text"'])('the body %j', async (text) => {
    const { api } = createApiCaller()
    const response = await api.handler(new Request('http://api/v1/uploads', { method: 'POST', body: text }))
    expect(response.status).toBe(400)
    expect((await response.json()).error.message).toMatch(/JSON object/)
  })

  it('a JSON body that never ends', async () => {
    const { api } = createApiCaller()
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(2 ** 16).fill(32)) })
    const init = { method: 'POST', body: endless, duplex: 'half' } as RequestInit
    const response = await api.handler(new Request('http://api/v1/uploads', init))
    expect(response.status).toBe(400)
  })

  it('nothing at exactly 8 GiB', async () => {
    expect((await createApiCaller().create({ bytes: 8 * 2 ** 30 })).status).toBe(200)
  })
})

describe('an Upload refuses', () => {
  it.each(['parts', 'complete', 'cancel'])('%s when there is no such Upload', async (verb) => {
    const { call } = createApiCaller()
    const answer = await call('POST', `/v1/uploads/upload_none/${verb}`, { part_ids: [] })
    expectRefusal(answer, 404, 'id', /^No such Upload object: upload_none$/)
  })

  it('a Part of more bytes than declared, at once', async () => {
    const { create, addPart, api } = createApiCaller()
    const { id } = (await create({ bytes: 3 })).body
    expectRefusal(await addPart(id, 'tale'), 400, 'data', /3 bytes/)
    expect(api.uploads[0]?.parts).toEqual([])
  })

  it('a Part above the largest size, and takes one of exactly that size', async () => {
    const { create, addPart } = createApiCaller({ behaviour: { maxPartBytes: 4 } })
    const { id } = (await create()).body
    expectRefusal(await addPart(id, 'tales'), 400, 'data', /at most 4 bytes/)
    expect((await addPart(id, 'tale')).status).toBe(200)
  })

  it('an empty Part', async () => {
    const { create, addPart } = createApiCaller()
    expectRefusal(await addPart((await create()).body.id, ''), 400, 'data', /empty/)
  })

  it('a Part, complete and cancel after cancel', async () => {
    const { uploadOf, addPart, complete, cancel } = createApiCaller()
    const { id, partIds } = await uploadOf(['tale'])
    await cancel(id)
    const words = /is not pending \(status: cancelled\)/
    expectRefusal(await addPart(id, 'tale'), 400, 'id', words)
    expectRefusal(await complete(id, partIds), 400, 'id', words)
    expectRefusal(await cancel(id), 400, 'id', words)
  })

  it('a Part, complete and cancel after complete', async () => {
    const { uploadOf, addPart, complete, cancel } = createApiCaller()
    const { id, partIds } = await uploadOf(['tale'])
    await complete(id, partIds)
    const words = /is not pending \(status: completed\)/
    expectRefusal(await addPart(id, 'tale'), 400, 'id', words)
    expectRefusal(await complete(id, partIds), 400, 'id', words)
    expectRefusal(await cancel(id), 400, 'id', words)
  })

  it('a Part, complete and cancel after its hour', async () => {
    const { uploadOf, addPart, complete, cancel, clock } = createApiCaller()
    const { id, partIds } = await uploadOf(['tale'])
    clock.advance(3600)
    const words = /is not pending \(status: expired\)/
    expectRefusal(await addPart(id, 'tale'), 400, 'id', words)
    expectRefusal(await complete(id, partIds), 400, 'id', words)
    expectRefusal(await cancel(id), 400, 'id', words)
  })

  it('complete with a Part that nobody knows, or of another Upload', async () => {
    const { uploadOf, complete } = createApiCaller()
    const { id } = await uploadOf(['tale'])
    const other = await uploadOf(['tale'])
    expectRefusal(await complete(id, ['part_none']), 400, 'part_ids', /No such part .*part_none/)
    expectRefusal(await complete(id, other.partIds), 400, 'part_ids', /No such part/)
  })

  it('complete with a Part listed twice', async () => {
    const { uploadOf, complete } = createApiCaller()
    const { id, partIds } = await uploadOf(['tale'], { bytes: 8 })
    expectRefusal(await complete(id, [...partIds, ...partIds]), 400, 'part_ids', /more than once/)
  })

  it('complete with fewer bytes than declared, naming both numbers, and stays open', async () => {
    const { uploadOf, complete, api } = createApiCaller()
    const { id, partIds } = await uploadOf(['tale'], { bytes: 8 })
    expectRefusal(await complete(id, partIds), 400, 'part_ids', /\b4 bytes.*\b8 bytes/)
    expectRefusal(await complete(id, []), 400, 'part_ids', /\b0 bytes.*\b8 bytes/)
    expect(api.uploads[0]?.status).toBe('pending')
  })

  it('complete with the md5 of other bytes, and stays open', async () => {
    const { uploadOf, complete, api } = createApiCaller()
    const { id, partIds } = await uploadOf(['tale'])
    expectRefusal(await complete(id, partIds, wrongMd5), 400, 'md5', /md5/)
    expect(api.uploads[0]?.status).toBe('pending')
    expect((await complete(id, partIds)).status).toBe(200)
  })

  it.each(['', 'abc', 'g'.repeat(32), 7, 'XNsIhufLfZR+DgXxsclaNw'])('complete with the md5 %j', async (md5) => {
    const { uploadOf, complete } = createApiCaller()
    const { id, partIds } = await uploadOf(['tale'])
    expectRefusal(await complete(id, partIds, md5), 400, 'md5', /hex.*base64/)
  })

  it.each([undefined, 'part_1', [7]])('complete with the part_ids %j', async (partIds) => {
    const { create, complete } = createApiCaller()
    expectRefusal(await complete((await create()).body.id, partIds), 400, 'part_ids', /part_ids/)
  })
})

describe('the API refuses', () => {
  it.each([
    'GET /v1/nothing',
    'GET /',
    'POST /uploads',
    'POST /v2/uploads',
    'POST /v1/uploads/',
    'POST /v1/uploads/upload_1/pause',
    'POST /v1/uploads/upload_1/parts/more',
    'POST /v1/uploads//parts',
    'GET /v1/files/',
    'GET /v1/files/file-1/content/more',
    'GET /v1/constructor',
  ])('%s, as there is no such path', async (line) => {
    const { call } = createApiCaller()
    const [method = '', path = ''] = line.split(' ')
    expectRefusal(await call(method, path), 404, null, /^Invalid URL \(/)
  })

  it.each([
    ['GET /v1/uploads', 'POST'],
    ['GET /v1/uploads/upload_1', ''],
    ['GET /v1/uploads/upload_1/parts', 'POST'],
    ['DELETE /v1/uploads/upload_1/cancel', 'POST'],
    ['POST /v1/files', 'GET'],
    ['PUT /v1/files/file-1', 'GET, DELETE'],
    ['POST /v1/files/file-1/content', 'GET'],
    ['OPTIONS /v1/uploads', 'POST'],
  ])('%s, allowing "%s"', async (line, allow) => {
    const { call } = createApiCaller()
    const [method = '', path = ''] = line.split(' ')
    const answer = await call(method, path)
    // There is no GET of an Upload at all: that path does not exist.
    expectRefusal(answer, allow ? 405 : 404, null, allow ? /Not allowed to/ : /Invalid URL/)
    expect(answer.headers.get('allow') ?? '').toBe(allow)
  })

  it('a call with no key or another key, without repeating either', async () => {
    const { call } = createApiCaller({ apiKey: 'sk-right' })
    for (const headers of [{}, { authorization: 'Bearer sk-wrong' }, { authorization: 'sk-right' }] as HeadersInit[]) {
      const { status, body } = await call('GET', '/v1/files', undefined, headers)
      expect(status).toBe(401)
      expect(body.error).toEqual({
        message: 'Incorrect API key provided.',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      })
    }
    expect((await call('GET', '/v1/files', undefined, { authorization: 'Bearer sk-right' })).status).toBe(200)
  })

  it('with a 500 that tells nothing, when the storage fails, and reports the failure', async () => {
    const onError = vi.fn()
    const failure = new Error('no space left on /secret/device')
    const storage = { ...createMemoryStorage(), save: () => Promise.reject(failure) }
    const { create, api } = createApiCaller({ storage, onError })
    const { status, body } = await create()
    expect(status).toBe(500)
    expect(body.error).toMatchObject({ type: 'server_error', param: null, code: null })
    expect(JSON.stringify(body)).not.toContain('secret')
    expect(onError).toHaveBeenCalledWith(failure)
    expect(api.uploads).toEqual([])
  })

  it('with a 500 for an end that could not be saved, which then counts as none: a restart would take it back', async () => {
    const storage = createMemoryStorage()
    const { uploadOf, complete, api } = createApiCaller({ storage, onError: () => {} })
    const { id, partIds } = await uploadOf(['tale'])
    storage.save = () => Promise.reject(new Error('no space left on device'))
    expect((await complete(id, partIds)).status).toBe(500)
    expect(api.uploads).toMatchObject([{ status: 'pending' }])
    storage.save = async () => {}
    expect((await complete(id, partIds)).status).toBe(200)
  })
})
