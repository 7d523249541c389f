import { type Fetcher, FetcherError } from '../src/core/index.js'
import { createFakeUploads } from '../src/testing/index.js'

/** An answer that is none; `code` is the backend's word for it. */
export interface Failure {
  status: number
  code?: string
  /** @default 'As scripted.' */
  message?: string
  headers?: Record<string, string>
}

/** What the API does with one file, so that its row comes to a state and stays there. */
export interface Script {
  /** Holds create for ever. */
  holdCreate?: boolean
  /** Takes this many parts, and holds every later one. */
  holdAfter?: number
  /** Takes this many parts, and fails every later one with a status; 0 is a lost connection. */
  failAfter?: Failure & { parts: number }
  /** Fails every create. */
  failCreate?: Failure
  /** Takes this many parts, loses every later one once, and holds it when it is sent once more. */
  resendAfter?: number
  /** Takes no part before this has come to pass. */
  partsAfter?: () => Promise<void>
  holdComplete?: boolean
  /** The answer to cancel never comes. */
  holdCancel?: boolean
  /** Cancel is refused, so that nobody knows what became of it. */
  failCancel?: boolean
  /** Seconds until the Upload expires. @default 3600 */
  lifetime?: number
}

/** The fake API, told by file name what to do: states of a story come from answers, never from hidden props. */
export function scriptedFetcher(
  scripts: Record<string, Script>,
  line: { latency?: number; bytesPerSecond?: number } = {},
): Fetcher {
  const { fetcher } = createFakeUploads({ clock: 'real', ...line })
  const byUpload = new Map<string, Script & { taken: number; lost: Set<number> }>()
  const scriptOf = (uploadId: string) => byUpload.get(uploadId) ?? { taken: 0, lost: new Set<number>() }

  return {
    create: async (request, options) => {
      const script = scripts[request.filename] ?? {}
      if (script.holdCreate) await forEver(options.signal)
      if (script.failCreate) throw failure(script.failCreate)
      const created = await fetcher.create(request, options)
      byUpload.set(created.upload.id, { ...script, taken: 0, lost: new Set() })
      if (script.lifetime === undefined) return created
      return { ...created, upload: { ...created.upload, expires_at: created.upload.created_at + script.lifetime } }
    },
    addPart: async (part, options) => {
      const script = scriptOf(part.uploadId)
      if (script.partsAfter) await Promise.race([script.partsAfter(), forEver(options.signal)])
      const turn = script.taken
      script.taken += 1
      if (script.failAfter && turn >= script.failAfter.parts) throw failure(script.failAfter)
      if (script.resendAfter !== undefined && turn >= script.resendAfter && !script.lost.has(part.range.start)) {
        script.lost.add(part.range.start)
        throw new FetcherError('No answer.')
      }
      const held = script.holdAfter ?? script.resendAfter
      if (held !== undefined && turn >= held) {
        // Two thirds have left the browser: what a row looks like in mid-flight. Of one that is sent once more, a third.
        options.onProgress(Math.round((part.body.size * (script.holdAfter === undefined ? 1 : 2)) / 3))
        await forEver(options.signal)
      }
      return fetcher.addPart(part, options)
    },
    complete: async (call, options) => {
      if (scriptOf(call.uploadId).holdComplete) await forEver(options.signal)
      return fetcher.complete(call, options)
    },
    cancel: async (call, options) => {
      const { holdCancel, failCancel } = scriptOf(call.uploadId)
      if (holdCancel) await forEver(options.signal)
      if (failCancel) throw failure({ status: 400 })
      return fetcher.cancel(call, options)
    },
  }
}

/** What a story waits with until it says so. */
export function createGate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

function failure({ status, code, message = 'As scripted.', headers }: Failure): FetcherError {
  if (status === 0) return new FetcherError('No answer.')
  return new FetcherError(`Answered ${status}.`, {
    status,
    headers: new Headers({ 'x-request-id': 'req_7f3a9c', ...headers }),
    body: { error: { message, type: 'invalid_request_error', param: null, code: code ?? null } },
  })
}

function forEver(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
