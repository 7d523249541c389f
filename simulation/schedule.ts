import type { UploadCall } from '../src/protocol/index.js'
import type { UploadsApiBehaviour } from '../src/uploads-api/index.js'
import { Random } from './random.js'
import type { FileFate, FilePick } from './sim-file.js'
import { type StoreCall, type StoreFault, TAMPERINGS, type Tampering } from './sim-storage.js'

// A schedule is plain data: everything that happens in one run, so that it can be printed, shrunk and replayed.

export type Call = Exclude<UploadCall, 'policy'>

/** How a server asks to wait. `ms` is what it means. */
export interface RetryAfter {
  form: 'seconds' | 'ms' | 'date' | 'date_without_clock'
  ms: number
}

/** What goes wrong with one request. `processed`: the API carries it out all the same. */
export type Trouble =
  /** No connection. */
  | { kind: 'refused' }
  /** The connection breaks after a part of the body, `at` from 0 to 1. */
  | { kind: 'reset'; at: number }
  /** Nothing moves any more after a part of the body; at 1 the API has it all. */
  | { kind: 'stall'; at: number }
  /** The body takes so many ms, without ever standing still. */
  | { kind: 'slow'; ms: number }
  /** The answer takes so many ms more. */
  | { kind: 'late'; ms: number }
  | {
      kind: 'status'
      status: number
      body: 'envelope' | 'html' | 'empty'
      code?: string
      retryAfter?: RetryAfter
      garbage?: string
      shouldRetry?: boolean
      processed: boolean
    }
  /** A 200 that is none. */
  | { kind: 'bad'; how: 'html' | 'empty' | 'shape' | 'foreign' | 'login' | 'earlier' | 'state'; processed: boolean }
  /** Carried out, and the connection breaks before the answer. */
  | { kind: 'swallow' }
  /** The request arrives twice, as when a browser or proxy sends it again on a new connection. */
  | { kind: 'twice'; gap: number; answer: 'first' | 'second' }
  /** One bit of the bytes is flipped. */
  | { kind: 'flip'; bit: number }

/** The `n`th request of its kind, from 0. */
export type Fault = { call: Call; n: number } & Trouble

export type Action = { at: number } & (
  | { do: 'add' | 'run' | 'pause' | 'resume' | 'undo' | 'retry' | 'remove'; file: number }
  | { do: 'cancel'; file: number; undoFor: number }
  | { do: 'pauseAll' | 'resumeAll' | 'retryFailed' | 'clearCompleted' }
  | { do: 'cancelAll'; undoFor: number }
  | { do: 'destroy' }
)

export type Event = { at: number } & (
  | { do: 'offline' | 'online' | 'show' | 'wake' | 'leave_page' | 'sign_out' }
  | { do: 'hide'; throttle: number }
  | { do: 'skew'; ms: number }
  /** `asleep`: the monotonic clock stands still; `cut`: connections are dead afterwards. */
  | { do: 'freeze'; ms: number; asleep: boolean; cut: boolean }
  /** For `ms` nothing gets through: `refused` at once, or into a black hole. */
  | { do: 'outage'; ms: number; how: 'refused' | 'silent' }
  | { do: 'file'; file: number; fate: Exclude<FileFate, 'same'> }
  /** A page of its own over the same storage: a second tab, or the first again after a reload. */
  | ({ do: 'open' } & PageOptions)
  /**
   * The oldest page goes, or the newest. `crash`: what it had not written yet is lost; `close`: it is written;
   * `unmount`: the app ends its engine.
   */
  | { do: 'close'; which: 'oldest' | 'newest'; how: 'crash' | 'close' | 'unmount' }
  /** The person chooses a file again, wherever it is asked for. */
  | { do: 'pick'; file: number; pick: FilePick }
  | { do: 'wipe' }
  | { do: 'tamper'; how: Tampering }
)

export interface PageOptions {
  partSize: number
  /** Null leaves it to the policy. */
  concurrency: number | null
}

/** What the backend says it allows. */
export interface PolicyAnswer {
  how: 'answers' | 'missing' | 'fails' | 'garbage' | 'hangs' | 'throws'
  maxPartBytes: number
  concurrency: number | null
  /** Ms until it says so. */
  delay: number
}

export interface Schedule extends PageOptions {
  seed: number
  files: readonly { size: number; addAt: number; runAt: number | null }[]
  minPartSize: number
  /** Whether parts follow the line, from `partSize` up to four times that. */
  adapts: boolean
  /** Ms that the checksum takes; null is off. */
  checksumMs: number | null
  /** Whether the fetcher does nothing about its signal. */
  deaf: boolean
  latency: number
  /** Bytes per second of each connection. */
  bytesPerSecond: number
  refresh: 'none' | 'works' | 'fails' | 'throws' | 'useless' | 'never'
  /** What a proxy on the way takes: larger parts get a 413, or a reset where it does not read to the end. */
  bodyLimit: { bytes: number; how: 'status' | 'reset' } | null
  behaviour: Partial<UploadsApiBehaviour>
  /** Null where the backend has none. */
  policy: PolicyAnswer | null
  /** What the app's own word on retries is. */
  shouldRetry: 'none' | 'never' | 'a_few_times' | 'throws'
  /** Whether the app's listeners throw. */
  badListeners: boolean
  /** Where uploads are written down; null is nowhere. */
  memory: Memory | null
  storeFaults: readonly StoreFault[]
  faults: readonly Fault[]
  actions: readonly Action[]
  events: readonly Event[]
}

export interface Memory {
  /** Ms that a call to the storage takes. */
  latency: number
  /** The storage is full from this write on. */
  fullAfter: number
  /** Whether the browser keeps handles of files, and lets an app read them again. */
  handles: 'none' | 'granted' | 'denied'
}

/**
 * What a run is about. `onePage`: one page that remembers nothing, before a backend without a policy; `everything` adds
 * those, and `adaptive` parts that follow the line. The narrow ones measure one figure each.
 */
export type Profile = 'everything' | 'adaptive' | 'onePage' | Narrow
type Narrow = 'tenth' | 'outage' | 'quietOutage' | 'stalls' | 'sleep' | 'flips' | 'reload'
export const PROFILES: readonly Narrow[] = ['tenth', 'outage', 'quietOutage', 'stalls', 'sleep', 'flips', 'reload']

/** How many parts one request at most carries faults for; later ones get through. */
const FAULTY_REQUESTS: Readonly<Record<Call, number>> = { create: 12, addPart: 60, complete: 10, cancel: 8 }

export function makeSchedule(seed: number, profile: Profile = 'everything'): Schedule {
  if (profile === 'onePage') return onePage(seed)
  if (profile === 'everything') return everything(seed)
  return profile === 'adaptive' ? { ...everything(seed), adapts: true } : narrowSchedule(seed, profile)
}

function everything(seed: number): Schedule {
  const schedule = onePage(seed)
  const random = new Random(seed, 4)
  const concurrency = random.chance(0.3) ? null : schedule.concurrency
  const around: Schedule = {
    ...schedule,
    concurrency,
    policy: random.chance(0.4) ? policyOf(random, schedule.partSize) : null,
    shouldRetry: random.weighted({ none: 17, never: 1, a_few_times: 1, throws: 1 }),
    badListeners: random.chance(0.1),
    behaviour: { ...schedule.behaviour, ...(random.chance(0.05) && { maxParts: random.int(1, 8) }) },
  }
  // Without a checksum nothing tells another file of the same beginning from the one that was begun.
  return schedule.checksumMs !== null && random.chance(0.55) ? { ...around, ...memoryOf(random, around) } : around
}

function onePage(seed: number): Schedule {
  const random = new Random(seed, 2)
  const partSize = random.int(16, 64)
  const files = filesOf(random, random.weighted({ 0: 1, 1: 30, 2: 25, 3: 20, 4: 14, 5: 10 }), partSize)
  const checksumMs = random.weighted({ off: 15, at_once: 60, slow: 25 })
  const behaviour = behaviourOf(random, partSize)
  const trouble = random.pick([0, 0.03, 0.1, 0.25, 0.5])
  const checked = checksumMs !== 'off' && behaviour.checkMd5 !== false
  const span = random.pick([2_000, 20_000, 120_000])
  const minPartSize = random.int(4, 16)
  const schedule: Schedule = {
    seed,
    files,
    concurrency: random.int(1, 6),
    partSize,
    minPartSize,
    adapts: false,
    checksumMs: checksumMs === 'off' ? null : checksumMs === 'slow' ? random.int(1, 5000) : 0,
    deaf: random.chance(0.08),
    latency: random.pick([1, 20, 150, 1500]),
    bytesPerSecond: random.pick([1e9, 400, 40, 8]),
    refresh: random.weighted({ none: 3, works: 4, fails: 1, throws: 1, useless: 1, never: 1 }),
    bodyLimit: random.chance(0.1)
      ? { bytes: random.int(minPartSize, partSize), how: random.pick(['status', 'reset'] as const) }
      : null,
    behaviour,
    policy: null,
    shouldRetry: 'none',
    badListeners: false,
    memory: null,
    storeFaults: [],
    faults: faultsOf(random, trouble, checked),
    actions: actionsOf(random, files.length, span),
    events: eventsOf(random, files.length, span, checked),
  }
  return schedule
}

// FILES

function filesOf(random: Random, count: string, partSize: number): Schedule['files'] {
  return Array.from({ length: Number(count) }, () => {
    // At part boundaries, and one byte to either side.
    const size = Math.max(1, random.int(0, 6) * partSize + random.int(-1, 1))
    const addAt = random.chance(0.7) ? 0 : random.int(0, 20_000)
    return { size, addAt, runAt: random.chance(0.9) ? addAt + (random.chance(0.8) ? 0 : random.int(0, 20_000)) : null }
  })
}

// THE API

const behaviours: { [K in keyof UploadsApiBehaviour]?: readonly UploadsApiBehaviour[K][] } = {
  unknownFields: ['refuse', 'ignore'],
  zeroBytes: ['refuse', 'allow'],
  overflow: ['per-part', 'cumulative', 'off'],
  partTooLargeStatus: [400, 413],
  closedStatus: [400, 404, 409],
  expiredStatus: [400, 404, 409, 410],
  orphanParts: ['ignore', 'count'],
  duplicatePartIds: ['refuse', 'allow'],
  checkMd5: [true, false],
  afterMd5Mismatch: ['pending', 'cancelled'],
  completeDelay: [0, 4000],
  completedFileBytes: ['known', 'null'],
  secondComplete: ['refuse', 'repeat'],
  secondCancel: ['refuse', 'repeat'],
  cancelOfCompleted: ['refuse', 'unchanged'],
}

function behaviourOf(random: Random, partSize: number): Partial<UploadsApiBehaviour> {
  const drawn = Object.fromEntries(
    Object.entries(behaviours).map(([name, values]) => [name, random.pick<unknown>(values)]),
  ) as Partial<UploadsApiBehaviour>
  // A clone that ignores the MD5 is rare, and blinds the check of flipped bits.
  if (random.chance(0.7)) drawn.checkMd5 = true
  if (random.chance(0.1)) drawn.maxPartBytes = partSize
  if (random.chance(0.2)) drawn.lifetimeSeconds = random.pick([60, 600, 7200])
  return drawn
}

/** Settings of the API's switches in which each value of each switch meets each value of each other. */
export function pairwiseBehaviours(): Partial<UploadsApiBehaviour>[] {
  const names = Object.keys(behaviours) as (keyof typeof behaviours)[]
  const valuesOf = (name: keyof typeof behaviours) => behaviours[name] as readonly unknown[]
  const missing = new Set(behaviourPairs())
  const random = new Random(4711)
  const chosen: Partial<UploadsApiBehaviour>[] = []
  while (missing.size > 0) {
    // Of a few draws that begin with a missing pair, the one that covers most.
    const [first] = missing
    const [a, b] = (first as string).split(' ') as [string, string]
    const draws = Array.from({ length: 40 }, () => {
      const draw = Object.fromEntries(names.map((name) => [name, random.pick(valuesOf(name))]))
      for (const fixed of [a, b]) {
        const [name = '', index] = fixed.split('=')
        draw[name] = valuesOf(name as keyof typeof behaviours)[Number(index)]
      }
      return draw as Partial<UploadsApiBehaviour>
    })
    const gain = (draw: Partial<UploadsApiBehaviour>) => pairsIn(draw).filter((pair) => missing.has(pair)).length
    const best = draws.reduce((left, right) => (gain(right) > gain(left) ? right : left))
    for (const pair of pairsIn(best)) missing.delete(pair)
    chosen.push(best)
  }
  return chosen
}

export function behaviourPairs(): string[] {
  const singles = Object.entries(behaviours).map(([name, values]) => values.map((_value, index) => `${name}=${index}`))
  return singles.flatMap((left, at) =>
    singles.slice(at + 1).flatMap((right) => left.flatMap((a) => right.map((b) => `${a} ${b}`))),
  )
}

export function pairsIn(behaviour: Partial<UploadsApiBehaviour>): string[] {
  const names = Object.keys(behaviours) as (keyof typeof behaviours)[]
  const set = names
    .filter((name) => name in behaviour)
    .map((name) => `${name}=${(behaviours[name] as readonly unknown[]).indexOf(behaviour[name])}`)
  return set.flatMap((left, at) => set.slice(at + 1).map((right) => `${left} ${right}`))
}

// FAULTS

function faultsOf(random: Random, probability: number, checked: boolean): Fault[] {
  const faults: Fault[] = []
  for (const [call, count] of Object.entries(FAULTY_REQUESTS) as [Call, number][]) {
    for (let n = 0; n < count; n += 1) {
      if (random.chance(probability)) faults.push({ call, n, ...troubleOf(random, call, checked) })
    }
  }
  return faults
}

function troubleOf(random: Random, call: Call, checked: boolean): Trouble {
  const isPart = call === 'addPart'
  const kind = random.weighted({
    refused: 10,
    reset: isPart ? 15 : 3,
    stall: 8,
    slow: isPart ? 5 : 0,
    late: 8,
    status: 30,
    bad: 10,
    swallow: 15,
    twice: 6,
    flip: isPart && checked ? 6 : 0,
  })
  const processed = random.chance(0.4)
  switch (kind) {
    case 'refused':
    case 'swallow':
      return { kind }
    case 'reset':
    case 'stall':
      return { kind, at: random.pick([0, 0.3, 0.9, 1]) }
    case 'slow':
      return { kind, ms: random.pick([3_000, 25_000, 70_000]) }
    case 'late':
      return { kind, ms: random.pick([1_000, 25_000, 55_000, 70_000]) }
    case 'bad': {
      const how = random.pick(['html', 'empty', 'shape', 'foreign', 'login', 'earlier', 'state'] as const)
      // A login page stands before the API, never behind it.
      return { kind, how, processed: processed && how !== 'login' }
    }
    case 'twice':
      // A complete whose second answer alone arrives is refused for what the first one did: no client can tell why.
      return {
        kind,
        gap: random.pick([0, 50, 3000]),
        answer: call === 'complete' || random.chance(0.7) ? 'first' : 'second',
      }
    case 'flip':
      return { kind, bit: random.int(0, 4095) }
    case 'status':
      return statusOf(random, processed)
  }
}

function statusOf(random: Random, processed: boolean): Trouble {
  const status = Number(
    random.weighted({
      408: 6,
      409: 4,
      425: 3,
      429: 24,
      500: 14,
      502: 8,
      503: 14,
      504: 6,
      520: 2,
      400: 3,
      401: 6,
      403: 2,
      404: 2,
      413: 4,
      501: 1,
    }),
  )
  const trouble: Trouble = {
    kind: 'status',
    status,
    body: random.pick(['envelope', 'envelope', 'html', 'empty']),
    processed: processed && status >= 500,
  }
  if (status === 429 && random.chance(0.05)) trouble.code = 'insufficient_quota'
  if (random.chance(0.04)) trouble.shouldRetry = random.chance(0.5)
  if ([408, 425, 429, 503].includes(status)) {
    if (random.chance(0.6)) {
      trouble.retryAfter = {
        form: random.pick(['seconds', 'ms', 'date', 'date_without_clock']),
        ms: random.pick([0, 1000, 7000, 61_000, 200_000]),
      }
    } else if (random.chance(0.4)) {
      trouble.garbage = random.pick([
        '-1',
        'NaN',
        'soon',
        '1e9999',
        '',
        ' ',
        'Thu, 01 Jan 1970 00:00:00 GMT',
        '0x',
        '٣',
      ])
    }
  }
  return trouble
}

// PEOPLE AND THE WORLD

function actionsOf(random: Random, files: number, span: number): Action[] {
  if (files === 0 || random.chance(0.3)) return []
  const actions = Array.from({ length: random.int(1, 8) }, (): Action => {
    const at = random.int(0, span)
    const file = random.int(0, files - 1)
    const undoFor = random.pick([0, 0, 5000])
    const what = random.weighted({
      run: 4,
      pause: 16,
      resume: 16,
      cancel: 16,
      undo: 10,
      retry: 10,
      remove: 4,
      pauseAll: 3,
      resumeAll: 4,
      cancelAll: 2,
      retryFailed: 4,
      clearCompleted: 1,
      destroy: 1.5,
    })
    switch (what) {
      case 'cancel':
        return { at, do: what, file, undoFor }
      case 'cancelAll':
        return { at, do: what, undoFor }
      case 'pauseAll':
      case 'resumeAll':
      case 'retryFailed':
      case 'clearCompleted':
      case 'destroy':
        return { at, do: what }
      default:
        return { at, do: what, file }
    }
  })
  return actions
}

function eventsOf(random: Random, files: number, span: number, checked: boolean): Event[] {
  if (random.chance(0.4)) return []
  return Array.from({ length: random.int(1, 5) }, (): Event => {
    const at = random.int(0, span)
    const what = random.weighted({
      offline: 10,
      online: 8,
      hide: 6,
      show: 5,
      wake: 3,
      leave_page: 2,
      sign_out: 4,
      skew: 5,
      freeze: 8,
      outage: 8,
      file: files > 0 ? 2 : 0,
    })
    switch (what) {
      case 'hide':
        return { at, do: what, throttle: random.pick([1000, 60_000]) }
      case 'skew':
        return { at, do: what, ms: random.pick([-86_400_000, -3_600_000, -5000, 5000, 3_600_000, 86_400_000]) }
      case 'freeze': {
        const ms = random.pick([3000, 20_000, 90_000, 1_200_000])
        return { at, do: what, ms, asleep: random.chance(0.5), cut: random.chance(0.5) }
      }
      case 'outage': {
        const ms = random.pick([1000, 20_000, 120_000, 900_000])
        return { at, do: what, ms, how: random.pick(['refused', 'silent']) }
      }
      case 'file': {
        const fate = random.pick(checked ? (['gone', 'changed', 'rewritten'] as const) : (['gone', 'changed'] as const))
        return { at, do: what, file: random.int(0, files - 1), fate }
      }
      default:
        return { at, do: what }
    }
  })
}

// PAGES AND THEIR MEMORY

function policyOf(random: Random, partSize: number): PolicyAnswer {
  return {
    how: random.weighted({ answers: 10, missing: 2, fails: 2, garbage: 1, hangs: 1, throws: 1 }),
    maxPartBytes: random.int(8, 2 * partSize),
    concurrency: random.chance(0.5) ? random.int(1, 6) : null,
    delay: random.pick([0, 20, 3000]),
  }
}

function memoryOf(random: Random, schedule: Schedule): Pick<Schedule, 'memory' | 'storeFaults' | 'actions' | 'events'> {
  const span = random.pick([1_000, 5_000, 30_000, 120_000])
  const { actions, events } = schedule
  const memory: Memory = {
    latency: random.pick([0, 5, 50, 400]),
    fullAfter: random.chance(0.1) ? random.int(0, 20) : Number.MAX_SAFE_INTEGER,
    // What a handle opens is the file as it is by then.
    handles: events.some((event) => event.do === 'file') ? 'none' : random.weighted({ none: 6, granted: 2, denied: 1 }),
  }
  const visits = Array.from({ length: random.int(1, 3) }, () => visitOf(random, schedule, span)).flat()
  return {
    memory,
    storeFaults: storeFaultsOf(random, random.pick([0, 0, 0, 0.05, 0.3])),
    // Whoever unmounts the engine here opens another page.
    actions: actions.filter((action) => action.do !== 'destroy'),
    events: [...events, ...visits],
  }
}

/** A reload, a second tab or a page that goes for good; and what the person does about it. */
function visitOf(random: Random, { files: { length: files }, partSize, behaviour }: Schedule, span: number): Event[] {
  const at = random.int(0, span)
  const what = random.weighted({ reload: 12, second: 6, takeover: 6, close: 2, wipe: 1, tamper: 1 })
  const how = random.weighted({ crash: 5, close: 3, unmount: 2 })
  const open = (later: number): Event => ({
    at: at + later,
    do: 'open',
    // As it was, or by another version of the app.
    partSize: random.chance(0.5) ? partSize : random.int(1, behaviour.maxPartBytes ?? 90),
    concurrency: random.chance(0.2) ? null : random.int(1, 6),
  })
  const picks = (later: number) =>
    Array.from({ length: files }, (_, file) => file).flatMap((file): Event[] => {
      if (random.chance(0.25)) return []
      const when = at + later + random.int(0, 3000)
      const pickOne = (): Event => {
        const pick = random.weighted({ same: 10, byte: behaviour.checkMd5 === false ? 0 : 3, other: 2, longer: 1 })
        return { at: when, do: 'pick', file, pick }
      }
      // Twice at once, or just before the page goes.
      if (random.chance(0.1)) return [pickOne(), pickOne()]
      if (random.chance(0.05)) return [pickOne(), { at: when + 1, do: 'close', which: 'newest', how: 'unmount' }]
      return [pickOne()]
    })
  switch (what) {
    case 'reload': {
      const gap = random.pick([1, 200, 20_000])
      return [{ at, do: 'close', which: 'newest', how }, open(gap), ...picks(gap + 1)]
    }
    case 'second':
      return [open(0), ...picks(1)]
    case 'takeover': {
      const gap = random.int(1, 20_000)
      return [open(0), ...picks(1), { at: at + gap, do: 'close', which: 'oldest', how }, ...picks(gap + 1)]
    }
    case 'close':
      return [{ at, do: 'close', which: 'oldest', how }]
    case 'wipe':
      return [{ at, do: what }]
    case 'tamper':
      return [{ at, do: what, how: random.pick(TAMPERINGS) }]
  }
}

const STORE_CALLS: Readonly<Record<StoreCall, number>> = { load: 4, saveHead: 8, savePart: 40, remove: 6 }

function storeFaultsOf(random: Random, probability: number): StoreFault[] {
  const faults: StoreFault[] = []
  for (const [call, count] of Object.entries(STORE_CALLS) as [StoreCall, number][]) {
    for (let n = 0; n < count; n += 1) {
      if (!random.chance(probability)) continue
      const how = random.pick(['throws', 'throws_at_once', 'done_and_throws', 'hangs', 'late'] as const)
      faults.push({ call, n, how })
    }
  }
  return faults
}

// ONE FIGURE EACH

function narrowSchedule(seed: number, profile: Narrow): Schedule {
  const random = new Random(seed, 3)
  const partSize = random.int(16, 64)
  const parts = random.int(6, 24)
  const base: Schedule = {
    seed,
    files: [{ size: parts * partSize, addAt: 0, runAt: 0 }],
    concurrency: random.int(1, 6),
    partSize,
    minPartSize: 8,
    adapts: false,
    checksumMs: 0,
    deaf: false,
    latency: 50,
    // So that a part takes about a second.
    bytesPerSecond: partSize,
    refresh: 'none',
    bodyLimit: null,
    behaviour: {},
    policy: null,
    shouldRetry: 'none',
    badListeners: false,
    memory: null,
    storeFaults: [],
    faults: [],
    actions: [],
    events: [],
  }
  const at = random.int(500, 3000)
  const calls = Object.entries(FAULTY_REQUESTS) as [Call, number][]
  switch (profile) {
    case 'tenth': {
      const faults = calls.flatMap(([call, count]) =>
        Array.from({ length: count }, (_, n) => n).flatMap((n): Fault[] =>
          random.chance(0.1) ? [{ call, n, kind: 'status', status: 503, body: 'envelope', processed: false }] : [],
        ),
      )
      return { ...base, faults }
    }
    case 'outage': {
      const ms = random.int(5_000, 200_000)
      const events: Event[] = [
        { at, do: 'offline' },
        { at, do: 'outage', ms, how: random.pick(['refused', 'silent']) },
        { at: at + ms, do: 'online' },
      ]
      return { ...base, events }
    }
    case 'quietOutage':
      return { ...base, events: [{ at, do: 'outage', ms: random.int(5_000, 200_000), how: 'refused' }] }
    case 'stalls': {
      const n = random.int(0, parts - 1)
      return { ...base, faults: [{ call: 'addPart', n, kind: 'stall', at: random.pick([0, 0.3, 0.6]) }] }
    }
    case 'sleep': {
      const ms = random.int(20_000, 1_200_000)
      return { ...base, events: [{ at, do: 'freeze', ms, asleep: random.chance(0.5), cut: true }] }
    }
    case 'flips':
      return {
        ...base,
        faults: [{ call: 'addPart', n: random.int(0, parts - 1), kind: 'flip', bit: random.int(0, 4095) }],
      }
    case 'reload': {
      const how = random.pick(['crash', 'close', 'unmount'] as const)
      const { concurrency } = base
      return {
        ...base,
        memory: { latency: random.pick([0, 5, 50, 400]), fullAfter: Number.MAX_SAFE_INTEGER, handles: 'none' },
        events: [
          { at, do: 'close', which: 'newest', how },
          { at: at + 1000, do: 'open', partSize: random.chance(0.5) ? partSize : random.int(8, 90), concurrency },
          { at: at + 2000, do: 'pick', file: 0, pick: 'same' },
        ],
      }
    }
  }
}
