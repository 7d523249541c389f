import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { Timers } from './timers.js'
import { Upload } from './upload.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

afterEach(() => vi.restoreAllMocks())

describe('a small file', () => {
  it('takes three requests, one after the other, and with the first one the policy is asked for', async () => {
    let asked = 0
    const stage = setTheStage({
      checksum: 'md5',
      between: () => ({
        policy: async () => {
          asked += 1
          return { purposes: ['user_data'], accept: null, maxBytes: 1000, maxPartBytes: 1000, concurrency: null }
        },
      }),
    })
    const uploads = Array.from({ length: 20 }, (_, index) => stage.start(80 + index))
    for (const { file, ended } of uploads) await expectSameBytes(stage, await ended, file)
    expect([asked, stage.count('create'), stage.count('addPart'), stage.count('complete')]).toEqual([1, 20, 20, 20])
    expect(stage.requests).toHaveLength(60)
    for (const { id } of uploads) {
      const calls = stage.requests.filter(({ uploadId }) => uploadId === stage.uploader.get(id)?.remote?.id)
      expect(calls.map(({ call }) => call)).toEqual(['addPart', 'complete'])
    }
  })

  it('goes out as the very File that was chosen, not as a slice of all of it', async () => {
    const bodies: Blob[] = []
    const stage = setTheStage({
      between: (fetcher) => ({
        addPart: (part, options) => {
          bodies.push(part.body)
          return fetcher.addPart(part, options)
        },
      }),
    })
    const whole = stage.start(100)
    await whole.ended
    expect(bodies[0]).toBe(whole.file)
    const cut = stage.start(101)
    await cut.ended
    expect(bodies.slice(1).map(({ size }) => size)).toEqual([100, 1])
  })

  it('is hashed while it is created and sent', async () => {
    const order: string[] = []
    const stage = setTheStage({
      checksum: async () => {
        order.push('hash')
        return { md5: '0'.repeat(32), where: 'main' }
      },
      fakes: { behaviour: { checkMd5: false } },
      between: (fetcher) => ({
        create: async (request, options) => {
          order.push('create')
          return fetcher.create(request, options)
        },
      }),
    })
    await stage.start(100).ended
    expect(order).toEqual(['hash', 'create'])
  })
})

describe('many files', () => {
  it('take one timer and four requests, though a thousand wait in line', async () => {
    const { clock, environment } = createFakeUploads()
    const pending = { timers: 0, most: 0 }
    const timers = new Timers({
      elapsed: () => environment.elapsed(),
      setTimer: (callback, delay) => {
        let isPending = true
        const end = () => {
          pending.timers -= isPending ? 1 : 0
          isPending = false
        }
        pending.timers += 1
        pending.most = Math.max(pending.most, pending.timers)
        const stop = clock.setTimer(() => {
          end()
          callback()
        }, delay)
        return () => {
          end()
          stop()
        }
      },
    })
    const stage = setTheStage({
      environment: { ...environment, setTimer: (callback, delay) => timers.set(callback, delay) },
    })
    const held = Array.from({ length: 4 }, () => stage.faults.hold('addPart'))
    for (let file = 0; file < 1000; file += 1) stage.start(90)
    await Promise.all(held.map(({ reached }) => reached))
    await clock.advance(10_000)
    expect(stage.traffic.inFlight).toBe(4)
    expect(pending).toEqual({ timers: 1, most: 1 })
    stage.uploader.destroy()
    expect(pending.timers).toBe(0)
  })

  it('are asked for their next request as often as they make one, also while all of them wait for their hash', async () => {
    const asked = vi.spyOn(Upload.prototype, 'nextRequest')
    const hashed: (() => void)[] = []
    const stage = setTheStage({
      checksum: () => new Promise((resolve) => hashed.push(() => resolve({ md5: '0'.repeat(32), where: 'main' }))),
      fakes: { behaviour: { checkMd5: false } },
    })
    const ends = Array.from({ length: 300 }, (_, index) => {
      const id = stage.uploader.add(makeFile(`${index}.bin`, 10))
      return stage.uploader.run(id)
    })
    await stage.settle()
    expect(stage.count('addPart')).toBe(300)
    for (const done of hashed) done()
    await Promise.all(ends)
    expect(stage.requests).toHaveLength(900)
    expect(asked.mock.calls.length).toBeLessThan(3 * 900)
  })
})
