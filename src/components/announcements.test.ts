import { describe, expect, it } from 'vitest'
import {
  type Checksum,
  createChecksum,
  createMemoryResumeStore,
  createUploader,
  type UploaderOptions,
} from '../core/index.js'
import { createFakeUploads, type FakeUploads, type FakeUploadsOptions, makeFile } from '../testing/index.js'
import { announce } from './announcements.js'
import { RootStore } from './root-store.js'
import { RootUploads } from './root-uploads.js'
import { createWording } from './wording.js'

interface Said {
  politeness: string
  text: string
  /** Seconds since the beginning. */
  at: number
}

/** A Root without its elements, on a clock of its own; what it says is written down. */
function listen({
  fakes: given,
  ...options
}: Partial<UploaderOptions> & { fakes?: FakeUploadsOptions | FakeUploads } = {}) {
  const fakes = given && 'fetcher' in given ? given : createFakeUploads(given)
  const { clock, environment } = fakes
  const uploader = createUploader({
    fetcher: fakes.fetcher,
    environment,
    checksum: 'off',
    defaults: { purpose: 'user_data' },
    ...options,
  })
  const store = new RootStore()
  const uploads = new RootUploads(store, uploader, Number.POSITIVE_INFINITY)
  const said: Said[] = []
  const begun = clock.now()
  store.onSay((politeness, text) => said.push({ politeness, text, at: (clock.now() - begun) / 1000 }))
  const limits = { max: 1e9, min: null, accept: null, maxFiles: null }
  const manner = { wording: createWording(undefined, 'en'), limits, verbosity: 'milestones' } as const
  announce({ store, uploader, uploads }, () => manner, environment)
  const add = (...names: string[]) => {
    const ids = names.map((name) => uploader.add(makeFile(name, 1000)))
    for (const id of ids) uploader.run(id).catch(() => {})
    store.add(ids)
    return ids
  }
  const texts = () => said.map(({ text }) => text)
  return { ...fakes, uploader, store, add, said, texts }
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}.txt`)

describe('announcements', () => {
  it('name a single file: added, and uploaded', async () => {
    const { add, clock, said } = listen({ fakes: { latency: 1000 } })
    add('report.pdf')
    await clock.advance(10_000)
    expect(said.map(({ politeness, text }) => [politeness, text])).toEqual([
      ['polite', 'report.pdf added.'],
      ['polite', 'report.pdf uploaded.'],
    ])
  })

  it('leave each percent of a checksum that is waited for to the eye', async () => {
    const hashed: Parameters<Checksum>[1][] = []
    let done!: (md5: string) => void
    const { add, clock, texts, uploader } = listen({
      checksum: (_file, options) => {
        hashed.push(options)
        return new Promise((resolve) => {
          done = (md5) => resolve({ md5, where: 'worker' })
        })
      },
    })
    const [id = ''] = add('report.pdf')
    await clock.advance(1000)
    for (let percent = 1; percent < 100; percent += 1) {
      hashed[0]?.onProgress?.(percent * 10)
      await clock.advance(1000)
      expect(uploader.get(id)).toMatchObject({ status: 'completing', checksumPercent: percent })
    }
    expect(texts()).toEqual(['report.pdf added.'])
    done((await createChecksum()(makeFile('report.pdf', 1000))).md5)
    await clock.advance(10_000)
    expect(texts()).toEqual(['report.pdf added.', 'report.pdf uploaded.'])
  })

  it('say what happens together as one, and leave out what is no longer so', async () => {
    const { add, clock, texts } = listen()
    add(...numbered(3))
    await clock.advance(5000)
    expect(texts()).toEqual(['3 files uploaded.'])
  })

  it('count all that were added, also those that were done before it was said', async () => {
    const { add, clock, faults, texts } = listen({ concurrency: 1 })
    faults.hold('complete', { after: 2 })
    add(...numbered(20))
    await clock.advance(5000)
    expect(texts()).toEqual(['20 files added.'])
  })

  it('tell how many are left of a few, and how it ended', async () => {
    const { add, clock, texts } = listen({ fakes: { latency: 1000 }, concurrency: 1 })
    add(...numbered(3))
    await clock.advance(20_000)
    expect(texts()).toEqual([
      '3 files added.',
      '1.txt uploaded, 2 left.',
      '2.txt uploaded, 1 left.',
      '3 files uploaded.',
    ])
  })

  it.each([[3000], [60_000]])('are at most ten for twenty files, at %i ms a call', async (latency) => {
    const { add, clock, faults, said, texts } = listen({
      fakes: { latency, behaviour: { lifetimeSeconds: 86_400 } },
      concurrency: 1,
      limits: { response: 600_000, stall: 600_000 },
    })
    faults.add({ call: 'addPart', after: 4, times: 1, respond: { status: 403 } })
    add(...numbered(20))
    await clock.advance(20 * 3 * latency + 20_000)
    expect(said.length).toBeGreaterThan(3)
    expect(said.length).toBeLessThanOrEqual(10)
    expect(texts()[1]).toMatch(/^\d+ of 20 files uploaded\.$/)
    expect(said.at(-1)).toMatchObject({ politeness: 'assertive', text: '19 uploaded, 1 needs attention.' })
  })

  it('are numbers for hundreds of files, ten seconds apart', async () => {
    const { add, clock, said, texts } = listen({ fakes: { latency: 500 }, concurrency: 4 })
    add(...numbered(200))
    await clock.advance(100_000)
    expect(texts()[0]).toBe('200 files added.')
    expect(texts().at(-1)).toBe('200 files uploaded.')
    const counts = said.slice(1, -1)
    expect(counts.length).toBeGreaterThan(2)
    expect(counts.every(({ text }) => /^\d{2,3} of 200 files uploaded\.$/.test(text))).toBe(true)
    const distances = counts.slice(1).map(({ at }, index) => at - (counts[index]?.at ?? 0))
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(10)
  })

  it('tell of a failure at once where there are few, and of all of them at the end', async () => {
    const { add, clock, faults, said } = listen({ fakes: { latency: 1000 }, concurrency: 1 })
    faults.add({ call: 'addPart', respond: { status: 403 } })
    add('bad.txt', 'good.txt')
    await clock.advance(20_000)
    expect(said.map(({ politeness, text }) => [politeness, text])).toEqual([
      ['polite', '2 files added.'],
      ['assertive', 'You don’t have permission to upload bad.txt here.'],
      ['assertive', '1 uploaded, 1 needs attention.'],
    ])
  })

  it('tell of an outage once, however many uploads it strikes, and once when it is over', async () => {
    const { add, clock, environment, faults, texts } = listen({ fakes: { latency: 500 }, concurrency: 2 })
    const over = faults.add({ lose: 'request', times: Number.POSITIVE_INFINITY })
    environment.setOnline(false)
    add(...numbered(4))
    await clock.advance(60_000)
    expect(texts()).toEqual(['4 files added.', 'You’re offline. 4 uploads are waiting.'])
    over()
    environment.setOnline(true)
    await clock.advance(60_000)
    expect(texts().filter((text) => text.includes('online'))).toEqual(['You’re online again. Uploads continue.'])
    expect(texts().at(-1)).toBe('4 files uploaded.')
  })

  it('tell of uploads that an earlier page left behind, not of files added', async () => {
    const resumeStore = createMemoryResumeStore()
    const page = listen({ resumeStore, partSize: 100, concurrency: 1 })
    const held = page.faults.hold('addPart', { after: 3 })
    page.add('a.txt')
    await held.reached
    page.uploader.destroy()
    const { uploader, store, clock, texts } = listen({ resumeStore, fakes: page })
    await uploader.restore()
    store.add(uploader.getSnapshot().ids)
    await clock.advance(5000)
    expect(texts()).toEqual(['1 upload can continue. Choose the files again.'])
  })

  it('say nothing of what was there before anyone listened', async () => {
    const { add, clock, uploader, store, texts } = listen({ fakes: { latency: 1000 } })
    add('a.txt')
    await clock.advance(10_000)
    const before = texts().length
    const uploads = new RootUploads(store, uploader, 50)
    const limits = { max: 1e9, min: null, accept: null, maxFiles: null }
    announce({ store, uploader, uploads }, () => ({
      wording: createWording(undefined, 'en'),
      limits,
      verbosity: 'outcomes',
    }))
    await clock.advance(10_000)
    expect(texts()).toHaveLength(before)
  })
})
