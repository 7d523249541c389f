import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify'
import { toNodeListener } from 'react-openai-uploads/node'
import { handler } from './uploads.ts'

const uploads = toNodeListener(handler)

const fastify = Fastify()

// In a scope of its own, where no parser reads a body: Fastify would, before the route runs, and up to 1 MiB.
await fastify.register(async (scope) => {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const route = (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack()
    return uploads(request.raw, reply.raw)
  }
  scope.all('/api/uploads', route)
  scope.all('/api/uploads/*', route)
})

fastify.post('/api/notes', (request) => request.body)

await fastify.listen({ port: Number(process.env.PORT ?? 3000) })
export const { server } = fastify
