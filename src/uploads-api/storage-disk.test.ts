import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { UploadsApiOptions } from './api.js'
import { createApiCaller, streamOf } from './api-caller.test.kit.js'
import { createDiskStorage } from './storage-disk.js'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'uploads-api-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

/** The API on the folder, as a new process finds it. */
const start = () => createApiCaller({ storage: createDiskStorage(join(dir, 'kept')) })

/** Every file below the folder, as a path in it. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
const filesKept = async () =>
  (await filesOf(join(dir, 'kept'))).map((path) => path.slice(join(dir, 'kept').length + 1)).sort()

const readJson = async (path: string) => JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
const outcomeOf = (changes: object) => ({
  status: 'completed',
  fileId: 'file-1',
  partIds: [],
  deleted: false,
  ...changes,
})

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let start = 0; start < length; start += 65536) crypto.getRandomValues(bytes.subarray(start, start + 65536))
  return bytes
}

describe('a File on disk', () => {
  it('has exactly the bytes of its Parts, over many chunks', async () => {
    const { api, create, addPart, complete } = start()
    const parts = [3_000_000, 1, 700_001].map(randomBytes)
    const { id } = (await create({ bytes: 3_700_002 })).body
    const partIds: string[] = []
    for (const part of parts) partIds.push((await addPart(id, part)).body.id)
    const { body } = await complete(id, partIds)
    const whole = Buffer.concat(parts)
    expect(whole.equals(await api.readFile(body.file.id))).toBe(true)
    const content = await api.handler(new Request(`http://api/v1/files/${body.file.id}/content`))
    expect(whole.equals(new Uint8Array(await content.arrayBuffer()))).toBe(true)
  })

  it('is checked against the md5 of all bytes', async () => {
    const { uploadOf, complete } = start()
    const { id, partIds } = await uploadOf(['once', 'upon'])
    expect((await complete(id, partIds.toReversed(), '5cdb0886e7cb7d947e0e05f1b1c95a37')).status).toBe(400)
    expect((await complete(id, partIds, '5cdb0886e7cb7d947e0e05f1b1c95a37')).status).toBe(200)
  })

  it('leaves its bytes once it is deleted', async () => {
    const { fileOf, call } = start()
    const id = await fileOf(['tale'])
    await call('DELETE', `/v1/files/${id}`)
    expect(await filesKept()).toEqual([expect.stringMatching(/upload\.json$/)])
    expect((await start().call('GET', `/v1/files/${id}`)).status).toBe(404)
  })
})

describe('a restart', () => {
  it('keeps open Uploads with their Parts, so that they can be completed', async () => {
    const before = start()
    const { id, partIds } = await before.uploadOf(['once'], { bytes: 8 })
    const after = start()
    const last = (await after.addPart(id, 'upon')).body.id
    const { status, body } = await after.complete(id, [...partIds, last])
    expect(status).toBe(200)
    expect(body.created_at).toBe(before.api.uploads[0]?.created_at)
    expect(Buffer.from(await after.api.readFile(body.file.id)).toString()).toBe('onceupon')
  })

  it('keeps Files, and what became of every Upload', async () => {
    const before = start()
    const fileId = await before.fileOf(['tale'])
    const { id } = (await before.create()).body
    await before.cancel(id)
    const after = start()
    await after.api.load()
    expect(after.api.files).toEqual(before.api.files)
    expect(after.api.uploads.map((upload) => upload.status).sort()).toEqual(['cancelled', 'completed'])
    expect(Buffer.from(await after.api.readFile(fileId)).toString()).toBe('tale')
  })

  it('forgets what was half-written, and leaves alone what is not its own', async () => {
    const before = start()
    const { id, partIds } = await before.uploadOf(['tale'])
    const folder = join(dir, 'kept', id)
    await writeFile(join(folder, 'part_half.tmp'), 'ta')
    await writeFile(join(folder, 'upload.json.tmp'), '{"id":')
    await writeFile(join(dir, 'kept', 'notes.txt'), 'mine')
    const after = start()
    await after.api.load()
    expect(after.api.uploads[0]?.parts).toEqual([{ id: partIds[0], bytes: 4 }])
    expect(await filesKept()).toEqual(['notes.txt', `${id}/${partIds[0]}`, `${id}/upload.json`])
  })

  it('removes the Parts that a crash left behind after cancel', async () => {
    const before = start()
    const { id } = (await before.create()).body
    await before.cancel(id)
    await writeFile(join(dir, 'kept', id, 'part_1'), 'tale')
    await start().api.load()
    expect(await filesKept()).toEqual([`${id}/upload.json`])
  })

  it('ignores the folder of an Upload that was never saved', async () => {
    const before = start()
    const { id } = (await before.create()).body
    await rm(join(dir, 'kept', id, 'upload.json'))
    const after = start()
    await after.api.load()
    expect(after.api.uploads).toEqual([])
  })
})

describe('an Upload that is damaged', () => {
  it.each<[string, string | ((record: Record<string, unknown>) => unknown)]>([
    ['no record but an empty file', ''],
    ['half a record', '{"id":'],
    ['a record of another Upload', (record) => ({ ...record, id: 'upload_other' })],
    ['a record without a size', (record) => ({ ...record, bytes: '8' })],
    ['a File of Parts that are paths', (record) => ({ ...record, outcome: outcomeOf({ partIds: ['../x'] }) })],
    ['a File that lacks a Part', (record) => ({ ...record, outcome: outcomeOf({ partIds: ['part_none'] }) })],
  ])('by %s is left out, said, and takes no other with it', async (_, change) => {
    const before = start()
    const { id } = await before.uploadOf(['tale'])
    const kept = await before.fileOf(['kept'])
    const path = join(dir, 'kept', id, 'upload.json')
    await writeFile(path, typeof change === 'string' ? change : JSON.stringify(change(await readJson(path))))
    const files = await filesKept()
    const onError = vi.fn()
    const storage = createDiskStorage(join(dir, 'kept'), { onError })
    const { api, call } = createApiCaller({ storage, onError })
    expect((await call('GET', `/v1/files/${kept}`)).status).toBe(200)
    expect(api.uploads).toHaveLength(1)
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: expect.stringMatching(new RegExp(`${id} is left out`)) }),
    )
    expect(await filesKept()).toEqual(files)
  })

  it('by a Part that lost its end is no File', async () => {
    const before = start()
    const id = await before.fileOf(['once', 'upon'])
    const [upload] = before.api.uploads
    await truncate(join(dir, 'kept', upload?.id ?? '', upload?.parts[1]?.id ?? ''), 3)
    const onError = vi.fn()
    const { call } = createApiCaller({ storage: createDiskStorage(join(dir, 'kept')), onError })
    expect((await call('GET', `/v1/files/${id}`)).status).toBe(404)
    expect(onError).toHaveBeenCalledOnce()
  })
})

describe('a limit of what is stored', () => {
  const full = { status: 429, body: { error: { code: 'insufficient_quota' } } }
  const limited = (options: UploadsApiOptions = {}) =>
    createApiCaller({
      storage: createDiskStorage(join(dir, 'kept')),
      behaviour: { maxStoredBytes: 10, overflow: 'off', forgetAfterSeconds: 0 },
      ...options,
    })

  it('refuses what will not fit when it is declared, and keeps nothing of it', async () => {
    const { create, api } = limited()
    expect((await create({ bytes: 10 })).status).toBe(200)
    const answer = await create({ bytes: 11 })
    expect(answer).toMatchObject(full)
    expect(answer.body.error.message).toBe(
      'At most 10 bytes are stored here, and 0 of them are taken. Delete Files, cancel Uploads, or wait until they expire.',
    )
    expect(api.uploads).toHaveLength(1)
    expect(await readdir(join(dir, 'kept'))).toHaveLength(1)
  })

  it('refuses a Part that does not fit, with nothing half kept, and takes one that does', async () => {
    const { uploadOf, addPart } = limited()
    const { id, partIds } = await uploadOf(['once', 'upon'])
    const before = await filesKept()
    expect(before).toEqual(expect.arrayContaining(partIds.map((partId) => `${id}/${partId}`)))
    expect(await addPart(id, 'a t')).toMatchObject(full)
    expect(await filesKept()).toEqual(before)
    expect((await addPart(id, 'a ')).status).toBe(200)
    expect(await addPart(id, 't')).toMatchObject(full)
  })

  it('holds for Parts that come at the same time', async () => {
    const { create, addPart, api } = limited()
    const { id } = (await create()).body
    const answers = await Promise.all(['once', 'upon', 'a ti', 'me a'].map((text) => addPart(id, text)))
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(2)
    const stored = api.uploads[0]?.parts.reduce((total, { bytes }) => total + bytes, 0)
    expect(stored).toBeLessThanOrEqual(10)
    expect((await filesKept()).filter((path) => path.includes('part_'))).toHaveLength((stored ?? 0) / 4)
    // None of those that were refused takes room.
    for (let left = 10 - (stored ?? 0); left > 0; left -= 1) expect((await addPart(id, 'x')).status).toBe(200)
    expect(await addPart(id, 'x')).toMatchObject(full)
  })

  it.each<[string, (api: ReturnType<typeof limited>) => Promise<unknown>]>([
    ['cancelled', async ({ uploadOf, cancel }) => cancel((await uploadOf(['all ten by'], { bytes: 10 })).id)],
    ['deleted', async ({ fileOf, call }) => call('DELETE', `/v1/files/${await fileOf(['all ten by'], { bytes: 10 })}`)],
    [
      'expired',
      async ({ uploadOf, clock }) => {
        await uploadOf(['all ten by'], { bytes: 10 })
        clock.advance(3600)
      },
    ],
  ])('has room again once an Upload is %s', async (_, end) => {
    const caller = limited()
    await end(caller)
    const { id } = await caller.uploadOf(['all ten by'], { bytes: 10 })
    expect(caller.api.uploads.find((upload) => upload.id === id)?.parts).toHaveLength(1)
  })

  it('counts what an earlier process has stored', async () => {
    const { id } = await limited().uploadOf(['once', 'upon'])
    const { addPart, create } = limited()
    expect(await create({ bytes: 3 })).toMatchObject(full)
    expect(await addPart(id, 'a t')).toMatchObject(full)
    expect((await addPart(id, 'a ')).status).toBe(200)
  })

  it('counts bytes that could not be removed until they are', async () => {
    const onError = vi.fn()
    const storage = createDiskStorage(join(dir, 'kept'))
    const removeParts = vi.spyOn(storage, 'removeParts').mockRejectedValueOnce(new Error('busy'))
    const { uploadOf, cancel, create, clock } = limited({ storage, onError })
    expect((await cancel((await uploadOf(['all ten by'], { bytes: 10 })).id)).status).toBe(200)
    expect(onError).toHaveBeenCalledExactlyOnceWith(new Error('busy'))
    expect(await create({ bytes: 1 })).toMatchObject(full)
    clock.advance(1)
    expect((await create({ bytes: 10 })).status).toBe(200)
    expect(removeParts).toHaveBeenCalledTimes(2)
  })

  it('counts a Part beside a File likewise: its Upload is not over, and it is in the way all the same', async () => {
    const storage = createDiskStorage(join(dir, 'kept'))
    const { uploadOf, addPart, complete, create, clock } = limited({ storage, onError: () => {} })
    const { id, partIds } = await uploadOf(['tale'])
    expect((await addPart(id, 'lost')).status).toBe(200)
    vi.spyOn(storage, 'removeParts').mockRejectedValueOnce(new Error('busy'))
    expect((await complete(id, partIds)).status).toBe(200)
    expect(await create({ bytes: 6 })).toMatchObject(full)
    clock.advance(1)
    expect((await create({ bytes: 6 })).status).toBe(200)
  })
})

describe('the folder', () => {
  it('has nothing of an Upload that is forgotten', async () => {
    const before = start()
    await before.uploadOf(['tale'])
    await before.fileOf(['tale'], { expires_after: { anchor: 'created_at', seconds: 3600 } })
    before.clock.advance(3600)
    await before.call('GET', '/v1/files')
    expect((await filesKept()).filter((path) => !path.endsWith('upload.json'))).toEqual([])
    const after = start()
    after.clock.advance(3600 + 7 * 86_400)
    await after.api.load()
    expect(await readdir(join(dir, 'kept'))).toEqual([])
  })

  it('keeps its Uploads private also where it was made by somebody who did not care', async () => {
    await mkdir(join(dir, 'kept'), { mode: 0o755 })
    const { uploadOf } = start()
    const { id } = await uploadOf(['tale'])
    expect((await stat(join(dir, 'kept', id))).mode & 0o777).toBe(0o700)
  })

  it('holds nothing that other users can read', async () => {
    const { fileOf } = start()
    await fileOf(['tale'])
    const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
    const [upload = ''] = await readdir(join(dir, 'kept'))
    expect(await modeOf(join(dir, 'kept'))).toBe('700')
    expect(await modeOf(join(dir, 'kept', upload))).toBe('700')
    for (const path of await filesOf(dir)) expect(await modeOf(path)).toBe('600')
  })

  it.each(['complete', 'cancel'] as const)('keeps no more than it must after %s', async (ending) => {
    const { uploadOf, addPart, complete, cancel } = start()
    const { id, partIds } = await uploadOf(['tale'])
    await addPart(id, 'lost')
    await (ending === 'complete' ? complete(id, partIds) : cancel(id))
    const kept = ending === 'complete' ? [`${id}/${partIds[0]}`, `${id}/upload.json`] : [`${id}/upload.json`]
    expect(await filesKept()).toEqual(kept)
  })

  it('has nothing of a Part that was refused, broken off or aborted', async () => {
    const { api, create, addPart } = start()
    const { id } = (await create()).body
    expect((await addPart(id, 'too much data')).status).toBe(400)
    const begun = Buffer.from('--b\r\nContent-Disposition: form-data; name="data"\r\n\r\ntale')
    const abort = new AbortController()
    const post = (body: ReadableStream) =>
      api.handler(
        new Request(`http://api/v1/uploads/${id}/parts`, {
          method: 'POST',
          body,
          duplex: 'half',
          signal: abort.signal,
          headers: { 'content-type': 'multipart/form-data; boundary=b' },
        } as RequestInit),
      )
    expect((await post(streamOf([begun]))).status).toBe(400)
    const aborted = post(new ReadableStream({ start: (controller) => controller.enqueue(begun) }))
    await vi.waitFor(async () => expect(await filesKept()).toContainEqual(expect.stringMatching(/part_.*\.tmp$/)), {
      timeout: 20_000,
    })
    abort.abort()
    await aborted
    expect(await filesKept()).toEqual([`${id}/upload.json`])
  })

  it('is never left through an id', async () => {
    const storage = createDiskStorage(join(dir, 'kept'))
    for (const id of ['../outside', 'upload_../x', 'upload_', '/etc', 'upload_a/b', 'upload_\0']) {
      await expect(async () => storage.addPart(id, 'part_1')).rejects.toThrow('Not an upload id.')
      await expect(async () => storage.removeParts(id)).rejects.toThrow('Not an upload id.')
    }
    for (const id of ['../../outside', 'part_../x', 'upload.json', 'part_.tmp']) {
      await expect(async () => storage.addPart('upload_1', id)).rejects.toThrow('Not a part id.')
      await expect(async () => storage.md5('upload_1', [id])).rejects.toThrow('Not a part id.')
    }
    expect(await readdir(dir)).toEqual([])
  })
})
