// The server that everyone uploads to: each client in its own protocol, all bodies read and compared by the same code,
// nothing kept. What it costs is the same for all.
import { createServer } from 'node:http'
import { Arrivals } from './arrivals.mjs'
import { listen, optionsOfChild, serveParent } from './child.mjs'
import { startLink } from './link.mjs'
import { createFormRoute, createPutRoute, createS3Route, createTusRoute } from './other-protocols.mjs'
import { servePage } from './pages.mjs'
import { createUploadsRoutes } from './uploads-api.mjs'

const { pages, links = {} } = optionsOfChild()
const arrivals = new Arrivals()
const routes = {
  '/v1/uploads': createUploadsRoutes(arrivals),
  '/put': createPutRoute(arrivals),
  '/form': createFormRoute(arrivals),
  '/s3': createS3Route(arrivals),
  '/tus': createTusRoute(arrivals),
}
const traffic = { requests: 0, bytes: 0 }
const sockets = new Set()

const server = createServer((request, response) => {
  const prefix = Object.keys(routes).find((path) => request.url === path || request.url.startsWith(`${path}/`))
  if (!prefix) {
    if (!servePage(pages, request, response)) response.writeHead(404).end()
    return
  }
  traffic.requests += 1
  const answer = (status, body, headers = { 'content-type': 'application/json' }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    response.writeHead(status, headers).end(status === 204 ? undefined : text)
  }
  routes[prefix](request, request.url.slice(prefix.length), answer).catch((error) => {
    // What broke is no upload: the client hears of it, and the run fails there.
    if (!response.headersSent) answer(400, { error: { message: String(error.message) } })
  })
})
server.on('connection', (socket) => {
  socket.setNoDelay(true)
  sockets.add(socket)
  socket.once('close', () => {
    sockets.delete(socket)
    traffic.bytes += socket.bytesRead - (counted.get(socket) ?? 0)
  })
})

/** Bytes of each open connection that were told before. */
const counted = new WeakMap()
function takeTraffic() {
  let { bytes } = traffic
  for (const socket of sockets) {
    bytes += socket.bytesRead - (counted.get(socket) ?? 0)
    counted.set(socket, socket.bytesRead)
  }
  const taken = { requests: traffic.requests, bytes }
  Object.assign(traffic, { requests: 0, bytes: 0 })
  return taken
}

const port = await listen(server)
const linkPorts = {}
for (const [name, link] of Object.entries(links)) linkPorts[name] = await startLink({ target: port, ...link })
serveParent(
  { port, links: linkPorts },
  { take: () => ({ arrived: arrivals.take(), ...takeTraffic(), cpu: process.cpuUsage() }) },
)
