import {
  type CancelOptions,
  type FileObject,
  type FileRules,
  initialState,
  isUploadError,
  UploadError,
  type Uploader,
  type UploadOptions,
  type UploadProgress,
  type UploadSnapshot,
} from '../core/index.js'
import type { MutationBridge } from './mutation-bridge.js'

/** Before the first file, and after `reset`. */
export interface IdleUpload {
  readonly status: 'idle'
  readonly progress: UploadProgress
  readonly remote: null
  /** Why the last file was refused, if it was. */
  readonly error: UploadError | null
}

export interface UseUploadOptions extends Partial<UploadOptions>, FileRules {}

/** Commands on the one upload of a `useUpload`; stable, and each does nothing where it makes no sense. */
export interface UploadCommands {
  /** Uploads a file; a refused one shows as `error`. An upload that is under way goes on, unattended. */
  start(file: File): void
  /** As `start`, and resolves with the FileObject or rejects with the UploadError. */
  startAsync(file: File): Promise<FileObject>
  pause(): void
  resume(file?: File): Promise<void>
  cancel(options?: CancelOptions): void
  undoCancel(): void
  retry(): void
  /** Lets go of the upload without cancelling it. */
  reset(): void
}

/** The store behind `useUpload`: which upload it is attached to, or why there is none. */
export class SingleUpload {
  readonly commands: UploadCommands
  #options: UseUploadOptions
  readonly #uploader: Uploader
  readonly #bridge: MutationBridge
  readonly #listeners = new Set<() => void>()
  #attached: { id: string | null; idle: IdleUpload } = { id: null, idle: idleWith(null) }

  constructor(uploader: Uploader, bridge: MutationBridge, options: UseUploadOptions) {
    this.#uploader = uploader
    this.#bridge = bridge
    this.#options = options
    const withId = (command: (id: string) => void) => {
      if (this.#attached.id !== null) command(this.#attached.id)
    }
    this.commands = {
      start: (file) => void this.#start(file).catch(() => {}),
      startAsync: (file) => this.#start(file),
      pause: () => withId((id) => uploader.pause(id)),
      resume: async (file) => {
        if (this.#attached.id !== null) await uploader.resume(this.#attached.id, file)
      },
      cancel: (cancelOptions) => withId((id) => uploader.cancel(id, cancelOptions)),
      undoCancel: () => withId((id) => uploader.undoCancel(id)),
      retry: () => withId((id) => uploader.retry(id)),
      reset: () => this.#attach(null, null),
    }
  }

  /** The newest options, for the next start. */
  setOptions(options: UseUploadOptions): void {
    this.#options = options
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    const unsubscribe = this.#uploader.subscribe(listener)
    return () => {
      this.#listeners.delete(listener)
      unsubscribe()
    }
  }

  getSnapshot = (): IdleUpload | UploadSnapshot => {
    const { id, idle } = this.#attached
    // Removed elsewhere: idle again.
    return (id !== null && this.#uploader.get(id)) || idle
  }

  async #start(file: File): Promise<FileObject> {
    const { accept, minSize, maxSize, ...options } = this.#options
    const rules = { ...(accept && { accept }), ...(minSize && { minSize }), ...(maxSize && { maxSize }) }
    try {
      this.#attach(this.#uploader.add(file, options, rules), null)
    } catch (error) {
      const refusal = isUploadError(error) ? error : new UploadError('unknown', String(error), { cause: error })
      this.#attach(null, refusal)
      throw refusal
    }
    return this.#bridge.run(this.#attached.id as string)
  }

  #attach(id: string | null, error: UploadError | null): void {
    this.#attached = { id, idle: idleWith(error) }
    for (const listener of this.#listeners) listener()
  }
}

function idleWith(error: UploadError | null): IdleUpload {
  return { status: 'idle', progress: initialState(0).progress, remote: null, error }
}
