import { describe, expect, it } from 'vitest'
import { expectSameBytes, type StageOptions, setTheStage } from './uploader.test.kit.js'

/** An upload whose complete the API is working on for a second, and which is cancelled meanwhile. */
async function cancelledDuringComplete(options: StageOptions = {}) {
  const stage = setTheStage({
    ...options,
    fakes: { ...options.fakes, behaviour: { completeDelay: 1000, ...options.fakes?.behaviour } },
  })
  const upload = stage.start(300)
  await stage.clock.advance(100)
  expect(stage.uploader.get(upload.id)?.status).toBe('completing')
  stage.uploader.cancel(upload.id)
  return { ...stage, ...upload }
}

describe('cancel against complete', () => {
  it('ends cancelled when the cancel gets there first', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('complete')
    const { id, ended } = stage.start(300)
    await held.reached
    stage.uploader.cancel(id)
    await stage.settle()
    held.release()
    await stage.clock.advance(60_000)
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    expect(stage.uploader.get(id)).toMatchObject({ status: 'cancelled', remote: { status: 'cancelled' } })
    expect(stage.uploads.list()).toMatchObject([{ status: 'cancelled' }])
    expect(stage.files.list()).toEqual([])
    expect(stage.settledEvents()).toEqual(['cancelled'])
    expect(stage.clock.pending).toBe(0)
  })

  it.each(['refuse', 'unchanged'] as const)(
    'ends completed when the complete gets there first, and a late cancel is answered "%s"',
    async (cancelOfCompleted) => {
      const stage = await cancelledDuringComplete({ fakes: { behaviour: { cancelOfCompleted } } })
      await stage.clock.advance(60_000)
      await expectSameBytes(stage, await stage.ended, stage.file)
      expect(stage.uploader.get(stage.id)).toMatchObject({ status: 'completed', remote: { status: 'completed' } })
      expect(stage.count('cancel')).toBeGreaterThan(0)
      expect(stage.settledEvents()).toEqual(['completed'])
      expect(stage.clock.pending).toBe(0)
      expect(stage.traffic.inFlight).toBe(0)
    },
  )

  it('says plainly that nobody knows when the complete won and its answer is lost', async () => {
    const stage = setTheStage({ fakes: { behaviour: { completeDelay: 1000 } } })
    stage.faults.add({ call: 'complete', lose: 'reply' })
    const { id, ended } = stage.start(300)
    await stage.clock.advance(100)
    stage.uploader.cancel(id)
    await stage.clock.advance(60_000)
    await expect(ended).rejects.toMatchObject({ code: 'outcome_unknown' })
    expect(stage.settledEvents()).toEqual(['failed'])
  })
})

describe('a complete whose answer is lost', () => {
  it('is asked again, and is completed where the API repeats its answer', async () => {
    const stage = setTheStage({ fakes: { behaviour: { secondComplete: 'repeat' } } })
    stage.faults.add({ call: 'complete', lose: 'reply' })
    const { file, ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.count('complete')).toBe(2)
  })

  it('has an unknown outcome where the API refuses to repeat it', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'complete', lose: 'reply' })
    const { id, ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expect(ended).rejects.toMatchObject({ code: 'outcome_unknown', details: { status: 400 } })
    expect(stage.uploader.get(id)?.status).toBe('failed')
    expect(stage.count('complete')).toBe(2)
    expect(stage.files.list()).toHaveLength(1)
  })

  it('with an unknown outcome starts over only when someone asks for it', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'complete', lose: 'reply' })
    const { id, file } = stage.start(300)
    await stage.clock.advance(60_000)
    expect(stage.count('create')).toBe(1)
    stage.uploader.retry(id)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.count('create')).toBe(2)
  })

  it.each([500, 502, 504])('or hidden behind a %i is asked again all the same', async (status) => {
    const stage = setTheStage({ fakes: { behaviour: { secondComplete: 'repeat' } } })
    stage.faults.add({ call: 'complete', respond: { status } })
    const { ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expect(ended).resolves.toMatchObject({ object: 'file' })
  })

  it('was never carried out is completed by asking again', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'complete', lose: 'request', times: 3 })
    const { file, ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.count('complete')).toBe(4)
    expect(stage.count('addPart')).toBe(3)
  })

  it('is known to be refused where it was answered: no outcome is unknown then', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'complete', respond: { status: 400 } })
    const { ended } = stage.start(300)
    await expect(ended).rejects.toMatchObject({ code: 'invalid_request' })
  })
})
