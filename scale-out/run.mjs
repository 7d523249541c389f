// npm run scale-out [-- --balancer node|nginx] [--store none|redis] [--small] [--seed 1] [--json FILE]
// Three instances of the handler behind a round-robin balancer, the Uploads API on disk, and twenty files from Chromium, all
// at once. In the middle one instance is killed and replaced. What the page has told its user is compared with the server.
// --small needs no build and takes seconds: six files, from the sources, killed with the answer to a part in hand.
import { fork, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { chromium } from 'playwright'
import { chromiumArgs, ensureChromium } from '../scripts/browser.mjs'
import { randomFrom } from '../scripts/random.mjs'

const KIB = 2 ** 10
const MIB = 2 ** 20
const PART_BYTES = MIB
const INSTANCES = 3
/** How many files of which size there are: less than a part, a few parts, many. */
const manyFiles = [
  { files: 5, from: 1, to: 100 * KIB },
  { files: 10, from: MIB, to: 8 * MIB },
  { files: 5, from: 8 * MIB, to: 24 * MIB },
]
/** Of three parts each, so that none is complete while the second part to arrive is held. */
const fewFiles = [{ files: 6, from: 2 * MIB + 1, to: 3 * MIB }]
/** For all twenty. They take some seconds; this is for those that never end. */
const PATIENCE_MS = 180_000

const scenarios = [
  { name: 'killed during parts', moment: 'parts' },
  { name: 'killed while it relays a complete that OpenAI has not begun', moment: 'before' },
  { name: 'killed while it relays a complete that OpenAI has done', moment: 'after' },
]
/** What only a store can do: the answer outlives the instance that got it. */
const keptScenario = {
  name: 'killed with the answer to a complete in the store, before the browser has it',
  moment: 'kept',
}
const smallScenario = { name: 'killed with the answer to a part in hand', moment: 'part' }

const options = readOptions(process.argv.slice(2))
const random = randomFrom(options.seed)
const folder = mkdtempSync(join(tmpdir(), 'scale-out-'))
const running = new Set()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

const started = Date.now()
const files = writeFiles()
await buildAll()
const browser = await chromium.launch({ executablePath: ensureChromium(), args: chromiumArgs })
const results = []
for (const { balancer, store } of options.fleets) {
  for (const scenario of scenariosOf(store)) {
    const result = await run(balancer, store, scenario)
    results.push(result)
    print(result)
  }
}
await browser.close()
const isRight = results.every(({ isRight }) => isRight)
console.log(
  `\n${isRight ? 'nothing was lost, and nothing was said that is not so' : 'FAILED'}, in ${Math.round((Date.now() - started) / 1000)} s`,
)
if (options.json) writeFileSync(options.json, `${JSON.stringify({ seed: options.seed, results }, null, 2)}\n`)
process.exit(isRight ? 0 : 1)

// ONE RUN

function scenariosOf(store) {
  if (options.isSmall) return [smallScenario]
  return store === 'redis' ? [...scenarios, keptScenario] : scenarios
}

async function run(balancer, store, { name, moment }) {
  const before = performance.now()
  const secret = randomBytes(32).toString('base64')
  const chosen = chosenOf(moment)
  const api = await start('api.mjs', mkdtempSync(join(folder, 'api-')), moment, String(chosen))
  const baseURL = `http://127.0.0.1:${api.port}/v1`
  const redis = store === 'redis' ? await startRedis() : null
  let answersKept = 0
  const startInstance = async (index, port = 0) => {
    const instance = `proj_${index}`
    const child = await start('backend.mjs', instance, String(port), baseURL, secret, redis?.socket ?? '')
    // With a store it asks before each answer to a complete that the store has: who is chosen waits to be killed.
    child.on('message', ({ event, uploadId }) => {
      if (event !== 'kept') return
      answersKept += 1
      if (moment === 'kept' && answersKept === chosen) lookout({ event: 'held', instance, uploadId })
      // Who has died meanwhile asks for nothing.
      else child.send({ uploadId }, () => {})
    })
    return child
  }
  const instances = await Promise.all(Array.from({ length: INSTANCES }, (_, index) => startInstance(index)))
  const front = await startBalancer(
    balancer,
    instances.map(({ port }) => port),
  )

  const page = await browser.newPage()
  const errors = []
  page.on('pageerror', (error) => errors.push(String(error)))
  const told = new Set()
  await page.exposeFunction('onOutcome', (file) => void told.add(file))
  const kills = []
  const replace = async (instance) => {
    const index = Number(instance.slice('proj_'.length))
    const { port } = instances[index]
    await stop(instances[index])
    api.send({ order: 'release', dead: instance })
    instances[index] = await startInstance(index, port)
  }
  // The files may be there before it is.
  const replacements = []
  const lookout = watch(api, moment, told, (kill) => {
    kills.push(kill)
    replacements.push(replace(kill.instance))
  })

  await page.goto(`http://127.0.0.1:${front.port}/`)
  await page.locator('input[type=file]').setInputFiles(files.map(({ path }) => path))
  // Who waits in vain is compared all the same.
  const isOver = page.waitForFunction((count) => window.outcomes.length >= count, files.length, {
    timeout: PATIENCE_MS,
  })
  await isOver.catch(() => {})
  const { outcomes, partsSent } = await page.evaluate(() => ({
    outcomes: window.outcomes,
    partsSent: window.partsSent,
  }))
  await page.close()
  await Promise.all(replacements)
  const compared = await compare(api, outcomes)
  for (const child of [front, ...instances, api, redis]) if (child) await stop(child)
  return {
    ...{ balancer, store, name, kills, errors, ...compared },
    partsSentAgain: partsSent - compared.parts,
    seconds: Number(((performance.now() - before) / 1000).toFixed(1)),
    // Without a kill it has proven nothing.
    isRight:
      kills.length === 1 &&
      errors.length === 0 &&
      compared.falseReports.length === 0 &&
      isAsPromised(compared, moment, kills[0]),
  }
}

/** Which part, complete or kept answer is held until its instance is dead. */
function chosenOf(moment) {
  if (moment === 'parts') return 0
  return moment === 'part' ? 2 : 1 + Math.floor(random() * files.length)
}

/** Calls `kill` once: with an instance in the middle of a part and of no complete, or of the complete that is held. */
function watch(api, moment, told, kill) {
  const wanted = 20 + Math.floor(random() * 40)
  /** Completes that each instance was asked for. */
  const completes = new Map()
  const openOf = (instance) => (completes.get(instance) ?? []).filter(({ name }) => !told.has(name))
  let isAsking = false
  const listen = ({ event, instance, uploadId, filename, accepted, arriving }) => {
    if (event === 'complete')
      completes.set(instance, [...(completes.get(instance) ?? []), { name: filename, uploadId }])
    if (event === 'part' && moment === 'parts' && accepted >= wanted && !isAsking) {
      isAsking = true
      api.send({ order: 'hold' })
    }
    let victim
    if (event === 'held') victim = instance
    else if (event === 'holding') {
      const fit = Object.keys(arriving).filter((name) => arriving[name] > 0 && openOf(name).length === 0)
      victim = fit[Math.floor(random() * fit.length)]
      if (victim === undefined) api.send({ order: 'release', dead: null })
      isAsking = false
    }
    if (victim === undefined) return
    api.off('message', listen)
    // Those that the API holds are not begun, and will be when they are asked for again.
    const inHand = openOf(victim).map((open) => open.uploadId)
    const begun = inHand.filter((id) => moment === 'after' || id !== uploadId)
    kill({ instance: victim, completesInHand: inHand.length, repliesInHand: begun })
  }
  api.on('message', listen)
  return listen
}

/**
 * All complete; only where the answer to a complete was lost with its instance, the upload may end in an open question. One
 * that a store has is not lost.
 */
function isAsPromised({ outcomes, unknown }, moment, { repliesInHand }) {
  const others = Object.keys(outcomes).filter((outcome) => outcome !== 'completed' && outcome !== 'outcome_unknown')
  if ((moment === 'parts' || moment === 'part') && unknown.length > 0) return false
  return others.length === 0 && unknown.every((id) => repliesInHand.includes(id))
}

/** What the page has said, beside what the server has. */
async function compare(api, said) {
  const { uploads } = await ask(api)
  const stored = new Map()
  for (const { id, file } of uploads.filter(({ status }) => status === 'completed')) {
    const list = stored.get(file.filename) ?? []
    stored.set(file.filename, [...list, { uploadId: id, fileId: file.id, sha256: await hashOf(api, file.id) }])
  }
  const falseReports = []
  const unknown = []
  for (const file of files) {
    const outcomes = said.filter(({ name }) => name === file.name)
    const copies = stored.get(file.name) ?? []
    const [{ outcome, fileId } = { outcome: 'none' }] = outcomes
    const report = (what) => falseReports.push(`${file.name}: ${what}`)
    if (outcomes.length !== 1) report(`${outcomes.length} outcomes`)
    if (copies.some(({ sha256 }) => sha256 !== file.sha256)) report('the File is another')
    if (outcome === 'completed' && !(copies.length === 1 && copies[0].fileId === fileId))
      report('completed, without its File')
    if (outcome !== 'completed' && outcome !== 'outcome_unknown' && copies.length > 0) report(`${outcome}, with a File`)
    if (outcome === 'outcome_unknown') {
      unknown.push(uploads.find(({ filename }) => filename === file.name)?.id)
    }
  }
  return {
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    parts: files.reduce((sum, { bytes }) => sum + Math.ceil(bytes / PART_BYTES), 0),
    filesIdentical: [...stored.values()].flat().length,
    outcomes: Object.fromEntries(tally(said)),
    unknown,
    falseReports,
  }
}

function tally(said) {
  const counts = new Map()
  for (const { outcome } of said) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return counts
}

async function hashOf(api, fileId) {
  const response = await fetch(`http://127.0.0.1:${api.port}/v1/files/${fileId}/content`, {
    headers: { authorization: 'Bearer sk-scale-out' },
  })
  const hash = createHash('sha256')
  for await (const chunk of response.body) hash.update(chunk)
  return hash.digest('hex')
}

// PROCESSES

async function start(file, ...args) {
  const child = fork(join(folder, file), args)
  running.add(child)
  const [{ port }] = await once(child, 'message')
  return Object.assign(child, { port })
}

async function stop(child) {
  running.delete(child)
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** What the API has at this moment. */
async function ask(api) {
  const answered = new Promise((resolve) => {
    const listen = (message) => {
      if (message.event) return
      api.off('message', listen)
      resolve(message)
    }
    api.on('message', listen)
  })
  api.send({ order: 'tell' })
  return answered
}

function startBalancer(balancer, ports) {
  return balancer === 'nginx' ? startNginx(ports) : start('balancer.mjs', folder, ...ports.map(String))
}

/** The configuration of examples/nginx as it is, but for the addresses. */
async function startNginx(ports) {
  const listening = createServer().listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const { port } = listening.address()
  const home = mkdtempSync(join(folder, 'nginx-'))
  const example = readFileSync(join(import.meta.dirname, '../examples/nginx/uploads.conf'), 'utf8')
  let next = 0
  const server = example
    .replace(/127\.0\.0\.1:300\d/g, () => `127.0.0.1:${ports[next++]}`)
    .replace('127.0.0.1:8080', `127.0.0.1:${port}`)
    .replace('/srv/app', folder)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${home};`)
  const config = `
    daemon off;
    ${process.getuid() === 0 ? 'user root;' : ''}
    worker_processes 2;
    pid ${join(home, 'nginx.pid')};
    error_log ${join(home, 'error.log')};
    events { worker_connections 1024; }
    http {
      access_log off;
      types { text/html html; text/javascript js; }
      ${temporary.join('\n')}
      ${server}
    }`
  const path = join(home, 'nginx.conf')
  writeFileSync(path, config)
  // nginx takes no port 0, but the number of a socket that listens already: nobody can take its port in between.
  const child = spawn('nginx', ['-e', join(home, 'error.log'), '-c', path], {
    stdio: ['inherit', 'inherit', 'inherit', listening._handle.fd],
    env: { ...process.env, NGINX: '3;' },
  })
  running.add(child)
  await once(child, 'spawn')
  listening.close()
  // Its workers end with their master only if it is asked.
  return Object.assign(child, { port, kill: () => process.kill(child.pid, 'SIGTERM') })
}

/** Writes nothing down, and listens on a socket that nobody else knows. */
async function startRedis() {
  const home = mkdtempSync(join(folder, 'redis-'))
  const socket = join(home, 'redis.sock')
  const args = ['--port', '0', '--unixsocket', socket, '--save', '', '--appendonly', 'no', '--dir', home]
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  running.add(child)
  let said = ''
  for await (const chunk of child.stdout) {
    said += String(chunk)
    if (said.includes('eady to accept connections')) return Object.assign(child, { socket })
  }
  throw new Error(`redis-server did not start: ${said}`)
}

// FILES AND PAGE

function writeFiles() {
  const home = join(folder, 'files')
  mkdirSync(home)
  return (options.isSmall ? fewFiles : manyFiles).flatMap(({ files: count, from, to }, kind) =>
    Array.from({ length: count }, (_, index) => {
      const bytes = from + Math.floor(random() * (to - from))
      const content = noise(bytes)
      const name = `file-${kind}-${index}.txt`
      const path = join(home, name)
      writeFileSync(path, content)
      return { name, path, bytes, sha256: createHash('sha256').update(content).digest('hex') }
    }),
  )
}

function noise(bytes) {
  const words = new Uint32Array(Math.ceil(bytes / 4))
  for (let at = 0; at < words.length; at += 1) words[at] = random() * 2 ** 32
  return Buffer.from(words.buffer, 0, bytes)
}

/** The page and the processes, with what is published, or with the sources. */
async function buildAll() {
  const plugins = options.isSmall ? [{ name: 'sources', setup: takeSources }] : []
  const common = { bundle: true, format: 'esm', logLevel: 'error', plugins }
  const entry = (name) => join(import.meta.dirname, name)
  await build({
    ...common,
    entryPoints: [entry('page.jsx')],
    outfile: join(folder, 'page.js'),
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  await build({
    ...common,
    entryPoints: ['api.mjs', 'backend.mjs', 'balancer.mjs'].map(entry),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    platform: 'node',
    // Some packages of Node's older kind ask for its modules by `require`.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  })
  const html =
    '<!doctype html><title>Uploads</title><div id="root"></div><script type="module" src="/page.js"></script>'
  writeFileSync(join(folder, 'index.html'), html)
}

/** In place of what is published. */
function takeSources({ onResolve }) {
  onResolve({ filter: /^\.\.\/dist\// }, ({ path, resolveDir }) => ({
    path: join(resolveDir, path).replace('/dist/', '/src/').replace(/\.js$/, '.ts'),
  }))
}

// WHAT IS SAID OF IT

function print(result) {
  const { balancer, store, name, outcomes, kills, falseReports, errors } = result
  const mib = (result.bytes / MIB).toFixed(0)
  const said = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  console.log(
    `${result.isRight ? 'ok  ' : 'FAIL'} ${balancer}${store === 'redis' ? ' and Redis' : ''}, ${name}: ${result.files} files of ${mib} MiB in ${result.parts} parts, ` +
      `${kills.length} killed, ${result.partsSentAgain} parts sent again; ${said.join(', ')}; ` +
      `${result.filesIdentical} Files on the server, ${falseReports.length} false reports; ${result.seconds} s`,
  )
  for (const line of [...falseReports, ...errors]) console.log(`     ${line}`)
}

function readOptions(args) {
  const has = (program) => spawnSync(program, ['-v'], { stdio: 'ignore' }).status === 0
  const read = { seed: 1, json: null, balancer: null, store: null, isSmall: false }
  for (let at = 0; at < args.length; at += 1) {
    const name = args[at].replace(/^--/, '')
    if (name === 'small') {
      read.isSmall = true
      continue
    }
    const value = args[(at += 1)]
    if (name === 'balancer' && (value === 'node' || value === 'nginx')) read.balancer = value
    else if (name === 'store' && (value === 'none' || value === 'redis')) read.store = value
    else if (name === 'seed' && Number.isSafeInteger(Number(value))) read.seed = Number(value)
    else if (name === 'json' && value) read.json = value
    else throw new Error('--balancer node|nginx, --store none|redis, --small, --seed N, --json FILE')
  }
  return { ...read, fleets: fleetsOf(read, has('nginx'), has('redis-server')) }
}

/** What is run: as asked for, or with each balancer that is here, and once more with a store. */
function fleetsOf({ balancer, store, isSmall }, hasNginx, hasRedis) {
  if (isSmall || (balancer && store)) return [{ balancer: balancer ?? 'node', store: store ?? 'none' }]
  const balancers = balancer ? [balancer] : hasNginx ? ['node', 'nginx'] : ['node']
  const without = store === 'redis' ? [] : balancers.map((one) => ({ balancer: one, store: 'none' }))
  const withStore = store === 'none' ? [] : [{ balancer: balancers.at(-1), store: 'redis' }]
  if (withStore.length > 0 && !hasRedis) {
    console.log('SKIPPED: with the Redis store, as there is no redis-server (apt-get install redis-server)')
    return without
  }
  return [...without, ...withStore]
}
