import { describe, expect, it } from 'vitest'
import { expectSameBytes, type StageOptions, setTheStage } from './uploader.test.kit.js'

/** An upload with two accepted parts of ten, cancelled with five seconds to think again. */
async function cancelled(options: StageOptions = {}) {
  const stage = setTheStage({ concurrency: 1, ...options })
  const held = stage.faults.hold('addPart', { after: 2 })
  const upload = stage.start(1000)
  await held.reached
  stage.uploader.cancel(upload.id, { undoFor: 5000 })
  await stage.settle()
  return { ...stage, ...upload }
}

describe('a cancel that can be undone', () => {
  it('stops the requests at once, and tells the server only when the time is over', async () => {
    const { clock, count, id, traffic, uploader, uploads, ended } = await cancelled()
    expect(uploader.get(id)).toMatchObject({ status: 'cancelling', undoUntil: clock.now() + 5000 })
    expect(traffic.inFlight).toBe(0)
    await clock.advance(4999)
    expect(count('cancel')).toBe(0)
    await clock.advance(1)
    expect(count('cancel')).toBe(1)
    expect(uploads.list()).toMatchObject([{ status: 'cancelled' }])
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('goes on with its parts when it is taken back', async () => {
    const stage = await cancelled()
    await stage.clock.advance(4999)
    stage.uploader.undoCancel(stage.id)
    await expectSameBytes(stage, await stage.ended, stage.file)
    expect(stage.count('cancel')).toBe(0)
    expect(stage.count('create')).toBe(1)
    // Ten parts, and the one that was stopped on its way.
    expect(stage.count('addPart')).toBe(11)
    expect(stage.clock.pending + stage.environment.listeners).toBe(0)
  })

  it('cannot be taken back once the server was told', async () => {
    const { clock, faults, id, uploader, uploads } = await cancelled()
    const held = faults.hold('cancel')
    await clock.advance(5000)
    uploader.undoCancel(id)
    expect(uploader.get(id)?.status).toBe('cancelling')
    held.release()
    await clock.advance(0)
    expect(uploads.list()).toMatchObject([{ status: 'cancelled' }])
  })

  it('is carried out at once by a second cancel', async () => {
    const { clock, count, id, uploader, settle, environment } = await cancelled()
    uploader.cancel(id)
    await settle()
    expect(count('cancel')).toBe(1)
    expect(uploader.get(id)?.status).toBe('cancelled')
    expect([clock.pending, environment.listeners]).toEqual([0, 0])
  })

  it('is carried out at once, in the same turn, when the page is left', async () => {
    const { environment, count, uploads, settle } = await cancelled()
    environment.hidePage()
    expect(count('cancel')).toBe(1)
    await settle()
    expect(uploads.list()).toMatchObject([{ status: 'cancelled' }])
  })

  it('is carried out when the page is left, though other files use every connection', async () => {
    const { environment, count, faults, settle, start, uploads } = await cancelled()
    const held = faults.hold('addPart')
    start(200)
    await held.reached
    environment.hidePage()
    expect(count('cancel')).toBe(1)
    await settle()
    expect(uploads.list()).toMatchObject([{ status: 'cancelled' }, { status: 'pending' }])
  })

  it('while the Upload is being made waits for both, the answer and the time', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('create')
    const { id, file, ended } = stage.start(100)
    await held.reached
    stage.uploader.cancel(id, { undoFor: 5000 })
    held.release()
    await stage.clock.advance(1000)
    expect(stage.uploader.get(id)).toMatchObject({ status: 'cancelling', remote: { status: 'pending' } })
    stage.uploader.undoCancel(id)
    await expectSameBytes(stage, await ended, file)
    expect(stage.calls()).toEqual(['create', 'addPart', 'complete'])
  })

  it('of a file that was only added does not start it when it is taken back', async () => {
    const stage = setTheStage()
    const { file, ended } = stage.start(100)
    await ended
    const id = stage.uploader.add(file)
    stage.uploader.cancel(id, { undoFor: 5000 })
    stage.uploader.undoCancel(id)
    await stage.clock.advance(10_000)
    expect(stage.uploader.get(id)?.status).toBe('queued')
  })

  it('lets the hour of the Upload run on', async () => {
    const stage = await cancelled()
    stage.uploader.undoCancel(stage.id)
    stage.uploader.pause(stage.id)
    await stage.clock.advance(3_600_000)
    expect(stage.uploader.get(stage.id)?.status).toBe('expired')
  })

  it('that outlasts the hour of the Upload ends as expired when it is taken back', async () => {
    const stage = setTheStage({ limits: { response: 7_200_000 } })
    const held = stage.faults.hold('addPart')
    const { id, ended } = stage.start(100)
    await held.reached
    await stage.clock.advance(3_599_000)
    stage.uploader.cancel(id, { undoFor: 5000 })
    await stage.clock.advance(2000)
    stage.uploader.undoCancel(id)
    await stage.clock.advance(60_000)
    await expect(ended).rejects.toMatchObject({ code: 'expired' })
  })
})

describe('a cancel during complete that is taken back', () => {
  it('ends as the complete ends, though its answer comes while the upload is in line again', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const held = stage.faults.hold('complete')
    const { id, file, ended } = stage.start(300)
    await held.reached
    stage.uploader.cancel(id, { undoFor: 5000 })
    stage.uploader.undoCancel(id)
    expect(stage.uploader.get(id)?.status).toBe('queued')
    held.release()
    await expectSameBytes(stage, await ended, file)
    await stage.clock.advance(60_000)
    expect(stage.count('complete')).toBe(1)
    expect(stage.settledEvents()).toEqual(['completed'])
  })

  it('ends as the complete ends while it is still cancelling', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('complete')
    const { id, ended } = stage.start(300)
    await held.reached
    stage.uploader.cancel(id, { undoFor: 5000 })
    held.release()
    await expect(ended).resolves.toMatchObject({ object: 'file' })
    await stage.clock.advance(60_000)
    expect(stage.count('cancel')).toBe(0)
    expect([stage.clock.pending, stage.environment.listeners]).toEqual([0, 0])
  })
})
