import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createUploader } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { Paces } from './pace.js'
import { QueuePositions } from './queue-positions.js'

// Only what ticks: the rest is the clock of the fakes.
beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => vi.useRealTimers())

/** Files in line behind one that is held in the middle. */
async function setUp(count: number, { run = true } = {}) {
  const { fetcher, faults, environment, clock } = createFakeUploads()
  const options = { checksum: 'off', concurrency: 1, defaults: { purpose: 'user_data' } } as const
  const uploader = createUploader({ ...options, fetcher, environment })
  const held = faults.hold('addPart')
  const ids = Array.from({ length: count }, (_, index) => uploader.add(makeFile(`${index}.txt`, 10)))
  if (run) {
    for (const id of ids) uploader.run(id).catch(() => {})
    await held.reached
  }
  await clock.advance(1000)
  const positions = new QueuePositions(uploader, new Paces(uploader))
  const heard = vi.fn()
  const stop = positions.subscribe(heard)
  const last = ids.at(-1) ?? ''
  positions.of(last)
  return { uploader, clock, positions, heard, stop, ids, last }
}

describe('QueuePositions', () => {
  it('counts those under way and those before it, and nothing for what is not in line', async () => {
    const { positions, ids, stop } = await setUp(4)
    expect(ids.map((id) => positions.of(id))).toEqual([0, 1, 2, 3])
    stop()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('follows at once while a few wait', async () => {
    const { uploader, positions, heard, clock, ids, last, stop } = await setUp(4)
    uploader.remove(ids[1] ?? '')
    await clock.advance(0)
    expect(heard).toHaveBeenCalled()
    expect(positions.of(last)).toBe(2)
    stop()
  })

  it('follows once a second while hundreds wait, so that each file that is done does not draw them all', async () => {
    const { uploader, positions, heard, clock, ids, last, stop } = await setUp(200)
    heard.mockClear()
    for (const id of ids.slice(1, 51)) {
      uploader.remove(id)
      await clock.advance(100)
    }
    expect(heard).not.toHaveBeenCalled()
    // The number that all the others show as well.
    expect(positions.of(last)).toBe(199)
    await vi.advanceTimersByTimeAsync(1000)
    expect(heard).toHaveBeenCalledTimes(1)
    expect(positions.of(last)).toBe(149)
    // Nothing has changed since.
    await vi.advanceTimersByTimeAsync(5000)
    expect(heard).toHaveBeenCalledTimes(1)
    stop()
  })

  it('knows one that came meanwhile', async () => {
    const { uploader, positions, clock, stop } = await setUp(200)
    const id = uploader.add(makeFile('new.txt', 10))
    await clock.advance(100)
    expect(positions.of(id)).toBe(200)
    stop()
  })

  it('follows at once where nothing is under way, as nobody comes by each second', async () => {
    const { uploader, positions, heard, clock, ids, last, stop } = await setUp(200, { run: false })
    heard.mockClear()
    uploader.remove(ids[0] ?? '')
    await clock.advance(100)
    expect(heard).toHaveBeenCalledTimes(1)
    expect(positions.of(last)).toBe(198)
    stop()
  })
})
