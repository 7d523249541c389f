import fc, { type AsyncCommand } from 'fast-check'
import { expect, it } from 'vitest'
import type { UploadStatus } from '../src/core/index.js'
import { Crowd } from './crowd.js'
import { Ending } from './ending.js'
import { type Journey, uploadOf } from './journey.js'
import { countUnhandled } from './leaks.js'
import { Scene } from './scene.js'
import { type Action, type Event, makeSchedule, type Schedule, type Trouble } from './schedule.js'

// Any commands in any order, while a scheduler decides in which order the network, the storage, the locks and the other
// tabs are heard. A small model knows what a person may expect to see after each of them; the invariants of the
// simulation are looked at all the while. MODEL_RUNS=20000 MODEL_SEED=2 npx vitest run simulation/model.test.ts

const RUNS = Number(process.env.MODEL_RUNS ?? 150)
const SEED = Number(process.env.MODEL_SEED ?? 1)
const FILES = 3

type Untimed<T> = T extends unknown ? Omit<T, 'at'> : never
type Step =
  | Untimed<Action>
  | Untimed<Event>
  | { do: 'advance'; ms: number }
  | { do: 'fault'; trouble: Trouble }
  | { do: 'quota' }

// THE MODEL

/** What the person wants of an upload; `left`: an earlier page had it, `any`: nobody can tell any more. */
type Intent = 'added' | 'running' | 'paused' | 'cancelled' | 'left' | 'any'

const ended: readonly UploadStatus[] = ['completed', 'failed', 'expired']
const underWay: readonly UploadStatus[] = ['queued', 'creating', 'uploading', 'completing', ...ended]
const allowed: Readonly<Record<Exclude<Intent, 'any'>, ReadonlySet<UploadStatus>>> = {
  added: new Set<UploadStatus>(['queued']),
  running: new Set<UploadStatus>(['paused', ...underWay]),
  // What is being completed is not paused any more.
  paused: new Set<UploadStatus>(['paused', 'completing', ...ended]),
  cancelled: new Set<UploadStatus>(['cancelling', 'cancelled', ...ended]),
  left: new Set<UploadStatus>(['paused', 'failed', 'expired']),
}

class Model {
  readonly #intents = new Map<Journey, Intent>()
  readonly #wasRun = new Set<Journey>()

  /** A person did something about a file; `journey` is what the page shows of it. */
  did(what: Step['do'], journey: Journey, all: readonly Journey[]): void {
    const before = this.#intents.get(journey) ?? (journey.restored ? 'left' : 'added')
    const upload = uploadOf(journey)
    const passesOn = upload?.inOtherTab || what === 'pick' || before === 'any'
    // Another page hears of it a moment later, and a file is looked at first.
    if (passesOn) for (const other of all) if (other.file.name === journey.file.name) this.#intents.set(other, 'any')
    if (passesOn) return
    const isOver = upload && ['failed', 'expired', 'cancelled'].includes(upload.status)
    if (what === 'run') this.#wasRun.add(journey)
    if (what === 'run' && before === 'added') this.#intents.set(journey, 'running')
    if (what === 'pause' && before !== 'cancelled') this.#intents.set(journey, 'paused')
    if (what === 'resume' && before === 'paused')
      this.#intents.set(journey, this.#wasRun.has(journey) ? 'running' : 'added')
    // What is still being looked for after a reload may be found a moment later.
    if (what === 'resume' && before === 'left') this.#intents.set(journey, 'any')
    if (what === 'cancel') this.#intents.set(journey, 'cancelled')
    if (what === 'retry' && isOver) this.#intents.set(journey, 'running')
  }

  complaintAbout(journey: Journey): string | null {
    const upload = uploadOf(journey)
    const intent = this.#intents.get(journey) ?? (journey.restored ? 'left' : 'added')
    if (!upload || upload.inOtherTab || intent === 'any') return null
    const bySomebody = upload.status === 'paused' && upload.reason === 'user'
    if (allowed[intent].has(upload.status) && !(intent === 'running' && bySomebody)) return null
    return `${journey.file.name} is ${upload.status}, and the person wants it ${intent}`
  }
}

// THE REAL THING

class Real {
  readonly scene: Scene
  readonly crowd: Crowd

  constructor(schedule: Schedule) {
    this.scene = new Scene(schedule, { trace: true })
    this.crowd = new Crowd(this.scene)
  }

  async perform(step: Step): Promise<void> {
    const { wire, storage } = this.scene
    switch (step.do) {
      case 'advance':
        return this.scene.advance(step.ms)
      case 'fault':
        wire.upcoming.push(step.trouble)
        return
      case 'quota':
        return storage.fill()
      case 'add':
      case 'run':
      case 'pause':
      case 'resume':
      case 'retry':
      case 'cancel':
      case 'remove':
        return this.crowd.act({ at: 0, ...step } as Action)
      default:
        this.crowd.happen({ at: 0, ...step } as Event)
    }
  }
}

class Command implements AsyncCommand<Model, Real> {
  readonly #step: Step

  constructor(step: Step) {
    this.#step = step
  }

  check(): boolean {
    return true
  }

  async run(model: Model, real: Real): Promise<void> {
    const { watch, files } = real.scene
    const step = this.#step
    const file = 'file' in step ? files[step.file] : undefined
    const journey = file && watch.journeyOf(file)
    // A file is on a list once, and nobody clicks on a page that is frozen.
    if ((step.do === 'add' && journey) || (file && real.scene.world.isFrozen)) return
    if (journey) model.did(step.do, journey, watch.journeys)
    await real.perform(step)
    await real.scene.drain()
    for (const shown of watch.journeys) {
      const complaint = model.complaintAbout(shown)
      if (complaint) watch.fail('I4', complaint)
    }
  }

  toString(): string {
    return JSON.stringify(this.#step)
  }
}

// THE COMMANDS

const file = fc.integer({ min: 0, max: FILES - 1 })
const of = (...kinds: ('add' | 'run' | 'pause' | 'resume' | 'retry' | 'remove')[]) =>
  fc.record({ do: fc.constantFrom(...kinds), file })
const partSize = fc.constantFrom(5, 16, 33)
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.constantFrom<Trouble>(
    { kind: 'refused' },
    { kind: 'swallow' },
    { kind: 'reset', at: 0.9 },
    { kind: 'stall', at: 1 },
  ),
  fc.constantFrom(401, 403, 408, 429, 500, 503).map(
    (status): Trouble => ({
      kind: 'status',
      status,
      body: 'envelope',
      processed: status === 500,
      ...(status === 429 && { retryAfter: { form: 'seconds', ms: 7000 } }),
    }),
  ),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: of('add') },
  { weight: 8, arbitrary: of('run') },
  { weight: 8, arbitrary: of('pause', 'resume', 'retry') },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), file, undoFor: fc.constant(0) }) },
  { weight: 1, arbitrary: of('remove') },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1, 60, 900, 8000, 130_000) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('fault' as const), trouble }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Step>({ do: 'offline' }, { do: 'online' }, { do: 'sign_out' }, { do: 'leave_page' }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Step>({ do: 'hide', throttle: 1000 }, { do: 'show' }, { do: 'wipe' }, { do: 'quota' }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('freeze' as const),
      ms: fc.constantFrom(3000, 90_000),
      asleep: fc.boolean(),
      cut: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('open' as const), partSize, concurrency: fc.constantFrom(null, 1, 3) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('close' as const),
      which: fc.constantFrom('oldest' as const, 'newest' as const),
      how: fc.constantFrom('crash' as const, 'close' as const, 'unmount' as const),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('pick' as const),
      file,
      pick: fc.constantFrom('same' as const, 'other' as const, 'byte' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('file' as const),
      file,
      fate: fc.constantFrom('gone' as const, 'changed' as const, 'rewritten' as const),
    }),
  },
)

interface Setting {
  sizes: number[]
  concurrency: number
  checksumMs: number
  latency: number
  orphanParts: 'ignore' | 'count'
  secondComplete: 'refuse' | 'repeat'
  cancelOfCompleted: 'refuse' | 'unchanged'
  closedStatus: 400 | 404 | 409
}

const setting: fc.Arbitrary<Setting> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 90 }), { minLength: FILES, maxLength: FILES }),
  concurrency: fc.constantFrom(1, 2, 4),
  checksumMs: fc.constantFrom(0, 700),
  orphanParts: fc.constantFrom('ignore' as const, 'count' as const),
  secondComplete: fc.constantFrom('refuse' as const, 'repeat' as const),
  cancelOfCompleted: fc.constantFrom('refuse' as const, 'unchanged' as const),
  closedStatus: fc.constantFrom(400 as const, 404 as const, 409 as const),
  latency: fc.constantFrom(0, 50),
})

function scheduleOf({ sizes, concurrency, checksumMs, latency, ...behaviour }: Setting): Schedule {
  return {
    ...makeSchedule(1, 'reload'),
    files: sizes.map((size) => ({ size, addAt: 0, runAt: null })),
    concurrency,
    partSize: 16,
    adapts: true,
    checksumMs,
    bytesPerSecond: 400,
    refresh: 'works',
    memory: { latency, fullAfter: Number.MAX_SAFE_INTEGER, handles: 'none' },
    behaviour,
    events: [],
  }
}

it(
  'keeps its word to the person, whatever is done in whatever order',
  async () => {
    const property = fc.asyncProperty(
      setting,
      fc.commands([step.map((chosen) => new Command(chosen))], { size: '+1', maxCommands: 60 }),
      fc.scheduler(),
      async (set, commands, scheduler) => {
        const unhandled = countUnhandled()
        const real = new Real(scheduleOf(set))
        const { scene, crowd } = real
        const { watch, world } = scene
        world.shuffle = (arrive) => void scheduler.schedule(Promise.resolve()).then(arrive)
        await fc.scheduledModelRun(scheduler, () => ({ model: new Model(), real }), commands)
        await scene.drain()
        world.shuffle = null
        // A scheduler may keep an answer of the storage for as long as it likes.
        for (const tab of watch.tabs) tab.storeWasLate = true
        await new Ending(scene, crowd).play()
        const error = unhandled.take()
        if (error) watch.fail('I9', error)
        // What happened is told with what was wrong.
        expect(watch.violations.length === 0 ? [] : [...watch.violations, ...watch.trace]).toEqual([])
      },
    )
    await fc.assert(property, { numRuns: RUNS, seed: SEED })
  },
  Math.max(20_000, RUNS * 200),
)
