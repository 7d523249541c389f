import { type Fetcher, FetcherError } from '../../src/core/index.js'
import type { RemoteUpload } from '../../src/index.js'
import { beginCall, type WireCall } from './wire-log.js'

/** A fetcher that does what another one does and writes down every call: four functions are all there is to wrap. */
export function recordingFetcher(fetcher: Fetcher, endpoint: string): Fetcher {
  const partNumber = numberParts()
  const pathOf = (uploadId: string, call: string) => `${endpoint}/${uploadId}/${call}`
  return {
    ...fetcher,
    create: (request, options) =>
      record(
        { call: 'create', part: null, path: endpoint, bytes: null },
        options.signal,
        ({ upload }) => upload,
        () => fetcher.create(request, options),
      ),
    addPart: (part, options) => {
      const bytes = part.range.end - part.range.start
      const call = { call: 'part', part: partNumber(part), path: pathOf(part.uploadId, 'parts'), bytes } as const
      return record(
        call,
        options.signal,
        () => null,
        () => fetcher.addPart(part, options),
      )
    },
    complete: (call, options) => {
      const path = pathOf(call.uploadId, 'complete')
      return record(
        { call: 'complete', part: null, path, bytes: null },
        options.signal,
        (upload) => upload,
        () => fetcher.complete(call, options),
      )
    },
    cancel: (call, options) => {
      const path = pathOf(call.uploadId, 'cancel')
      return record(
        { call: 'cancel', part: null, path, bytes: null },
        options.signal,
        (upload) => upload,
        () => fetcher.cancel(call, options),
      )
    },
  }
}

// The handler's only success; a fetcher gives the answer without its number.
const OK = 200

async function record<T>(
  call: Pick<WireCall, 'call' | 'part' | 'path' | 'bytes'>,
  signal: AbortSignal,
  uploadOf: (answer: T) => RemoteUpload | null,
  // Begins at once: a cancel is also sent while the page is being left.
  begin: () => Promise<T>,
): Promise<T> {
  const end = beginCall(call)
  try {
    const answer = await begin()
    // As long as parts are taken, the Upload is pending.
    end({ status: OK, upload: call.call === 'part' ? 'pending' : (uploadOf(answer)?.status ?? null) })
    return answer
  } catch (thrown) {
    const status = thrown instanceof FetcherError ? thrown.status : undefined
    const upload = codeOf(thrown) === 'expired' ? 'expired' : null
    end({ status: status ?? (signal.aborted ? 'stopped' : 'lost'), upload })
    throw thrown
  }
}

function codeOf(thrown: unknown): unknown {
  const body = thrown instanceof FetcherError ? (thrown.body as { error?: { code?: unknown } } | null) : null
  return body?.error?.code
}

/** Numbers parts by where they lie, in steps of the largest one seen of their Upload. */
function numberParts() {
  const sizes = new Map<string, number>()
  return ({ uploadId, range }: Parameters<Fetcher['addPart']>[0]) => {
    const size = Math.max(sizes.get(uploadId) ?? 0, range.end - range.start)
    sizes.set(uploadId, size)
    return Math.floor(range.start / size) + 1
  }
}
