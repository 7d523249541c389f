import { UploadError } from '../protocol/index.js'
import type { ChecksumAnswer, ChecksumQuestion } from './checksum-answers.js'

/** Where a checksum was computed: for demos, devtools and tests. */
export type ChecksumPlace = 'worker' | 'main'

/** Computes the MD5 of a whole file, as lowercase hex. Rejects when the file cannot be read, or with `network` when the code for it cannot be loaded. */
export type Checksum = (
  file: Blob,
  options?: {
    signal?: AbortSignal
    /** May be told now and then how many bytes of the file have been hashed: what a person reads as a percentage. */
    onProgress?: (bytesHashed: number) => void
  },
) => Promise<{ md5: string; where: ChecksumPlace }>

/** Of the two scripts in the package that hash: with WebAssembly, and for pages whose Content-Security-Policy forbids it. */
export type ChecksumScript = 'checksum.worker.js' | 'checksum-plain.worker.js'

export interface ChecksumOptions {
  /**
   * For apps whose bundler does not find the workers: makes one from the script named, which is in the package under this
   * name. The plain one is only asked for where the first may not use WebAssembly.
   */
  createWorker?: (script: ChecksumScript) => Worker
}

/**
 * Makes a Checksum that hashes in one worker for all files, and on the main thread in short slices where no worker
 * can start (CSP, another origin, a bundler that lost the file).
 */
export function createChecksum({ createWorker = defaultWorker }: ChecksumOptions = {}): Checksum {
  // Made at the first file: nothing starts on a server, in a test, or on a page where nobody uploads.
  let lane: WorkerLane | 'main' | null = null
  return async (file, { signal, onProgress } = {}) => {
    signal?.throwIfAborted()
    lane ??= openLane(createWorker, 'checksum.worker.js')
    while (lane !== 'main') {
      const asked: WorkerLane = lane
      try {
        return { md5: await asked.hash(file, signal, onProgress), where: 'worker' }
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error
        // Another file may have moved on already.
        if (lane === asked) lane = error.needsPlain ? openLane(createWorker, 'checksum-plain.worker.js') : 'main'
        signal?.throwIfAborted()
      }
    }
    const { md5OnPage } = await import('./checksum-on-page.js').catch((cause: unknown) => {
      // It comes from where the worker comes from, which may be there again at the next try.
      if (lane === 'main') lane = null
      throw notLoaded(cause)
    })
    const md5 = await md5OnPage(file, { ...(signal && { signal }), onProgress, yieldToPage: true })
    return { md5, where: 'main' }
  }
}

/** The file may be fine: it is the code that did not come, as of a page that was offline when its first file was added. */
function notLoaded(cause: unknown): UploadError {
  return new UploadError('network', 'The connection was lost. What was sent is kept; try again.', {
    cause,
    hint: 'Neither the checksum worker nor what stands in for it could be loaded. Are all files of the build deployed?',
  })
}

function defaultWorker(script: ChecksumScript): Worker {
  // Two literal forms: bundlers look for nothing else.
  return script === 'checksum.worker.js'
    ? new Worker(new URL('./checksum.worker.ts', import.meta.url), { type: 'module' })
    : new Worker(new URL('./checksum-plain.worker.ts', import.meta.url), { type: 'module' })
}

function openLane(createWorker: (script: ChecksumScript) => Worker, script: ChecksumScript): WorkerLane | 'main' {
  try {
    return new WorkerLane(createWorker(script), script)
  } catch {
    return 'main'
  }
}

/** The worker is of no use: it never started, died, or may not hash. The file itself may be fine. */
class WorkerLost extends Error {
  readonly needsPlain: boolean

  constructor(message: string, needsPlain: boolean) {
    super(`The checksum worker cannot be used: ${message}.`)
    this.needsPlain = needsPlain
  }
}

interface Waiting {
  resolve: (md5: string) => void
  reject: (error: unknown) => void
  onProgress: OnProgress
}

type OnProgress = ((bytesHashed: number) => void) | undefined

// Some policies block a worker without any event; then this is all there is to go by.
const HELLO_WITHIN_MS = 3000

/** Asks one worker about many files; each question ends with its answer, its abort, or the loss of the worker. */
class WorkerLane {
  readonly #worker: Worker
  readonly #script: ChecksumScript
  readonly #waiting = new Map<number, Waiting>()
  #questions = 0
  #lost: WorkerLost | null = null
  readonly #hello: ReturnType<typeof setTimeout>

  constructor(worker: Worker, script: ChecksumScript) {
    this.#worker = worker
    this.#script = script
    worker.onmessage = ({ data }: MessageEvent<ChecksumAnswer>) => this.#answered(data)
    // A blocked or missing worker script says so only by this event, often without any message.
    worker.onerror = (event) => this.#lose(event.message || 'it did not start')
    worker.onmessageerror = () => this.#lose('a message could not be read')
    this.#hello = setTimeout(() => this.#lose('it does not answer'), HELLO_WITHIN_MS)
  }

  async hash(file: Blob, signal: AbortSignal | undefined, onProgress: OnProgress): Promise<string> {
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
        this.#waiting.set(id, { resolve, reject, onProgress })
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
    if ('hello' in answer) {
      if (!answer.hello) this.#lose('it may not use WebAssembly', this.#script === 'checksum.worker.js')
      return
    }
    const waiting = this.#waiting.get(answer.id)
    if ('bytesHashed' in answer) waiting?.onProgress?.(answer.bytesHashed)
    else if ('md5' in answer) waiting?.resolve(answer.md5)
    else waiting?.reject(new DOMException(answer.error.message, answer.error.name))
  }

  #lose(message: string, needsPlain = false): void {
    clearTimeout(this.#hello)
    this.#lost = new WorkerLost(message, needsPlain)
    for (const { reject } of this.#waiting.values()) reject(this.#lost)
    this.#worker.terminate()
  }
}
