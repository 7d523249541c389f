// The browsers, in a process of their own. Takes one order at a time, and answers it with what became of it.
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { randomFrom } from '../scripts/random.mjs'
import { bytesAt } from './pattern.mjs'

const PATH = '/api/uploads/upload_load/parts'
const SLICE_BYTES = 256 * 1024
const DROPPED_PART_BYTES = 256 * 1024
const DROPS_AT_ONCE = 100

/** What the slow ones have been told so far, and how to make them stop. */
const slowOnes = { told: Promise.resolve([]), ended: 0, timer: null }

const orders = { sendParts, drop, beginSlow, slowSoFar, awaitSlow }
process.on('message', ({ order, ...about }) => {
  orders[order](about).then(
    (done) => process.send({ done: done ?? null }),
    (error) => process.send({ failed: error.stack }),
  )
})
process.send({})

// WHOLE PARTS

/** Sends that many parts at once; resolves when each is answered. */
async function sendParts({ port, token, count, size, fileBytes }) {
  const started = performance.now()
  const statuses = await Promise.all(
    Array.from({ length: count }, (_, index) => sendPart({ port, token, start: index * size, size, fileBytes })),
  )
  const seconds = (performance.now() - started) / 1000
  return { seconds, refused: statuses.filter((status) => status !== 200).length }
}

async function sendPart({ port, start, size, ...about }) {
  const headers = headersOf({ start, size, ...about })
  const sending = request({ host: '127.0.0.1', port, path: PATH, method: 'POST', headers, agent: false })
  const answered = once(sending, 'response')
  answered.catch(() => {})
  for (let at = 0; at < size; ) {
    const slice = bytesAt(start + at, Math.min(SLICE_BYTES, size - at))
    at += slice.length
    if (!sending.write(slice)) await Promise.race([once(sending, 'drain'), answered])
  }
  sending.end()
  const [response] = await answered
  for await (const _ of response);
  return response.statusCode
}

function headersOf({ token, start, size, fileBytes }) {
  return {
    'x-uploads-client': '1',
    'x-upload-token': token,
    'x-upload-range': `${start}-${start + size - 1}/${fileBytes}`,
    'content-type': 'application/octet-stream',
    'content-length': size,
  }
}

// PARTS THAT ARE GIVEN UP

/** Begins that many parts and resets each connection at a random byte of it, the head and the wait for the answer included. */
async function drop({ port, token, count, seed, fileBytes }) {
  const random = randomFrom(seed)
  const head = headOf(port, headersOf({ token, start: 0, size: DROPPED_PART_BYTES, fileBytes }))
  const whole = Buffer.concat([head, bytesAt(0, DROPPED_PART_BYTES)])
  const dropped = { inTheHead: 0, inTheBody: 0, afterIt: 0 }
  let left = count
  const dropOneByOne = async () => {
    while (left-- > 0) {
      // One in ten is lost when all is sent and only the answer is missing.
      const cut = random() < 0.1 ? whole.length : Math.floor(random() * (random() < 0.1 ? head.length : whole.length))
      await dropAt(port, whole.subarray(0, cut))
      dropped[cut === whole.length ? 'afterIt' : cut < head.length ? 'inTheHead' : 'inTheBody'] += 1
    }
  }
  await Promise.all(Array.from({ length: DROPS_AT_ONCE }, dropOneByOne))
  return dropped
}

async function dropAt(port, bytes) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  const closed = once(socket, 'close')
  await once(socket, 'connect')
  // Once the system has them all, the process at the other end may have read them or not: what happens to clients.
  await new Promise((resolve) => socket.write(bytes, resolve))
  socket.resetAndDestroy()
  await closed
}

function headOf(port, headers) {
  const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers }).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(`POST ${PATH} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
}

// PARTS THAT DO NOT COME ON

/** Begins that many parts that go on by a byte each interval, for as long as they are let. */
async function beginSlow({ port, token, count, everyMs, fileBytes }) {
  const head = headOf(port, headersOf({ token, start: 0, size: DROPPED_PART_BYTES, fileBytes }))
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const started = performance.now()
  const endOf = async (socket) => {
    socket.on('error', () => {})
    let said = ''
    socket.on('data', (text) => (said += text))
    socket.write(head)
    await once(socket, 'close')
    slowOnes.ended += 1
    return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0), seconds: (performance.now() - started) / 1000 }
  }
  slowOnes.told = Promise.all(sockets.map(endOf))
  slowOnes.timer = setInterval(() => {
    for (const socket of sockets) if (socket.writable) socket.write(bytesAt(0, 1))
  }, everyMs)
}

async function slowSoFar() {
  return { ended: slowOnes.ended }
}

async function awaitSlow() {
  const told = await slowOnes.told
  clearInterval(slowOnes.timer)
  const seconds = told.map((one) => one.seconds)
  return {
    cut: told.filter(({ status }) => status === 408).length,
    firstCutSeconds: Math.min(...seconds),
    lastCutSeconds: Math.max(...seconds),
  }
}
