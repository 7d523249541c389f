import type { FileObject } from '../src/core/index.js'
import { isOwnPage } from './own-page.js'

export const APPLICATIONS_PATH = '/api/demo/applications'

/** What the form page posts: ids of files, never the files. */
export interface Application {
  name: string
  fileIds: readonly string[]
}

/** What the server says it has: each id looked up at the API, as a real one would. */
export interface Receipt {
  name: string
  files: readonly { id: string; filename: string; bytes: number | null }[]
}

/** The app's own route behind the form page. It gets ids and nothing else, so any body parser will do. */
export function createApplicationDesk(find: (fileId: string) => FileObject | undefined) {
  return async (request: Request): Promise<Response> => {
    if (request.method !== 'POST' || !isOwnPage(request)) return new Response(null, { status: 403 })
    const application = await readApplication(request)
    if (!application) return new Response('Send { name, fileIds }.', { status: 400 })
    const found = application.fileIds.map(find)
    const unknown = application.fileIds.filter((_, index) => !found[index])
    if (unknown.length > 0) return new Response(`No such file: ${unknown.join(', ')}`, { status: 422 })
    const files = found.flatMap((file) => (file ? [{ id: file.id, filename: file.filename, bytes: file.bytes }] : []))
    return Response.json({ name: application.name, files } satisfies Receipt)
  }
}

async function readApplication(request: Request): Promise<Application | null> {
  const { name, fileIds } = ((await request.json().catch(() => null)) ?? {}) as Partial<Application>
  const isComplete = typeof name === 'string' && Array.isArray(fileIds) && fileIds.every((id) => typeof id === 'string')
  return isComplete ? { name, fileIds } : null
}
