import { describe, expect, it } from 'vitest'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

describe('cancel', () => {
  it('in the middle ends every request and the Upload on the server', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('addPart', { after: 5 })
    const { id, ended } = stage.start(1000)
    await held.reached
    stage.uploader.cancel(id)
    expect(stage.uploader.get(id)).toMatchObject({ status: 'cancelling', progress: { sending: [] } })
    await stage.settle()

    await expect(ended).rejects.toMatchObject({ code: 'cancelled', details: { uploadId: stage.uploads.list()[0]?.id } })
    expect(stage.uploader.get(id)).toMatchObject({ status: 'cancelled', remote: { status: 'cancelled' } })
    expect(stage.uploads.list()).toMatchObject([{ status: 'cancelled', parts: [] }])
    expect(stage.traffic.inFlight).toBe(0)
    const made = stage.requests.length
    held.release()
    await stage.clock.advance(4_000_000)
    expect(stage.requests).toHaveLength(made)
    expect(stage.settledEvents()).toEqual(['cancelled'])
    expect(stage.clock.pending).toBe(0)
  })

  it('aborts the parts that are on their way', async () => {
    const signals: AbortSignal[] = []
    const stage = setTheStage({
      between: (fetcher) => ({
        addPart: (part, options) => {
          signals.push(options.signal)
          return fetcher.addPart(part, options)
        },
      }),
      fakes: { bytesPerSecond: 10 },
    })
    const { id } = stage.start(1000)
    await stage.clock.advance(1000)
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false, false])
    stage.uploader.cancel(id)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, true])
    await stage.settle()
    expect(stage.count('addPart')).toBe(0)
    expect(stage.uploads.list()).toMatchObject([{ status: 'cancelled' }])
  })

  it('of a file in line makes no request at all', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const held = stage.faults.hold('create')
    stage.start(100)
    const second = stage.start(110)
    await held.reached
    stage.uploader.cancel(second.id)
    await expect(second.ended).rejects.toMatchObject({ code: 'cancelled' })
    expect(stage.uploader.get(second.id)).toMatchObject({ status: 'cancelled', remote: null })
    expect(stage.calls()).toEqual(['create'])
  })

  it('of a file that was only added makes no request at all', async () => {
    const stage = setTheStage()
    const { file, ended } = stage.start(10)
    await ended
    const made = stage.requests.length
    const id = stage.uploader.add(file)
    stage.uploader.cancel(id)
    await stage.clock.advance(60_000)
    expect(stage.uploader.get(id)?.status).toBe('cancelled')
    expect(stage.requests).toHaveLength(made)
  })

  it('while the Upload is being made cancels it as soon as it is there', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('create')
    const { id, ended } = stage.start(100)
    await held.reached
    stage.uploader.cancel(id)
    await stage.settle()
    expect(stage.uploader.get(id)?.status).toBe('cancelling')
    held.release()
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    expect(stage.uploads.list()).toMatchObject([{ status: 'cancelled' }])
    expect(stage.calls()).toEqual(['create', 'cancel'])
  })

  it('while a create is under way that fails is done with it', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('create')
    const { id, ended } = stage.start(100)
    await held.reached
    stage.uploader.cancel(id)
    stage.faults.add({ call: 'create', respond: { status: 500 } })
    held.release()
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    expect(stage.count('create')).toBe(1)
  })

  it('of all files is as if they had never begun: none of the later ones starts', async () => {
    const stage = setTheStage({ concurrency: 2 })
    const held = stage.faults.hold('addPart')
    const uploads = [stage.start(1000), stage.start(300), stage.start(400), stage.start(500)]
    await held.reached
    stage.uploader.cancelAll()
    await stage.settle()
    for (const { ended } of uploads) await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    expect(stage.uploader.getSnapshot().summary).toMatchObject({ total: 4, cancelled: 4 })
    expect(stage.uploads.list().every(({ status }) => status === 'cancelled')).toBe(true)
    expect(stage.count('create')).toBe(stage.uploads.list().length)
    expect(stage.count('create')).toBeLessThanOrEqual(2)
  })

  it('of all leaves alone what is finished', async () => {
    const stage = setTheStage()
    const { id, ended } = stage.start(100)
    await ended
    stage.uploader.cancelAll()
    await stage.settle()
    expect(stage.uploader.get(id)?.status).toBe('completed')
    expect(stage.count('cancel')).toBe(0)
  })

  it('goes through while the server has asked for patience', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'addPart', respond: { status: 429, headers: { 'retry-after': '60' } } })
    const { id } = stage.start(100)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'uploading', wait: { reason: 'rate_limited' } })
    stage.uploader.cancel(id)
    await stage.settle()
    expect(stage.uploader.get(id)?.status).toBe('cancelled')
  })

  it('of a failed upload cancels what it left on the server', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'addPart', respond: { status: 403 } })
    const { id, ended } = stage.start(100)
    await expect(ended).rejects.toMatchObject({ code: 'forbidden' })
    stage.uploader.cancel(id)
    await stage.settle()
    expect(stage.uploader.get(id)?.status).toBe('cancelled')
    expect(stage.uploads.list()).toMatchObject([{ status: 'cancelled' }])
  })

  it('of an upload whose file could not be read while its Upload was made cancels it, too', async () => {
    const stage = setTheStage({ checksum: () => Promise.reject(new DOMException('Gone.', 'NotReadableError')) })
    const held = stage.faults.hold('create')
    const { id, ended } = stage.start(100)
    await expect(ended).rejects.toMatchObject({ code: 'file_unreadable' })
    held.release()
    await stage.settle()
    expect(stage.uploads.list()).toMatchObject([{ status: 'pending' }])
    stage.uploader.cancel(id)
    await stage.settle()
    expect(stage.uploads.list()).toMatchObject([{ status: 'cancelled' }])
  })

  it('twice is once', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('addPart')
    const { id } = stage.start(100)
    await held.reached
    stage.uploader.cancel(id)
    stage.uploader.cancel(id)
    await stage.settle()
    stage.uploader.cancel(id)
    await stage.settle()
    expect(stage.count('cancel')).toBe(1)
    expect(stage.settledEvents()).toEqual(['cancelled'])
  })

  it('of an unknown upload does nothing', () => {
    expect(() => setTheStage().uploader.cancel('nobody')).not.toThrow()
  })

  it('then retry starts from zero with an Upload of its own', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('addPart', { after: 2 })
    const { id, file } = stage.start(500)
    await held.reached
    stage.uploader.cancel(id)
    await stage.settle()
    stage.uploader.retry(id)
    expect(stage.uploader.get(id)?.progress).toMatchObject({ bytesAccepted: 0, fraction: 0 })
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.uploads.list().map(({ status }) => status)).toEqual(['cancelled', 'completed'])
  })
})

describe('a server that does not answer a cancel', () => {
  it('is told three times, then the upload is cancelled on this side only', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('addPart')
    stage.faults.add({ call: 'cancel', respond: { status: 503 }, times: Number.POSITIVE_INFINITY })
    const { id, ended } = stage.start(100)
    await held.reached
    stage.uploader.cancel(id)
    await stage.clock.advance(60_000)
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    expect(stage.count('cancel')).toBe(3)
    expect(stage.uploader.get(id)).toMatchObject({ status: 'cancelled', remote: { status: 'pending' } })
    expect(stage.clock.pending).toBe(0)
  })

  it('is told again after the time it asks for', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('addPart')
    stage.faults.add({ call: 'cancel', respond: { status: 429, headers: { 'retry-after': '5' } } })
    const { id } = stage.start(100)
    await held.reached
    stage.uploader.cancel(id)
    await stage.clock.advance(4999)
    expect(stage.count('cancel')).toBe(1)
    await stage.clock.advance(1)
    expect(stage.uploader.get(id)).toMatchObject({ status: 'cancelled', remote: { status: 'cancelled' } })
  })

  it('or does not know the Upload is not asked again', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('addPart')
    stage.faults.add({ call: 'cancel', respond: { status: 404 } })
    const { id } = stage.start(100)
    await held.reached
    stage.uploader.cancel(id)
    await stage.clock.advance(60_000)
    expect(stage.count('cancel')).toBe(1)
    expect(stage.uploader.get(id)?.status).toBe('cancelled')
  })
})
