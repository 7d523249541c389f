// The handler in a process of its own, as an app would run it.
import { createServer } from 'node:http'
import { createUploadsHandler } from '../dist/server/index.js'
import { toNodeListener } from '../dist/server/node.js'

const handler = createUploadsHandler({
  apiKey: 'sk-load',
  secret: 's'.repeat(32),
  purposes: ['user_data'],
  authorize: () => ({ userId: 'load' }),
  baseURL: process.argv[2],
  // Who left in the middle is not the backend's trouble, and a line for each would be.
  onError: () => {},
})

const listener = toNodeListener(handler)
const server = createServer((req, res) => void listener(req, res))
server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => process.send({ port: server.address().port }))
process.on('message', () => {
  globalThis.gc?.()
  process.send({})
})
