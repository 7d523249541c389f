// One instance of the handler: what there are three of, and what is killed.
import { createServer } from 'node:http'
import { createUploadsHandler } from '../dist/server/index.js'
import { toNodeListener } from '../dist/server/node.js'

const [, , instance, port, baseURL, secret] = process.argv

const listener = toNodeListener(
  createUploadsHandler({
    apiKey: 'sk-scale-out',
    secret,
    purposes: ['user_data'],
    authorize: () => ({ userId: 'ada' }),
    baseURL,
    // So that the API can tell which instance calls.
    project: instance,
    // That a browser's connection broke is what happens here, and no news.
    onError: () => {},
  }),
)
const server = createServer((req, res) => void listener(req, res))
server.listen(Number(port), '127.0.0.1', () => process.send({ port: server.address().port }))
