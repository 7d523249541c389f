// The embedded Uploads API on disk, from dist/: alone, and behind our handler as in the demo.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { toNodeListener } from '../../dist/server/node.js'
import { createDiskStorage, createUploadsApi } from '../../dist/uploads-api/local.js'
import { listen, optionsOfChild, serveParent } from './child.mjs'
import { ContentRun } from './content.mjs'
import { ourHandler } from './our-handler.mjs'
import { servePage } from './pages.mjs'

const { pages, folder } = optionsOfChild()
// Every File can be read back, as OpenAI allows it for some purposes only.
const api = createUploadsApi({ storage: createDiskStorage(folder), behaviour: { privatePurposes: [] } })
const direct = toNodeListener(api.handler)
const handled = ourHandler({ fetch: (url, init) => api.handler(new Request(url, init)) })
const server = createServer((request, response) => {
  if (request.url.startsWith('/api/uploads')) void handled(request, response)
  else if (request.url.startsWith('/v1/')) void direct(request, response)
  else if (!pages || !servePage(pages, request, response)) response.writeHead(404).end()
})

/** Reads every File back, says what is in it, and deletes it. */
async function take() {
  const arrived = []
  for (const { id } of api.files) {
    const url = `http://api/v1/files/${id}`
    const run = new ContentRun()
    const md5 = createHash('md5')
    const { body } = await api.handler(new Request(`${url}/content`))
    for await (const chunk of body) {
      run.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength))
      md5.update(chunk)
    }
    await api.handler(new Request(url, { method: 'DELETE' }))
    const { fileId, start, end, problem } = run.end()
    arrived.push({ fileId, bytes: end, md5: md5.digest('hex'), problem: problem ?? (start === 0 ? null : 'not whole') })
  }
  return { arrived, requests: null, bytes: null, cpu: process.cpuUsage() }
}
serveParent({ port: await listen(server) }, { take })
