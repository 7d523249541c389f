// npm run load [-- --rounds 3] [--seed 1] [--only parts] [--json FILE]: the handler, in a process of its own, under more than it will meet.
// Needs Linux, which tells memory and file descriptors in /proc.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../bench/summary.mjs'
import { cpuOf, descriptorsOf, memoryOf, peakOf, resetPeak } from './process.mjs'

const MIB = 2 ** 20
const parts = { count: 50, size: 64 * MIB }
const drops = { count: 5000 }
// A byte a second is faster than the longest silence that is allowed, and slower than the slowest pace.
const slow = { count: 500, everyMs: 1000 }
const goals = { memoryOverIdleBytes: 150e6, throughputRatio: 0.9 }
/** What a state that must come may take. It comes in a moment; this is for the one that does not. */
const PATIENCE_MS = 60_000

const measures = { parts: measureParts, drops: measureDrops, slow: measureSlow }
const tellings = { parts: tellParts, drops: tellDrops, slow: tellSlow }
const options = readOptions(process.argv.slice(2))
const children = []
process.once('exit', () => children.forEach((child) => child.kill('SIGKILL')))

const sink = await start('sink.mjs')
const baseURL = `http://127.0.0.1:${sink.port}/v1`
const ours = await start('backend.mjs', baseURL)
const bare = await start('bare.mjs', baseURL)
const senders = await start('senders.mjs')
const fileBytes = parts.count * parts.size
const token = await createUpload()

const startedAt = Date.now()
const results = {}
for (const [name, measure] of Object.entries(measures)) {
  if (options.only === null || options.only === name) results[name] = await measure()
}
const failures = print(results)
if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`)
process.exit(failures.length > 0 ? 1 : 0)

// 50 PARTS OF 64 MIB AT ONCE

/** In turns with the bare relay, so that what else the machine does meets both. */
async function measureParts() {
  for (const relay of [ours, bare]) await order('sendParts', { ...parts, count: 4, port: relay.port })
  const before = await ask(sink)
  const rounds = []
  for (let round = 0; round < options.rounds; round += 1) rounds.push([await sendAll(ours), await sendAll(bare)])
  const after = await ask(sink)
  const all = rounds.flat()
  return {
    count: parts.count,
    partBytes: parts.size,
    rounds: rounds.length,
    memoryOverIdleBytes: Math.max(...rounds.map(([{ overIdleBytes }]) => overIdleBytes)),
    throughputRatio: round(median(rounds.map(([a, b]) => a.bytesPerSecond / b.bytesPerSecond)), 3),
    ours: summaryOf(rounds.map(([one]) => one)),
    bare: summaryOf(rounds.map(([, one]) => one)),
    refused: sum(all.map(({ refused }) => refused)),
    wrong: after.wrong - before.wrong,
    missing: all.length * parts.count - (after.parts - before.parts) + (parts.count - after.places),
  }
}

async function sendAll(relay) {
  await ask(relay) // collects its garbage: idle is not what the last round left
  const idle = memoryOf(relay.pid)
  resetPeak(relay.pid)
  const cpu = cpuOf(relay.pid)
  const { seconds, refused } = await order('sendParts', { ...parts, port: relay.port })
  return {
    refused,
    bytesPerSecond: (parts.count * parts.size) / seconds,
    cpuSecondsPerGiB: (cpuOf(relay.pid) - cpu) / ((parts.count * parts.size) / 2 ** 30),
    overIdleBytes: peakOf(relay.pid) - idle,
    idleBytes: idle,
  }
}

function summaryOf(rounds) {
  const of = (name) => rounds.map((one) => one[name])
  return {
    bytesPerSecond: Math.round(median(of('bytesPerSecond'))),
    cpuSecondsPerGiB: round(median(of('cpuSecondsPerGiB')), 2),
    idleBytes: Math.max(...of('idleBytes')),
    memoryOverIdleBytes: Math.max(...of('overIdleBytes')),
  }
}

// 5,000 CONNECTIONS THAT BREAK

async function measureDrops() {
  const baseline = await atRest()
  const idle = memoryOf(ours.pid)
  const started = performance.now()
  const dropped = await order('drop', { ...drops, port: ours.port, seed: options.seed })
  const seconds = (performance.now() - started) / 1000
  const after = await atRest(baseline)
  await ask(ours)
  return {
    ...drops,
    ...dropped,
    seconds: round(seconds, 1),
    baseline,
    after,
    memoryOverIdleBytes: memoryOf(ours.pid) - idle,
    servedAfterwards: (await order('sendParts', { ...parts, count: 1, port: ours.port })).refused === 0,
  }
}

// 500 SENDERS OF A BYTE A SECOND

async function measureSlow() {
  const baseline = await atRest()
  const begun = (await ask(sink)).begun
  const honestAlone = await order('sendParts', { ...parts, count: 4, port: ours.port })
  await order('beginSlow', { ...slow, port: ours.port })
  await until('all slow parts are under way', async () => (await ask(sink)).begun === begun + 4 + slow.count)
  const [cpu, now] = [cpuOf(ours.pid), performance.now()]
  const honest = await order('sendParts', { ...parts, count: 4, port: ours.port })
  const { ended } = await order('slowSoFar')
  const told = await order('awaitSlow')
  const waited = (performance.now() - now) / 1000
  return {
    ...slow,
    honestBytes: 4 * parts.size,
    honestSeconds: round(honest.seconds, 2),
    honestAloneSeconds: round(honestAlone.seconds, 2),
    honestRefused: honest.refused,
    slowStillHanging: slow.count - ended,
    cut: told.cut,
    firstCutSeconds: round(told.firstCutSeconds, 1),
    lastCutSeconds: round(told.lastCutSeconds, 1),
    cpuShare: round((cpuOf(ours.pid) - cpu) / waited, 2),
    baseline,
    after: await atRest(baseline),
  }
}

// HOW IT IS ASKED

async function start(file, ...args) {
  const child = fork(join(import.meta.dirname, file), args, { execArgv: ['--expose-gc'] })
  children.push(child)
  child.once('exit', (code) => {
    console.error(`${file} ended by itself, with ${code}`)
    process.exit(1)
  })
  const [{ port }] = await once(child, 'message')
  return Object.assign(child, { port })
}

async function ask(child, message = {}) {
  const answered = once(child, 'message')
  child.send(message)
  return (await answered)[0]
}

async function order(name, about = {}) {
  const { done, failed } = await ask(senders, { order: name, token, fileBytes, ...about })
  if (failed) throw new Error(`${name}: ${failed}`)
  return done
}

async function createUpload() {
  const response = await fetch(`http://127.0.0.1:${ours.port}/api/uploads`, {
    method: 'POST',
    headers: { 'x-uploads-client': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ filename: 'load.txt', bytes: fileBytes, mime_type: 'text/plain', purpose: 'user_data' }),
  })
  if (!response.ok) throw new Error(`create was answered ${response.status}: ${await response.text()}`)
  return response.headers.get('x-upload-token')
}

/** What is open once nothing is under way: no connection to OpenAI, and none of a client. */
async function atRest(baseline) {
  const isRight = ({ sockets }) => (baseline ? sockets <= baseline.sockets : true)
  let seen
  await until('every connection is closed', async () => {
    seen = descriptorsOf(ours.pid)
    return (await ask(sink)).open === 0 && isRight(seen)
  }).catch(() => {})
  return seen
}

/** Asks again and again; an answer, not a time, says that it goes on. */
async function until(what, isSo) {
  for (const started = Date.now(); Date.now() - started < PATIENCE_MS; ) {
    if (await isSo()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`waited in vain until ${what}`)
}

// WHAT IS SAID OF IT

function tellParts(parts) {
  return [
    [`${parts.count} parts of 64 MiB at once, ${parts.rounds} rounds`],
    [
      'memory over idle, at its peak',
      mb(parts.memoryOverIdleBytes),
      'below 150 MB',
      parts.memoryOverIdleBytes < goals.memoryOverIdleBytes,
    ],
    ['handler', rate(parts.ours)],
    ['bare fetch relay', rate(parts.bare)],
    [
      'throughput beside the bare relay',
      `${parts.throughputRatio}x`,
      'at least 0.9x',
      parts.throughputRatio >= goals.throughputRatio,
    ],
    [
      'parts refused, missing, or with a wrong byte',
      `${parts.refused}, ${parts.missing}, ${parts.wrong}`,
      '0',
      parts.refused + parts.missing + parts.wrong === 0,
    ],
  ]
}

function tellDrops(drops) {
  return [
    [
      `${drops.count} connections dropped in ${drops.seconds} s (${drops.inTheHead} in the head, ${drops.inTheBody} in the body, ${drops.afterIt} after it)`,
    ],
    [
      'sockets before, after',
      `${drops.baseline.sockets}, ${drops.after.sockets}`,
      'equal',
      drops.after.sockets <= drops.baseline.sockets,
    ],
    [
      'file descriptors before, after',
      `${drops.baseline.open}, ${drops.after.open}`,
      'equal',
      drops.after.open <= drops.baseline.open,
    ],
    ['memory kept', mb(drops.memoryOverIdleBytes)],
    ['serves afterwards', drops.servedAfterwards ? 'yes' : 'no', 'yes', drops.servedAfterwards],
  ]
}

function tellSlow(slow) {
  return [
    [`${slow.count} senders of one byte a second`],
    [
      'an honest 256 MiB meanwhile',
      `${slow.honestSeconds} s (alone ${slow.honestAloneSeconds} s)`,
      'served',
      slow.honestRefused === 0,
    ],
    [
      'slow ones under way when it ended',
      String(slow.slowStillHanging),
      String(slow.count),
      slow.slowStillHanging === slow.count,
    ],
    [
      'cut with 408',
      `${slow.cut}, ${slow.firstCutSeconds} to ${slow.lastCutSeconds} s after they began`,
      String(slow.count),
      slow.cut === slow.count,
    ],
    [
      'file descriptors before, after',
      `${slow.baseline.open}, ${slow.after.open}`,
      'equal',
      slow.after.open <= slow.baseline.open,
    ],
  ]
}

function mb(bytes) {
  return `${Math.round(bytes / 1e6)} MB`
}

function rate({ bytesPerSecond, cpuSecondsPerGiB }) {
  return `${mb(bytesPerSecond)}/s, ${cpuSecondsPerGiB} s of CPU per GiB`
}

function print(measured) {
  const rows = Object.entries(measured).flatMap(([name, figures]) => tellings[name](figures))
  for (const [what, figure, goal, isMet] of rows) {
    if (figure === undefined) console.log(`\n${what}`)
    else
      console.log(
        `  ${what.padEnd(46)} ${figure}${goal === undefined ? '' : isMet ? `  (${goal})` : `  MISSED: ${goal}`}`,
      )
  }
  const failed = rows.filter((row) => row[3] === false)
  console.log(
    `\n${failed.length === 0 ? 'every goal is met' : `${failed.length} goals are missed`}, in ${Math.round((Date.now() - startedAt) / 1000)} s`,
  )
  return failed
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0)
}

function round(value, digits) {
  return Number(value.toFixed(digits))
}

function readOptions(args) {
  const read = { rounds: 3, seed: 1, only: null, json: null }
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at].replace(/^--/, '')
    const value = args[at + 1]
    if (name === 'json' && value) read.json = value
    else if (name === 'only' && Object.hasOwn(measures, value)) read.only = value
    else if ((name === 'rounds' || name === 'seed') && Number.isSafeInteger(Number(value)) && Number(value) > 0) {
      read[name] = Number(value)
    } else throw new Error('--rounds N, --seed N, --only parts|drops|slow, --json FILE')
  }
  return read
}
