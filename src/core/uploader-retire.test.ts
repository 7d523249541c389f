import { describe, expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { createMemoryResumeStore } from './resume-store.js'
import { createUploader } from './uploader.js'
import { expectSameBytes, type StageOptions, setTheStage } from './uploader.test.kit.js'

function openStage(options: StageOptions = {}) {
  const store = createMemoryResumeStore()
  const stage = setTheStage({ resumeStore: store, concurrency: 1, ...options })
  const { clock, environment, traffic } = stage
  const held = () => [clock.pending, environment.listeners, environment.locks.size, traffic.inFlight]
  return { ...stage, store, held }
}

/** An upload in the middle of its parts. */
async function send({ faults, settle, start }: ReturnType<typeof openStage>, size = 300) {
  const held = faults.hold('addPart', { after: 1 })
  const upload = start(size)
  await held.reached
  await settle()
  return { ...upload, release: held.release }
}

describe('a retired uploader', () => {
  it('sends what is under way to its end, and then holds on to nothing', async () => {
    const stage = openStage()
    const { ended, file, release } = await send(stage)
    stage.uploader.retire()
    release()
    await stage.settle()
    await expectSameBytes(stage, await ended, file)
    expect(stage.calls()).toEqual(['create', 'addPart', 'addPart', 'addPart', 'complete'])
    expect(stage.held()).toEqual([0, 0, 0, 0])
  })

  it('lets go at once of what a person has paused, while another upload goes on', async () => {
    const stage = openStage()
    const paused = await send(stage, 250)
    stage.uploader.pause(paused.id)
    const { release } = await send(stage)
    expect(stage.environment.locks.size).toBe(2)
    stage.uploader.retire()
    expect(stage.environment.locks.size).toBe(1)
    release()
    await stage.settle()
    expect(stage.settledEvents()).toEqual(['completed'])
    expect(stage.held()).toEqual([0, 0, 0, 0])
    expect(stage.count('cancel')).toBe(0)
  })

  it('holds on to nothing either when what was under way fails', async () => {
    const stage = openStage()
    const { ended, release } = await send(stage)
    stage.uploader.retire()
    stage.faults.add({ call: 'addPart', respond: { status: 403 } })
    release()
    await stage.settle()
    await expect(ended).rejects.toMatchObject({ code: 'forbidden' })
    expect(stage.held()).toEqual([0, 0, 0, 0])
  })

  it('does not stay for what nobody has asked to run', async () => {
    const stage = openStage({ between: () => ({ policy: () => new Promise<never>(() => {}) }) })
    stage.uploader.add(makeFile('later.pdf', 100))
    void stage.uploader.loadPolicy()
    await stage.settle()
    stage.uploader.retire()
    await stage.settle()
    expect(stage.requests).toEqual([])
    expect(stage.held()).toEqual([0, 0, 0, 0])
  })

  it('still cancels what was removed before', async () => {
    const stage = openStage()
    const { id } = await send(stage)
    const held = stage.faults.hold('cancel')
    stage.uploader.remove(id)
    await held.reached
    stage.uploader.retire()
    held.release()
    await stage.settle()
    expect(stage.uploads.list()).toMatchObject([{ status: 'cancelled' }])
    expect(stage.held()).toEqual([0, 0, 0, 0])
  })

  it('takes over nothing any more from another tab', async () => {
    const stage = openStage()
    const { environment, fetcher, store, uploader } = stage
    const defaults = { purpose: 'user_data' as const }
    const tab = createUploader({ environment, fetcher, resumeStore: store, partSize: 100, checksum: 'off', defaults })
    const theirs = stage.faults.hold('addPart')
    tab.run(tab.add(makeFile('theirs.pdf', 300))).catch(() => {})
    await theirs.reached
    await stage.settle()
    await uploader.restore()
    const { release } = await send(stage)
    uploader.retire()
    tab.destroy()
    await stage.settle()
    expect(uploader.getSnapshot().ids).toHaveLength(2)
    expect(uploader.getSnapshot().ids.map((each) => uploader.get(each)?.inOtherTab)).toEqual([true, false])
    expect(environment.locks.size).toBe(1)
    release()
    await stage.settle()
    expect(stage.held()).toEqual([0, 0, 0, 0])
  })
})
