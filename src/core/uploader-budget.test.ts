import { describe, expect, it } from 'vitest'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

describe('one connection budget', () => {
  it('holds over fifty files and all their parts', async () => {
    const stage = setTheStage()
    const uploads = Array.from({ length: 50 }, (_, index) => stage.start(50 + index * 10))
    for (const { ended, file } of uploads) await expectSameBytes(stage, await ended, file)
    expect(stage.traffic).toEqual({ inFlight: 0, peak: 4 })
  })

  it('serves files in the order in which they were added', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const names: string[] = []
    stage.uploader.subscribeToEvents(({ type, upload }) => {
      if (type === 'settled') names.push(upload.file.name)
    })
    await Promise.all([stage.start(300), stage.start(10), stage.start(200)].map(({ ended }) => ended))
    expect(names).toEqual(['file-300.bin', 'file-10.bin', 'file-200.bin'])
  })

  it.each([0, -1, 65, 1.5, Number.NaN])('of %d connections is refused, with the bounds', (concurrency) => {
    expect(() => setTheStage({ concurrency })).toThrow(
      expect.objectContaining({ code: 'invalid_options', message: expect.stringContaining('1 to 64') as string }),
    )
  })
})

describe('the Upload of a file', () => {
  it('is created when a connection is free, never earlier: its hour must not burn in line', async () => {
    const stage = setTheStage({ concurrency: 2 })
    const held = stage.faults.hold('addPart')
    const alsoHeld = stage.faults.hold('addPart')
    const [first, second, third] = [stage.start(100), stage.start(110), stage.start(120)] as const
    await Promise.all([held.reached, alsoHeld.reached])
    await stage.settle()
    expect(stage.count('create')).toBe(2)
    expect(stage.uploader.get(third.id)).toMatchObject({ status: 'queued', remote: null })
    held.release()
    alsoHeld.release()
    await Promise.all([first.ended, second.ended, third.ended])
    expect(stage.count('create')).toBe(3)
  })

  it('is not created for a file that was added but not run', async () => {
    const stage = setTheStage()
    const { file } = stage.start(10)
    await stage.settle()
    stage.uploader.add(file)
    await stage.clock.advance(60_000)
    expect(stage.count('create')).toBe(1)
  })
})
