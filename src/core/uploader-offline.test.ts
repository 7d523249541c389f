import { describe, expect, it } from 'vitest'
import { UploadError } from '../protocol/index.js'
import { createChecksum } from './checksum.js'
import { createUploader } from './uploader.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

/** An upload of ten parts whose connection is lost after the second. */
async function offline() {
  const stage = setTheStage({ concurrency: 1 })
  stage.faults.add({ call: 'addPart', after: 2, lose: 'request' })
  stage.environment.setOnline(false)
  const upload = stage.start(1000)
  await stage.settle()
  return { ...stage, ...upload }
}

describe('without a connection', () => {
  it('the upload pauses by itself and asks for nothing', async () => {
    const { clock, count, id, uploader } = await offline()
    expect(uploader.get(id)).toMatchObject({ status: 'paused', reason: 'offline', progress: { bytesAccepted: 200 } })
    await clock.advance(29_999)
    expect(count('addPart')).toBe(3)
  })

  it('an upload goes on with its parts as soon as the browser says that it is back', async () => {
    const stage = await offline()
    stage.environment.setOnline(true)
    await expectSameBytes(stage, await stage.ended, stage.file)
    expect(stage.count('addPart')).toBe(11)
    expect([stage.clock.pending, stage.environment.listeners]).toEqual([0, 0])
  })

  it('an upload tries after half a minute, as the browser may never say so', async () => {
    const stage = await offline()
    await stage.clock.advance(30_000)
    await expectSameBytes(stage, await stage.ended, stage.file)
  })

  it('an upload goes on trying, and the time without a connection does not make it give up', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const takeOut = stage.faults.add({ call: 'addPart', lose: 'request', times: Number.POSITIVE_INFINITY })
    stage.environment.setOnline(false)
    const { id, ended } = stage.start(100)
    await stage.clock.advance(1_200_000)
    expect(stage.uploader.get(id)).toMatchObject({ status: 'paused', reason: 'offline' })
    takeOut()
    stage.environment.setOnline(true)
    await expect(ended).resolves.toMatchObject({ object: 'file' })
  })

  it('the person’s own pause outlasts the return of the connection, and leaves nobody listening', async () => {
    const { clock, environment, id, uploader } = await offline()
    uploader.pause(id)
    expect(environment.listeners).toBe(0)
    environment.setOnline(true)
    await clock.advance(60_000)
    expect(uploader.get(id)).toMatchObject({ status: 'paused', reason: 'user' })
  })

  it('an upload can be cancelled', async () => {
    const { clock, environment, id, uploader, ended } = await offline()
    uploader.cancel(id)
    await clock.advance(60_000)
    await expect(ended).rejects.toMatchObject({ code: 'cancelled' })
    expect([clock.pending, environment.listeners]).toEqual([0, 0])
  })

  it('a first file whose checksum cannot be loaded waits for the connection, too', async () => {
    const hash = createChecksum()
    let loads = 0
    const stage = setTheStage({
      checksum: async (file, options) => {
        loads += 1
        if (loads === 1) throw new UploadError('network', 'The connection was lost.')
        return hash(file, options)
      },
    })
    stage.faults.add({ call: 'create', lose: 'request' })
    stage.environment.setOnline(false)
    const { id, ended, file } = stage.start(300)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'paused', reason: 'offline' })
    stage.environment.setOnline(true)
    await expectSameBytes(stage, await ended, file)
    expect(loads).toBe(2)
  })

  it('a checksum that cannot be loaded while only it is waited for fails its upload, and Retry goes on', async () => {
    const hash = createChecksum()
    let fail: ((error: UploadError) => void) | null = null
    const stage = setTheStage({
      checksum: (file, options) =>
        fail
          ? hash(file, options)
          : new Promise((_resolve, reject) => {
              fail = reject
            }),
    })
    const { id, ended } = stage.start(300)
    await stage.settle()
    expect(stage.uploader.get(id)?.status).toBe('completing')
    stage.environment.setOnline(false)
    fail!(new UploadError('network', 'The connection was lost.'))
    await expect(ended).rejects.toMatchObject({ code: 'network' })
    stage.environment.setOnline(true)
    stage.uploader.retry(id)
    await expect(stage.uploader.run(id)).resolves.toMatchObject({ object: 'file' })
    expect(stage.count('addPart')).toBe(3)
  })

  it('a complete goes on asking: its answer may be on its way', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'complete', lose: 'request' })
    stage.environment.setOnline(false)
    const { id, ended } = stage.start(100)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'completing', wait: { reason: 'backoff' } })
    await stage.clock.advance(60_000)
    await expect(ended).resolves.toMatchObject({ object: 'file' })
  })
})

it('a browser that wrongly believes it is offline uploads all the same', async () => {
  const { fetcher, environment, start } = setTheStage()
  expect(start).toBeDefined()
  const uploader = createUploader({ fetcher, environment: { ...environment, isOnline: () => false }, checksum: 'off' })
  const id = uploader.add(new File(['a'], 'a.txt'), { purpose: 'user_data' })
  await expect(uploader.run(id)).resolves.toMatchObject({ object: 'file' })
})
