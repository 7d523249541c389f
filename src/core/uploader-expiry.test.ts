import { describe, expect, it, vi } from 'vitest'
import { UploadError } from '../protocol/index.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

const HOUR = 3_600_000

describe('an Upload that is not finished within its hour', () => {
  it('expires to the second, and retry starts from zero', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const held = stage.faults.hold('addPart', { after: 2 })
    const { id, file, ended } = stage.start(500)
    await held.reached
    stage.uploader.pause(id)
    await stage.clock.advance(HOUR - 1)
    expect(stage.uploader.get(id)?.status).toBe('paused')
    await stage.clock.advance(1)
    await expect(ended).rejects.toMatchObject({ code: 'expired' })
    expect(stage.uploader.get(id)).toMatchObject({ status: 'expired', remote: { status: 'expired' } })
    expect(stage.uploads.list()).toMatchObject([{ status: 'expired' }])
    expect([stage.clock.pending, stage.traffic.inFlight]).toEqual([0, 0])

    stage.uploader.retry(id)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.uploads.list().map(({ status }) => status)).toEqual(['expired', 'completed'])
    expect(stage.settledEvents()).toEqual(['expired', 'completed'])
  })

  it('stops its requests', async () => {
    const stage = setTheStage({ fakes: { bytesPerSecond: 0.01 }, limits: { stall: 2 * HOUR }, concurrency: 1 })
    const { ended } = stage.start(500)
    await stage.clock.advance(HOUR + 60_000)
    await expect(ended).rejects.toMatchObject({ code: 'expired' })
    expect(stage.clock.pending).toBe(0)
  })

  it('expires by the span the server gave, whatever the clocks say', async () => {
    const stage = setTheStage({
      between: (fetcher) => ({
        create: async (request, options) => {
          const { upload } = await fetcher.create(request, options)
          return { upload: { ...upload, created_at: 1000, expires_at: 1060 } }
        },
      }),
    })
    const held = stage.faults.hold('addPart')
    const { id } = stage.start(100)
    await held.reached
    await stage.clock.advance(59_999)
    expect(stage.uploader.get(id)?.status).toBe('uploading')
    await stage.clock.advance(1)
    expect(stage.uploader.get(id)?.status).toBe('expired')
  })

  it('expires when the backend says so first', async () => {
    const stage = setTheStage()
    const body = { error: { message: 'Over.', type: 'x', param: null, code: 'expired' } }
    stage.faults.add({ call: 'addPart', respond: { status: 410, body } })
    const { ended } = stage.start(100)
    await expect(ended).rejects.toMatchObject({ code: 'expired' })
    expect(stage.clock.pending).toBe(0)
  })

  it('is for the server to judge while it completes: it may still be in time', async () => {
    const stage = setTheStage({ limits: { complete: 2 * HOUR } })
    const held = stage.faults.hold('complete')
    const { id, ended } = stage.start(100)
    await held.reached
    await stage.clock.advance(HOUR + 1000)
    expect(stage.uploader.get(id)?.status).toBe('completing')
    held.release()
    await expect(ended).rejects.toMatchObject({ code: 'expired' })
  })

  it('does not outlive its hour while the server asks its complete to wait for longer', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'complete', respond: { status: 429, headers: { 'retry-after': '7200' } } })
    const { id, ended } = stage.start(100)
    await stage.clock.advance(HOUR - 1)
    expect(stage.uploader.get(id)).toMatchObject({ status: 'completing', wait: { reason: 'rate_limited' } })
    await stage.clock.advance(1)
    await expect(ended).rejects.toMatchObject({ code: 'expired' })
    expect(stage.count('complete')).toBe(1)
  })

  it('cannot be over before there is an Upload: a create that is answered so has failed', async () => {
    const creates = vi.fn(async (): Promise<never> => {
      // Without an end it would be asked again at once, for ever.
      if (creates.mock.calls.length > 3) return new Promise<never>(() => {})
      throw new UploadError('expired', 'Your session has expired.')
    })
    const stage = setTheStage({ between: () => ({ create: creates }) })
    const { id, ended } = stage.start(100)
    await stage.settle()
    expect(creates).toHaveBeenCalledOnce()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'failed', remote: null })
    await expect(ended).rejects.toMatchObject({ message: 'Your session has expired.' })
  })

  it('expires also after it failed', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'addPart', respond: { status: 403 } })
    const { id, ended } = stage.start(100)
    await expect(ended).rejects.toMatchObject({ code: 'forbidden' })
    await stage.clock.advance(HOUR)
    expect(stage.uploader.get(id)?.status).toBe('expired')
    expect(stage.clock.pending).toBe(0)
  })
})

it('a completed upload has no hour any more', async () => {
  const stage = setTheStage()
  const { id, ended } = stage.start(100)
  await ended
  await stage.clock.advance(2 * HOUR)
  expect(stage.uploader.get(id)?.status).toBe('completed')
})
