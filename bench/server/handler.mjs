// Our backend handler in front of the server that everyone uploads to.
import { createServer } from 'node:http'
import { listen, optionsOfChild, serveParent } from './child.mjs'
import { ourHandler } from './our-handler.mjs'
import { servePage } from './pages.mjs'

const { pages, upstream } = optionsOfChild()
const uploads = ourHandler({ baseURL: upstream })
const server = createServer((request, response) => {
  if (request.url.startsWith('/api/uploads')) void uploads(request, response)
  else if (!pages || !servePage(pages, request, response)) response.writeHead(404).end()
})
serveParent({ port: await listen(server) })
