import type { UploadsApi } from '../src/uploads-api/local.js'
import { isOwnPage } from './own-page.js'

export const INSPECTION_PATH = '/api/demo/'

/**
 * Shows what the embedded APIs hold, so that the page and its tests can prove that every byte arrived.
 * No part of an app's backend: OpenAI lists no Uploads, and anyone who can open the demo can read these files.
 */
export function createInspection(...apis: readonly UploadsApi[]): (request: Request) => Promise<Response> {
  return async (request) => {
    for (const api of apis) await api.load()
    const path = new URL(request.url).pathname.slice(INSPECTION_PATH.length)
    const reads = request.method === 'GET' || request.method === 'HEAD'
    if (!reads || !isOwnPage(request)) return new Response(null, { status: 403 })
    if (path === 'uploads') return Response.json(apis.flatMap(({ uploads }) => uploads))
    if (path === 'files') return Response.json(apis.flatMap(({ files }) => files))
    const fileId = /^files\/([\w-]+)\/content$/.exec(path)?.[1]
    const holder = apis.find(({ files }) => files.some(({ id }) => id === fileId)) ?? apis[0]
    if (fileId === undefined || !holder) return new Response(null, { status: 404 })
    return holder.handler(new Request(`http://local/v1/${path}`))
  }
}
