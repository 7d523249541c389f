import { describe, expect, it } from 'vitest'
import type { Fetcher } from './fetcher.js'
import { expectSameBytes, type StageOptions, setTheStage } from './uploader.test.kit.js'

type SendPart = Fetcher['addPart']

/** A stage that knows when each part was sent; `first` is how the first of them goes. */
function stageWhere({ first, ...options }: StageOptions & { first?: SendPart } = {}) {
  const times: number[] = []
  const stage = setTheStage({
    ...options,
    between: (fetcher, { environment }) => ({
      addPart: (part, partOptions) => {
        times.push(environment.elapsed())
        return first && times.length === 1 ? first(part, partOptions) : fetcher.addPart(part, partOptions)
      },
    }),
  })
  /** Lets time pass in small steps, so that what takes a few turns of the event loop keeps up with it. */
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1000) await stage.clock.advance(Math.min(left, 1000))
  }
  return { ...stage, times, pass }
}

const never: SendPart = () => new Promise(() => {})

describe('a part that stands still', () => {
  it('is sent again after half a minute, also where not one byte ever left', async () => {
    const stage = stageWhere({ first: never })
    const { id, file, ended } = stage.start(100)
    await stage.pass(29_999)
    expect(stage.times).toEqual([0])
    await stage.pass(3000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.times).toHaveLength(2)
    expect(stage.uploader.get(id)?.status).toBe('completed')
  })

  it('is sent again half a minute after its last byte left', async () => {
    const stage = stageWhere({
      first: (_part, { onProgress }) => {
        stage.clock.setTimer(() => onProgress(40), 10_000)
        return new Promise(() => {})
      },
    })
    const { file, ended } = stage.start(100)
    await stage.pass(39_999)
    expect(stage.times).toEqual([0])
    await stage.pass(3000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.times).toHaveLength(2)
  })

  it('is not one that moves, however slowly', async () => {
    const stage = stageWhere({ fakes: { bytesPerSecond: 1 } })
    const { file, ended } = stage.start(100)
    await stage.pass(110_000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.times).toEqual([0])
  })
})

describe('an answer', () => {
  it('is waited for a minute once every byte has left', async () => {
    const stage = stageWhere()
    stage.faults.hold('addPart')
    const { file, ended } = stage.start(100)
    await stage.pass(59_999)
    expect(stage.times).toEqual([0])
    await stage.pass(3000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.times).toHaveLength(2)
  })

  it('is waited for twice as long as the bytes took, as a proxy may pass them on just as slowly', async () => {
    const stage = stageWhere({ fakes: { bytesPerSecond: 1 } })
    const held = stage.faults.hold('addPart')
    const { file, ended } = stage.start(100)
    await stage.pass(299_000)
    expect(stage.times).toEqual([0])
    held.release()
    await stage.settle()
    await expectSameBytes(stage, await ended, file)
    expect(stage.times).toEqual([0])
  })

  it('to complete is waited for ten minutes, as every byte of the file is checked', async () => {
    const stage = stageWhere()
    const held = stage.faults.hold('complete')
    const { file, ended } = stage.start(100)
    await stage.pass(599_000)
    held.release()
    await stage.settle()
    await expectSameBytes(stage, await ended, file)
    expect(stage.count('complete')).toBe(1)
  })
})

describe('a device that was asleep', () => {
  it('makes its calls anew within seconds: nobody will answer the old ones', async () => {
    const stage = stageWhere()
    stage.faults.hold('addPart')
    const { file, ended } = stage.start(100)
    await stage.pass(1000)
    stage.environment.skew(600_000)
    await stage.pass(10_000)
    expect(stage.times).toHaveLength(2)
    await expectSameBytes(stage, await ended, file)
  })

  it('is not one whose page is hidden, where timers run once a minute', async () => {
    const stage = stageWhere()
    const held = stage.faults.hold('addPart')
    const { file, ended } = stage.start(100)
    await stage.pass(1000)
    stage.environment.setVisible(false)
    stage.environment.skew(60_000)
    await stage.pass(10_000)
    expect(stage.times).toEqual([0])
    held.release()
    await stage.settle()
    await expectSameBytes(stage, await ended, file)
  })

  it('is not one whose clock was put right by a few seconds', async () => {
    const stage = stageWhere()
    stage.faults.hold('addPart')
    stage.start(100)
    await stage.pass(1000)
    stage.environment.skew(9000)
    stage.environment.skew(-18_000)
    await stage.pass(10_000)
    expect(stage.times).toEqual([0])
    stage.uploader.destroy()
  })
})
