import { describe, expect, it } from 'vitest'
import { createFakeUploads } from '../../testing/index.js'
import { type LeaseStore, TabLeases } from './tab-lease.js'

/** Two tabs of one browser without locks, and what is stored between them. */
function openTabs() {
  const stored = new Map<string, unknown>()
  const store: LeaseStore = {
    change: async (name, next) => {
      stored.set(name, next(stored.get(name)))
    },
    write: (name, lease) => {
      stored.set(name, lease)
    },
  }
  const { environment, clock } = createFakeUploads()
  return {
    stored,
    clock,
    environment,
    first: new TabLeases(store, environment),
    second: new TabLeases(store, environment),
  }
}

const MINUTE = 60_000

describe('a lease', () => {
  it('keeps other tabs out until it is given back', async () => {
    const { first, second } = openTabs()
    const lock = await first.take('upload')
    expect(await second.take('upload')).toBeNull()
    expect(await second.take('another')).not.toBeNull()
    lock?.release()
    expect(await second.take('upload')).not.toBeNull()
  })

  it('is renewed for as long as its page runs', async () => {
    const { first, second, clock } = openTabs()
    const lock = await first.take('upload')
    for (let minute = 0; minute < 10; minute += 1) {
      await clock.advance(MINUTE)
      expect(await second.take('upload')).toBeNull()
    }
    expect(await lock?.isHeld()).toBe(true)
  })

  it('runs out when its page is frozen, and the page learns so before anything counts', async () => {
    const { first, second, environment } = openTabs()
    const lock = await first.take('upload')
    // No timer of a frozen page rings.
    environment.skew(3 * MINUTE)
    expect(await second.take('upload')).not.toBeNull()
    expect(await lock?.isHeld()).toBe(false)
  })

  it('is still its own for a page that was frozen when nobody else wanted it', async () => {
    const { first, environment, second } = openTabs()
    const lock = await first.take('upload')
    environment.skew(3 * MINUTE)
    expect(await lock?.isHeld()).toBe(true)
    expect(await second.take('upload')).toBeNull()
  })

  it('is not given back in the name of its next holder', async () => {
    const { first, second, environment, clock } = openTabs()
    const late = await first.take('upload')
    environment.skew(3 * MINUTE)
    const current = await second.take('upload')
    late?.release()
    await clock.advance(0)
    expect(await current?.isHeld()).toBe(true)
  })

  it('is free at once when its page is left', async () => {
    const { first, second, environment, clock } = openTabs()
    await first.take('upload')
    environment.hidePage()
    await clock.advance(0)
    expect(await second.take('upload')).not.toBeNull()
  })

  it('written by a clock that was set back since does not lock everyone out', async () => {
    const { first, second, environment } = openTabs()
    await first.take('upload')
    environment.skew(-24 * 60 * MINUTE)
    expect(await second.take('upload')).not.toBeNull()
  })

  it.each([null, 'x', { fence: 'x', until: 1 }, { fence: 1, until: Number.NaN }])(
    'is free where %j is stored',
    async (value) => {
      const { stored, first } = openTabs()
      stored.set('upload', value)
      expect(await first.take('upload')).not.toBeNull()
    },
  )

  it('leaves no timer and no listener behind', async () => {
    const { first, clock, environment } = openTabs()
    const lock = await first.take('upload')
    lock?.release()
    expect(environment.listeners).toBe(0)
    expect(clock.pending).toBe(0)
  })
})

describe('who waits for a lease', () => {
  it('gets it once it is given back', async () => {
    const { first, second, clock } = openTabs()
    const lock = await first.take('upload')
    const waiting = second.waitFor('upload', new AbortController().signal)
    lock?.release()
    await clock.advance(MINUTE)
    expect(await (await waiting).isHeld()).toBe(true)
  })

  it('can stop waiting, and leaves nothing behind', async () => {
    const { first, second, clock } = openTabs()
    const lock = await first.take('upload')
    const ended = new AbortController()
    const waiting = second.waitFor('upload', ended.signal)
    await clock.advance(0)
    ended.abort(new Error('Gone.'))
    await expect(waiting).rejects.toThrow('Gone.')
    lock?.release()
    expect(clock.pending).toBe(0)
  })
})
