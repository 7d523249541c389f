import { describe, expect, it } from 'vitest'
import { setTheStage } from './uploader.test.kit.js'

describe('the parts of an upload', () => {
  it('are told one by one, in file order, while neighbours are one range of the bar', async () => {
    const stage = setTheStage({ concurrency: 2 })
    const held = stage.faults.hold('addPart')
    const { id, ended } = stage.start(350)
    await stage.clock.advance(250)
    const { progress } = stage.uploader.get(id) ?? {}
    expect(progress?.parts).toMatchObject({
      accepted: [
        { start: 100, end: 200 },
        { start: 200, end: 300 },
        { start: 300, end: 350 },
      ],
      size: 100,
    })
    expect(progress?.accepted).toEqual([{ start: 100, end: 350 }])
    expect(progress?.sending).toMatchObject([{ start: 0, end: 100, attempt: 1 }])
    held.release()
    await ended
    expect(stage.uploader.get(id)?.progress.parts.accepted).toHaveLength(4)
  })

  it('keep their sizes when the rest is cut smaller, and begin anew with a new Upload', async () => {
    const stage = setTheStage({ concurrency: 1, minPartSize: 10 })
    stage.faults.add({ call: 'addPart', after: 1, respond: { status: 413 } })
    const { id } = stage.start(300)
    const held = stage.faults.hold('addPart', { after: 4 })
    await held.reached
    await stage.clock.advance(250)
    const sizes = () => stage.uploader.get(id)?.progress.parts.accepted.map(({ start, end }) => end - start)
    expect(sizes()).toEqual([100, 50, 50, 50])
    stage.uploader.cancel(id)
    await stage.settle()
    expect(stage.uploader.get(id)?.status).toBe('cancelled')
    stage.uploader.retry(id)
    expect(sizes()).toEqual([])
  })
})
