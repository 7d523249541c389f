// Stands where OpenAI is: reads every byte of a part, compares it with what should be there, and keeps none.
import { createServer } from 'node:http'
import { isAt, placeOf } from './pattern.mjs'

const seen = { parts: 0, bytes: 0, wrong: 0, broken: 0, begun: 0, places: new Set() }

const server = createServer({ requestTimeout: 0 }, (req, res) => void serve(req, res))
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('message', () =>
  server.getConnections((_, open) => process.send({ ...seen, places: seen.places.size, open })),
)

async function serve(req, res) {
  try {
    if (req.url.endsWith('/parts')) {
      await readPart(req)
      answer(res, { id: `part_${seen.parts}`, object: 'upload.part', created_at: now(), upload_id: 'upload_load' })
    } else answer(res, uploadOf(JSON.parse(Buffer.concat(await req.toArray()))))
  } catch {
    seen.broken += 1
    res.destroy()
  }
}

async function readPart(req) {
  seen.begun += 1
  const boundary = /boundary=(\S+)/.exec(req.headers['content-type'])?.[1]
  const tail = boundary ? Buffer.from(`\r\n--${boundary}--\r\n`) : Buffer.alloc(0)
  // What has come and is not looked at yet: the head of the multipart, and then the first bytes of the part.
  let [first, end] = [Buffer.alloc(0), Buffer.alloc(0)]
  let place = null
  let [at, size, isRight] = [0, Infinity, true]
  for await (const chunk of req) {
    let rest = chunk
    if (place === null) {
      first = Buffer.concat([first, chunk])
      const head = boundary ? first.indexOf('\r\n\r\n') + 4 : 0
      if ((boundary && head < 4) || first.length < head + 32) continue
      size = Number(req.headers['content-length']) - head - tail.length
      rest = first.subarray(head)
      place = placeOf(rest)
    }
    const data = rest.subarray(0, Math.max(0, size - at))
    isRight &&= place >= 0 && isAt(place + at, data)
    at += data.length
    end = Buffer.concat([end, rest.subarray(data.length)])
  }
  seen.parts += 1
  seen.bytes += at
  seen.places.add(place)
  if (!isRight || at !== size || !tail.equals(end)) seen.wrong += 1
}

function uploadOf({ bytes, filename, purpose }) {
  const about = { bytes, filename, purpose, created_at: now(), expires_at: now() + 3600 }
  return { id: 'upload_load', object: 'upload', status: 'pending', ...about }
}

const now = () => Math.floor(Date.now() / 1000)

function answer(res, body) {
  res.setHeader('content-type', 'application/json').end(JSON.stringify(body))
}
