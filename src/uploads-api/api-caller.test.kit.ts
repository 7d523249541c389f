import type { ErrorEnvelope, FileObject, RemoteUpload } from '../protocol/index.js'
import { createUploadsApi, type UploadsApiOptions } from './api.js'

export interface Answer {
  status: number
  headers: Headers
  /** Whichever of these the call answers with. */
  body: Omit<RemoteUpload, 'file'> & ErrorEnvelope & { file: FileObject; data: FileObject[]; last_id: string }
}

/** 17 September 2025, 21:39:09: when the recorded Upload was created. */
export const recordedSecond = 1_758_145_149

export function createTestClock(second: number = recordedSecond) {
  let milliseconds = second * 1000
  return {
    now: () => milliseconds,
    advance: (seconds: number) => {
      milliseconds += seconds * 1000
    },
  }
}

/** The API with a clock that stands still, and its calls as short functions. */
export function createApiCaller(options: UploadsApiOptions = {}) {
  const clock = createTestClock()
  const api = createUploadsApi({ clock, ...options })

  async function call(method: string, path: string, body?: unknown, headers: HeadersInit = {}): Promise<Answer> {
    const payload = body === undefined || body instanceof FormData ? body : JSON.stringify(body)
    const response = await api.handler(new Request(`http://api${path}`, { method, headers, body: payload ?? null }))
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] }
  }
  const create = (fields: Record<string, unknown> = {}) =>
    call('POST', '/v1/uploads', {
      filename: 'tale.jsonl',
      purpose: 'fine-tune',
      bytes: 8,
      mime_type: 'text/jsonl',
      ...fields,
    })
  const addPart = (uploadId: string, data: BlobPart | BlobPart[]) => {
    const form = new FormData()
    form.set('data', new Blob([data].flat()), 'blob')
    return call('POST', `/v1/uploads/${uploadId}/parts`, form)
  }
  const complete = (uploadId: string, part_ids: unknown, md5?: unknown) =>
    call('POST', `/v1/uploads/${uploadId}/complete`, { part_ids, ...(md5 !== undefined && { md5 }) })
  const cancel = (uploadId: string) => call('POST', `/v1/uploads/${uploadId}/cancel`)

  /** An open Upload of these parts, and their ids. */
  async function uploadOf(parts: readonly string[], fields: Record<string, unknown> = {}) {
    const bytes = new TextEncoder().encode(parts.join('')).length
    const id: string = (await create({ bytes, ...fields })).body.id
    const partIds: string[] = []
    for (const part of parts) partIds.push((await addPart(id, part)).body.id)
    return { id, partIds }
  }
  /** The id of a File of these parts. */
  async function fileOf(parts: readonly string[], fields: Record<string, unknown> = {}): Promise<string> {
    const { id, partIds } = await uploadOf(parts, fields)
    return (await complete(id, partIds)).body.file.id
  }
  return { api, clock, call, create, addPart, complete, cancel, uploadOf, fileOf }
}

/** A body that arrives in these pieces. */
export function streamOf(pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.iterator]()
  return new ReadableStream({
    pull: (controller) => {
      const { done, value } = iterator.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
