import { createServer } from 'node:http'
import { toNodeListener } from 'react-openai-uploads/node'
import { handler } from './uploads.ts'

const uploads = toNodeListener(handler)

export const server = createServer((req, res) => {
  if (req.url?.startsWith('/api/uploads')) void uploads(req, res)
  else res.end('The rest of the app')
})

server.listen(process.env.PORT ?? 3000)
