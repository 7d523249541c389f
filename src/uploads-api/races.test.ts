import { describe, expect, it, vi } from 'vitest'
import { bytesOf, createApiCaller } from './api-caller.test.kit.js'
import type { UploadsStorage } from './storage.js'
import { createMemoryStorage } from './storage-memory.js'

/** A part's request whose bytes the test sends when it wants to. */
function openPart(uploadId: string) {
  const pipe = new TransformStream<Uint8Array, Uint8Array>()
  const writer = pipe.writable.getWriter()
  const abort = new AbortController()
  const request = new Request(`http://api/v1/uploads/${uploadId}/parts`, {
    method: 'POST',
    body: pipe.readable,
    duplex: 'half',
    signal: abort.signal,
    headers: { 'content-type': 'multipart/form-data; boundary=b' },
  } as RequestInit)
  return {
    request,
    abort: () => abort.abort(),
    begin: () => writer.write(bytesOf('--b\r\nContent-Disposition: form-data; name="data"\r\n\r\ntale')),
    finish: async () => {
      await writer.write(bytesOf('\r\n--b--\r\n')).catch(() => {})
      await writer.close().catch(() => {})
    },
  }
}

/** Memory, with an eye on the parts that are neither committed nor aborted. */
function createWatchedStorage(): UploadsStorage & { openParts: Set<string> } {
  const storage = createMemoryStorage()
  const openParts = new Set<string>()
  return {
    ...storage,
    openParts,
    addPart: async (uploadId, partId) => {
      const writer = await storage.addPart(uploadId, partId)
      openParts.add(partId)
      return {
        write: writer.write,
        commit: async () => {
          await writer.commit()
          openParts.delete(partId)
        },
        abort: async () => {
          await writer.abort()
          openParts.delete(partId)
        },
      }
    },
  }
}

describe('an Upload that closes', () => {
  it('has one winner when complete and cancel arrive together, whichever is first', async () => {
    for (const order of [0, 1]) {
      const { api, uploadOf, complete, cancel } = createApiCaller()
      const { id, partIds } = await uploadOf(['tale'])
      const calls = [() => complete(id, partIds), () => cancel(id)]
      const answers = await Promise.all((order ? calls.toReversed() : calls).map((call) => call()))
      expect(answers.map((answer) => answer.status).sort()).toEqual([200, 400])
      const winner = answers.find((answer) => answer.status === 200)
      expect(api.uploads[0]?.status).toBe(winner?.body.status)
      expect(api.files).toHaveLength(winner?.body.status === 'completed' ? 1 : 0)
    }
  })

  it('becomes one File when complete arrives many times at once', async () => {
    const { api, uploadOf, complete } = createApiCaller()
    const { id, partIds } = await uploadOf(['tale'])
    const answers = await Promise.all(Array.from({ length: 5 }, () => complete(id, partIds)))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    expect(api.files).toHaveLength(1)
  })

  it('lets cancel wait for a slow complete, and lose', async () => {
    const sleeps: (() => void)[] = []
    const sleep = () => new Promise<void>((resolve) => void sleeps.push(resolve))
    const { uploadOf, complete, cancel } = createApiCaller({
      clock: { now: () => 0, sleep },
      behaviour: { completeDelay: 1 },
    })
    const { id, partIds } = await uploadOf(['tale'])
    const completing = complete(id, partIds)
    await vi.waitFor(() => expect(sleeps).toHaveLength(1))
    const cancelling = cancel(id)
    sleeps[0]?.()
    expect((await completing).status).toBe(200)
    expect((await cancelling).status).toBe(400)
  })

  it('lets a slow complete finish after the hour it was asked in, with every byte', async () => {
    const sleeps: (() => void)[] = []
    const sleep = () => new Promise<void>((resolve) => void sleeps.push(resolve))
    let now = 0
    const { api, create, uploadOf, complete } = createApiCaller({
      clock: { now: () => now, sleep },
      behaviour: { completeDelay: 1 },
    })
    const { id, partIds } = await uploadOf(['once ', 'upon'])
    const completing = complete(id, partIds)
    await vi.waitFor(() => expect(sleeps).toHaveLength(1))
    now = 3_600_000
    await create()
    sleeps[0]?.()
    const { status, body } = await completing
    expect(status).toBe(200)
    const content = await api.handler(new Request(`http://api/v1/files/${body.file.id}/content`))
    expect(await content.text()).toBe('once upon')
  })

  it.each(['complete', 'cancel'] as const)('discards a Part that is on its way at %s', async (ending) => {
    const storage = createWatchedStorage()
    const { api, uploadOf, complete, cancel } = createApiCaller({ storage })
    const { id, partIds } = await uploadOf(['tale'])
    const part = openPart(id)
    const answering = api.handler(part.request)
    await part.begin()
    expect((ending === 'complete' ? await complete(id, partIds) : await cancel(id)).status).toBe(200)
    await part.finish()
    const answer = await answering
    expect(answer.status).toBe(400)
    expect((await answer.json()).error.message).toMatch(/is not pending/)
    expect(storage.openParts.size).toBe(0)
    expect(api.uploads[0]?.parts).toHaveLength(ending === 'complete' ? 1 : 0)
  })

  it('discards a Part that is on its way at expiry', async () => {
    const storage = createWatchedStorage()
    const { api, create, clock } = createApiCaller({ storage })
    const part = openPart((await create()).body.id)
    const answering = api.handler(part.request)
    await part.begin()
    clock.advance(3600)
    await part.finish()
    expect((await answering).status).toBe(400)
    expect(storage.openParts.size).toBe(0)
  })
})

describe('Parts at the same time', () => {
  it.each([
    ['exceed the declared bytes, when they are counted together', { overflow: 'cumulative' as const }, { bytes: 6 }],
    ['be more than the Upload may have', { maxParts: 1 }, {}],
  ])('cannot together %s', async (_what, behaviour, request) => {
    const { api, create } = createApiCaller({ behaviour })
    const { id } = (await create(request)).body
    const parts = [openPart(id), openPart(id)]
    const answering = parts.map((part) => api.handler(part.request))
    for (const part of parts) await part.begin()
    for (const part of parts) await part.finish()
    const statuses = (await Promise.all(answering)).map((answer) => answer.status)
    expect(statuses.sort()).toEqual([200, 400])
  })

  it('are each forgotten when their own request is aborted', async () => {
    const storage = createWatchedStorage()
    const { api, create } = createApiCaller({ storage })
    const { id } = (await create()).body
    const [stays, leaves] = [openPart(id), openPart(id)]
    const answering = [stays, leaves].map((part) => api.handler(part.request))
    await stays.begin()
    await leaves.begin()
    leaves.abort()
    await stays.finish()
    const statuses = (await Promise.all(answering)).map((answer) => answer.status)
    expect(statuses).toEqual([200, 400])
    expect(storage.openParts.size).toBe(0)
    expect(api.uploads[0]?.parts).toHaveLength(1)
  })
})
