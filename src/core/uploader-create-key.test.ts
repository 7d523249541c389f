import { describe, expect, it } from 'vitest'
import { isCreateKey } from '../protocol/index.js'
import type { Fetcher } from './fetcher.js'
import { type StageOptions, setTheStage } from './uploader.test.kit.js'

/** A stage that notes the key of every create, in order. */
function noting(options: StageOptions = {}) {
  const keys: (string | undefined)[] = []
  const between = (fetcher: Fetcher): Partial<Fetcher> => ({
    create: (request, about) => {
      keys.push(about.key)
      return fetcher.create(request, about)
    },
  })
  return { keys, ...setTheStage({ ...options, between }) }
}

describe('the key of a create', () => {
  it('is the same for every try, so that a backend can answer all of them with one Upload', async () => {
    const { keys, faults, clock, start, settle } = noting()
    faults.add({ call: 'create', lose: 'reply' })
    faults.add({ call: 'create', respond: { status: 503 } })
    const { ended } = start(300)
    await settle()
    await clock.advance(60_000)
    await ended
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    expect(isCreateKey(keys[0] ?? '')).toBe(true)
  })

  it('stays the same over a pause, which ends no create', async () => {
    const { keys, uploader, faults, clock, start, settle } = noting()
    faults.add({ call: 'create', lose: 'reply' })
    const { id, ended } = start(300)
    await settle()
    uploader.pause(id)
    await uploader.resume(id)
    await clock.advance(60_000)
    await ended
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
  })

  it('is another for each file, and for a file that starts from zero', async () => {
    const { keys, uploader, faults, start, settle } = noting()
    faults.add({ call: 'create', respond: { status: 400 } })
    const refused = start(300)
    await settle()
    expect(uploader.get(refused.id)?.status).toBe('failed')
    uploader.retry(refused.id)
    await settle()
    const cancelled = start(300)
    uploader.cancel(cancelled.id)
    await settle()
    uploader.retry(cancelled.id)
    await settle()
    expect(keys.length).toBeGreaterThanOrEqual(3)
    expect(new Set(keys).size).toBe(keys.length)
  })
})
