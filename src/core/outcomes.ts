import { type FileObject, UploadError } from '../protocol/index.js'
import type { TrackedUpload } from './tracked-upload.js'

interface Outcome {
  promise: Promise<FileObject>
  resolve: (fileObject: FileObject) => void
  reject: (error: UploadError) => void
}

/** The promises of those who wait for an upload to end; made only when someone waits, so none is rejected unheard. */
export class Outcomes {
  // By upload id: when an upload goes over from one tab to another, who waits for it waits on.
  readonly #outcomes = new Map<string, Outcome>()

  /** Resolves with the File, or rejects with the reason; one promise for all who ask during a run. */
  of({ id }: TrackedUpload): Promise<FileObject> {
    const outcome = this.#outcomes.get(id) ?? deferred()
    this.#outcomes.set(id, outcome)
    return outcome.promise
  }

  /** Tells how an upload that has settled ended. */
  tell({ id, state, info }: TrackedUpload): void {
    const outcome = this.#outcomes.get(id)
    this.#outcomes.delete(id)
    if (state.status === 'completed') outcome?.resolve(state.fileObject)
    else if (state.status === 'failed') outcome?.reject(state.error)
    else outcome?.reject(endOf(state.status === 'expired' ? 'expired' : 'cancelled', info.name, state.remote?.id))
  }
}

function endOf(code: 'cancelled' | 'expired', name: string, uploadId: string | undefined): UploadError {
  const message =
    code === 'cancelled'
      ? `The upload of ${name} was cancelled.`
      : `${name} was not finished within its hour, so OpenAI discarded it. Start again to upload it from the beginning.`
  return new UploadError(code, message, uploadId === undefined ? {} : { uploadId })
}

function deferred(): Outcome {
  let resolve!: Outcome['resolve']
  let reject!: Outcome['reject']
  const promise = new Promise<FileObject>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise
    reject = rejectPromise
  })
  return { promise, resolve, reject }
}
