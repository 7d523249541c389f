import { make, type PartInfo } from 'multipasta'
import { PART_FIELD } from '../protocol/index.js'
import { createBoundaryGuard } from './boundary-guard.js'
import { ApiError, missing } from './errors.js'

/** Bytes a form may have around its data: boundaries, headers, and fields that are ignored. */
const maxFramingBytes = 2 ** 20

export interface PartFormOptions {
  unknownFields: 'refuse' | 'ignore'
  /** Takes the data as it arrives; the next bytes are read once it resolves, and no more of them if it rejects. */
  onData(chunk: Uint8Array): Promise<void>
}

/**
 * Streams the one field `data` out of a multipart request, stored as it is whether or not it has a file name.
 * Rejects with an ApiError whatever is wrong with the form, and lets go of the rest of the body.
 */
export async function readPartForm(request: Request, { unknownFields, onData }: PartFormOptions): Promise<void> {
  const form = createFormReader(boundaryOf(request), unknownFields)
  let framingBytes = 0
  for await (const bytes of bodyOf(request)) {
    const data = form.write(bytes)
    framingBytes += bytes.length
    for (const chunk of data) {
      framingBytes -= chunk.length
      await onData(chunk)
    }
    if (framingBytes > maxFramingBytes) throw new ApiError('The multipart form is too large around its data.')
  }
  for (const chunk of form.end()) await onData(chunk)
}

/** Source: RFC 2046 for the characters; .NET quotes its boundary and uses `=`, which the quotes allow. */
function boundaryOf(request: Request): string {
  const contentType = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\s*;/i.test(contentType)) {
    throw new ApiError('The request body is not multipart/form-data.')
  }
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]*)"|([^\s;"]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? bare ?? ''
  if (/^[\w'()+,\-./:=? ]{0,199}[\w'()+,\-./:=?]$/.test(boundary)) return boundary
  throw new ApiError('The multipart body has no usable boundary.')
}

interface FormReader {
  /** Reads the next bytes of the form and returns the data in them. */
  write(bytes: Uint8Array): Uint8Array[]
  /** Tells that there are no more bytes, and returns the last data. */
  end(): Uint8Array[]
}

/** The parser calls back while it reads; this collects the calls, so that its user can wait between chunks. */
function createFormReader(boundary: string, unknownFields: PartFormOptions['unknownFields']): FormReader {
  let data: Uint8Array[] = []
  let problem: ApiError | null = null
  let seen = false
  let ended = false

  const refuse = (error: ApiError) => {
    // After the last boundary anything may follow, by RFC 2046, and the parser's opinion of it does not count.
    if (!ended) problem ??= error
  }
  const onFile = (info: PartInfo) => {
    const name = fieldNameOf(info)
    if (name === null) refuse(badForm())
    else if (name !== PART_FIELD) {
      if (unknownFields === 'refuse') refuse(new ApiError(`Unknown parameter: '${name}'.`, { param: name }))
    } else if (seen) {
      refuse(new ApiError(`'${PART_FIELD}' is there more than once.`, { param: PART_FIELD }))
    } else {
      seen = true
      return (chunk: Uint8Array | null) => void (chunk && data.push(chunk))
    }
    return () => {}
  }
  const parser = make({
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
    // Every field is streamed, so that none is gathered in memory.
    isFile: () => true,
    onFile,
    onField: () => refuse(badForm()),
    onError: () => refuse(badForm()),
    onDone: () => {
      ended = true
    },
  })
  const guard = createBoundaryGuard(boundary)

  const parse = (bytes: Uint8Array) => {
    if (ended || bytes.length === 0) return
    try {
      parser.write(bytes)
    } catch {
      // It throws on a file name that is not valid percent-encoding, among others.
      refuse(badForm())
    }
  }
  const take = () => {
    if (problem) throw problem
    const taken = data
    data = []
    return taken
  }
  return {
    write: (bytes) => {
      parse(guard.push(bytes))
      return take()
    },
    end: () => {
      parse(guard.rest())
      if (!ended) refuse(new ApiError('The multipart body ended before its last boundary.'))
      else if (!seen) problem ??= missing(PART_FIELD)
      return take()
    },
  }
}

/**
 * Read here, since the parser gives no name when the file name beside it has characters beyond Latin-1.
 * Source: the form-data algorithm of HTML, by which a quote inside a value is written as %22.
 */
function fieldNameOf({ headers }: PartInfo): string | null {
  const disposition = headers['content-disposition']
  if (typeof disposition !== 'string' || !/^\s*form-data\s*;/i.test(disposition)) return null
  for (const [, key, quoted, bare] of disposition.matchAll(/;\s*([^\s=;"]+)=(?:"([^"]*)"|([^\s;"]*))/g)) {
    if (key?.toLowerCase() === 'name') return quoted ?? bare ?? null
  }
  return null
}

function badForm(): ApiError {
  return new ApiError('The multipart body is malformed.')
}

/** The body's chunks; stops when the request is aborted, also while it waits for the next chunk. */
async function* bodyOf({ body, signal }: Request): AsyncGenerator<Uint8Array> {
  if (!body) return
  const reader = body.getReader()
  const stop = () => void reader.cancel(signal.reason).catch(() => {})
  signal.addEventListener('abort', stop, { once: true })
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }))
      if (done || !value) return
      yield value
    }
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}
