// One instance of the handler: what there are three of, and what is killed.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import { createUploadsHandler } from '../dist/server/index.js'
import { toNodeListener } from '../dist/server/node.js'
import { createRedisStore } from '../dist/server/redis.js'

const [, , instance, port, baseURL, secret, redisSocket] = process.argv

/** Quotas that nobody reaches, so that all of them count; whoever waits for a complete is told that the store has it. */
async function withStore() {
  const redis = new Redis(redisSocket, { enableOfflineQueue: false })
  await once(redis, 'ready')
  const store = createRedisStore(redis)
  const put = async (key, ...rest) => {
    const isFirst = await store.put(key, ...rest)
    if (key.startsWith('uploads:completed:')) await told({ event: 'kept', uploadId: key.split(':').at(-1) })
    return isFirst
  }
  return {
    store: { ...store, put },
    quotas: { createsPerMinute: 1000, openUploads: 100, bytesPerDay: 1e12, partsAtOnce: 100 },
  }
}

/** Says it, and goes on once it is told to. */
function told(message) {
  return new Promise((resolve) => {
    const listen = ({ uploadId }) => {
      if (uploadId !== message.uploadId) return
      process.off('message', listen)
      resolve()
    }
    process.on('message', listen)
    process.send(message)
  })
}

const listener = toNodeListener(
  createUploadsHandler({
    apiKey: 'sk-scale-out',
    secret,
    purposes: ['user_data'],
    authorize: () => ({ userId: 'ada' }),
    baseURL,
    // So that the API can tell which instance calls.
    project: instance,
    ...(redisSocket && (await withStore())),
    // That a browser's connection broke is what happens here, and no news.
    onError: () => {},
  }),
)
const server = createServer((req, res) => void listener(req, res))
server.listen(Number(port), '127.0.0.1', () => process.send({ port: server.address().port }))
