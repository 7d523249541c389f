import { describe, expect, it } from 'vitest'
import type { Fetcher } from './fetcher.js'
import { type StageOptions, setTheStage } from './uploader.test.kit.js'

/** A network that delivers complete twice, and brings the second answer back. */
const twice = ({ complete }: Fetcher): Partial<Fetcher> => ({
  complete: async (request, options) => {
    await complete(request, options)
    return complete(request, options)
  },
})

describe('a complete that was refused', () => {
  const refuse = (status: number, options: StageOptions = {}) => {
    const stage = setTheStage(options)
    stage.faults.add({ call: 'complete', respond: { status } })
    return stage
  }

  it.each([400, 404, 409])('with %i by a server that never closed the Upload ends as what it is', async (status) => {
    const stage = refuse(status)
    const { id, ended } = stage.start(300)
    await expect(ended).rejects.toMatchObject({ code: status === 404 ? 'not_found' : 'invalid_request' })
    expect(stage.uploads.list()).toMatchObject([{ status: 'cancelled' }])
    expect(stage.uploader.get(id)).toMatchObject({ status: 'failed', remote: { status: 'cancelled' } })
    expect(stage.settledEvents()).toEqual(['failed'])
  })

  it('keeps its parts where the person was refused, not the Upload', async () => {
    const stage = refuse(403)
    const { id, ended } = stage.start(300)
    await expect(ended).rejects.toMatchObject({ code: 'forbidden' })
    expect(stage.count('cancel')).toBe(0)
    stage.uploader.retry(id)
    await stage.uploader.run(id)
    expect(stage.count('addPart')).toBe(3)
  })

  it.each([400, 404, 409] as const)(
    'with %i because the network delivered it twice ends as outcome_unknown',
    async (closedStatus) => {
      const stage = setTheStage({ fakes: { behaviour: { closedStatus } }, between: twice })
      const { id, ended } = stage.start(300)
      await expect(ended).rejects.toMatchObject({ code: 'outcome_unknown' })
      expect(stage.files.list()).toHaveLength(1)
      // Never sent again by itself: it may be there, and here it is.
      await stage.clock.advance(600_000)
      expect(stage.count('create')).toBe(1)
      expect(stage.uploader.get(id)).toMatchObject({ status: 'failed' })
    },
  )

  it('because the network delivered it twice ends as completed where the API tells how the Upload is', async () => {
    const stage = setTheStage({ fakes: { behaviour: { cancelOfCompleted: 'unchanged' } }, between: twice })
    const { ended } = stage.start(300)
    await expect(ended).resolves.toMatchObject({ bytes: 300 })
    expect(stage.files.list()).toHaveLength(1)
  })

  it('is asked about again when the line fails meanwhile, and never claimed to be known', async () => {
    const stage = refuse(400)
    stage.faults.add({ call: 'cancel', lose: 'request', times: 2 })
    const { ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expect(ended).rejects.toMatchObject({ code: 'invalid_request' })
    expect(stage.count('cancel')).toBe(3)

    const cut = refuse(400)
    cut.faults.add({ call: 'cancel', lose: 'request', times: 10 })
    const { ended: unknown } = cut.start(300)
    await cut.clock.advance(60_000)
    await expect(unknown).rejects.toMatchObject({ code: 'outcome_unknown' })
  })

  it('goes again into a new Upload where lost answers of parts may be why, and only once that is certain', async () => {
    const stage = setTheStage({ concurrency: 1 })
    stage.faults.add({ call: 'addPart', lose: 'reply' })
    stage.faults.add({ call: 'complete', respond: { status: 400 } })
    const { ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expect(ended).resolves.toMatchObject({ bytes: 300 })
    expect(stage.uploads.list().map(({ status }) => status)).toEqual(['cancelled', 'completed'])
  })

  it('goes again into a new Upload where an earlier answer to it was lost, once the first is certain to be void', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'complete', lose: 'request' })
    stage.faults.add({ call: 'complete', respond: { status: 400 } })
    const { ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expect(ended).resolves.toMatchObject({ bytes: 300 })
    expect(stage.uploads.list().map(({ status }) => status)).toEqual(['cancelled', 'completed'])
    expect(stage.files.list()).toHaveLength(1)
  })

  it('can be cancelled by the person while it is asked about: one end, the server’s', async () => {
    const stage = refuse(400)
    const asking = stage.faults.hold('cancel')
    const { id, ended } = stage.start(300)
    await asking.reached
    stage.uploader.cancel(id)
    asking.release()
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    expect(stage.settledEvents()).toEqual(['cancelled'])
    expect(stage.count('cancel')).toBe(1)
  })
})
