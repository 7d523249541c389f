import type { ChecksumAnswer, ChecksumQuestion } from './checksum.worker.js'

/** Where a checksum was computed: for demos, devtools and tests. */
export type ChecksumPlace = 'worker' | 'main'

/** Computes the MD5 of a whole file, as lowercase hex. Rejects when the file cannot be read. */
export type Checksum = (
  file: Blob,
  options?: { signal?: AbortSignal },
) => Promise<{ md5: string; where: ChecksumPlace }>

export interface ChecksumOptions {
  /** For apps whose bundler does not find the worker: make it from `react-openai-uploads/checksum.worker.js`. */
  createWorker?: () => Worker
}

/**
 * Makes a Checksum that hashes in one worker for all files, and on the main thread in short slices where no worker
 * can start (CSP, another origin, a bundler that lost the file).
 */
export function createChecksum({ createWorker = defaultWorker }: ChecksumOptions = {}): Checksum {
  // Made at the first file: nothing starts on a server, in a test, or on a page where nobody uploads.
  let lane: WorkerLane | 'main' | null = null
  return async (file, { signal } = {}) => {
    signal?.throwIfAborted()
    lane ??= openLane(createWorker)
    if (lane !== 'main') {
      try {
        return { md5: await lane.hash(file, signal), where: 'worker' }
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error
        lane = 'main'
      }
    }
    const { md5Of } = await import('./md5.js')
    return { md5: await md5Of(file, { ...(signal && { signal }), yieldToPage: true }), where: 'main' }
  }
}

function defaultWorker(): Worker {
  return new Worker(new URL('./checksum.worker.ts', import.meta.url), { type: 'module' })
}

function openLane(createWorker: () => Worker): WorkerLane | 'main' {
  try {
    return new WorkerLane(createWorker())
  } catch {
    return 'main'
  }
}

/** The worker is of no use: it never started, or it died. The file itself may be fine. */
class WorkerLost extends Error {}

interface Waiting {
  resolve: (md5: string) => void
  reject: (error: unknown) => void
}

// Some policies block a worker without any event; then this is all there is to go by.
const HELLO_WITHIN_MS = 3000

/** Asks one worker about many files; each question ends with its answer, its abort, or the loss of the worker. */
class WorkerLane {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #questions = 0
  #lost: WorkerLost | null = null
  readonly #hello: ReturnType<typeof setTimeout>

  constructor(worker: Worker) {
    this.#worker = worker
    worker.onmessage = ({ data }: MessageEvent<ChecksumAnswer>) => this.#answered(data)
    // A blocked or missing worker script says so only by this event, often without any message.
    worker.onerror = (event) => this.#lose(event.message)
    worker.onmessageerror = () => this.#lose('a message could not be read')
    this.#hello = setTimeout(() => this.#lose('it does not answer'), HELLO_WITHIN_MS)
  }

  async hash(file: Blob, signal: AbortSignal | undefined): Promise<string> {
    if (this.#lost) throw this.#lost
    this.#questions += 1
    const id = this.#questions
    const stop = () => {
      this.#post({ type: 'abort', id })
      this.#waiting.get(id)?.reject(signal?.reason)
    }
    signal?.addEventListener('abort', stop)
    try {
      return await new Promise<string>((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        this.#post({ type: 'hash', id, file })
      })
    } finally {
      signal?.removeEventListener('abort', stop)
      this.#waiting.delete(id)
    }
  }

  #post(question: ChecksumQuestion): void {
    this.#worker.postMessage(question)
  }

  #answered(answer: ChecksumAnswer): void {
    clearTimeout(this.#hello)
    if ('hello' in answer) return
    const waiting = this.#waiting.get(answer.id)
    if ('md5' in answer) waiting?.resolve(answer.md5)
    else waiting?.reject(new DOMException(answer.error.message, answer.error.name))
  }

  #lose(message: string): void {
    clearTimeout(this.#hello)
    this.#lost = new WorkerLost(`The checksum worker cannot be used: ${message || 'it did not start'}.`)
    for (const { reject } of this.#waiting.values()) reject(this.#lost)
    this.#worker.terminate()
  }
}
