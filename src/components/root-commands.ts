import type { CancelOptions, Uploader, UploadSnapshot } from '../core/index.js'
import { retryKind } from './retryable.js'
import { type RootStore, uploadsOf } from './root-store.js'

// Each acts on one Root's uploads only: the uploader may be shared with the rest of the app.

/** Cancels everything that is not finished. */
export function cancelUnfinished(store: RootStore, uploader: Uploader, options: CancelOptions): void {
  // Last first: cancelling the first would let the next one begin, only to be cancelled in turn.
  for (const { id, status } of uploadsOf(store, uploader).reverse()) {
    const finished = status === 'completed' || status === 'cancelled' || status === 'failed' || status === 'expired'
    if (!finished) uploader.cancel(id, options)
  }
}

/** Tries everything again that failed and has a chance. */
export function retryFailed(store: RootStore, uploader: Uploader): void {
  for (const upload of uploadsOf(store, uploader)) if (isRetryable(upload)) uploader.retry(upload.id)
}

function isRetryable(upload: UploadSnapshot): boolean {
  return upload.status === 'failed' && retryKind(upload) !== null
}
