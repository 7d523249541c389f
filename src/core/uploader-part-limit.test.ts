import { describe, expect, it } from 'vitest'
import { FetcherError } from './fetcher.js'
import { expectSameBytes, type StageOptions, setTheStage } from './uploader.test.kit.js'

/** A way to the server that refuses parts above `limit` bytes: in words, or by closing the connection early. */
function narrowStage(refusal: 'answers 413' | 'closes', options: StageOptions = {}) {
  const way = { limit: Number.POSITIVE_INFINITY }
  const tried: number[] = []
  const stage = setTheStage({
    concurrency: 1,
    minPartSize: 10,
    ...options,
    between: (fetcher) => ({
      addPart: async (part, partOptions) => {
        tried.push(part.body.size)
        if (part.body.size <= way.limit) return fetcher.addPart(part, partOptions)
        partOptions.onProgress(Math.floor(part.body.size / 10))
        throw new FetcherError('Refused.', refusal === 'closes' ? {} : { status: 413, body: '<html>' })
      },
    }),
  })
  /** Lets time pass in small steps, so that what takes a few turns of the event loop keeps up with it. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1000) await stage.clock.advance(Math.min(left, 1000))
  }
  const stored = () => stage.uploads.list().map(({ parts }) => parts.map(({ bytes }) => bytes))
  return { ...stage, way, tried, pass, stored }
}

describe('a part that is too large for the way', () => {
  it('is cut smaller, and what was accepted before stays', async () => {
    const stage = narrowStage('answers 413')
    const held = stage.faults.hold('addPart', { after: 1 })
    const { file, ended } = stage.start(300)
    await held.reached
    stage.way.limit = 30
    held.release()
    await expectSameBytes(stage, await ended, file)
    expect(stage.tried).toEqual([100, 100, 100, 50, 25, 25, 25, 25])
    expect(stage.stored()).toEqual([[100, 100, 25, 25, 25, 25]])
  })

  it('is a lesson for every file that goes the same way', async () => {
    const stage = narrowStage('answers 413')
    stage.way.limit = 50
    const first = stage.start(100)
    await first.ended
    const second = stage.start(120)
    await expectSameBytes(stage, await second.ended, second.file)
    expect(stage.tried).toEqual([100, 50, 50, 50, 50, 20])
  })

  it('fails the upload where even the smallest part is refused', async () => {
    const stage = narrowStage('answers 413', { minPartSize: 40 })
    stage.way.limit = 10
    const { ended } = stage.start(100)
    await expect(ended).rejects.toMatchObject({ code: 'part_too_large' })
    expect(stage.tried).toEqual([100, 50, 40])
  })

  it('is recognised by two early ends where the browser cannot see the answer', async () => {
    const stage = narrowStage('closes')
    stage.way.limit = 50
    const { file, ended } = stage.start(100)
    await stage.pass(5000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.tried).toEqual([100, 100, 50, 50])
  })

  it('is not one of a size that passed before: that is only a bad line', async () => {
    const stage = narrowStage('closes')
    stage.faults.add({ call: 'addPart', after: 1, lose: 'request', times: 3 })
    const { file, ended } = stage.start(200)
    await stage.pass(10_000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.tried).toEqual([100, 100, 100, 100, 100])
  })
})
