import type { UploadsApi } from '../src/uploads-api/local.js'

export const INSPECTION_PATH = '/api/demo/'

/**
 * Shows what the embedded API holds, so that the page and its tests can prove that every byte arrived.
 * No part of an app's backend: OpenAI lists no Uploads, and anyone who can open the demo can read these files.
 */
export function createInspection(api: UploadsApi): (request: Request) => Promise<Response> {
  return async (request) => {
    await api.load()
    const path = new URL(request.url).pathname.slice(INSPECTION_PATH.length)
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (!reads || !isOwnPage(request)) return new Response(null, { status: 403 })
    if (path === 'uploads') return Response.json(api.uploads)
    if (path === 'files') return Response.json(api.files)
    const content = /^files\/[\w-]+\/content$/.test(path)
    return content ? api.handler(new Request(`http://local/v1/${path}`)) : new Response(null, { status: 404 })
  }
}

/** A foreign page may not read along; a typed address and a program may. */
function isOwnPage(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  return site === null || site === 'none' || site === 'same-origin'
}
