// node simulation/run.mjs [--schedules 10000] [--from 1] [--json]   every figure, in two processes
// node simulation/run.mjs --seed N [--profile adaptive] [--behaviour N] [--shrink]   one schedule, with its trace
import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const PROCESSES = 2
// Enough for a figure, few enough to leave the time to the random ones.
const NARROW_SCHEDULES = 100
const PER_BEHAVIOUR = 20
const BATCH = 250

if (process.send) await work()
else await main()

// A WORKER RUNS BATCHES

async function work() {
  const { simulate } = await import(process.argv[2])
  process.on('message', (batch) => void simulate(batch).then((report) => process.send({ batch, report })))
  process.send({})
}

// THE MAIN PROCESS HANDS THEM OUT

async function main() {
  const options = readOptions(process.argv.slice(2))
  const folder = mkdtempSync(join(tmpdir(), 'simulation-'))
  try {
    const bundle = await bundleTo(folder)
    const simulation = await import(bundle)
    process.exitCode =
      options.seed === undefined ? await runAll(options, simulation, bundle) : await replay(options, simulation)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readOptions(args) {
  const options = { schedules: 10_000, from: 1, json: false, profile: 'everything', behaviour: null, shrink: false }
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at].replace(/^--/, '')
    if (name === 'json' || name === 'shrink') options[name] = true
    else if (name === 'profile') options[name] = args[(at += 1)]
    else if (['schedules', 'from', 'seed', 'behaviour'].includes(name)) {
      options[name] = Number(args[(at += 1)])
      if (!Number.isSafeInteger(options[name])) throw new Error(`--${name} needs a whole number`)
    } else throw new Error(`no option --${name}`)
  }
  return options
}

async function bundleTo(folder) {
  const outfile = join(folder, 'simulation.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('simulate.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    logLevel: 'warning',
    sourcemap: 'inline',
  })
  return pathToFileURL(outfile).href
}

async function replay({ seed, profile, behaviour, shrink: smaller }, { scheduleOf, runSchedule, shrink }) {
  let schedule = scheduleOf(seed, profile, behaviour)
  const first = (await runSchedule(schedule)).violations[0]
  if (first && smaller) schedule = await shrink(schedule, first)
  const { trace, violations } = await runSchedule(schedule, { trace: true })
  console.log(JSON.stringify(schedule, null, 1).replace(/\n\s{3,}/g, ' '))
  console.log(trace.join('\n'))
  console.log(violations.length === 0 ? `seed ${seed} passes` : `seed ${seed} fails: ${said(violations)}`)
  return violations.length === 0 ? 0 : 1
}

async function runAll({ schedules, from, json }, simulation, bundle) {
  const started = performance.now()
  const regressions = JSON.parse(readFileSync(new URL('regressions.json', import.meta.url), 'utf8'))
  const { PROFILES, pairwiseBehaviours, behaviourPairs, pairsIn } = simulation
  const variants = pairwiseBehaviours()
  const batches = [
    ...regressions.map(({ seed, profile = 'everything', behaviour = null }) => ({
      kind: 'regression',
      profile,
      behaviour,
      from: seed,
      count: 1,
    })),
    ...PROFILES.map((profile) => ({ kind: profile, profile, behaviour: null, from: 1, count: NARROW_SCHEDULES })),
    ...variants.map((_variant, behaviour) => ({
      kind: 'pairs',
      profile: 'everything',
      behaviour,
      from: 1,
      count: PER_BEHAVIOUR,
    })),
  ]
  for (let at = from; at < from + schedules; at += BATCH) {
    batches.push({
      kind: 'random',
      profile: ((at - from) / BATCH) % 2 === 0 ? 'everything' : 'adaptive',
      behaviour: null,
      from: at,
      count: Math.min(BATCH, from + schedules - at),
    })
  }
  const results = await handOut(batches, bundle)

  const figuresOf = (...kinds) =>
    results
      .filter(({ batch, report }) => kinds.includes(batch.kind) && report.figures)
      .map(({ report }) => report.figures)
      .reduce((left, right) => simulation.sum(left, right))
  const random = figuresOf('random', 'pairs', ...(regressions.length > 0 ? ['regression'] : []))
  const all = figuresOf(...new Set(batches.map(({ kind }) => kind)))
  const failures = results.flatMap(({ report }) => report.failures)
  const ran = results.reduce((total, { report }) => total + report.schedules, 0)
  const broken = new Set(failures.filter(({ behaviour }) => behaviour !== null).map(({ behaviour }) => behaviour))
  const passedPairs = new Set(variants.filter((_variant, at) => !broken.has(at)).flatMap((variant) => pairsIn(variant)))
  const tenth = figuresOf('tenth')
  const seconds = (ms) => Math.round(ms) / 1000
  const stalls = figuresOf('stalls').stallMs
  const sleeps = figuresOf('sleep').stallMs
  const reloads = figuresOf('reload').resent
  const figures = {
    schedules: ran,
    failures: failures.length,
    files_completed: all.completed,
    bytes_completed: all.completedBytes,
    bytes_wrong: all.wrongBytes,
    false_outcomes: all.falseOutcomes,
    unknown_outcomes: all.unknownOutcomes,
    unhandled_errors: all.unhandled,
    leaks_at_rest: all.leaks,
    retry_after_asked: all.retryAfters,
    retry_after_violated: all.retryAfterViolations,
    bits_flipped: all.flips,
    bits_flipped_missed: all.flipsMissed,
    requests: all.requests,
    requests_per_part_at_10_percent_errors: ratio(tenth.partRequests, tenth.parts),
    requests_per_part_in_all: ratio(random.partRequests, random.parts),
    switch_pairs_passed: `${passedPairs.size} of ${behaviourPairs().length}`,
    stall_detected_s: { p50: seconds(percentile(stalls, 0.5)), max: seconds(percentile(stalls, 1)) },
    sleep_detected_s: { p50: seconds(percentile(sleeps, 0.5)), max: seconds(percentile(sleeps, 1)) },
    recovery_after_online_s: { p95: seconds(percentile(figuresOf('outage').recoveryMs, 0.95)) },
    recovery_without_event_s: { p95: seconds(percentile(figuresOf('quietOutage').recoveryMs, 0.95)) },
    pages_lost: all.pagesLost,
    uploads_restored: all.restored,
    uploads_shown_of_other_pages: all.mirrored,
    uploads_taken_over: all.takenOver,
    storage_failures: all.storeFailures,
    resent_after_reload_of_concurrency_x_part: {
      p50: round(percentile(reloads, 0.5)),
      max: round(percentile(reloads, 1)),
    },
    virtual_days: Math.round(all.virtualMs / 86_400_000),
    seconds: seconds(performance.now() - started),
  }
  if (json) console.log(JSON.stringify({ figures, failures }, null, 2))
  else {
    for (const [name, value] of Object.entries(figures)) {
      console.log(`${name.replaceAll('_', ' ').padEnd(44)}${typeof value === 'object' ? JSON.stringify(value) : value}`)
    }
    await tell(failures, simulation)
  }
  console.log(`${ran - failures.length} passed, ${failures.length} failed`)
  return failures.length === 0 ? 0 : 1
}

/** The first few failures as small as they get, and how to see the rest. */
async function tell(failures, { scheduleOf, shrink }) {
  for (const { seed, profile, behaviour, violations } of failures.slice(0, 3)) {
    const small = await shrink(scheduleOf(seed, profile, behaviour), violations[0])
    const { files, faults, storeFaults, actions, events } = small
    console.log(`\nseed ${seed}: ${said(violations)}`)
    console.log(JSON.stringify({ files, faults, storeFaults, actions, events }))
    const more = `${profile === 'everything' ? '' : ` --profile ${profile}`}${behaviour === null ? '' : ` --behaviour ${behaviour}`}`
    console.log(`node simulation/run.mjs --seed ${seed}${more} --shrink`)
  }
  for (const { seed, violations } of failures.slice(3, 30)) console.log(`seed ${seed}: ${said(violations)}`)
}

function handOut(batches, bundle) {
  const queue = [...batches]
  const results = []
  return new Promise((resolve, reject) => {
    let running = 0
    const workers = Array.from({ length: PROCESSES }, () => {
      running += 1
      const worker = fork(fileURLToPath(import.meta.url), [bundle], { execArgv: ['--enable-source-maps'] })
      worker.on('message', (result) => {
        if (result.report) results.push(result)
        const next = queue.shift()
        if (next) worker.send(next)
        else worker.kill()
      })
      worker.on('exit', () => {
        running -= 1
        if (running > 0) return
        if (results.length === batches.length) resolve(results)
        else reject(new Error('a worker died'))
      })
      worker.on('error', reject)
      return worker
    })
    process.once('SIGINT', () => workers.forEach((worker) => worker.kill()))
  })
}

function said([{ invariant, message, at }]) {
  return `${invariant} at ${at / 1000} s: ${message.split('\n')[0]}`
}

function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function ratio(a, b) {
  return round(a / b)
}

function round(value) {
  return Math.round(value * 1000) / 1000
}
