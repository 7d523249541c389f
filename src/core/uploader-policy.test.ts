import { describe, expect, it } from 'vitest'
import type { UploadPolicy } from '../protocol/index.js'
import { makeFile } from '../testing/index.js'
import { FetcherError } from './fetcher.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

const policy: UploadPolicy = {
  purposes: ['user_data'],
  accept: ['.bin'],
  maxBytes: 1000,
  maxPartBytes: 50,
  concurrency: 2,
}
const allows = (changes: Partial<UploadPolicy> = {}) => ({
  between: () => ({ policy: async () => ({ ...policy, ...changes }) }),
})
const DEFAULT_LIMITS = { maxBytes: 8 * 2 ** 30, maxPartBytes: 64 * 2 ** 20, accept: null, concurrency: null }

describe('what the backend allows', () => {
  it('is asked once, before the first part', async () => {
    let asked = 0
    const stage = setTheStage({
      between: () => ({
        policy: async () => {
          asked += 1
          return policy
        },
      }),
    })
    expect(stage.uploader.policy).toBeNull()
    const { file, ended } = stage.start(300)
    await expectSameBytes(stage, await ended, file)
    await stage.start(200).ended
    await stage.uploader.loadPolicy()
    expect(asked).toBe(1)
    expect(stage.uploader.policy).toEqual(policy)
  })

  it('limits the parts, and never enlarges them', async () => {
    const small = setTheStage(allows())
    await small.start(300).ended
    expect(small.count('addPart')).toBe(6)
    const large = setTheStage(allows({ maxPartBytes: 500 }))
    await large.start(300).ended
    expect(large.count('addPart')).toBe(3)
  })

  it('decides the number of connections, unless the app does', async () => {
    const policyDecides = setTheStage(allows({ concurrency: 2 }))
    await policyDecides.start(1000).ended
    expect(policyDecides.traffic.peak).toBe(2)
    const appDecides = setTheStage({ ...allows({ concurrency: 2 }), concurrency: 5 })
    await appDecides.start(1000).ended
    expect(appDecides.traffic.peak).toBe(5)
  })

  it('refuses files as soon as it is known', async () => {
    const stage = setTheStage(allows())
    await stage.uploader.loadPolicy()
    expect(() => stage.uploader.add(makeFile('a.bin', 1001))).toThrow(/too large/)
    expect(() => stage.uploader.add(makeFile('a.pdf', 10))).toThrow(/\.bin/)
  })

  it.each([404, 405])(
    'is the protocol’s own where there is no policy (%i), and it is not asked again',
    async (status) => {
      let asked = 0
      const stage = setTheStage({
        between: () => ({
          policy: async () => {
            asked += 1
            throw new FetcherError('None.', { status })
          },
        }),
      })
      await expect(stage.uploader.loadPolicy()).resolves.toMatchObject(DEFAULT_LIMITS)
      await stage.start(300).ended
      expect(asked).toBe(1)
      expect(stage.uploader.policy).toMatchObject(DEFAULT_LIMITS)
    },
  )

  it('is asked again after a failure, which holds no upload up', async () => {
    let asked = 0
    const stage = setTheStage({
      between: () => ({
        policy: async () => {
          asked += 1
          if (asked === 1) throw new FetcherError('Down.', { status: 503 })
          return policy
        },
      }),
    })
    const { file, ended } = stage.start(300)
    await expectSameBytes(stage, await ended, file)
    expect(stage.uploader.policy).toBeNull()
    await stage.start(300).ended
    expect(stage.uploader.policy).toEqual(policy)
  })

  it('holds no upload up for longer than an answer may take', async () => {
    const stage = setTheStage({ between: () => ({ policy: () => new Promise<never>(() => {}) }) })
    const { file, ended } = stage.start(300)
    await stage.clock.advance(59_000)
    expect(stage.count('addPart')).toBe(0)
    await stage.clock.advance(2000)
    await expectSameBytes(stage, await ended, file)
  })

  it('is asked for together with the create, not before it', async () => {
    const order: string[] = []
    const stage = setTheStage({
      between: (fetcher) => ({
        policy: async () => {
          order.push('policy')
          return policy
        },
        create: async (request, options) => {
          order.push('create')
          return fetcher.create(request, options)
        },
      }),
    })
    stage.start(100)
    // Within one turn: neither waits for an answer to the other.
    await Promise.resolve()
    await Promise.resolve()
    expect(order.toSorted()).toEqual(['create', 'policy'])
    await stage.settle()
  })

  it('is not waited for by a create whose answer does not count', async () => {
    const stage = setTheStage({ between: () => ({ policy: () => new Promise<never>(() => {}) }) })
    stage.faults.add({ call: 'create', respond: { status: 200, body: { object: 'list' } } })
    const { id } = stage.start(100)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'creating', wait: { attempt: 1 } })
  })

  it('is the protocol’s own where the fetcher has no policy', async () => {
    await expect(setTheStage().uploader.loadPolicy()).resolves.toMatchObject(DEFAULT_LIMITS)
  })

  it('counts only when it is a policy: a part of no bytes would never end', async () => {
    const stage = setTheStage(allows({ maxPartBytes: 0 }))
    const { file, ended } = stage.start(300)
    await stage.clock.advance(60_000)
    await expectSameBytes(stage, await ended, file)
  })
})
