import { describe, expect, it } from 'vitest'
import { createClock } from './clock.js'
import { createFakeUploads } from './fake-uploads.js'

const manual = () => createClock('manual', async () => {})

describe('a clock that stands still', () => {
  it('rings timers in the order in which they are due, at their time', async () => {
    const clock = manual()
    const start = clock.now()
    const rang: [string, number][] = []
    for (const [name, delay] of [
      ['late', 300],
      ['early', 100],
      ['between', 200],
      ['too late', 1001],
    ] as const) {
      clock.setTimer(() => rang.push([name, clock.now() - start]), delay)
    }
    await clock.advance(1000)
    expect(rang).toEqual([
      ['early', 100],
      ['between', 200],
      ['late', 300],
    ])
    expect(clock.now() - start).toBe(1000)
    expect(clock.pending).toBe(1)
  })

  it('rings those of the same moment in the order in which they were set', async () => {
    const clock = manual()
    const rang: number[] = []
    for (const name of [1, 2, 3]) clock.setTimer(() => rang.push(name), 10)
    await clock.advance(10)
    expect(rang).toEqual([1, 2, 3])
  })

  it('rings a timer that another one set, when it is due in time', async () => {
    const clock = manual()
    const start = clock.now()
    const rang: number[] = []
    clock.setTimer(() => {
      clock.setTimer(() => rang.push(clock.now() - start), 50)
      clock.setTimer(() => rang.push(clock.now() - start), 51)
    }, 50)
    await clock.advance(100)
    expect(rang).toEqual([100])
  })

  it('moves on however little time is asked for', async () => {
    const clock = manual()
    const start = clock.now()
    let rang = 0
    const again = () => {
      rang += 1
      if (clock.now() - start < 1) clock.setTimer(again, 1e-9)
    }
    clock.setTimer(again, 1e-9)
    await clock.advance(2)
    expect(rang).toBeGreaterThan(1)
    expect(clock.pending).toBe(0)
  })

  it('does not ring what was called off', async () => {
    const clock = manual()
    const rang: string[] = []
    const stop = clock.setTimer(() => rang.push('rang'), 10)
    stop()
    stop()
    expect(clock.pending).toBe(0)
    await clock.advance(100)
    expect(rang).toEqual([])
  })

  it('ends a sleep with its time, or with the reason of its signal', async () => {
    const clock = manual()
    const abort = new AbortController()
    const outcomes: unknown[] = []
    void clock.sleep(10).then(() => outcomes.push('slept'))
    clock.sleep(20, abort.signal).catch((reason: unknown) => outcomes.push(reason))
    await clock.advance(10)
    abort.abort('woken')
    await clock.advance(10)
    expect(outcomes).toEqual(['slept', 'woken'])
    expect(clock.pending).toBe(0)
    await expect(clock.sleep(10, AbortSignal.abort('at once'))).rejects.toBe('at once')
    expect(clock.pending).toBe(0)
  })

  it('always begins on the same day', () => {
    expect(new Date(manual().now()).toISOString()).toBe('2026-01-01T00:00:00.000Z')
  })
})

describe('a clock that runs', () => {
  it('tells the real time and counts what is due', async () => {
    const { clock } = createFakeUploads({ clock: 'real' })
    const before = Date.now()
    expect(clock.now()).toBeGreaterThanOrEqual(before)
    const stop = clock.setTimer(() => {}, 60_000)
    expect(clock.pending).toBe(1)
    stop()
    stop()
    expect(clock.pending).toBe(0)
    await clock.advance(1)
    expect(clock.pending).toBe(0)
  })
})
