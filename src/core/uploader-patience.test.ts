import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import type { Checksum } from './checksum.js'
import { createUploader } from './uploader.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

const HOUR = 3_600_000

it('ten minutes without a new byte begin with the last byte, not with the upload', async () => {
  // 400 seconds a part.
  const stage = setTheStage({ concurrency: 1, fakes: { bytesPerSecond: 0.25 } })
  stage.faults.add({ call: 'addPart', after: 2, respond: { status: 502 } })
  const { id, file, ended } = stage.start(300)
  await stage.clock.advance(1_201_000)
  expect(stage.uploader.get(id)).toMatchObject({ status: 'uploading' })
  await stage.clock.advance(500_000)
  await expectSameBytes(stage, await ended, file)
})

it('the time a device was asleep is no time without a new byte', async () => {
  const fakes = createFakeUploads()
  let slept = 0
  const environment = {
    ...fakes.environment,
    now: () => fakes.environment.now() + slept,
    elapsed: () => fakes.environment.elapsed() + slept,
  }
  const { fetcher, clock, faults } = fakes
  const uploader = createUploader({ fetcher, environment, partSize: 100, checksum: 'off' })
  faults.hold('addPart')
  const file = makeFile('night.bin', 100)
  const ended = uploader.run(uploader.add(file, { purpose: 'user_data' }))
  ended.catch(() => {})
  await clock.advance(1000)
  slept = HOUR / 2
  for (let second = 0; second < 20; second += 1) await clock.advance(1000)
  await expectSameBytes(fakes, await ended, file)
})

it('the time a large file takes to be hashed is no time without a new byte', async () => {
  let hashed!: (checksum: Awaited<ReturnType<Checksum>>) => void
  const stage = setTheStage({
    checksum: () =>
      new Promise((resolve) => {
        hashed = resolve
      }),
  })
  stage.faults.add({ call: 'complete', respond: { status: 503 } })
  const { id, file, ended } = stage.start(100)
  await stage.clock.advance(HOUR / 4)
  expect(stage.uploader.get(id)).toMatchObject({ status: 'completing', checksum: 'hashing' })
  hashed({
    md5: createHash('md5')
      .update(Buffer.from(await file.arrayBuffer()))
      .digest('hex'),
    where: 'main',
  })
  await stage.clock.advance(60_000)
  await expectSameBytes(stage, await ended, file)
})

it('the hour of an Upload that was given up does not end the next one', async () => {
  const stage = setTheStage()
  stage.faults.add({ call: 'addPart', respond: { status: 404 } })
  const { id, ended } = stage.start(100)
  await expect(ended).rejects.toMatchObject({ code: 'not_found' })
  await stage.clock.advance(HOUR - 20_000)
  const held = stage.faults.hold('create')
  stage.faults.add({ call: 'addPart', respond: { status: 403 } })
  stage.uploader.retry(id)
  const again = stage.uploader.run(id)
  again.catch(() => {})
  await held.reached
  await stage.clock.advance(30_000)
  held.release()
  await expect(again).rejects.toMatchObject({ code: 'forbidden' })
})

it('destroy ends the checksum that is being computed', async () => {
  let signal: AbortSignal | undefined
  const stage = setTheStage({
    checksum: (_file, options) => {
      signal = options?.signal
      return new Promise(() => {})
    },
  })
  stage.start(100)
  await stage.settle()
  expect(signal?.aborted).toBe(false)
  stage.uploader.destroy()
  expect(signal?.aborted).toBe(true)
})
