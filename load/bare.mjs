// What the handler is measured against: the fastest relay of a part that Node's own fetch allows, without any check. (`body: req`
// takes a little more of the processor, and a redirect other than 'error' takes the memory of the whole part.)
import { createServer } from 'node:http'
import { Readable } from 'node:stream'

const [, , baseURL] = process.argv

const server = createServer((req, res) => void relay(req, res))

async function relay(req, res) {
  try {
    const response = await fetch(baseURL + req.url.replace('/api', ''), {
      method: 'POST',
      headers: { 'content-type': req.headers['content-type'], 'content-length': req.headers['content-length'] },
      body: Readable.toWeb(req),
      duplex: 'half',
      redirect: 'error',
    })
    res.writeHead(response.status, { 'content-type': 'application/json' }).end(await response.text())
  } catch {
    res.destroy()
  }
}

server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => process.send({ port: server.address().port }))
process.on('message', () => {
  globalThis.gc?.()
  process.send({})
})
