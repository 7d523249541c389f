import { type Fetcher, FetcherError } from '../core/index.js'
import { PART_FIELD, pathOf, type RemoteUpload, type UploadPart } from '../protocol/index.js'
import type { FakeClock } from './clock.js'

/** What the fake line does, to be changed while it runs. */
export interface FakeLine {
  latency: number
  bytesPerSecond: number
}

const BASE = 'http://uploads.test/v1/uploads'
// As often as a browser tells about a body that is on its way.
const PROGRESS_MS = 50

/** A Fetcher that calls a handler in this process, at the speed of the fake line. */
export function createHandlerFetcher(
  handler: (request: Request) => Promise<Response>,
  clock: FakeClock,
  line: FakeLine,
): Fetcher {
  async function call(path: string, init: RequestInit): Promise<unknown> {
    let response: Response
    let text: string
    try {
      response = await handler(new Request(BASE + path, { method: 'POST', ...init }))
      text = await response.text()
    } catch (cause) {
      throw new FetcherError('No answer.', { cause })
    }
    const { status, headers } = response
    const body = parseJson(text)
    if (!response.ok || body === undefined)
      throw new FetcherError(`Answered ${status}.`, { status, headers, body: body ?? text })
    return body
  }

  const json = (body: unknown, signal: AbortSignal): RequestInit => ({
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
    signal,
  })

  async function send(bytes: number, signal: AbortSignal, onProgress: (bytesSent: number) => void): Promise<void> {
    let sent = 0
    while (sent < bytes && Number.isFinite(line.bytesPerSecond)) {
      const next = Math.min(bytes - sent, Math.max(1, Math.round((line.bytesPerSecond * PROGRESS_MS) / 1000)))
      await clock.sleep((next / line.bytesPerSecond) * 1000, signal)
      sent += next
      onProgress(sent)
    }
    onProgress(bytes)
  }

  return {
    create: async (request, { signal }) => ({ upload: (await call('', json(request, signal))) as RemoteUpload }),

    addPart: async ({ uploadId, body }, { signal, onProgress }) => {
      try {
        await send(body.size, signal, onProgress)
      } catch (cause) {
        throw new FetcherError('No answer.', { cause })
      }
      const form = new FormData()
      form.append(PART_FIELD, new File([body], 'part'))
      return (await call(pathOf('addPart', uploadId), { body: form, signal })) as UploadPart
    },

    complete: async ({ uploadId, partIds, md5 }, { signal }) => {
      const body = { part_ids: partIds, ...(md5 !== undefined && { md5 }) }
      return (await call(pathOf('complete', uploadId), json(body, signal))) as RemoteUpload
    },

    cancel: async ({ uploadId }, { signal }) => (await call(pathOf('cancel', uploadId), { signal })) as RemoteUpload,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
