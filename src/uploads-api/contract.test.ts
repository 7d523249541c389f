import { describe, expect, it } from 'vitest'
import { parseFileObject, parseRemoteUpload, parseUploadPart } from '../protocol/index.js'
import { createApiCaller, recordedSecond, textOf } from './api-caller.test.kit.js'

// Restated from answers of the real API of September 2025; ids stand for their shapes.
const recorded = {
  upload: {
    id: expect.stringMatching(/^upload_[0-9a-f]{32}$/),
    object: 'upload',
    bytes: 8,
    created_at: recordedSecond,
    filename: 'tale.jsonl',
    purpose: 'fine-tune',
    status: 'pending',
    expires_at: recordedSecond + 3600,
  },
  part: {
    id: expect.stringMatching(/^part_[0-9a-f]{32}$/),
    object: 'upload.part',
    created_at: recordedSecond,
    upload_id: expect.stringMatching(/^upload_[0-9a-f]{32}$/),
  },
  file: {
    object: 'file',
    id: expect.stringMatching(/^file-[0-9A-Za-z]{22}$/),
    purpose: 'fine-tune',
    filename: 'tale.jsonl',
    bytes: 8,
    created_at: recordedSecond,
    expires_at: null,
    status: 'processed',
    status_details: null,
  },
}

describe('the recorded answers', () => {
  it('creates a pending Upload that lives for one hour, without a file and without its MIME type', async () => {
    const { create } = createApiCaller()
    const { status, body } = await create()
    expect(status).toBe(200)
    expect(body).toStrictEqual(recorded.upload)
    expect(Object.keys(body)).toEqual(Object.keys(recorded.upload))
  })

  it('answers a Part with its id and nothing about its size or place', async () => {
    const { create, addPart } = createApiCaller()
    const { id } = (await create()).body
    const { status, body } = await addPart(id, 'tale')
    expect(status).toBe(200)
    expect(body).toStrictEqual({ ...recorded.part, upload_id: id })
  })

  it('completes with the File in it, whose created_at is that of the Upload', async () => {
    const { uploadOf, complete, clock } = createApiCaller()
    const { id, partIds } = await uploadOf(['once', 'upon'])
    clock.advance(2)
    const { status, body } = await complete(id, partIds)
    expect(status).toBe(200)
    expect(body).toStrictEqual({ ...recorded.upload, id, status: 'completed', file: recorded.file })
    expect(Object.keys(body.file)).toEqual(Object.keys(recorded.file))
  })

  it('cancels with the Upload, still without a file', async () => {
    const { create, cancel } = createApiCaller()
    const { id } = (await create()).body
    const { status, body } = await cancel(id)
    expect(status).toBe(200)
    expect(body).toStrictEqual({ ...recorded.upload, id, status: 'cancelled' })
  })

  it('deletes a File with its id', async () => {
    const { fileOf, call } = createApiCaller()
    const id = await fileOf(['tale'])
    const { status, body } = await call('DELETE', `/v1/files/${id}`)
    expect(status).toBe(200)
    expect(body).toStrictEqual({ object: 'file', deleted: true, id })
  })

  it('sends the headers of the real API with answers and errors alike', async () => {
    const { create } = createApiCaller()
    for (const { headers } of [await create(), await create({ purpose: 'none' })]) {
      expect(headers.get('content-type')).toBe('application/json')
      expect(headers.get('openai-version')).toBe('2020-10-01')
      expect(headers.get('openai-processing-ms')).toMatch(/^\d+$/)
      expect(headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/)
      expect(headers.get('access-control-allow-origin')).toBe('*')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('is understood by the readers that browser and backend use', async () => {
    const { uploadOf, addPart, complete, create } = createApiCaller()
    const other = (await create()).body
    expect(parseRemoteUpload(other)).toEqual(other)
    const part = (await addPart(other.id, 'tale')).body
    expect(parseUploadPart(part)).toEqual(part)
    const { id, partIds } = await uploadOf(['tale'])
    const completed = (await complete(id, partIds)).body
    expect(parseRemoteUpload(completed)).toEqual(completed)
    expect(parseFileObject(completed.file)).toEqual(completed.file)
  })
})

describe('an Upload', () => {
  it('becomes its Parts in the order of part_ids, whatever order they came in', async () => {
    const { api, uploadOf, complete } = createApiCaller()
    const { id, partIds } = await uploadOf(['three', 'two', 'one'])
    const { body } = await complete(id, partIds.toReversed())
    expect(textOf(await api.readFile(body.file.id))).toBe('onetwothree')
  })

  it('takes Parts of any sizes, and leaves out those that complete does not name', async () => {
    const { api, create, addPart, complete } = createApiCaller()
    const { id } = (await create({ bytes: 5 })).body
    const orphan = (await addPart(id, 'ab')).body.id
    const first = (await addPart(id, 'ab')).body.id
    const second = (await addPart(id, 'cde')).body.id
    expect(api.uploads[0]?.parts.map((part) => part.bytes)).toEqual([2, 2, 3])
    const { body } = await complete(id, [first, second])
    expect(textOf(await api.readFile(body.file.id))).toBe('abcde')
    expect(api.uploads[0]?.parts.map((part) => part.id)).not.toContain(orphan)
  })

  it.each(['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals'])(
    'may have purpose %s',
    async (purpose) => {
      const { create } = createApiCaller()
      expect((await create({ purpose })).body.purpose).toBe(purpose)
    },
  )

  it('accepts the md5 as hex of either case and as base64', async () => {
    const { uploadOf, complete } = createApiCaller()
    // md5 of 'onceupon'
    for (const md5 of [
      '5cdb0886e7cb7d947e0e05f1b1c95a37',
      '5CDB0886E7CB7D947E0E05F1B1C95A37',
      'XNsIhufLfZR+DgXxsclaNw==',
    ]) {
      const { id, partIds } = await uploadOf(['once', 'upon'])
      expect(await complete(id, partIds, md5)).toMatchObject({ status: 200 })
    }
  })

  it('lets expires_after decide how long the File lives, and says nothing of it before', async () => {
    const { uploadOf, complete, call, clock } = createApiCaller()
    const { id, partIds } = await uploadOf(['tale'], { expires_after: { anchor: 'created_at', seconds: 3600 } })
    const { file } = (await complete(id, partIds)).body
    expect(file.expires_at).toBe(recordedSecond + 3600)
    clock.advance(3599)
    expect((await call('GET', `/v1/files/${file.id}`)).status).toBe(200)
    clock.advance(1)
    expect((await call('GET', `/v1/files/${file.id}`)).status).toBe(404)
    expect((await call('GET', '/v1/files')).body.data).toEqual([])
  })

  it('is seen as expired from expires_at on', async () => {
    const { api, create, clock } = createApiCaller()
    await create()
    clock.advance(3599)
    expect(api.uploads[0]?.status).toBe('pending')
    clock.advance(1)
    expect(api.uploads[0]?.status).toBe('expired')
  })

  it('lets go of the bytes of expired Uploads and Files with the next call, whichever it is', async () => {
    const { api, uploadOf, fileOf, call, clock } = createApiCaller()
    await uploadOf(['tale'])
    await fileOf(['tale'], { expires_after: { anchor: 'created_at', seconds: 3600 } })
    await fileOf(['kept'])
    clock.advance(3600)
    await call('GET', '/v1/files')
    expect(api.uploads.map((upload) => upload.parts.length)).toEqual([0, 0, 1])
    expect(api.files).toHaveLength(1)
  })

  it('is forgotten a week after it ended, unless its File lives', async () => {
    const { api, uploadOf, fileOf, cancel, call, clock } = createApiCaller()
    await uploadOf(['tale'])
    await cancel((await uploadOf(['tale'])).id)
    await fileOf(['tale'], { expires_after: { anchor: 'created_at', seconds: 7200 } })
    await call('DELETE', `/v1/files/${await fileOf(['tale'])}`)
    const kept = await fileOf(['kept'])
    clock.advance(3600 + 7 * 86_400 - 1)
    await call('GET', '/v1/files')
    expect(api.uploads.map((upload) => upload.status)).toEqual([
      'expired',
      'cancelled',
      'completed',
      'completed',
      'completed',
    ])
    clock.advance(1)
    await call('GET', '/v1/files')
    expect(api.uploads.map((upload) => upload.file?.expires_at ?? upload.file?.id)).toEqual([
      recordedSecond + 7200,
      kept,
    ])
    clock.advance(3600)
    expect((await call('GET', `/v1/files/${kept}`)).status).toBe(200)
    expect(api.uploads).toHaveLength(1)
  })
})

describe('Files', () => {
  it('are listed newest first, by pages, by purpose, or oldest first', async () => {
    const { fileOf, call, clock } = createApiCaller()
    const ids: string[] = []
    for (const purpose of ['batch', 'vision', 'batch']) {
      ids.push(await fileOf(['tale'], { purpose }))
      clock.advance(1)
    }
    const list = async (query: string) => (await call('GET', `/v1/files${query}`)).body
    const idsOf = (page: { data: { id: string }[] }) => page.data.map((file) => file.id)
    expect(await list('')).toMatchObject({ object: 'list', first_id: ids[2], last_id: ids[0], has_more: false })
    expect(idsOf(await list('?order=asc'))).toEqual(ids)
    expect(idsOf(await list('?purpose=vision'))).toEqual([ids[1]])
    const page = await list('?limit=2')
    expect(page).toMatchObject({ has_more: true, last_id: ids[1] })
    expect(idsOf(await list(`?limit=2&after=${page.last_id}`))).toEqual([ids[0]])
    expect(await list('?purpose=evals')).toEqual({
      object: 'list',
      data: [],
      first_id: null,
      last_id: null,
      has_more: false,
    })
  })

  it.each(['limit=0', 'limit=x', 'limit=10001', 'order=up', 'after=file-none'])(
    'refuse the query %s',
    async (query) => {
      const { call } = createApiCaller()
      const { status, body } = await call('GET', `/v1/files?${query}`)
      expect(status).toBe(400)
      expect(body.error.param).toBe(query.split('=')[0])
    },
  )

  it('give back their content with its length, never as something a browser renders', async () => {
    const { api, fileOf } = createApiCaller()
    const id = await fileOf(['once ', 'upon'])
    const response = await api.handler(new Request(`http://api/v1/files/${id}/content`))
    expect(response.headers.get('content-length')).toBe('9')
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toBe('attachment')
    expect(await response.text()).toBe('once upon')
  })

  it('are gone once deleted: listed, read and deleted no more', async () => {
    const { api, fileOf, call } = createApiCaller()
    const id = await fileOf(['tale'])
    await call('DELETE', `/v1/files/${id}`)
    expect(api.files).toEqual([])
    expect(api.uploads[0]?.parts).toEqual([])
    expect((await call('GET', `/v1/files/${id}`)).status).toBe(404)
    expect((await call('GET', `/v1/files/${id}/content`)).status).toBe(404)
    expect((await call('DELETE', `/v1/files/${id}`)).status).toBe(404)
    await expect(api.readFile(id)).rejects.toThrow(`No such File object: ${id}`)
  })
})
