// Our backend handler as an app would run it, from dist/, in front of the server that everyone uploads to.
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { createUploadsHandler } from '../../dist/server/index.js'
import { toNodeListener } from '../../dist/server/node.js'
import { listen, optionsOfChild, serveParent } from './child.mjs'
import { servePage } from './pages.mjs'

const { pages, upstream } = optionsOfChild()
const uploads = toNodeListener(
  createUploadsHandler({
    apiKey: 'bench',
    secret: randomBytes(32).toString('base64'),
    purposes: ['user_data'],
    accept: ['.bin'],
    authorize: () => ({ userId: 'bench' }),
    baseURL: upstream,
  }),
)
const server = createServer((request, response) => {
  if (request.url.startsWith('/api/uploads')) void uploads(request, response)
  else if (!pages || !servePage(pages, request, response)) response.writeHead(404).end()
})
serveParent({ port: await listen(server) })
