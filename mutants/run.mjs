// node mutants/run.mjs [--only "name"] [--json]: puts each seeded bug into a copy of the tree, and asks the tests to find it.
import { execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mutants } from './list.mjs'

const MAX_SURVIVORS = 2
// A bug that makes the tests hang is caught; a busy machine must not look like one.
const LEAST_HANG_MS = 60_000
const HANG_FACTOR = 4
const SCHEDULES = 500

/** Which tests are asked about a file: those of its own room, and of the rooms that live on it. */
const rooms = {
  'src/core/': ['src/core/', 'src/testing/', 'src/react/'],
  'src/server/': ['src/server/'],
  'src/uploads-api/': ['src/uploads-api/'],
  'src/styled/': ['src/styled/'],
}

const root = fileURLToPath(new URL('..', import.meta.url))
const { only, json } = readArguments(process.argv.slice(2))
const chosen = mutants.filter(({ name }) => only === null || name === only)
if (chosen.length === 0) throw new Error(`no mutant is called ${only}`)
const copy = copyTree()
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

const print = json ? () => {} : console.log
const started = Date.now()
checkList()
const hangAfter = await checkTests()
const results = []
for (const mutant of chosen) {
  const result = { name: mutant.name, why: mutant.why, file: mutant.file, ...(await examine(mutant)) }
  results.push(result)
  print(`${result.name}: ${result.by === null ? 'SURVIVED' : `killed by ${result.by}`} after ${result.seconds} s`)
}

const survivors = results.filter(({ by }) => by === null)
const caught = results.length - survivors.length
const failed = Math.max(0, survivors.length - MAX_SURVIVORS)
const minutes = Number(((Date.now() - started) / 60_000).toFixed(1))
if (json) console.log(JSON.stringify({ mutants: results.length, caught, minutes, results }, null, 2))
else {
  print(`\n${caught} of ${results.length} caught, in ${minutes} minutes`)
  for (const { name, why, file } of survivors) print(`survived: ${name} (${file}): ${why}`)
  print(`${results.length - failed} passed, ${failed} failed`)
}
process.exit(failed > 0 ? 1 : 0)

/** What is tracked, as it is in the working tree, with the packages linked. */
function copyTree() {
  const folder = mkdtempSync(join(tmpdir(), 'mutants-'))
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })
  // Also what is new and not ignored: a test that was just written counts.
  const paths = git('ls-files', '-z', '--cached', '--others', '--exclude-standard').split('\0')
  for (const path of paths) {
    if (path === '' || path === 'node_modules' || !existsSync(join(root, path))) continue
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path))
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/** The list is kept up with the code: a bug that no longer fits is an error, and so is a test that is gone. */
function checkList() {
  const wrong = mutants.flatMap(({ name, file, near, find, replace }) => {
    const times = readFileSync(join(copy, file), 'utf8').split(find).length - 1
    const gone = near.filter((path) => !existsSync(join(copy, `${path}.ts`)) && !existsSync(join(copy, `${path}.tsx`)))
    return [
      ...(times === 1 ? [] : [`${name}: its text stands ${times} times in ${file}, not once`]),
      ...(find === replace ? [`${name}: changes nothing`] : []),
      ...gone.map((path) => `${name}: there is no ${path}`),
    ]
  })
  if (wrong.length > 0) throw new Error(`mutants/list.mjs does not fit the code:\n${wrong.join('\n')}`)
}

/** Without a bug every test passes, or nothing that follows would mean anything; gives the ms after which a run hangs. */
async function checkTests() {
  let longest = 0
  for (const room of new Set(chosen.map(({ file }) => roomOf(file)))) {
    const began = Date.now()
    const by = await test(rooms[room], null)
    if (by !== null) throw new Error(`${by} fails without any mutant`)
    longest = Math.max(longest, Date.now() - began)
  }
  return Math.max(LEAST_HANG_MS, HANG_FACTOR * longest)
}

function roomOf(file) {
  return Object.keys(rooms).find((room) => file.startsWith(room))
}

/** Who finds the bug, null when nobody does. */
async function examine({ file, near, find, replace }) {
  const path = join(copy, file)
  const sound = readFileSync(path, 'utf8')
  const began = Date.now()
  // A function: the text may hold `$&`.
  writeFileSync(
    path,
    sound.replace(find, () => replace),
  )
  try {
    const by = (await test(near, hangAfter)) ?? (await test(rooms[roomOf(file)], hangAfter)) ?? (await simulate())
    return { by, seconds: Math.round((Date.now() - began) / 1000) }
  } finally {
    writeFileSync(path, sound)
  }
}

/** The first test that fails, null when all pass. */
async function test(filters, limit) {
  const report = join(copy, 'test-results', 'mutant.json')
  rmSync(report, { force: true })
  const { code, hung, output } = await run(
    [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      'unit',
      '--bail=1',
      '--reporter=default',
      '--reporter=json',
      `--outputFile=${report}`,
      ...filters,
    ],
    limit,
  )
  if (hung) return 'a hang'
  if (code === 0) return null
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
  const [first] = testResults.flatMap((results) => results.assertionResults.filter(({ status }) => status === 'failed'))
  if (first) return `"${first.fullName}"`
  // Every test passed, and yet the run failed: an error that nobody caught.
  const ran = testResults.some((results) => results.assertionResults.some(({ status }) => status === 'passed'))
  const loaded = testResults.every((results) => results.status !== 'failed' || results.assertionResults.length > 0)
  if (ran && loaded && output.includes('Unhandled')) return 'an error that nobody caught'
  throw new Error(`the tests did not run:\n${output.slice(-4000)}`)
}

/** Random faults find what no test was written for, where the simulation is there. */
async function simulate() {
  if (!existsSync(join(copy, 'simulation/run.mjs'))) return null
  const { code, hung } = await run(['simulation/run.mjs', '--schedules', String(SCHEDULES)], hangAfter)
  return code === 0 && !hung ? null : 'the simulation'
}

function run(args, limit) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that its workers end with it.
    const child = spawn(process.execPath, args, {
      cwd: copy,
      detached: true,
      env: { ...process.env, CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0' },
    })
    let output = ''
    let hung = false
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
    const timer =
      limit &&
      setTimeout(() => {
        hung = true
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      }, limit)
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve({ code, hung, output })
    })
  })
}

function readArguments(args) {
  const options = { only: null, json: false }
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === '--json') options.json = true
    else if (args[at] === '--only' && args[at + 1]) options.only = args[(at += 1)]
    else throw new Error(`no option ${args[at]}; there are --only "name" and --json`)
  }
  return options
}
