import { describe, expect, it } from 'vitest'
import { FetcherError } from './fetcher.js'
import { expectSameBytes, type StageOptions, setTheStage } from './uploader.test.kit.js'

/** Parts of 100 bytes over connections of 100 bytes per second, and the most parts under way at a time. */
function slowStage(options: StageOptions = {}) {
  const parts = { now: 0, most: 0 }
  const stage = setTheStage({
    fakes: { bytesPerSecond: 100 },
    ...options,
    between: (fetcher, fakes) => ({
      ...options.between?.(fetcher, fakes),
      addPart: async (part, partOptions) => {
        parts.now += 1
        parts.most = Math.max(parts.most, parts.now)
        try {
          return await fetcher.addPart(part, partOptions)
        } finally {
          parts.now -= 1
        }
      },
    }),
  })
  return { ...stage, parts }
}

/** Parts from 100 to 1600 bytes, and every size that was tried. */
function adaptiveStage(options: StageOptions = {}) {
  const tried: number[] = []
  const stage = setTheStage({
    partSize: { from: 100, to: 1600 },
    minPartSize: 25,
    concurrency: 1,
    ...options,
    between: (fetcher, fakes) => ({
      ...fetcher,
      ...options.between?.(fetcher, fakes),
      addPart: (part, partOptions) => {
        tried.push(part.body.size)
        return fetcher.addPart(part, partOptions)
      },
    }),
  })
  return { ...stage, tried }
}

describe('parts that follow the line', () => {
  it('grow on a fast one, one doubling at a time, and the next file begins where the last one ended', async () => {
    const stage = adaptiveStage({ fakes: { bytesPerSecond: 1000 } })
    const first = stage.start(20_000)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await first.ended, first.file)
    // 1600 bytes take 1.6 s, 3200 would be too many.
    expect(stage.tried.slice(0, 6)).toEqual([100, 200, 400, 800, 1600, 1600])
    stage.tried.length = 0
    const second = stage.start(4000)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await second.ended, second.file)
    expect(stage.tried).toEqual([1600, 1600, 800])
  })

  it('shrink on a slow one, and grow again when it recovers', async () => {
    const stage = adaptiveStage({ fakes: { bytesPerSecond: 10 } })
    const { file, ended } = stage.start(1500)
    await stage.clock.advance(30_000)
    expect(stage.tried).toEqual([100, 50, 50, 50, 50, 50])
    stage.line.bytesPerSecond = 1000
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.tried.slice(6)).toEqual([100, 200, 400, 450])
  })

  it('are cut so that a file can use its connections', async () => {
    const stage = adaptiveStage({ concurrency: 4, fakes: { bytesPerSecond: 1e6 } })
    await Promise.all([stage.start(50_000).ended, stage.clock.advance(60_000)])
    stage.tried.length = 0
    const { file, ended } = stage.start(4000)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.tried).toEqual(Array<number>(8).fill(500))
  })

  it('shrink where a server cuts off what takes long', async () => {
    const stage = adaptiveStage({ fakes: { bytesPerSecond: 10 }, limits: { stall: 6000, response: 6000 } })
    const cut = stage.faults.add({ call: 'addPart', respond: { status: 504 } })
    const { file, ended } = stage.start(200)
    await stage.clock.advance(120_000)
    cut()
    await expectSameBytes(stage, await ended, file)
    expect(stage.tried).toEqual([100, 50, 50, 50, 50])
  })

  it('stay below what a proxy refuses', async () => {
    const stage = setTheStage({
      partSize: { from: 100, to: 1600 },
      concurrency: 1,
      minPartSize: 25,
      fakes: { bytesPerSecond: 1e6 },
      between: (fetcher) => ({
        addPart: async (part, options) => {
          if (part.body.size > 500) throw new FetcherError('Refused.', { status: 413, body: '<html>' })
          return fetcher.addPart(part, options)
        },
      }),
    })
    const { file, ended } = stage.start(3000)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
    const [upload] = stage.uploads.list()
    expect(upload?.parts.map(({ bytes }) => bytes)).toEqual([100, 200, 400, 400, 400, 400, 400, 400, 300])
  })

  it.each([{ from: 0 }, { from: 10, to: 5 }, { to: 64 * 2 ** 20 + 1 }, { from: 0.5 }])(
    'are refused in a range that cannot be: %j',
    (partSize) => {
      expect(() => setTheStage({ partSize })).toThrow(expect.objectContaining({ code: 'invalid_options' }))
    },
  )
})

describe('requests that follow the line', () => {
  it('are more where each connection is slow', async () => {
    const stage = slowStage()
    const { file, ended } = stage.start(20_000)
    await stage.clock.advance(120_000)
    await expectSameBytes(stage, await ended, file)
    expect([stage.parts.most, stage.uploader.concurrency]).toEqual([6, 6])
  })

  it('are more still over HTTP/2', async () => {
    const stage = slowStage({ between: () => ({ protocol: () => 'h2' }) })
    const { ended } = stage.start(40_000)
    await stage.clock.advance(120_000)
    await ended
    expect(stage.parts.most).toBe(8)
  })

  it('are never more than the app says', async () => {
    const stage = slowStage({ concurrency: 4 })
    await Promise.all([stage.start(20_000).ended, stage.clock.advance(120_000)])
    expect(stage.parts.most).toBe(4)
  })

  it('are fewer after a 429, and come back', async () => {
    const stage = slowStage({ concurrency: 8 })
    stage.faults.add({ call: 'addPart', times: 8, respond: { status: 429, headers: { 'retry-after': '2' } } })
    const { file, ended } = stage.start(10_000)
    await stage.clock.advance(1500)
    expect(stage.uploader.concurrency).toBe(4)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.uploader.concurrency).toBe(8)
  })

  it('are fewer after connections that broke twice in a row, and come back', async () => {
    const stage = slowStage({ concurrency: 8 })
    stage.faults.add({ call: 'addPart', times: 16, lose: 'request' })
    const { file, ended } = stage.start(10_000)
    await stage.clock.advance(1001)
    expect(stage.uploader.concurrency).toBe(8)
    await stage.clock.advance(2000)
    expect(stage.uploader.concurrency).toBe(4)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.uploader.concurrency).toBe(8)
  })
})
