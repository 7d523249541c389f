import { createReadStream, existsSync, statSync } from 'node:fs'
import { extname, join, normalize } from 'node:path'

const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** Serves what was built for the browser; says whether there was anything. */
export function servePage(root, request, response) {
  const path = join(root, normalize(request.url.split('?')[0]))
  if (request.method !== 'GET' || !existsSync(path) || !statSync(path).isFile()) return false
  response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
  createReadStream(path).pipe(response)
  return true
}
