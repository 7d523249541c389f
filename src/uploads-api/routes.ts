/** A call of this API. */
export type Route =
  | { call: 'createUpload' | 'listFiles' }
  | { call: 'addPart' | 'completeUpload' | 'cancelUpload' | 'getFile' | 'deleteFile' | 'getContent'; id: string }

/** Which call a request is, or the methods its path takes (none: there is no such path). */
export function routeOf(method: string, pathname: string): Route | { allow: readonly string[] } {
  const [root, version, collection, id, verb, ...rest] = pathname.split('/')
  if (root !== '' || version !== 'v1' || rest.length > 0) return { allow: [] }
  const calls = callsAt(collection, id, verb)
  const call = calls[method]
  if (!call) return { allow: Object.keys(calls) }
  return { call, id: id ?? '' } as Route
}

type Calls = Readonly<Partial<Record<string, Route['call']>>>

function callsAt(collection: string | undefined, id: string | undefined, verb: string | undefined): Calls {
  if (collection === 'uploads') {
    if (id === undefined) return { POST: 'createUpload' }
    if (id !== '' && verb === 'parts') return { POST: 'addPart' }
    if (id !== '' && verb === 'complete') return { POST: 'completeUpload' }
    if (id !== '' && verb === 'cancel') return { POST: 'cancelUpload' }
  }
  if (collection === 'files') {
    if (id === undefined) return { GET: 'listFiles' }
    if (id !== '' && verb === undefined) return { GET: 'getFile', DELETE: 'deleteFile' }
    if (id !== '' && verb === 'content') return { GET: 'getContent' }
  }
  return {}
}
