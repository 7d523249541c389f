import { describe, expect, it } from 'vitest'
import { createChecksum } from './checksum.js'
import { FetcherError } from './fetcher.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

describe('every byte arrives, once and in order', () => {
  it.each([
    [1, 1],
    [99, 1],
    [100, 1],
    [101, 2],
    [199, 2],
    [200, 2],
    [201, 3],
    [1000, 10],
    [2357, 24],
  ])('of %i bytes in %i parts', async (size, parts) => {
    const stage = setTheStage()
    const { file, ended } = stage.start(size)
    await expectSameBytes(stage, await ended, file)
    expect(stage.calls()).toEqual(['create', ...Array<string>(parts).fill('addPart'), 'complete'])
  })

  it('in parts of one byte', async () => {
    const stage = setTheStage({ partSize: 1 })
    const { file, ended } = stage.start(17)
    await expectSameBytes(stage, await ended, file)
    expect(stage.count('addPart')).toBe(17)
  })

  it('with one connection as with sixty-four', async () => {
    for (const concurrency of [1, 64]) {
      const stage = setTheStage({ concurrency })
      const { file, ended } = stage.start(1234)
      await expectSameBytes(stage, await ended, file)
      expect(stage.traffic.peak).toBe(Math.min(concurrency, 13))
    }
  })

  it('when the parts arrive in any other order', async () => {
    const arrived: string[] = []
    const listed: string[] = []
    const stage = setTheStage({
      between: (fetcher) => ({
        addPart: async (part, options) => {
          const answer = await fetcher.addPart(part, options)
          arrived.push(answer.id)
          return answer
        },
        complete: (call, options) => {
          listed.push(...call.partIds)
          return fetcher.complete(call, options)
        },
      }),
    })
    // The first parts are the slowest.
    for (const delay of [500, 400, 300, 200, 100]) stage.faults.add({ call: 'addPart', delay })
    const { file, ended } = stage.start(600)
    await stage.clock.advance(2000)
    await expectSameBytes(stage, await ended, file)
    expect(arrived).toHaveLength(6)
    expect(listed).not.toEqual(arrived)
    expect(listed.toSorted()).toEqual(arrived.toSorted())
  })

  it('when the part size changes in the middle, as a backend may ask for smaller ones', async () => {
    let asked = 0
    const stage = setTheStage({
      concurrency: 1,
      between: () => ({
        policy: async () => {
          asked += 1
          if (asked === 1) throw new FetcherError('Down.', { status: 503 })
          return { purposes: ['user_data'], accept: null, maxBytes: 1e6, maxPartBytes: 30, concurrency: null }
        },
      }),
    })
    const held = stage.faults.hold('addPart', { after: 2 })
    const first = stage.start(430)
    await held.reached
    stage.uploader.pause(first.id)
    const second = stage.start(10)
    await second.ended
    await stage.uploader.resume(first.id)
    await expectSameBytes(stage, await first.ended, first.file)
    const sizes = stage.uploads.list()[0]?.parts.map(({ bytes }) => bytes)
    expect(sizes).toEqual([100, 100, 30, 30, 30, 30, 30, 30, 30, 20])
  })

  it('when the same part is lost on its way there and on its way back', async () => {
    const stage = setTheStage({ concurrency: 1 })
    stage.faults.add({ call: 'addPart', after: 1, lose: 'request' })
    stage.faults.add({ call: 'addPart', after: 1, lose: 'reply' })
    const { file, ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
    expect(stage.count('addPart')).toBe(5)
  })
})

describe('the checksum', () => {
  it('goes with complete, and the API compares it', async () => {
    const sent: (string | undefined)[] = []
    const stage = setTheStage({
      checksum: 'md5',
      between: (fetcher) => ({
        complete: (call, options) => {
          sent.push(call.md5)
          return fetcher.complete(call, options)
        },
      }),
    })
    const { id, file, ended } = stage.start(250)
    await expectSameBytes(stage, await ended, file)
    const { md5 } = await createChecksum()(file)
    expect(sent).toEqual([md5])
    expect(stage.uploader.get(id)?.checksum).toBe('done')
  })

  it('of a broken copy sends the whole file once more, into a new Upload', async () => {
    const stage = setTheStage({ checksum: 'md5' })
    stage.faults.add({ call: 'addPart', after: 1, corrupt: true })
    const { file, ended } = stage.start(250)
    await expectSameBytes(stage, await ended, file)
    expect(stage.uploads.list()).toHaveLength(2)
    expect(stage.files.list()).toHaveLength(1)
    expect(stage.count('addPart')).toBe(6)
  })

  it('of a copy that is broken again fails the upload, and a retry starts over', async () => {
    const stage = setTheStage({ checksum: 'md5' })
    stage.faults.add({ call: 'addPart', after: 1, corrupt: true, times: 4 })
    const { id, file, ended } = stage.start(250)
    await expect(ended).rejects.toMatchObject({ code: 'integrity_failed' })
    expect(stage.files.list()).toEqual([])
    stage.uploader.retry(id)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.uploads.list()).toHaveLength(3)
  })

  it('of a copy that differs because the file changed says so', async () => {
    let tries = 0
    const stage = setTheStage({
      checksum: async () => {
        tries += 1
        return { md5: String(tries).repeat(32), where: 'worker' as const }
      },
    })
    const { ended } = stage.start(250)
    await expect(ended).rejects.toMatchObject({ code: 'file_changed' })
    expect(stage.files.list()).toEqual([])
  })

  it('holds back only complete, never the parts', async () => {
    let tell!: (md5: string) => void
    const md5 = new Promise<string>((resolve) => {
      tell = resolve
    })
    const stage = setTheStage({ checksum: async () => ({ md5: await md5, where: 'worker' }) })
    const { id, file, ended } = stage.start(250)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'completing', checksum: 'hashing' })
    expect(stage.count('complete')).toBe(0)
    tell((await createChecksum()(file)).md5)
    await expectSameBytes(stage, await ended, file)
  })

  it('tells how far it is in whole percent, never backwards, and never that it is done before it is', async () => {
    const percents: (number | null | undefined)[] = []
    let tell!: (bytesHashed: number) => void
    let done!: (md5: string) => void
    const stage = setTheStage({
      checksum: (_file, options) => {
        tell = options?.onProgress as typeof tell
        return new Promise((resolve) => {
          done = (md5) => resolve({ md5, where: 'worker' })
        })
      },
    })
    const { id, file, ended } = stage.start(250)
    await stage.settle()
    const percentNow = () => stage.uploader.get(id)?.checksumPercent
    expect(stage.uploader.get(id)).toMatchObject({ status: 'completing', checksum: 'hashing', checksumPercent: null })
    stage.uploader.subscribeTo(id, () => percents.push(percentNow()))
    for (const bytesHashed of [0, 109, 110, 111, 60, Number.NaN, 250]) {
      tell(bytesHashed)
      await stage.clock.advance(1000)
    }
    // 110 and 111 of 250 bytes are the same 44 %: nothing to tell.
    expect(percents).toEqual([0, 43, 44, 99])
    const before = stage.uploader.get(id)
    done((await createChecksum()(file)).md5)
    tell(250)
    await expectSameBytes(stage, await ended, file)
    expect(before?.checksumPercent).toBe(99)
    expect(percentNow()).toBeNull()
  })

  it('is begun anew by a retry, and so is what is told of it', async () => {
    const tells: ((bytesHashed: number) => void)[] = []
    const stage = setTheStage({
      checksum: (_file, options) => {
        tells.push(options?.onProgress as (bytesHashed: number) => void)
        return new Promise(() => {})
      },
    })
    const { id } = stage.start(250)
    await stage.settle()
    tells[0]?.(200)
    expect(stage.uploader.get(id)?.checksumPercent).toBe(80)
    stage.uploader.cancel(id)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'cancelled', checksumPercent: null })
    stage.uploader.retry(id)
    await stage.settle()
    tells[0]?.(225)
    expect(stage.uploader.get(id)).toMatchObject({ checksum: 'hashing', checksumPercent: null })
    tells[1]?.(50)
    expect(stage.uploader.get(id)?.checksumPercent).toBe(20)
  })

  it('that cannot be computed fails the upload as unreadable; a retry keeps the parts', async () => {
    let tries = 0
    const real = createChecksum()
    const stage = setTheStage({
      checksum: (file, options) => {
        tries += 1
        return tries === 1 ? Promise.reject(new DOMException('Gone.', 'NotReadableError')) : real(file, options)
      },
      concurrency: 1,
    })
    const { id, file, ended } = stage.start(250)
    await expect(ended).rejects.toMatchObject({
      code: 'file_unreadable',
      message: expect.stringContaining('file-250.bin') as string,
    })
    await stage.settle()
    stage.uploader.retry(id)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
    expect(stage.uploads.list()).toHaveLength(1)
  })

  it('is not computed for a file that only waits in line', async () => {
    const hashed: string[] = []
    const stage = setTheStage({
      concurrency: 1,
      checksum: async (file) => {
        hashed.push((file as File).name)
        return { md5: 'x', where: 'worker' }
      },
    })
    stage.faults.hold('create')
    stage.start(10)
    stage.start(20)
    await stage.settle()
    expect(hashed).toEqual(['file-10.bin'])
  })

  it('is stopped by a cancel', async () => {
    const signals: AbortSignal[] = []
    const stage = setTheStage({
      checksum: (_file, options) => {
        signals.push(options?.signal as AbortSignal)
        return new Promise(() => {})
      },
    })
    const { id } = stage.start(10)
    await stage.settle()
    stage.uploader.cancel(id)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])
  })
})
