import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type Backend,
  backend,
  completedUpload,
  createBody,
  errorOf,
  part,
  type Respond,
  rawPart,
  remoteUpload,
  UPLOAD_ID,
  well,
} from './fixture.test.support.js'
import { revokeUpload, type UploadsHandlerOptions } from './index.js'
import { createRedisStore, type RedisClient } from './redis.js'
import { ADVANCE, type Connection, clients, hasRedis, type RedisServer, startRedis } from './redis-server.test.kit.js'
import { storeContract } from './store-contract.test.kit.js'

describe.skipIf(!hasRedis()).each(['ioredis', 'redis'] as const)('with a real Redis and %s', (name) => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedis()
  })
  afterAll(() => server.stop())

  const connect = async () => {
    const connection = await clients[name](server.socket)
    await connection.evaluate("return redis.call('FLUSHALL')")
    return connection
  }

  storeContract('the store', async () => {
    const { client, evaluate, close } = await connect()
    const advance = async (ms: number) => void (await evaluate(ADVANCE, String(ms)))
    return { store: createRedisStore(client), advance, drift: 30_000, close }
  })

  it('the store keeps nothing for ever', async () => {
    const { client, evaluate, close } = await connect()
    const store = createRedisStore(client)
    await store.count('number', 1, 60)
    await store.hold('set', 'a', 60)
    await store.hold('set', 'b', 10)
    await store.put('text', 'x', 60)
    const ttls = (await evaluate(
      "local t = {} for _, key in ipairs(redis.call('KEYS', '*')) do t[#t + 1] = redis.call('TTL', key) end return t",
    )) as number[]
    expect(ttls).toHaveLength(3)
    // The set as long as its longest member.
    for (const ttl of ttls) expect(ttl).toBeGreaterThan(30)
    for (const ttl of ttls) expect(ttl).toBeLessThanOrEqual(60)
    await close()
  })

  it('two stores with prefixes of their own do not meet', async () => {
    const { client, evaluate, close } = await connect()
    const [one, two] = [createRedisStore(client, { prefix: 'one' }), createRedisStore(client, { prefix: 'two' })]
    expect(await one.put('a', 'text', 60)).toBe(true)
    expect(await two.get('a')).toBeNull()
    await two.delete('a')
    expect(await one.get('a')).toBe('text')
    for (const store of [one, two]) {
      expect((await store.count('n', 1, 60)).total).toBe(1)
      expect(await store.hold('s', 'm', 60)).toBe(1)
    }
    const keys = (await evaluate("return redis.call('KEYS', '*')")) as string[]
    expect(keys.sort()).toEqual(['one:a', 'one:n', 'one:s', 'two:n', 'two:s'])
    await close()
  })

  describe('two instances', () => {
    const connections: Connection[] = []
    beforeEach(async () => {
      connections.push(await connect(), await connect())
    })
    afterEach(async () => {
      for (const connection of connections.splice(0)) await connection.close()
    })

    /** Each with a connection of its own, as on two machines. */
    function fleet(options: Partial<UploadsHandlerOptions> = {}, respond: Respond = well) {
      const made = connections.map(({ client }) => backend({ store: createRedisStore(client), ...options }, respond))
      return made as [Backend, Backend]
    }
    const create = (at: Backend, over: object = {}, headers = {}) => at.post('', { json: createBody(over), headers })
    const tokenOf = async (at: Backend) => (await create(at)).headers.get('x-upload-token') ?? ''
    const complete = (at: Backend, token: string) =>
      at.post(`/${UPLOAD_ID}/complete`, { json: { part_ids: ['part_1'], md5: '0'.repeat(32) }, token })

    it('count uploads together, exactly, however many come at once', async () => {
      const [one, two] = fleet({ quotas: { createsPerMinute: 25 } })
      const answers = await Promise.all(Array.from({ length: 60 }, (_, i) => create(i % 2 === 0 ? one : two)))
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(25)
      const refused = answers.filter(({ status }) => status === 429)
      expect(refused).toHaveLength(35)
      expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(one.seen.length + two.seen.length).toBe(25)
    })

    it('count bytes and open uploads together, and give back what came to nothing', async () => {
      let status = 500
      const [one, two] = fleet({ quotas: { bytesPerDay: 30, openUploads: 2 } }, (request) =>
        status === 200 ? well(request) : new Response('', { status }),
      )
      for (const at of [one, two, one]) expect((await create(at)).status).toBe(502)
      status = 200
      const token = (await create(one)).headers.get('x-upload-token') ?? ''
      expect((await create(two)).status).toBe(200)
      expect(await errorOf(await create(one, { bytes: 6 }))).toMatchObject({ status: 429, code: 'rate_limited' })
      expect((await one.post(`/${UPLOAD_ID}/cancel`, { token })).status).toBe(200)
      expect(await errorOf(await create(two, { bytes: 7 }))).toMatchObject({ status: 429, code: 'quota_exceeded' })
      expect((await create(two, { bytes: 6 })).status).toBe(200)
    })

    it('count parts under way together', async () => {
      let answer = () => {}
      const answered = new Promise<void>((resolve) => {
        answer = resolve
      })
      const [one, two] = fleet({ quotas: { partsAtOnce: 1 } }, async (request) => {
        if (!request.url.endsWith('/parts')) return well(request)
        await answered
        return Response.json(part())
      })
      const token = await tokenOf(one)
      one.seen.length = 0
      const send = (at: Backend) => at.post(`/${UPLOAD_ID}/parts`, { ...rawPart(), token })
      const first = send(one)
      await vi.waitFor(() => expect(one.seen).toHaveLength(1), { timeout: 20_000 })
      expect((await send(two)).status).toBe(429)
      answer()
      expect((await first).status).toBe(200)
      expect((await send(two)).status).toBe(200)
    })

    it('both refuse a token that was revoked at one of them', async () => {
      const [one, two] = fleet()
      const token = await tokenOf(one)
      await revokeUpload(createRedisStore(connections[0]?.client as RedisClient), UPLOAD_ID)
      for (const at of [one, two]) {
        at.seen.length = 0
        for (const verb of ['parts', 'complete', 'cancel']) {
          const refused = await at.post(`/${UPLOAD_ID}/${verb}`, { ...rawPart(), token })
          expect(await errorOf(refused)).toMatchObject({ status: 403, code: 'token_invalid' })
        }
        expect(at.seen).toEqual([])
      }
    })

    it('answer a second complete like the first, whichever is asked', async () => {
      const onComplete = vi.fn<() => void>()
      const [one, two] = fleet({ onComplete })
      const token = await tokenOf(one)
      const first = await (await complete(one, token)).json()
      expect(first).toMatchObject(completedUpload())
      const again = await complete(two, token)
      expect([again.status, await again.json()]).toEqual([200, first])
      expect(two.seen).toEqual([])
      expect(onComplete).toHaveBeenCalledTimes(1)
    })

    it('let one of many completes through, and ask the others to come back', async () => {
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      const [one, two] = fleet({}, async (request) => {
        if (request.url.endsWith('/complete')) await held
        return well(request)
      })
      const token = await tokenOf(one)
      one.seen.length = 0
      const calls = Array.from({ length: 20 }, (_, i) => complete(i % 2 === 0 ? one : two, token))
      const waiting = Promise.all(calls.map((call) => call.then(({ status }) => status)))
      await vi.waitFor(() => expect(one.seen.length + two.seen.length).toBe(1), { timeout: 20_000 })
      // All but one have been told to come back; only then does OpenAI answer.
      let told = 0
      for (const call of calls) void call.then(({ status }) => (told += Number(status === 503)))
      await vi.waitFor(() => expect(told).toBe(19), { timeout: 20_000 })
      release()
      expect((await waiting).sort()).toEqual([200, ...Array<number>(19).fill(503)])
      expect((await complete(two, token)).status).toBe(200)
      expect(one.seen.length + two.seen.length).toBe(1)
    })

    it('make one Upload of many creates with one key', async () => {
      let made = 0
      const [one, two] = fleet({}, () => {
        made += 1
        return Response.json(remoteUpload({ id: `upload_${made}` }))
      })
      const headers = { 'x-upload-key': 'k'.repeat(32) }
      const ids = new Set<string>()
      for (let round = 0; round < 10; round += 1) {
        const answers = await Promise.all(
          Array.from({ length: 10 }, (_, i) => create(i % 2 === 0 ? one : two, {}, headers)),
        )
        for (const answer of answers) {
          expect(round === 0 ? [200, 503] : [200]).toContain(answer.status)
          if (answer.status === 200) ids.add(((await answer.json()) as { id: string }).id)
        }
      }
      expect([made, [...ids]]).toEqual([1, ['upload_1']])
    })
  })

  it('a Redis that hangs, or that is gone, closes the door: nobody is let in uncounted', async () => {
    const own = await startRedis()
    const connection = await clients[name](own.socket)
    const quotas = { createsPerMinute: 5 }
    // The tests' own clock for its patience: it runs out when they say so.
    const timers = new Set<() => void>()
    const setTimer = (callback: () => void) => {
      timers.add(callback)
      return () => void timers.delete(callback)
    }
    const runOut = () => {
      for (const callback of timers) callback()
      timers.clear()
    }
    const at = backend({ quotas, store: createRedisStore(connection.client, { setTimer }) })
    expect((await at.post('', { json: createBody() })).status).toBe(200)
    expect(timers.size).toBe(0)
    at.seen.length = 0

    own.process.kill('SIGSTOP')
    const hanging = at.post('', { json: createBody() })
    await vi.waitFor(() => expect(timers.size).toBe(1), { timeout: 20_000 })
    runOut()
    expect(await errorOf(await hanging)).toMatchObject({ status: 503, code: 'server_error' })
    own.process.kill('SIGCONT')

    await own.stop()
    const gone = at.post('', { json: createBody() })
    // Clients wait for a Redis to come back, unless they are told not to: then it is our patience that ends.
    await Promise.race([gone, vi.waitFor(() => expect(timers.size).toBe(1), { timeout: 20_000 })])
    runOut()
    expect(await errorOf(await gone)).toMatchObject({ status: 503, code: 'server_error' })
    expect(at.seen).toEqual([])
    await connection.close()
  })
})

it('a client that is closed, or throws at once, fails the call like any other', async () => {
  const store = createRedisStore({
    get: () => {
      throw new Error('closed')
    },
    del: () => Promise.reject(new Error('closed')),
    eval: () => {
      throw new Error('closed')
    },
  })
  const calls = [
    () => store.get('a'),
    () => store.delete('a'),
    () => store.put('a', 'x', 60),
    () => store.hold('a', 'x', 60),
    () => store.release('a', 'x'),
    () => store.count('a', 1, 60),
  ]
  for (const call of calls) await expect(call()).rejects.toThrow('closed')
})

it('a client that gives bytes where texts are kept is refused, not misread', async () => {
  const bytes = () => Promise.resolve(new TextEncoder().encode('text'))
  const store = createRedisStore({ get: bytes, del: bytes, eval: bytes })
  await expect(store.get('a')).rejects.toThrow('no strings')
})
