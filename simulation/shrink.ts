import { runSchedule } from './run-schedule.js'
import type { Schedule } from './schedule.js'
import type { Violation } from './watch.js'

/** The same violation with as little around it as possible: drops whatever it does not need, one by one. */
export async function shrink(schedule: Schedule, { invariant, message }: Violation, patience = 400): Promise<Schedule> {
  const kind = withoutNumbers(message)
  let runs = 0
  const stillFails = async (candidate: Schedule) => {
    runs += 1
    const { violations } = await runSchedule(candidate)
    return violations.some((other) => other.invariant === invariant && withoutNumbers(other.message) === kind)
  }

  let smallest = schedule
  for (let progress = true; progress && runs < patience; ) {
    progress = false
    for (const candidate of smaller(smallest)) {
      if (runs >= patience) break
      if (!(await stillFails(candidate))) continue
      smallest = candidate
      progress = true
      break
    }
  }
  return smallest
}

function* smaller(schedule: Schedule): Generator<Schedule> {
  for (const list of ['faults', 'storeFaults', 'actions', 'events'] as const) {
    const { length } = schedule[list]
    for (let size = length; size >= 1; size = Math.floor(size / 2)) {
      for (let at = 0; at + size <= length; at += size) {
        yield { ...schedule, [list]: (schedule[list] as readonly unknown[]).toSpliced(at, size) }
      }
    }
  }
  // The last file only: the others are named by their place.
  const { files, actions, events } = schedule
  const last = files.length - 1
  const isNamed = [...actions, ...events].some((entry) => 'file' in entry && entry.file === last)
  if (last > 0 && !isNamed) yield { ...schedule, files: files.slice(0, last) }
  if (Object.keys(schedule.behaviour).length > 0) {
    for (const name of Object.keys(schedule.behaviour)) {
      const { [name as keyof Schedule['behaviour']]: _dropped, ...behaviour } = schedule.behaviour
      yield { ...schedule, behaviour }
    }
  }
  if (schedule.memory) yield { ...schedule, memory: null, storeFaults: [] }
  if (schedule.policy) yield { ...schedule, policy: null }
  if (schedule.shouldRetry !== 'none') yield { ...schedule, shouldRetry: 'none' }
  if (schedule.badListeners) yield { ...schedule, badListeners: false }
  if (schedule.adapts) yield { ...schedule, adapts: false }
  if (schedule.deaf) yield { ...schedule, deaf: false }
  if (schedule.bodyLimit) yield { ...schedule, bodyLimit: null }
  if (schedule.concurrency !== 1) yield { ...schedule, concurrency: 1 }
  if (schedule.bytesPerSecond !== 1e9) yield { ...schedule, bytesPerSecond: 1e9 }
  if (schedule.latency !== 20) yield { ...schedule, latency: 20 }
}

function withoutNumbers(message: string): string {
  return message.replace(/[\d.]+/g, '#')
}
