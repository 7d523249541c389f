import { createStore, setMany } from 'idb-keyval'
import { describe, expect, it, vi } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { createIndexedDbResumeStore, forgetUploads } from './indexed-db-resume-store.js'
import type { ResumeHead } from './resume/resume-record.js'
import { createUploader } from './uploader.js'

let count = 0
/** Databases outlive a test. */
function freshKey(): string {
  count += 1
  return `test-${Date.now()}-${count}`
}

const head = (uploadId: string): ResumeHead => ({
  version: 1,
  file: { name: 'thesis.pdf', size: 300, type: 'application/pdf', lastModified: 1 },
  sample: '300-0',
  options: { purpose: 'user_data' },
  remote: {
    id: uploadId,
    object: 'upload',
    bytes: 300,
    created_at: 1,
    expires_at: 3601,
    filename: 'thesis.pdf',
    purpose: 'user_data',
    status: 'pending',
  },
  token: 'token',
  expiresAt: 3_600_000,
  handle: null,
})
const part = (start: number, partId: string, digest: string | null = null) => ({
  start,
  end: start + 100,
  partId,
  digest,
})

describe('the store in IndexedDB', () => {
  it('gives back what another page wrote, each part once', async () => {
    const key = freshKey()
    const store = createIndexedDbResumeStore(key)
    await store.saveHead(head('upload_1'))
    await store.savePart('upload_1', part(0, 'part_a'))
    await store.savePart('upload_1', part(0, 'part_a', 'd'.repeat(32)))
    await store.savePart('upload_1', part(100, 'part_b'))
    await store.saveHead(head('upload_2'))
    const loaded = await createIndexedDbResumeStore(key).load()
    expect(loaded).toEqual([
      { head: head('upload_1'), parts: [part(0, 'part_a', 'd'.repeat(32)), part(100, 'part_b')] },
      { head: head('upload_2'), parts: [] },
    ])
  })

  it('forgets one upload with its parts, and no other', async () => {
    const store = createIndexedDbResumeStore(freshKey())
    for (const id of ['upload_1', 'upload_2']) {
      await store.saveHead(head(id))
      await store.savePart(id, part(0, `part_${id}`))
    }
    await store.remove('upload_1')
    expect((await store.load()).map((record) => (record.head as ResumeHead).remote.id)).toEqual(['upload_2'])
  })

  it('shows nothing to another key', async () => {
    await createIndexedDbResumeStore(freshKey()).saveHead(head('upload_1'))
    expect(await createIndexedDbResumeStore(freshKey()).load()).toEqual([])
  })

  it('passes over what other code has written into it', async () => {
    const key = freshKey()
    const store = createIndexedDbResumeStore(key)
    await store.saveHead(head('upload_1'))
    const foreign = createStore(`react-openai-uploads:${key}`, 'uploads')
    const keys: IDBValidKey[] = [5, 'upload_1', [[1], 2], ['upload_1', 'x'], [7], []]
    await setMany(
      keys.map((at) => [at, { head: null }]),
      foreign,
    )
    expect(await store.load()).toEqual([{ head: head('upload_1'), parts: [] }])
    await store.remove('upload_1')
    expect(await store.load()).toEqual([])
  })

  it('forgets all that is remembered under a key at sign-out, and nothing of another one', async () => {
    const [leaving, staying] = [freshKey(), freshKey()]
    for (const key of [leaving, staying]) {
      const store = createIndexedDbResumeStore(key)
      await store.saveHead(head('upload_1'))
      await store.savePart('upload_1', part(0, 'part_a'))
    }
    await forgetUploads(leaving)
    expect(await createIndexedDbResumeStore(leaving).load()).toEqual([])
    expect(await createIndexedDbResumeStore(staying).load()).toHaveLength(1)
  })

  it('forgets where there is no storage, too', async () => {
    vi.stubGlobal('indexedDB', undefined)
    await expect(forgetUploads(freshKey())).resolves.toBeUndefined()
  })

  it('keeps a file handle of the origin, and takes the file from it without a prompt', async () => {
    const folder = await navigator.storage.getDirectory()
    const handle = await folder.getFileHandle('thesis.bin', { create: true })
    const writable = await handle.createWritable()
    await writable.write(makeFile('thesis.bin', 450))
    await writable.close()

    const key = freshKey()
    const { fetcher, faults, files } = createFakeUploads({ clock: 'real' })
    const open = () =>
      createUploader({ fetcher, partSize: 100, concurrency: 1, resumeStore: createIndexedDbResumeStore(key) })
    const page = open()
    const fourth = faults.hold('addPart', { after: 3 })
    const file = Object.assign(await handle.getFile(), { handle })
    page.run(page.add(file, { purpose: 'user_data' })).catch(() => {})
    await fourth.reached
    page.destroy()

    const next = open()
    await next.restore()
    const [id = ''] = next.getSnapshot().ids
    expect(next.get(id)).toMatchObject({ needsFile: true, canReopen: true, progress: { bytesAccepted: 300 } })
    const ended = next.run(id)
    await next.resume(id)
    const stored = await files.read((await ended).id)
    expect(stored).toEqual(new Uint8Array(await makeFile('thesis.bin', 450).arrayBuffer()))
    expect(await createIndexedDbResumeStore(key).load()).toEqual([])
  })
})
