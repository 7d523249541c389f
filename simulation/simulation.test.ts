import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { runSchedule } from './run-schedule.js'
import {
  behaviourPairs,
  INVARIANTS,
  type Profile,
  pairsIn,
  pairwiseBehaviours,
  type Report,
  scheduleOf,
  simulate,
  sum,
} from './simulate.js'
import type { Invariant } from './watch.js'

// In every test run; 10,000 and the figures: node simulation/run.mjs
const SCHEDULES = 1000
const everything = { profile: 'everything', behaviour: null } as const
const known = JSON.parse(readFileSync(new URL('regressions.json', import.meta.url), 'utf8')) as {
  seed: number
  profile?: Profile
  why: string
}[]

describe(`in ${SCHEDULES} random schedules`, () => {
  let report: Report
  beforeAll(async () => {
    report = await simulate({ ...everything, from: 1, count: SCHEDULES })
  }, 120_000)

  it.each(Object.entries(INVARIANTS) as [Invariant, string][])('%s: %s', (invariant) => {
    const broken = report.failures.filter(({ violations }) => violations.some((other) => other.invariant === invariant))
    const seeds = broken.map(({ seed, violations }) => ({
      replay: `node simulation/run.mjs --seed ${seed} --shrink`,
      violations,
    }))
    expect(seeds).toEqual([])
  })

  it('there was enough to go wrong, and to go right', () => {
    const { completed, flips, retryAfters, unknownOutcomes, restored, mirrored, takenOver, storeFailures } =
      report.figures as NonNullable<Report['figures']>
    expect(completed).toBeGreaterThan(SCHEDULES)
    expect(flips).toBeGreaterThan(20)
    expect(retryAfters).toBeGreaterThan(50)
    expect(unknownOutcomes).toBeGreaterThan(10)
    expect(restored).toBeGreaterThan(100)
    expect(mirrored).toBeGreaterThan(100)
    expect(takenOver).toBeGreaterThan(30)
    expect(storeFailures).toBeGreaterThan(100)
  })
})

it('holds as well where parts follow the line', async () => {
  const { failures, figures } = await simulate({ profile: 'adaptive', behaviour: null, from: 1, count: SCHEDULES / 4 })
  expect(failures).toEqual([])
  expect(figures?.completed).toBeGreaterThan(SCHEDULES / 4)
}, 60_000)

describe('what once went wrong', () => {
  it.each(known)('seed $seed: $why', async ({ seed, profile }) => {
    expect((await runSchedule(scheduleOf(seed, profile))).violations).toEqual([])
  })
})

describe('a schedule', () => {
  it('is the same whenever it is run', async () => {
    const first = await runSchedule(scheduleOf(7), { trace: true })
    const second = await runSchedule(scheduleOf(7), { trace: true })
    expect(second.trace).toEqual(first.trace)
    expect(second.figures).toEqual(first.figures)
  })

  it('meets every pair of the API’s switches in some setting', () => {
    expect(new Set(pairwiseBehaviours().flatMap(pairsIn))).toEqual(new Set(behaviourPairs()))
  })
})

describe('one trouble at a time', () => {
  const only = (profile: 'stalls' | 'sleep' | 'tenth' | 'flips' | 'reload') =>
    simulate({ profile, behaviour: null, from: 1, count: 40 })
  const figuresOf = ({ figures }: Report) => figures as NonNullable<Report['figures']>

  it('a part that stands still is noticed within 30 s', async () => {
    const report = await only('stalls')
    expect(report.failures).toEqual([])
    expect(Math.max(...figuresOf(report).stallMs)).toBeLessThanOrEqual(32_000)
  })

  it('a sleep is noticed within 7 s of waking up', async () => {
    const report = await only('sleep')
    expect(report.failures).toEqual([])
    expect(Math.max(...figuresOf(report).stallMs)).toBeLessThanOrEqual(7000)
  })

  it('with 10 % errors a part takes 1.15 requests at most', async () => {
    const report = await only('tenth')
    const { partRequests, parts } = figuresOf(report)
    expect(report.failures).toEqual([])
    expect(partRequests / parts).toBeLessThanOrEqual(1.15)
  })

  it('after a reload no more is sent again than was on its way', async () => {
    const report = await only('reload')
    expect(report.failures).toEqual([])
    const { resent } = figuresOf(report)
    expect(resent).toHaveLength(40)
    expect(Math.max(...resent)).toBeLessThanOrEqual(1)
  })

  it('every flipped bit is caught', async () => {
    const report = await only('flips')
    expect(report.failures).toEqual([])
    expect(figuresOf(report)).toMatchObject({ flips: 40, flipsMissed: 0, wrongBytes: 0, completed: 40 })
  })
})

it('figures add up', () => {
  const figures = { requests: 1, stallMs: [2] } as unknown as NonNullable<Report['figures']>
  expect(sum(figures, figures)).toEqual({ requests: 2, stallMs: [2, 2] })
})
