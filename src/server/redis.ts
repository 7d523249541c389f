import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { UploadsStore } from './store.js'

export type { UploadsCount, UploadsStore } from './store.js'

/**
 * A client of `ioredis` or `redis` (node-redis), connected by the app, which also hears its errors and closes it. Clusters
 * of either fit, too: every call is about one key.
 */
export interface RedisClient {
  get(key: string): Promise<unknown>
  del(key: string): Promise<unknown>
  eval(script: string, ...rest: never[]): Promise<unknown>
}

export interface RedisStoreOptions {
  /** Put before every key, to keep apps on one Redis apart. @default '' (keys begin with `uploads:`) */
  prefix?: string
  /** Ms after which a call without an answer has failed, so that a Redis that hangs holds nobody up. @default 2000 */
  timeout?: number
  /**
   * Runs `callback` once after `ms`; what it returns calls that off. For tests.
   * @default setTimeout
   */
  setTimer?: (callback: () => void, ms: number) => () => void
}

// Each script is one step for Redis, whoever else is asking. The clock is Redis's own: instances need not agree on theirs.

const HOLD = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ARGV[2] * 1000, ARGV[1])
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', last[2]))
return redis.call('ZCARD', KEYS[1])`

const RELEASE = `return redis.call('ZREM', KEYS[1], ARGV[1])`

const PUT = `
if redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2], 'NX') then return 1 end
return 0`

/**
 * A store for many instances: what one of them counts, keeps or revokes, all know. Needs the packages
 * `rate-limiter-flexible` and `ioredis` or `redis`, and Redis 5 or what speaks like it (Valkey).
 * Calls reject when Redis fails or is silent; the handler then lets nobody in.
 */
export function createRedisStore(client: RedisClient, options: RedisStoreOptions = {}): UploadsStore {
  const { prefix = '', timeout = 2000, setTimer = startTimer } = options
  // ioredis defines commands; node-redis takes keys and arguments by name.
  const isIoredis = 'defineCommand' in client
  const limiter = new RateLimiterRedis({
    storeClient: client,
    useRedisPackage: !isIoredis,
    keyPrefix: prefix,
    // Only its counter is used: what is too much is for the quotas to say.
    points: Number.MAX_SAFE_INTEGER,
    duration: 1,
  })
  const name = (key: string) => (prefix === '' ? key : `${prefix}:${key}`)

  const run = (script: string, key: string, ...args: string[]): Promise<unknown> => {
    const evaluate = client.eval.bind(client) as (script: string, ...rest: unknown[]) => Promise<unknown>
    return isIoredis
      ? evaluate(script, 1, name(key), ...args)
      : evaluate(script, { keys: [name(key)], arguments: args })
  }

  /** An answer, or none in time: what comes too late is nobody's. */
  const within = <T>(call: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const stop = setTimer(() => reject(new Error(`Redis gave no answer within ${timeout} ms.`)), timeout)
      // A function that throws at once, as a closed client may, rejects as well.
      void (async () => call())().then(resolve, reject).finally(stop)
    })

  return {
    count: (key, amount, seconds) =>
      within(async () => {
        const { consumedPoints, msBeforeNext } = await limiter.penalty(key, amount, { customDuration: seconds })
        return { total: consumedPoints, resetsIn: msBeforeNext }
      }),
    hold: (key, member, seconds) => within(async () => Number(await run(HOLD, key, member, String(seconds)))),
    release: (key, member) =>
      within(async () => {
        await run(RELEASE, key, member)
      }),
    get: (key) =>
      within(async () => {
        const text = await client.get(name(key))
        if (text === null || typeof text === 'string') return text
        throw new TypeError('The Redis client gives no strings. Pass one without a type mapping.')
      }),
    put: (key, text, seconds) => within(async () => Number(await run(PUT, key, text, String(seconds))) === 1),
    delete: (key) =>
      within(async () => {
        await client.del(name(key))
      }),
  }
}

function startTimer(callback: () => void, ms: number): () => void {
  const timer = setTimeout(callback, ms)
  return () => clearTimeout(timer)
}
