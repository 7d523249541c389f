import { runSchedule } from './run-schedule.js'
import { makeSchedule, type Profile, type Schedule } from './schedule.js'
import type { Figures, Invariant, Violation } from './watch.js'

export interface Failure {
  seed: number
  profile: Profile
  violation: Violation
  count: number
}

export interface Report {
  schedules: number
  failures: Failure[]
  figures: Figures
}

export type { Invariant, Schedule, Violation }
export { makeSchedule, runSchedule }

/** Runs the schedules of many seeds, and adds their figures up. */
export async function simulate(
  seeds: Iterable<number>,
  profile: Profile = 'everything',
  adjust: (schedule: Schedule) => Schedule = (schedule) => schedule,
): Promise<Report> {
  const failures: Failure[] = []
  let schedules = 0
  let figures: Figures | null = null
  for (const seed of seeds) {
    const result = await runSchedule(adjust(makeSchedule(seed, profile)))
    schedules += 1
    figures = figures ? sum(figures, result.figures) : result.figures
    const [violation] = result.violations
    if (violation) failures.push({ seed, profile, violation, count: result.violations.length })
  }
  return { schedules, failures, figures: figures as Figures }
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
