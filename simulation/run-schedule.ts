import { Crowd } from './crowd.js'
import { Ending } from './ending.js'
import { appBugs, countUnhandled } from './leaks.js'
import { Scene } from './scene.js'
import type { Schedule } from './schedule.js'
import type { Figures, Violation } from './watch.js'

export interface Result {
  violations: readonly Violation[]
  figures: Figures
  trace: readonly string[]
}

const FAULTS_END_AFTER_MS = 60_000

/** Runs one schedule to rest and checks every invariant on the way. The same schedule gives the same result. */
export async function runSchedule(schedule: Schedule, { trace = false } = {}): Promise<Result> {
  // The engine loads it when there is something to remember. Virtual time must not pass meanwhile.
  await import('../src/core/resume/index.js')
  const unhandled = countUnhandled()
  const scene = new Scene(schedule, { trace })
  const { watch } = scene
  try {
    await live(scene)
    for (let left = unhandled.take(); left; left = unhandled.take()) {
      watch.figures.unhandled += 1
      watch.fail('I9', left)
    }
    if (appBugs.told !== appBugs.thrown)
      watch.fail('I9', `the app threw ${appBugs.thrown} errors, and heard of ${appBugs.told}`)
  } catch (error) {
    watch.fail('I9', `the run itself threw: ${error instanceof Error ? error.stack : String(error)}`)
  }
  return { violations: watch.violations, figures: watch.figures, trace: watch.trace }
}

async function live(scene: Scene): Promise<void> {
  const { schedule, world } = scene
  const crowd = new Crowd(scene)
  const actions = [
    ...schedule.files.flatMap(({ addAt, runAt }, file) => [
      { at: addAt, do: 'add' as const, file },
      ...(runAt === null ? [] : [{ at: runAt, do: 'run' as const, file }]),
    ]),
    ...schedule.actions,
  ]
  for (const action of actions) world.deliver(action.at, () => crowd.act(action))
  for (const event of schedule.events) world.after(event.at, () => crowd.happen(event))
  const last = Math.max(0, ...[...actions, ...schedule.events].map(({ at }) => at))
  // Only where nobody pauses or cancels is every abort the engine's own.
  if (schedule.actions.length === 0 && schedule.faults.every(({ kind }) => kind === 'stall')) crowd.measureStalls()
  await scene.drain()
  await scene.advance(last + FAULTS_END_AFTER_MS)
  await new Ending(scene, crowd).play()
}
