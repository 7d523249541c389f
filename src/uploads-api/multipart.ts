import { PART_FIELD } from '../protocol/index.js'
import { ApiError, missing } from './errors.js'
import { FormSplitter, MalformedForm } from './form-splitter.js'

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
  const form = new PartForm(boundaryOf(request), unknownFields)
  let framingBytes = 0
  for await (const bytes of bodyOf(request)) {
    framingBytes += bytes.length
    for (const chunk of form.read(bytes)) {
      framingBytes -= chunk.length
      await onData(chunk)
    }
    if (framingBytes > maxFramingBytes) throw new ApiError('The multipart form is too large around its data.')
  }
  form.end()
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

/** A form that has to be of the one field `data`. */
class PartForm {
  readonly #splitter: FormSplitter
  readonly #unknownFields: PartFormOptions['unknownFields']
  #seen = false
  #isData = false

  constructor(boundary: string, unknownFields: PartFormOptions['unknownFields']) {
    this.#splitter = new FormSplitter(boundary)
    this.#unknownFields = unknownFields
  }

  /** Reads the next bytes of the form and gives the data in them. */
  *read(bytes: Uint8Array): Generator<Uint8Array> {
    for (const piece of this.#split(bytes)) {
      if (piece.type === 'field') this.#begin(piece.headers)
      else if (piece.type === 'bytes' && this.#isData) yield piece.bytes
    }
  }

  /** There are no more bytes. */
  end(): void {
    if (!this.#splitter.hasEnded) throw new ApiError('The multipart body ended before its last boundary.')
    if (!this.#seen) throw missing(PART_FIELD)
  }

  #split(bytes: Uint8Array) {
    try {
      return this.#splitter.push(bytes)
    } catch (error) {
      throw error instanceof MalformedForm ? badForm() : error
    }
  }

  #begin(headers: string): void {
    const name = fieldNameOf(headers)
    if (name === null) throw badForm()
    this.#isData = name === PART_FIELD
    if (!this.#isData) {
      if (this.#unknownFields === 'refuse') throw new ApiError(`Unknown parameter: '${name}'.`, { param: name })
    } else if (this.#seen) {
      throw new ApiError(`'${PART_FIELD}' is there more than once.`, { param: PART_FIELD })
    }
    this.#seen ||= this.#isData
  }
}

/** The name of a field, null where its headers are none or name it not just once. Source: RFC 7578, section 4.2. */
function fieldNameOf(headers: string): string | null {
  const lines = headers.split('\r\n')
  if (!lines.every((line) => headerLine.test(line))) return null
  const [disposition, ...others] = lines.filter((line) => /^content-disposition:/i.test(line))
  if (disposition === undefined || others.length > 0 || !formData.test(disposition)) return null
  const names: string[] = []
  for (const [, key, quoted, bare] of disposition.matchAll(parameters)) {
    if (key?.toLowerCase() === 'name') names.push(quoted ?? bare ?? '')
    if (key?.toLowerCase() === 'filename*' && !isEncoded(bare ?? '')) return null
  }
  return names.length === 1 ? (names[0] ?? null) : null
}

const headerLine = /^[\w!#$%&'*+.^`|~-]+:[^\r\n\0]*$/
// By the form-data algorithm of HTML a quote inside a value is %22; by older rules it has a backslash before it. A form
// that would have two readings has none here.
const parameter = String.raw`;[ \t]*([^\s=;"]+)=(?:"([^"\\]*(?:\\[^"][^"\\]*)*)"|([^\s;"]*))`
const parameters = new RegExp(parameter, 'g')
const formData = new RegExp(
  String.raw`^content-disposition:[ \t]*form-data(?:[ \t]*${parameter})*(?:[ \t]*;)?[ \t]*$`,
  'i',
)

function isEncoded(value: string): boolean {
  try {
    decodeURIComponent(value)
    return true
  } catch {
    return false
  }
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
