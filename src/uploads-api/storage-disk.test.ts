import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
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

describe('the folder', () => {
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
    await vi.waitFor(async () => expect(await filesKept()).toContainEqual(expect.stringMatching(/part_.*\.tmp$/)))
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
