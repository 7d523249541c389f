import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { handler } from './uploads.ts'

const app = new Hono()

// Keep `bodyLimit` and all that reads `c.req` off these two: the handler streams, and counts by itself.
app.all('/api/uploads', (c) => handler(c.req.raw))
app.all('/api/uploads/*', (c) => handler(c.req.raw))

app.post('/api/notes', async (c) => c.json(await c.req.json()))

export const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) })
