import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeListener } from '../../src/server/node.js'
import { createUploadsApi } from '../../src/uploads-api/index.js'

const MIB = 2 ** 20

export const API_KEY = 'sk-example'

/** The Uploads API over HTTP, with an eye on the bytes of the part that is arriving. */
export interface WatchedApi {
  /** The base URL for whoever stands in front of it. */
  readonly url: string
  /** Resolves once that many bytes of the latest request are there. */
  arrived(bytes: number): Promise<void>
  /** Resolves once a request has ended before its body did. */
  readonly broken: Promise<void>
  readFile(id: string): Promise<Uint8Array>
  close(): Promise<void>
}

export async function startWatchedApi(): Promise<WatchedApi> {
  const api = createUploadsApi({ apiKey: API_KEY })
  let seen = 0
  let look = () => {}
  let sayBroken = () => {}
  const broken = new Promise<void>((resolve) => {
    sayBroken = resolve
  })
  const listener = toNodeListener(api.handler)
  const server = createServer((req, res) => {
    seen = 0
    const push = req.push.bind(req)
    req.push = (chunk: Buffer | null, ...rest) => {
      seen += chunk?.length ?? 0
      look()
      return push(chunk, ...rest)
    }
    req.once('close', () => {
      if (!req.complete) sayBroken()
    })
    void listener(req, res)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    arrived: (bytes) =>
      new Promise((resolve) => {
        look = () => {
          if (seen >= bytes) resolve()
        }
        look()
      }),
    broken,
    readFile: (id) => api.readFile(id),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/**
 * Uploads one file through the backend at `endpoint` and compares it with what the API has then. Its parts are what
 * frameworks stumble over: one beyond 10 MB that is held half way, one that reads like JSON, and a form.
 */
export async function uploadThrough(endpoint: string, api: WatchedApi): Promise<void> {
  const json = new TextEncoder().encode(`{"this": "is not a request of JSON"${' '.repeat(1000)}}`)
  const parts = [noise(12 * MIB + 1), json, noise(MIB)] as const
  const file = Buffer.concat(parts)
  const { id, token } = await create(endpoint, file.length)
  const call = partCall(endpoint, id, token)

  const first = await sendHalfFirst(call, parts[0], file.length, () => api.arrived(4 * MIB))
  const second = await post(call, rawHeaders(parts[0].length, json.length, file.length), json)
  const form = new FormData()
  form.set('data', new Blob([parts[2]]), 'blob')
  const third = await post(call, {}, form)

  const md5 = createHash('md5').update(file).digest('hex')
  const complete = { part_ids: [first, second, third], md5 }
  const headers = { ...call.headers, 'content-type': 'application/json' }
  const completed = await answerOf<{ file: { id: string } }>(
    await fetch(`${endpoint}/${id}/complete`, { method: 'POST', headers, body: JSON.stringify(complete) }),
  )
  assert.ok(file.equals(await api.readFile(completed.file.id)), 'the File at the API is another than was sent')
}

/** Leaves in the middle of a part; resolves once the API has been left as well. */
export async function leaveThrough(endpoint: string, api: WatchedApi): Promise<void> {
  const { id, token } = await create(endpoint, 4 * MIB)
  const call = partCall(endpoint, id, token)
  const sending = request(call.url, {
    method: 'POST',
    headers: { ...call.headers, ...rawHeaders(0, 4 * MIB, 4 * MIB) },
  })
  sending.on('error', () => {})
  sending.write(noise(2 * MIB))
  await api.arrived(MIB)
  sending.destroy()
  await api.broken
}

async function create(endpoint: string, bytes: number): Promise<{ id: string; token: string }> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'x-uploads-client': '1', 'content-type': 'application/json' },
    body: JSON.stringify({ filename: 'tale.txt', mime_type: 'text/plain', purpose: 'user_data', bytes }),
  })
  const { id } = await answerOf<{ id: string }>(response)
  return { id, token: response.headers.get('x-upload-token') ?? '' }
}

interface PartCall {
  url: string
  headers: Record<string, string>
}

const partCall = (endpoint: string, id: string, token: string): PartCall => ({
  url: `${endpoint}/${id}/parts`,
  headers: { 'x-uploads-client': '1', 'x-upload-token': token },
})

const rawHeaders = (start: number, length: number, total: number) => ({
  'content-type': 'application/octet-stream',
  'content-length': String(length),
  'x-upload-range': `${start}-${start + length - 1}/${total}`,
})

async function post(call: PartCall, headers: Record<string, string>, body: BodyInit): Promise<string> {
  const response = await fetch(call.url, { method: 'POST', headers: { ...call.headers, ...headers }, body })
  return (await answerOf<{ id: string }>(response)).id
}

/** Sends two thirds of the part, and the rest only when `isUnderWay` says that it streams. */
async function sendHalfFirst(call: PartCall, part: Uint8Array, total: number, isUnderWay: () => Promise<void>) {
  const headers = { ...call.headers, ...rawHeaders(0, part.length, total) }
  const sending = request(call.url, { method: 'POST', headers })
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>
  const held = Math.floor((part.length * 2) / 3)
  sending.write(part.subarray(0, held))
  const early = await Promise.race([isUnderWay(), answered])
  if (!early) sending.write(part.subarray(held))
  sending.end()
  const [response] = await answered
  const body = Buffer.concat(await response.toArray()).toString()
  assert.equal(response.statusCode, 200, body)
  return (JSON.parse(body) as { id: string }).id
}

async function answerOf<T>(response: Response): Promise<T> {
  const text = await response.text()
  assert.equal(response.status, 200, text)
  return JSON.parse(text) as T
}

/** Bytes that no one guesses and every run has alike. */
function noise(length: number): Uint8Array<ArrayBuffer> {
  let state = length
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state >>> 24
  })
}
