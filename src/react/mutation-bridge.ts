import { MutationObserver, type QueryClient } from '@tanstack/react-query'
import type { FileObject, Uploader } from '../core/index.js'
import { uploadMutation } from './upload-mutation.js'

/** Makes every run of an uploader a mutation of a query client, whoever started it. */
export class MutationBridge {
  readonly #uploader: Uploader
  readonly #client: QueryClient
  readonly #runs = new Map<string, Promise<FileObject>>()
  #stopWatching: (() => void) | null = null

  constructor(uploader: Uploader, client: QueryClient) {
    this.#uploader = uploader
    this.#client = client
  }

  /** Runs an upload as a mutation, or joins the mutation that runs it. */
  run(uploadId: string): Promise<FileObject> {
    const running = this.#runs.get(uploadId)
    if (running) return running
    const observer = new MutationObserver(this.#client, uploadMutation(this.#uploader))
    this.#watch()
    const run = observer.mutate({ uploadId }).finally(() => {
      if (this.#runs.get(uploadId) === run) this.#runs.delete(uploadId)
      if (this.#runs.size === 0) this.#unwatch()
      // Lets the cache drop the mutation after its usual time.
      observer.reset()
    })
    this.#runs.set(uploadId, run)
    return run
  }

  /** Follows runs that start by other commands (retry, the engine's own run); returns the end of it. */
  connect(): () => void {
    return this.#uploader.subscribeToEvents(({ type, id }) => {
      // The outcome is told by the upload's state; nobody awaits this promise.
      if (type === 'started') this.run(id).catch(() => {})
    })
  }

  /**
   * A run ends with its upload, not with the app's callbacks about it: a retry meanwhile is a run of its own. One
   * listener for all runs: with one for each, every event of a thousand uploads would be told a thousand times.
   */
  #watch(): void {
    this.#stopWatching ??= this.#uploader.subscribeToEvents(({ type, id }) => {
      if (type === 'settled') this.#runs.delete(id)
    })
  }

  #unwatch(): void {
    this.#stopWatching?.()
    this.#stopWatching = null
  }
}

const bridges = new WeakMap<Uploader, WeakMap<QueryClient, MutationBridge>>()

/** The one bridge between these two, so that two providers of one uploader make one mutation, not two. */
export function bridgeOf(uploader: Uploader, client: QueryClient): MutationBridge {
  const byClient = bridges.get(uploader) ?? new WeakMap<QueryClient, MutationBridge>()
  bridges.set(uploader, byClient)
  const bridge = byClient.get(client) ?? new MutationBridge(uploader, client)
  byClient.set(client, bridge)
  return bridge
}
