import { request as httpRequest } from 'node:http'
import { createClock } from '../../testing/clock.js'
import { type LocalApi, startLocalApi } from '../../uploads-api/local.js'
import { fedBody } from '../fed-body.test.kit.js'
import {
  backend,
  completedUpload,
  createBody,
  rawPart,
  remoteUpload,
  START,
  UPLOAD_ID,
  well,
} from '../fixture.test.support.js'
import { createMemoryStore } from '../index.js'
import type { Attack, World } from './world.test.kit.js'

// Who stays too long, sends too much, or asks again.

const PARTS = `/${UPLOAD_ID}/parts`
const bigToken = backend()
  .post('', { json: createBody({ bytes: 2 ** 20 }) })
  .then((response) => response.headers.get('x-upload-token') ?? '')
const bigHeaders = { 'content-type': 'application/octet-stream', 'x-upload-range': `0-${2 ** 20 - 1}/${2 ** 20}` }

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** A backend in its own time, in front of an OpenAI that reads and reads. */
function patient() {
  const clock = createClock('manual', () => turns(3))
  const state = { called: false, aborted: false, opened: 0 }
  const made = backend({
    now: () => clock.now(),
    setTimer: (callback, ms) => {
      state.opened += 1
      return clock.setTimer(callback, ms)
    },
    onError: () => {},
    fetch: (_url, init) => {
      state.called = true
      return new Promise((_, reject) => {
        const abort = () => {
          state.aborted = true
          reject(new Error('aborted'))
        }
        if (init.signal?.aborted) abort()
        init.signal?.addEventListener('abort', abort)
        new Response(init.body ?? null).arrayBuffer().catch(reject)
      })
    },
  })
  return { clock, state, made }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turns(1)
}

/** S12: browsers that leave in the middle. */
export const droppedConnection: Attack = async (world) => {
  const { random } = world
  const { clock, state, made } = patient()
  const { body, state: sender, send, fail } = fedBody()
  const leaving = new AbortController()
  const options = { body, headers: bigHeaders, token: await bigToken, signal: leaving.signal }
  const answer = world.fire(made, PARTS, options, 'any')
  if (random.chance(0.8)) await until(() => state.called)
  for (let count = random.int(0, 3); count > 0; count -= 1) send(random.int(1, 65_536))
  await turns(random.int(0, 3))
  if (random.chance(0.5)) leaving.abort()
  else fail()
  const { status } = await answer
  world.expect(status === 499 || status === 400, `a broken part was answered ${status}`)
  world.expect(!state.called || state.aborted, 'the call to OpenAI goes on')
  world.expect(clock.pending === 0, 'a timer is left')
  world.expect(sender.cancelled || !leaving.signal.aborted || !state.called, 'the body is still held')
}

/** S15: bodies that come by the byte. */
export const slowSender: Attack = async (world) => {
  const { random } = world
  const { clock, state, made } = patient()
  const { body, state: sender, send } = fedBody()
  const json = { body, headers: { 'content-type': 'application/json' }, token: await bigToken }
  const [path, options] = random.pick([
    [PARTS, { ...json, headers: bigHeaders }],
    ['', json],
    [`/${UPLOAD_ID}/complete`, json],
  ] as const)
  const answer = world.fire(made, path, options, 'any')
  await until(() => state.opened > 0)
  const step = random.int(1, 29)
  const size = random.int(0, 20)
  // Whoever drips is gone within a minute.
  for (let second = 0; second < 60 && !sender.cancelled; second += step) {
    if (size > 0) send(size)
    await clock.advance(step * 1000)
  }
  world.expect(sender.cancelled, `${size} bytes every ${step} s went on for a minute`)
  const { status } = await answer
  world.expect(status === 408, `a slow sender was answered ${status}`)
  world.expect(clock.pending === 0, 'a timer is left')
  world.expect(!state.called || state.aborted, 'the call to OpenAI goes on')
}

const quotas = { createsPerMinute: 5, openUploads: 4, bytesPerDay: 100 }
const quotaClock = { now: START * 1000 }
const now = () => quotaClock.now
const shared = { now, onError: () => {}, store: createMemoryStore({ now }), quotas }
const instances = [backend(shared), backend(shared)] as const
let minute: { user: string; taken: number; tried: number; bytes: number }[] = []

/** S20: one user takes what is everybody's. */
export const greedyUser: Attack = async (world) => {
  const { random } = world
  if (random.chance(0.02) || minute.length === 0) {
    // A new day, in which nobody has taken anything.
    quotaClock.now += 86_400_000
    minute = ['ada', 'grace', 'mallory'].map((user) => ({ user, taken: 0, tried: 0, bytes: 0 }))
  }
  const account = random.pick(minute)
  const bytes = random.int(1, 60)
  const may =
    account.tried < quotas.createsPerMinute &&
    account.taken < quotas.openUploads &&
    account.bytes + bytes <= quotas.bytesPerDay
  const options = { json: createBody({ bytes }), user: account.user }
  const reply = await world.fire(random.pick(instances), '', options, may ? 'any' : 'none')
  account.tried += 1
  if (reply.status === 200) {
    account.taken += 1
    account.bytes += bytes
  }
  world.expect(may === (reply.status === 200), `${account.user} was answered ${reply.status}`)
  world.expect(may || reply.status === 429, `${reply.status} beyond a quota`)
  world.expect(may || Number(reply.headers.get('retry-after')) >= 1, 'no retry-after')
}

/** S21: one create, tried many times over two instances, at once and one after the other. */
async function replayedCreate(world: World): Promise<void> {
  const { random } = world
  let made = 0
  const respond = () => {
    made += 1
    return Response.json(remoteUpload({ id: `upload_${made}` }))
  }
  const options = { now: () => START * 1000, store: createMemoryStore({ now }), onError: () => {} }
  const instances = [backend(options, respond), backend(options, respond)] as const
  const key = String(random.int(0, 2 ** 32)).padStart(16, 'k')
  const headers = { 'x-upload-key': key }
  const create = () => world.fire(random.pick(instances), '', { json: createBody(), headers }, 'any')
  const replies = await Promise.all(Array.from({ length: random.int(1, 5) }, create))
  for (let count = random.int(1, 5); count > 0; count -= 1) replies.push(await create())
  const answers = replies.filter(({ status }) => status === 200)
  world.expect(made === 1, `${made} Uploads were made`)
  world.expect(answers.length > 0 && new Set(answers.map(({ text }) => text)).size === 1, 'the answers differ')
  world.expect(
    replies.every(({ status }) => status === 200 || status === 503),
    'a replay failed',
  )
  const other = { json: createBody({ bytes: 13 }), headers }
  const changed = await world.fire(random.pick(instances), '', other, 'none')
  world.expect(changed.status === 422, `another file was answered ${changed.status}`)
  const stranger = await world.fire(random.pick(instances), '', { ...other, user: 'mallory' }, 'any')
  world.expect(stranger.text.includes('upload_2'), 'a stranger got what is not theirs')
}

/** S21: what was done once is asked for again. */
export const replay: Attack = async (world) => {
  const { random } = world
  if (random.chance(0.3)) return replayedCreate(world)
  let told = 0
  const store = createMemoryStore({ now })
  const settings = { now: () => START * 1000, store, onError: () => {}, onComplete: () => (told += 1) }
  const made = backend(settings, (request) =>
    request.url.endsWith('/complete') ? Response.json(completedUpload()) : well(request),
  )
  const own = await made.token()
  const options = { json: { part_ids: ['part_1'], md5: '0'.repeat(32) }, token: own }
  const first = await world.fire(made, `/${UPLOAD_ID}/complete`, options, 'any')
  for (let count = random.int(1, 5); count > 0; count -= 1) {
    const again = await world.fire(made, `/${UPLOAD_ID}/complete`, options, 'none')
    world.expect(again.status === 200 && again.text === first.text, `a replay was answered ${again.status}`)
  }
  world.expect(told === 1, `the app was told ${told} times`)
  const parts = await Promise.all(
    Array.from({ length: 3 }, () => made.post(PARTS, { ...rawPart(), token: own, user: 'mallory' })),
  )
  world.expect(
    parts.every(({ status }) => status === 403),
    "another's replay was taken",
  )
  world.expect(made.seen.length === 0, 'a replay reached OpenAI')
}

let local: Promise<LocalApi> | undefined
export const closeLocal = async () => (await local)?.close()

/** S25: the API for tests and demos, asked by whoever is not on this machine. */
export const exposedEmulator: Attack = async (world: World) => {
  const { random } = world
  local ??= startLocalApi({ port: 0 })
  const { url } = await local
  const { port, hostname, pathname } = new URL(url)
  world.expect(hostname === '127.0.0.1', `it listens at ${hostname}`)
  const foreign = random.pick([
    'rebound.example',
    '10.0.0.1',
    '169.254.169.254',
    'localhost.evil.com',
    '127.0.0.1.nip.io',
  ])
  const asPage = random.chance(0.5)
  const headers = asPage ? { origin: `https://${foreign}` } : { host: `${foreign}:${port}` }
  const path = `${pathname}/${random.pick(['files', 'uploads', 'files/file-1/content'])}`
  const method = random.pick(['GET', 'POST'])
  const status = await new Promise<number | undefined>((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on('error', reject)
      .end()
  })
  world.expect(status === 403, `${JSON.stringify(headers)} was answered ${status}`)
}
