import { describe, expect, it, vi } from 'vitest'
import { createClock } from '../testing/clock.js'
import { fedBody } from './fed-body.test.kit.js'
import { backend, createBody, errorOf, part, START, UPLOAD_ID } from './fixture.test.support.js'
import type { UploadsHandlerOptions } from './index.js'

const PARTS = `/${UPLOAD_ID}/parts`
const bytes = 2 ** 20
const headers = { 'content-type': 'application/octet-stream', 'x-upload-range': `0-${bytes - 1}/${bytes}` }
const tooSlow = { status: 408, code: 'timeout', message: 'The body came too slowly.' }

/** A backend whose time passes only when a test says so. */
async function slowWorld(options: Partial<UploadsHandlerOptions> = {}) {
  const clock = createClock('manual', async () => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve))
  })
  const time = { now: () => clock.now(), setTimer: (callback: () => void, ms: number) => clock.setTimer(callback, ms) }
  const aborted: unknown[] = []
  const made = backend({
    ...time,
    // OpenAI reads all there is, and waits for ever for the rest.
    fetch: (_url, init) =>
      new Promise((resolve, reject) => {
        init.signal?.addEventListener('abort', () => {
          aborted.push(init.signal?.reason)
          reject(new Error('aborted'))
        })
        new Response(init.body ?? null).arrayBuffer().then(() => resolve(Response.json(part())), reject)
      }),
    ...options,
  })
  // The fixture's clock stands still at its hour; this one begins there.
  expect(clock.now()).toBe(START * 1000)
  const creator = backend(time)
  const token = (await creator.post('', { json: createBody({ bytes }) })).headers.get('x-upload-token') ?? ''
  /** Resolves once so many bodies are read under the clock. */
  const opened = (count: number) => vi.waitFor(() => expect(clock.pending).toBe(count))
  return { ...made, clock, aborted, token, opened }
}

describe('a sender that is too slow', () => {
  it('is cut after thirty seconds of silence: the call to OpenAI ends, and nothing is left', async () => {
    const { post, clock, opened, aborted, token, errors } = await slowWorld()
    const { body, state, send } = fedBody()
    const answer = post(PARTS, { body, headers, token })
    await opened(1)
    send(500_000)
    await clock.advance(29_999)
    expect(aborted).toEqual([])
    await clock.advance(1)
    expect(await errorOf(await answer)).toMatchObject(tooSlow)
    expect([aborted.length, state.cancelled, clock.pending, errors]).toEqual([1, true, 0, []])
  })

  it('may rest between chunks for as long as it keeps its pace', async () => {
    const { post, clock, opened, token } = await slowWorld()
    const { body, send, end } = fedBody()
    const answer = post(PARTS, { body, headers, token })
    await opened(1)
    for (let sent = 0; sent < bytes; sent += 2 ** 18) {
      await clock.advance(29_000)
      send(2 ** 18)
    }
    end()
    await clock.advance(0)
    expect((await answer).status).toBe(200)
    expect(clock.pending).toBe(0)
  })

  it('is cut when it drips: a byte every ten seconds keeps no place', async () => {
    const { post, clock, opened, aborted, token } = await slowWorld()
    const senders = Array.from({ length: 500 }, fedBody)
    const answers = senders.map(({ body }) => post(PARTS, { body, headers, token }))
    await opened(500)
    for (let second = 0; second < 40; second += 10) {
      for (const { send, state } of senders) if (!state.cancelled) send(1)
      await clock.advance(10_000)
    }
    const statuses = await Promise.all(answers.map(async (answer) => (await answer).status))
    expect(new Set(statuses)).toEqual(new Set([408]))
    expect([aborted.length, senders.filter(({ state }) => !state.cancelled).length, clock.pending]).toEqual([500, 0, 0])
    // An honest one is served beside them and after them.
    const honest = await post(PARTS, { body: new Uint8Array(bytes), headers, token })
    expect(honest.status).toBe(200)
  })

  it('has fifteen minutes for a part, however steadily it sends', async () => {
    const { post, clock, opened, token } = await slowWorld()
    const { body, send } = fedBody()
    const answer = post(PARTS, { body, headers, token })
    await opened(1)
    for (let second = 0; second < 900; second += 20) {
      send(20_000)
      await clock.advance(20_000)
    }
    expect(await errorOf(await answer)).toMatchObject(tooSlow)
    expect(clock.pending).toBe(0)
  })

  it('is not the browser while OpenAI is the one that does not read', async () => {
    let read = () => {}
    const reading = new Promise<void>((resolve) => {
      read = resolve
    })
    const { post, clock, opened, token } = await slowWorld({
      fetch: async (_url, init) => {
        await reading
        await new Response(init.body ?? null).arrayBuffer()
        return Response.json(part())
      },
    })
    const answer = post(PARTS, { body: new Uint8Array(bytes), headers, token })
    await opened(1)
    await clock.advance(600_000)
    read()
    expect((await answer).status).toBe(200)
    expect(clock.pending).toBe(0)
  })

  it('cannot hide behind OpenAI for longer than the whole may take', async () => {
    const { post, clock, opened, token } = await slowWorld({
      fetch: (_url, init) =>
        new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    })
    const { body, state } = fedBody()
    const answer = post(PARTS, { body, headers, token })
    await opened(1)
    await clock.advance(900_000)
    expect(await errorOf(await answer)).toMatchObject(tooSlow)
    expect([state.cancelled, clock.pending]).toEqual([true, 0])
  })

  it.each([
    ['create', ''],
    ['complete', `/${UPLOAD_ID}/complete`],
  ])('of the JSON for %s is cut as well, and OpenAI is not called', async (_, path) => {
    const { post, seen, clock, opened, token } = await slowWorld()
    const { body, state, send } = fedBody()
    const answer = post(path, { body, headers: { 'content-type': 'application/json' }, token })
    await opened(1)
    send(10)
    await clock.advance(30_000)
    expect(await errorOf(await answer)).toMatchObject(tooSlow)
    expect([seen, state.cancelled, clock.pending]).toEqual([[], true, 0])
  })

  it('is a matter of options', async () => {
    const senderLimits = { idleSeconds: 5, bytesPerSecond: 10, totalSeconds: 60 }
    const { post, clock, opened, token } = await slowWorld({ senderLimits })
    const [silent, steady] = [fedBody(), fedBody()]
    const answers = [silent, steady].map(({ body }) => post(PARTS, { body, headers, token }))
    await opened(2)
    for (let second = 0; second < 56; second += 4) {
      steady.send(40)
      await clock.advance(4000)
    }
    expect([silent.state.cancelled, steady.state.cancelled]).toEqual([true, false])
    await clock.advance(4000)
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([408, 408])
  })
})

it.each([
  ['a part that is refused unread', PARTS, { body: 'x', headers, token: 'bad' }, 403],
  ['a part that OpenAI refuses', PARTS, { body: new Uint8Array(bytes), headers }, 429],
  ['a create', '', { json: createBody() }, 429],
  ['JSON that is none', '', { body: '{', headers: { 'content-type': 'application/json' } }, 400],
])('leaves no timer behind after %s', async (_, path, options, status) => {
  const fetch = vi.fn<() => Promise<Response>>(async () => new Response('', { status: 429 }))
  const { post, clock, token } = await slowWorld({ fetch })
  expect((await post(path, { token, ...options })).status).toBe(status)
  expect(clock.pending).toBe(0)
})
