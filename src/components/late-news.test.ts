import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createUploader } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { announceLateNews } from './late-news.js'
import { Paces } from './pace.js'
import { RootStore } from './root-store.js'
import { createWording } from './wording.js'

const MINUTE = 60_000
const wording = createWording(undefined, 'en-US')

// The API's clock waits for what is under way by real timers.
beforeEach(() => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }))
afterEach(() => vi.useRealTimers())

function setUp() {
  const fakes = createFakeUploads()
  const { fetcher, environment } = fakes
  const uploader = createUploader({
    fetcher,
    environment,
    checksum: 'off',
    defaults: { purpose: 'user_data' },
    limits: { stall: 10 * 3_600_000, complete: 10 * 3_600_000, response: 10 * 3_600_000 },
  })
  const store = new RootStore()
  // The readings' clock is the engine's; only their beat is the page's.
  const stop = announceLateNews(store, uploader, new Paces(uploader, () => environment.now()), () => wording)
  const said: [string, string][] = []
  store.onSay((politeness, text) => said.push([politeness, text]))
  const id = uploader.add(makeFile('report.pdf', 10))
  store.add([id])
  const after = async (ms: number) => {
    await fakes.clock.advance(ms)
    await vi.advanceTimersByTimeAsync(1000)
  }
  return { fakes, uploader, id, said, stop, after }
}

it('says that an upload may miss its hour in its last five minutes, once', async () => {
  const { fakes, uploader, id, said, stop, after } = setUp()
  fakes.faults.hold('addPart')
  uploader.run(id).catch(() => {})
  await after(1)
  await after(54 * MINUTE)
  expect(said).toEqual([])
  await after(MINUTE + 5000)
  await after(MINUTE)
  expect(said).toEqual([['assertive', expect.stringMatching(/^report\.pdf may not be finished before it expires at /)]])
  stop()
  uploader.destroy()
})

it('says that an upload is being finished where that takes longer than five seconds', async () => {
  const { fakes, uploader, id, said, stop, after } = setUp()
  fakes.faults.hold('complete')
  uploader.run(id).catch(() => {})
  await after(1)
  await after(4000)
  expect(said).toEqual([])
  await after(2000)
  await after(2000)
  expect(said).toEqual([['polite', 'report.pdf is being finished.']])
  stop()
  expect(vi.getTimerCount()).toBe(0)
  uploader.destroy()
})
