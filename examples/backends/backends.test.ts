import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { API_KEY, leaveThrough, startWatchedApi, uploadThrough, type WatchedApi } from './upload-through.test.kit.js'

let api: WatchedApi
let server: Server & { closeAllConnections?(): void }
let origin: string

const note = JSON.stringify({ text: 'high and low' })

/** Each, and what the rest of its app makes of a note. */
const backends = [
  { name: 'node:http', load: () => import('./node-http.js'), rest: 'The rest of the app' },
  { name: 'Express 5', load: () => import('./express.js'), rest: note },
  { name: 'Fastify 5', load: () => import('./fastify.js'), rest: note },
  { name: 'Hono', load: () => import('./hono.js'), rest: note },
]

describe.each(backends)('$name', ({ load, rest }) => {
  beforeAll(async () => {
    api = await startWatchedApi()
    vi.resetModules()
    vi.stubEnv('OPENAI_BASE_URL', api.url)
    vi.stubEnv('OPENAI_API_KEY', API_KEY)
    vi.stubEnv('UPLOADS_SECRET', 's'.repeat(32))
    vi.stubEnv('PORT', '0')
    server = (await load()).server as Server
    if (!server.listening) await once(server, 'listening')
    origin = `http://localhost:${(server.address() as AddressInfo).port}`
  })

  afterAll(async () => {
    vi.unstubAllEnvs()
    server.closeAllConnections?.()
    server.close()
    await once(server, 'close')
    await api.close()
  })

  it('carries a file byte for byte, while it is being sent', async () => {
    await expect(uploadThrough(`${origin}/api/uploads`, api)).resolves.toBeUndefined()
  })

  it('leaves OpenAI when the browser leaves', async () => {
    await expect(leaveThrough(`${origin}/api/uploads`, api)).resolves.toBeUndefined()
  })

  it('leaves the rest of the app as it is', async () => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${origin}/api/notes`, { method: 'POST', headers, body: note })
    expect(await response.text()).toBe(rest)
  })
})
