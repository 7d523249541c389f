// Round robin over HTTP, where there is no nginx: as little as a balancer may do.
import { readFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { join } from 'node:path'

const [, , folder, ...ports] = process.argv
let turn = 0

const server = createServer((req, res) => {
  if (req.url.startsWith('/api/uploads')) relay(req, res, ports.length)
  else servePage(req, res)
})
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))

/** Another instance is tried only if this one took no connection: nothing has been sent then, so nothing is sent twice. */
function relay(req, res, tries) {
  const port = ports[turn++ % ports.length]
  const { method, url, headers } = req
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers, agent: false })
  onward.once('socket', (socket) => {
    socket.once('connect', () => req.pipe(onward))
  })
  onward.once('response', (response) => {
    res.writeHead(response.statusCode, response.headers)
    response.once('error', () => res.destroy())
    response.pipe(res)
  })
  onward.once('error', (error) => {
    if (error.code === 'ECONNREFUSED' && tries > 1) return relay(req, res, tries - 1)
    req.unpipe(onward).resume()
    if (res.headersSent) res.destroy()
    else res.writeHead(502, { connection: 'close' }).end()
  })
  res.once('close', () => onward.destroy())
}

function servePage(req, res) {
  const name = req.url === '/' ? 'index.html' : req.url.slice(1)
  if (!/^[\w-]+\.(html|js)$/.test(name)) return res.writeHead(404).end()
  res.setHeader('content-type', name.endsWith('.js') ? 'text/javascript' : 'text/html')
  res.end(readFileSync(join(folder, name)))
}
