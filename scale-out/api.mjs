// The Uploads API on disk, in a process of its own. It tells what arrives and by which instance. While it holds, no complete
// is begun; the complete that it was started for begins to hold, either before it is done or with its answer, or the part.
import { createServer } from 'node:http'
import { toNodeListener } from '../dist/server/node.js'
import { createDiskStorage, createUploadsApi } from '../dist/uploads-api/local.js'

const [, , folder, moment, chosen] = process.argv

const api = createUploadsApi({ storage: createDiskStorage(folder), apiKey: 'sk-scale-out' })
const seen = { begun: 0, parts: 0, completes: 0 }
/** Parts that are arriving, by instance. */
const arriving = {}
/** Given while completes are held: resolves with the instance that has died in the meantime. */
let held = null

async function serve(request) {
  const call = new URL(request.url).pathname.split('/').at(-1)
  const instance = request.headers.get('openai-project')
  if (call === 'parts') return addPart(request, instance)
  return call === 'complete' ? complete(request, instance) : api.handler(request)
}

async function addPart(request, instance) {
  seen.begun += 1
  const isChosen = moment === 'part' && seen.begun === Number(chosen)
  if (isChosen) hold()
  arriving[instance] = (arriving[instance] ?? 0) + 1
  const response = await api.handler(request)
  arriving[instance] -= 1
  if (isChosen) {
    process.send({ event: 'held', instance })
    await held.released
  }
  if (response.ok) process.send({ event: 'part', accepted: (seen.parts += 1), arriving })
  return response
}

async function complete(request, instance) {
  seen.completes += 1
  const uploadId = new URL(request.url).pathname.split('/').at(-2)
  const filename = api.uploads.find(({ id }) => id === uploadId)?.filename
  process.send({ event: 'complete', instance, uploadId, filename })
  const isChosen = moment !== 'part' && moment !== 'kept' && seen.completes === Number(chosen)
  if (isChosen) hold()
  if (isChosen && moment === 'after') {
    const response = await api.handler(request)
    process.send({ event: 'held', instance, uploadId })
    await held?.released
    return response
  }
  if (isChosen) process.send({ event: 'held', instance, uploadId })
  // Whose instance has died is not begun at all: the request has died with it.
  if ((await held?.released) === instance) return Response.error()
  return api.handler(request)
}

function hold() {
  held ??= {}
  held.released ??= new Promise((resolve) => {
    held.release = resolve
  })
}

const listener = toNodeListener(serve)
const server = createServer((req, res) => void listener(req, res))
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }))
process.on('message', ({ order, dead }) => {
  if (order === 'hold') {
    hold()
    process.send({ event: 'holding', arriving })
  } else if (order === 'release') {
    held?.release(dead)
    held = null
  } else process.send({ uploads: api.uploads, parts: seen.parts })
})
