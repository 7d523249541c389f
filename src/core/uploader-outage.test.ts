import { describe, expect, it } from 'vitest'
import { createMemoryResumeStore } from './resume-store.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

describe('after an outage that no request noticed', () => {
  it('a part that stands still is sent again within two seconds of coming back online', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const silent = stage.faults.hold('addPart', { after: 1 })
    const { file, ended } = stage.start(300)
    await silent.reached
    stage.environment.setOnline(false)
    await stage.clock.advance(10_000)
    expect(stage.count('addPart')).toBe(2)
    stage.environment.setOnline(true)
    await stage.clock.advance(2000)
    await expectSameBytes(stage, await ended, file)
  })

  it('every part that stands still is sent again at once, without a wait of its own', async () => {
    const stage = setTheStage({ concurrency: 3 })
    const silent = [0, 0, 0].map(() => stage.faults.hold('addPart'))
    const { id } = stage.start(300)
    await silent[2]?.reached
    await stage.clock.advance(10_000)
    const hold = stage.faults.hold('addPart')
    stage.environment.setOnline(true)
    await stage.clock.advance(750)
    await hold.reached
    expect(stage.uploader.get(id)).toMatchObject({ status: 'uploading', wait: null })
    expect(stage.count('addPart')).toBe(6)
  })

  it('a complete is left alone: cutting it off would leave the outcome unknown', async () => {
    const stage = setTheStage()
    const silent = stage.faults.hold('complete')
    const { file, ended } = stage.start(300)
    await silent.reached
    stage.environment.setOnline(true)
    await stage.clock.advance(10_000)
    expect(stage.count('complete')).toBe(1)
    silent.release()
    await expectSameBytes(stage, await ended, file)
  })

  it('leaves no listener once the upload has ended', async () => {
    const stage = setTheStage()
    const { ended } = stage.start(300)
    await ended
    expect(stage.environment.listeners).toBe(0)
  })
})

describe('offline', () => {
  it('is left at once when the browser says so, though a part was still being written down when it began', async () => {
    let write!: () => void
    const written = new Promise<void>((resolve) => {
      write = resolve
    })
    let breakDown!: () => void
    const brokenDown = new Promise<void>((resolve) => {
      breakDown = resolve
    })
    const savePart = async () => {
      breakDown()
      await written
    }
    const stage = setTheStage({ concurrency: 2, resumeStore: { ...createMemoryResumeStore(), savePart } })
    // The second part is lost while the first, which was accepted, is being written down.
    stage.faults.add({ call: 'addPart', after: 1, until: brokenDown, lose: 'request' })
    // A hint, never a gate: it begins all the same.
    stage.environment.setOnline(false)
    const { id, file, ended } = stage.start(300)
    await new Promise<void>((resolve) => {
      stage.uploader.subscribeTo(id, () => stage.uploader.get(id)?.status === 'paused' && resolve())
    })
    expect(stage.uploader.get(id)).toMatchObject({ status: 'paused', reason: 'offline' })
    write()
    await stage.settle()
    stage.environment.setOnline(true)
    await stage.settle()
    await expectSameBytes(stage, await ended, file)
  })
})

describe('while the server asks everybody to wait', () => {
  it('an upload says so until the wait is over, though a part of its own still arrives', async () => {
    const stage = setTheStage({ concurrency: 2 })
    const slow = stage.faults.hold('addPart')
    stage.faults.add({ call: 'addPart', respond: { status: 429, headers: { 'retry-after': '60' } } })
    const { id } = stage.start(1000)
    await slow.reached
    await stage.settle()
    slow.release()
    await stage.clock.advance(300)
    expect(stage.uploader.get(id)).toMatchObject({
      wait: { reason: 'rate_limited' },
      progress: { bytesAccepted: 100 },
    })
    await stage.clock.advance(61_000)
    expect(stage.uploader.get(id)?.status).toBe('completed')
  })
})

describe('a cancel that is refused while complete stands still', () => {
  it('is not asked again before complete has ended', async () => {
    const stage = setTheStage()
    const silent = stage.faults.hold('complete')
    stage.faults.add({ call: 'cancel', respond: { status: 400 } })
    const { id, ended } = stage.start(300)
    await silent.reached
    stage.uploader.cancel(id)
    await stage.clock.advance(60_000)
    expect(stage.count('cancel')).toBe(1)
    silent.release()
    await expect(ended).resolves.toMatchObject({ bytes: 300 })
  })
})
