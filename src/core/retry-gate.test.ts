import { describe, expect, it } from 'vitest'
import { createFakeUploads } from '../testing/index.js'
import { RetryGate } from './retry.js'

function setUp() {
  const { clock, environment } = createFakeUploads()
  const opened: number[] = []
  const start = clock.now()
  const gate = new RetryGate(environment, () => opened.push(clock.now() - start))
  return { clock, environment, gate, opened, at: (ms: number) => start + ms }
}

describe('the gate', () => {
  it('is open until someone closes it', () => {
    expect(setUp().gate.isClosed()).toBe(false)
  })

  it('opens exactly then, and tells so once', async () => {
    const { clock, gate, opened } = setUp()
    gate.closeFor(2000)
    await clock.advance(1999)
    expect([gate.isClosed(), opened]).toEqual([true, []])
    await clock.advance(1)
    expect([gate.isClosed(), opened]).toEqual([false, [2000]])
    await clock.advance(10_000)
    expect(opened).toEqual([2000])
  })

  it('stays closed for the longest of all waits', async () => {
    const { clock, gate, opened } = setUp()
    gate.closeFor(2000)
    gate.closeFor(1000)
    gate.closeFor(3000)
    await clock.advance(5000)
    expect(opened).toEqual([3000])
    expect(clock.pending).toBe(0)
  })

  it('does not open early when a timer fires early', async () => {
    const { clock, environment, opened, at } = setUp()
    const early = { ...environment, setTimer: (run: () => void, ms: number) => environment.setTimer(run, ms * 0.9) }
    const gate = new RetryGate(early, () => opened.push(clock.now() - at(0)))
    gate.closeFor(1000)
    await clock.advance(900)
    expect([gate.isClosed(), opened]).toEqual([true, []])
    await clock.advance(100)
    expect(opened).toHaveLength(1)
    expect(opened[0]).toBeGreaterThanOrEqual(1000)
  })

  it('does not open early when the wall clock is set forward', async () => {
    const { clock, environment, gate, opened } = setUp()
    gate.closeFor(2000)
    environment.skew(86_400_000)
    await clock.advance(1999)
    expect([gate.isClosed(), opened]).toEqual([true, []])
  })

  it('leaves no timer when it is stopped', () => {
    const { clock, gate } = setUp()
    gate.closeFor(1000)
    gate.stop()
    expect(clock.pending).toBe(0)
  })
})
