import { describe, expect, it, vi } from 'vitest'
import { createUploader, type Uploader } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { RootStore } from './root-store.js'
import { RootUploads } from './root-uploads.js'

function openList(foldAbove = Number.POSITIVE_INFINITY) {
  const fakes = createFakeUploads({ latency: 100 })
  const { environment, fetcher } = fakes
  const uploader = createUploader({
    fetcher,
    environment,
    checksum: 'off',
    partSize: 100,
    defaults: { purpose: 'batch' },
  })
  const store = new RootStore()
  const uploads = new RootUploads(store, uploader, foldAbove)
  const add = (count: number, size = 250) => {
    const ids = Array.from({ length: count }, (_, index) => uploader.add(makeFile(`${index}.jsonl`, size)))
    store.add(ids)
    return ids
  }
  const start = (ids: readonly string[]) => {
    for (const id of ids) uploader.run(id).catch(() => {})
  }
  return { ...fakes, uploader, store, uploads, add, start }
}

/** The same list, counted from the beginning. */
function countAfresh(store: RootStore, uploader: Uploader) {
  const other = new RootUploads(store, uploader, Number.POSITIVE_INFINITY)
  return { totals: other.getTotals(), pinned: other.getPinned() }
}

describe('the uploads of a Root', () => {
  it('have the same numbers as if they were counted from the beginning, whatever happens', async () => {
    const { uploader, store, uploads, add, start, clock, faults } = openList()
    faults.add({ call: 'addPart', after: 12, respond: { status: 403 } })
    faults.add({ call: 'addPart', after: 8, respond: { status: 429, headers: { 'retry-after': '3' } } })
    uploads.subscribe(() => {})
    const seen = new Set<string>()
    const pass = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 50) {
        await clock.advance(50)
        const [now, afresh] = [uploads.getTotals(), countAfresh(store, uploader)]
        expect({ totals: now, pinned: uploads.getPinned() }).toEqual(afresh)
        seen.add(JSON.stringify(now))
      }
    }
    const ids = add(12)
    await pass(50)
    start(ids)
    await pass(250)
    uploader.pause(ids[1] as string)
    uploader.cancel(ids[2] as string, { undoFor: 500 })
    await pass(1000)
    uploader.remove(ids[0] as string)
    store.remove(ids[0] as string)
    void uploader.resume(ids[1] as string)
    await pass(20_000)
    expect(seen.size).toBeGreaterThan(10)
    const { total, completed, attention, cancelled, active, bytesLeft } = uploads.getTotals()
    expect({ total, completed, attention, cancelled, active, bytesLeft }).toEqual({
      total: 11,
      completed: 9,
      attention: 1,
      cancelled: 1,
      active: 0,
      bytesLeft: 0,
    })
  })

  it('are looked at only where something changed, however many there are', async () => {
    const looks = async (count: number) => {
      const { uploader, uploads, add, start, clock, faults } = openList()
      uploads.subscribe(() => uploads.getTotals())
      const ids = add(count)
      for (let part = 0; part < 6; part += 1) faults.hold('addPart')
      start(ids.slice(0, 6))
      await clock.advance(1000)
      const get = vi.spyOn(uploader, 'get')
      uploader.pause(ids[0] as string)
      await clock.advance(1000)
      return get.mock.calls.length
    }
    const few = await looks(10)
    expect(few).toBeGreaterThan(0)
    expect(await looks(1000)).toBe(few)
  })

  it('cost nothing while nobody looks', async () => {
    const { uploader, uploads, add, start, clock } = openList()
    const stop = uploads.subscribe(() => {})
    stop()
    const get = vi.spyOn(uploader, 'get')
    start(add(3))
    await clock.advance(5000)
    expect(get).not.toHaveBeenCalled()
    expect(uploads.getTotals().completed).toBe(3)
  })

  it('are the same object as long as nothing that is counted changes', async () => {
    const { uploads, store, add, clock } = openList()
    uploads.subscribe(() => {})
    add(3)
    await clock.advance(1000)
    const [totals, shown] = [uploads.getTotals(), uploads.getShown()]
    store.setReading(() => {}, { found: null })
    await clock.advance(1000)
    expect(uploads.getTotals()).toBe(totals)
    expect(uploads.getShown()).toBe(shown)
  })
})

describe('what a long list shows', () => {
  it('is what is not done yet, and the rest below it on demand', async () => {
    const { uploads, store, add, start, clock } = openList(4)
    uploads.subscribe(() => {})
    const ids = add(6)
    start(ids.slice(1, 3))
    await clock.advance(5000)
    expect(uploads.getShown()).toEqual([ids[0], ids[3], ids[4], ids[5]])
    store.show('all')
    await clock.advance(0)
    expect(uploads.getShown()).toEqual([ids[0], ids[3], ids[4], ids[5], ids[1], ids[2]])
  })

  it('is everything in the order of adding while the list is short', async () => {
    const { uploads, add, start, clock } = openList(6)
    uploads.subscribe(() => {})
    const ids = add(6)
    start(ids.slice(1, 3))
    await clock.advance(5000)
    expect(uploads.getShown()).toEqual(ids)
  })

  it('is only what needs attention on demand, and everything again once nothing does', async () => {
    const { uploader, uploads, store, add, start, clock, faults } = openList()
    uploads.subscribe(() => {})
    faults.add({ call: 'create', respond: { status: 403 } })
    const ids = add(3)
    start(ids)
    await clock.advance(5000)
    store.show('attention')
    await clock.advance(0)
    expect(uploads.getShown()).toEqual([ids[0]])
    uploader.cancel(ids[0] as string)
    await clock.advance(5000)
    expect(uploads.getShown()).toEqual(ids)
  })
})
