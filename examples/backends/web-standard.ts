import { handler } from './uploads.ts'

// What Deno, Bun and Cloudflare Workers all take for a server.
export default { fetch: (request: Request): Promise<Response> => handler(request) }
