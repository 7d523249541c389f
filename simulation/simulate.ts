import { runSchedule } from './run-schedule.js'
import type { Event } from './schedule.js'
import { behaviourPairs, makeSchedule, PROFILES, type Profile, pairsIn, pairwiseBehaviours } from './schedule.js'
import type { Figures, Violation } from './watch.js'

export { shrink } from './shrink.js'
export { INVARIANTS } from './watch.js'
export type { Figures, Violation }
export { behaviourPairs, makeSchedule, PROFILES, type Profile, pairsIn, pairwiseBehaviours, runSchedule }

export interface Failure {
  seed: number
  profile: Profile
  /** Place in `pairwiseBehaviours()`, where the API's switches were set that way. */
  behaviour: number | null
  violations: readonly Violation[]
}

export interface Report {
  schedules: number
  failures: Failure[]
  figures: Figures | null
}

/** Some seeds, all run in one way. */
export interface Batch {
  profile: Profile
  from: number
  count: number
  /** Place in `pairwiseBehaviours()`; null leaves the switches to the seed. */
  behaviour: number | null
}

/** The schedule of a seed; it is the same for ever unless the generator is changed. */
export function scheduleOf(seed: number, profile: Profile = 'everything', behaviour: number | null = null) {
  const schedule = makeSchedule(seed, profile)
  if (behaviour === null) return schedule
  const switches = { ...schedule.behaviour, ...pairwiseBehaviours()[behaviour] }
  // Flipped bits and rewritten files are for APIs that look at the MD5.
  const blind = switches.checkMd5 === false
  const faults = schedule.faults.filter(({ kind }) => !(blind && kind === 'flip'))
  const isHidden = (event: Event) =>
    (event.do === 'file' && event.fate === 'rewritten') || (event.do === 'pick' && event.pick === 'byte')
  const events = schedule.events.filter((event) => !(blind && isHidden(event)))
  return { ...schedule, behaviour: switches, faults, events }
}

/** Runs the schedules of a batch and adds their figures up. */
export async function simulate({ profile, from, count, behaviour }: Batch): Promise<Report> {
  const failures: Failure[] = []
  let figures: Figures | null = null
  for (let seed = from; seed < from + count; seed += 1) {
    const result = await runSchedule(scheduleOf(seed, profile, behaviour))
    figures = figures ? sum(figures, result.figures) : result.figures
    if (result.violations.length > 0) failures.push({ seed, profile, behaviour, violations: result.violations })
  }
  return { schedules: count, failures, figures }
}

export function sum(left: Figures, right: Figures): Figures {
  const names = Object.keys(left) as (keyof Figures)[]
  const added = names.map((name) => {
    const a = left[name]
    const b = right[name]
    return [name, Array.isArray(a) ? a.concat(b as number[]) : a + (b as number)]
  })
  return Object.fromEntries(added) as Figures
}
