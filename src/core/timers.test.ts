import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFakeUploads } from '../testing/index.js'
import { Timers } from './timers.js'

function setUp() {
  const { clock } = createFakeUploads()
  const begun = clock.now()
  const elapsed = () => clock.now() - begun
  const timers = new Timers({ elapsed, setTimer: (callback, delay) => clock.setTimer(callback, delay) })
  return { clock, elapsed, timers }
}

describe('one timer for everything', () => {
  it('is one, however much waits, and none when nothing does', async () => {
    const { clock, timers } = setUp()
    const stops = Array.from({ length: 1000 }, (_, index) => timers.set(() => {}, (index * 7919) % 1000))
    expect(clock.pending).toBe(1)
    for (const stop of stops.slice(0, 999)) stop()
    expect(clock.pending).toBe(1)
    stops[999]?.()
    expect(clock.pending).toBe(0)
  })

  it('rings all that is due when it was set late, and only that', async () => {
    let now = 0
    let ring: (() => void) | null = null
    const timers = new Timers({
      elapsed: () => now,
      setTimer: (callback) => {
        ring = callback
        return () => {
          ring = null
        }
      },
    })
    const rang: number[] = []
    for (const delay of [10, 20, 500]) timers.set(() => rang.push(delay), delay)
    now = 9
    // A little early, as browsers do.
    ;(ring as unknown as () => void)()
    expect(rang).toEqual([])
    now = 300
    ;(ring as unknown as () => void)()
    expect(rang).toEqual([10, 20])
  })

  it('does not ring what was called off by what rang before it, at the same time', async () => {
    const { clock, timers } = setUp()
    const rang: string[] = []
    timers.set(() => {
      rang.push('first')
      stop()
    }, 10)
    const stop = timers.set(() => rang.push('second'), 10)
    await clock.advance(20)
    expect(rang).toEqual(['first'])
  })

  it('rings the rest when one of them throws', async () => {
    const { clock, timers } = setUp()
    const rang: string[] = []
    timers.set(() => {
      throw new Error('Not the others’ fault.')
    }, 10)
    timers.set(() => rang.push('second'), 10)
    await clock.advance(10).catch(() => {})
    await clock.advance(10)
    expect(rang).toEqual(['second'])
  })

  it('rings everything at its time and in its order, as timers of their own would', async () => {
    const deeds = fc.array(
      fc.record({ delay: fc.integer({ min: 0, max: 50 }), stop: fc.boolean(), pass: fc.integer({ min: 0, max: 20 }) }),
      { maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(deeds, async (all) => {
        const runWith = async (own: boolean) => {
          const { clock, elapsed, timers } = setUp()
          const rang: [number, number][] = []
          let stopLast = () => {}
          for (const [index, { delay, stop, pass }] of all.entries()) {
            const callback = () => rang.push([index, elapsed()])
            if (stop) stopLast()
            stopLast = own ? clock.setTimer(callback, delay) : timers.set(callback, delay)
            await clock.advance(pass)
          }
          await clock.advance(100)
          return rang
        }
        expect(await runWith(false)).toEqual(await runWith(true))
      }),
      { numRuns: 30 },
    )
  })
})
