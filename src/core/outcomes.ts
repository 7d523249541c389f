import { type FileObject, UploadError } from '../protocol/index.js'
import type { Upload } from './upload.js'

interface Outcome {
  promise: Promise<FileObject>
  resolve: (fileObject: FileObject) => void
  reject: (error: UploadError) => void
}

/** The promises of those who wait for an upload to end; made only when someone waits, so none is rejected unheard. */
export class Outcomes {
  readonly #outcomes = new Map<Upload, Outcome>()

  /** Resolves with the File, or rejects with the reason; one promise for all who ask during a run. */
  of(upload: Upload): Promise<FileObject> {
    const outcome = this.#outcomes.get(upload) ?? deferred()
    this.#outcomes.set(upload, outcome)
    return outcome.promise
  }

  /** Tells how an upload that has settled ended. */
  tell(upload: Upload): void {
    const outcome = this.#outcomes.get(upload)
    this.#outcomes.delete(upload)
    const { state, info } = upload
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
