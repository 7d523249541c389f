import { expect, it } from 'vitest'
import { createFakeUploads } from '../testing/index.js'
import { Watchdog } from './watchdog.js'

/** A page whose timers ring late by as much as it was frozen, while its clocks go on. */
function openPage() {
  const { environment, clock } = createFakeUploads()
  let frozen = 0
  return {
    clock,
    environment: {
      ...environment,
      isVisible: () => true,
      now: () => environment.now() + frozen,
      elapsed: () => environment.elapsed() + frozen,
      setTimer: environment.setTimer,
    },
    freeze: (ms: number) => {
      frozen += ms
    },
  }
}

it('does not count a freeze as time that the bytes took: the answer is not waited for twice as long', async () => {
  const { environment, clock, freeze } = openPage()
  const abort = new AbortController()
  const dog = new Watchdog(environment, abort, 30_000, () => {})
  await clock.advance(1000)
  freeze(1_200_000)
  dog.moved()
  await clock.advance(5000)
  dog.allSent(60_000)
  await clock.advance(59_000)
  expect(abort.signal.aborted).toBe(false)
  await clock.advance(5000)
  expect(abort.signal.aborted).toBe(true)
})

it('gives an answer twice the time that the bytes did take, freeze or not', async () => {
  const { environment, clock, freeze } = openPage()
  const abort = new AbortController()
  const dog = new Watchdog(environment, abort, 30_000, () => {})
  for (let second = 0; second < 50; second += 1) {
    await clock.advance(1000)
    if (second === 20) freeze(1_200_000)
    dog.moved()
  }
  dog.allSent(60_000)
  await clock.advance(99_000)
  expect(abort.signal.aborted).toBe(false)
  await clock.advance(5000)
  expect(abort.signal.aborted).toBe(true)
})
