// What each way to send a part costs in WebKitGTK: time, and memory of its processes (docs/decisions/0020).
// xvfb-run -a node scripts/webkit-bodies.mjs [--mib 256]
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from '../bench/summary.mjs'
import { ensureWebKit } from './browser.mjs'
import { startWebKitDriver } from './webkit-driver.mjs'

const MIB = 2 ** 20
const PART = 32 * MIB
const ROUNDS = 3
const at = process.argv.indexOf('--mib')
const size = (at < 0 ? 256 : Number(process.argv[at + 1])) * MIB
const WAYS = ['slice', 'form', 'buffer', 'file']

ensureWebKit()
const folder = mkdtempSync(join(tmpdir(), 'webkit-bodies-'))
const path = join(folder, 'file.bin')
const bytes = randomBytes(size)
writeFileSync(path, bytes)
const md5 = createHash('md5').update(bytes).digest('hex')

let hash = createHash('md5')
const server = createServer((request, response) => {
  if (request.method === 'GET') return response.end('<!doctype html><title>bodies</title><input type="file">')
  // Multipart bodies are counted, not read: their frame is in the way.
  request.on('data', (chunk) => hash.update(chunk))
  request.on('end', () => response.end('{}'))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const origin = `http://127.0.0.1:${server.address().port}`

const { child: driver, url: driverUrl } = await startWebKitDriver()
try {
  const { sessionId } = await call('POST', '/session', { capabilities: {} })
  const session = `/session/${sessionId}`
  const post = (route, body) => call('POST', session + route, body)
  await post('/timeouts', { script: 600_000 })
  await post('/url', { url: origin })
  const [input] = Object.values(await post('/element', { using: 'css selector', value: 'input' }))
  await post(`/element/${input}/value`, { text: path })

  const results = Object.fromEntries(WAYS.map((way) => [way, []]))
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const way of WAYS) {
      hash = createHash('md5')
      const before = memoryOf(driver.pid)
      let peak = before
      const timer = setInterval(() => {
        peak = Math.max(peak, memoryOf(driver.pid))
      }, 50)
      const script = `const done = arguments[arguments.length - 1]; (${send.toString()})(...arguments).then(done)`
      const { ms, events } = await post('/execute/async', { script, args: [way, PART] })
      clearInterval(timer)
      const same = way === 'form' ? null : hash.digest('hex') === md5
      results[way].push({ ms, events, memory: peak - before, same })
    }
  }
  console.log(`${await post('/execute/sync', { script: 'return navigator.userAgent', args: [] })}`)
  console.log(`${size / MIB} MiB in parts of ${PART / MIB} MiB, one after the other; medians of ${ROUNDS}`)
  for (const [way, runs] of Object.entries(results)) {
    const ms = median(runs.map((run) => run.ms))
    const figures = [
      `${Math.round(size / MIB / (ms / 1000))} MiB/s`,
      `+${Math.round(median(runs.map(({ memory }) => memory)) / MIB)} MiB`,
      `${median(runs.map(({ events }) => events))} progress events`,
      runs.every(({ same }) => same !== false) ? (way === 'form' ? 'not compared' : 'every byte') : 'OTHER BYTES',
    ]
    console.log(way.padEnd(8), figures.join(', '))
  }
  await call('DELETE', session)
} finally {
  driver.kill()
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Runs in the page. */
async function send(way, partSize) {
  const file = document.querySelector('input').files[0]
  let events = 0
  const post = (body) =>
    new Promise((resolve, reject) => {
      const xhr = new XMLHttpRequest()
      xhr.upload.onprogress = () => {
        events += 1
      }
      xhr.onload = resolve
      xhr.onerror = () => reject(new Error('no answer'))
      xhr.open('POST', '/')
      xhr.send(body)
    })
  const started = performance.now()
  const step = way === 'file' ? file.size : partSize
  for (let start = 0; start < file.size; start += step) {
    const slice = file.slice(start, start + step)
    const form = new FormData()
    if (way === 'form') form.append('data', slice, 'part')
    if (way === 'buffer') await post(await slice.arrayBuffer())
    else await post(way === 'file' ? file : way === 'form' ? form : slice)
  }
  return { ms: performance.now() - started, events }
}

/** Resident bytes of a process and all below it. */
function memoryOf(root) {
  const parents = new Map()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8')
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      parents.set(Number(entry), Number(parent))
    } catch {}
  }
  const isBelow = (pid) => pid === root || (parents.has(pid) && isBelow(parents.get(pid)))
  let total = 0
  for (const pid of parents.keys()) {
    if (!isBelow(pid)) continue
    try {
      total += Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024
    } catch {}
  }
  return total
}

async function call(method, route, body) {
  const response = await fetch(driverUrl + route, { method, ...(body && { body: JSON.stringify(body) }) })
  const { value } = await response.json()
  if (!response.ok) throw new Error(`${method} ${route}: ${value?.message}`)
  return value
}
