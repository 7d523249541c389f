// Sends one file in parts, some at a time and without a browser: the other side of a measurement of servers.
import { Agent, request } from 'node:http'
import { inParallel } from '../contenders/parallel.mjs'
import { serveParent } from './child.mjs'
import { contentBlocks } from './content.mjs'

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
const BOUNDARY = 'bench-boundary'
const BEFORE = Buffer.from(
  `--${BOUNDARY}\r\ncontent-disposition: form-data; name="data"; filename="part"\r\ncontent-type: application/octet-stream\r\n\r\n`,
)
const AFTER = Buffer.from(`\r\n--${BOUNDARY}--\r\n`)

/** `kind`: `multipart` for a server that speaks the Uploads API, `plain` for one that takes numbered bodies. */
async function send({ port, kind, fileId, parts, partBytes, concurrency }) {
  const numbers = Array.from({ length: parts }, (_, index) => index)
  const sendTo = (path, number, isForm) => sendPart({ port, path, isForm, fileId, number, partBytes })
  if (kind === 'plain') return inParallel(concurrency, numbers, (number) => sendTo(`/${number}`, number, false))
  const path = '/v1/uploads'
  const file = { filename: 'bench.bin', bytes: parts * partBytes, mime_type: 'text/plain', purpose: 'user_data' }
  const { id } = await call(port, path, file)
  const accepted = await inParallel(concurrency, numbers, (number) => sendTo(`${path}/${id}/parts`, number, true))
  return call(port, `${path}/${id}/complete`, { part_ids: accepted.map((part) => part.id) })
}

function call(port, path, body) {
  return post(port, path, { 'content-type': 'application/json' }, async (outgoing) => {
    outgoing.write(JSON.stringify(body))
  })
}

function sendPart({ port, path, isForm, fileId, number, partBytes }) {
  const start = number * partBytes
  const headers = {
    'content-type': isForm ? `multipart/form-data; boundary=${BOUNDARY}` : 'application/octet-stream',
    'content-length': partBytes + (isForm ? BEFORE.length + AFTER.length : 0),
  }
  return post(port, path, headers, async (outgoing) => {
    if (isForm) outgoing.write(BEFORE)
    for (const block of contentBlocks(fileId, start, start + partBytes)) {
      // Once it is out, the block may be used again.
      await new Promise((resolve, reject) => outgoing.write(block, (error) => (error ? reject(error) : resolve())))
    }
    if (isForm) outgoing.write(AFTER)
  })
}

function post(port, path, headers, write) {
  return new Promise((resolve, reject) => {
    const outgoing = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (response.statusCode === 200) resolve(JSON.parse(text))
        else reject(new Error(`${path} answered ${response.statusCode}: ${text}`))
      })
    })
    outgoing.on('error', reject)
    write(outgoing).then(() => outgoing.end(), reject)
  })
}

serveParent(null, {
  send: async (about) => {
    const started = performance.now()
    const error = await send(about).then(
      () => null,
      (problem) => String(problem.stack),
    )
    return { milliseconds: performance.now() - started, error }
  },
})
