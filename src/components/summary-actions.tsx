'use client'
import { isSettled, type UploadSnapshot } from '../core/index.js'
import { createPart, type PartDescription, type PartProps } from './part.js'
import { retryKind } from './retryable.js'
import { retryFailed } from './root-commands.js'
import { useRoot, useTotals } from './root-context.js'
import { uploadsOf } from './root-store.js'
import type { Totals } from './totals.js'
import { useCancel } from './use-cancel.js'
import { useKeptFocus } from './use-kept-focus.js'
import { countOf } from './wording.js'

export interface SummaryPauseState {
  action: 'pause' | 'resume'
}

export interface SummaryRetryState {
  action: 'retry' | 'again'
}

export type SummaryPauseProps = PartProps<'button', SummaryPauseState>
export type SummaryRetryProps = PartProps<'button', SummaryRetryState>
export type SummaryActionProps = PartProps<'button', object>

interface SummaryCancelExtra {
  /** Ms during which each row offers Undo. @default 0 */
  undoFor?: number
}

export type SummaryCancelProps = PartProps<'button', object, SummaryCancelExtra>

// Each acts on this Root's uploads only: the uploader may be shared with the rest of the app.

/** Pause all, or Resume all once nothing is running. Renders a `button`. */
export const SummaryPause = /* @__PURE__ */ createPart<'button', SummaryPauseState>(
  'summary-pause',
  'button',
  function useSummaryPause(given) {
    const { uploader, wording } = useRoot()
    const action = useTotals(pauseOrResume)
    const all = useUploadsOfRoot()
    const pause = () => {
      for (const { id } of lastFirst(all())) uploader.pause(id)
    }
    const resume = () => {
      // One that has to be chosen again has a button of its own for that.
      for (const { id, status, needsFile } of all()) if (status === 'paused' && !needsFile) void uploader.resume(id)
    }
    return useSummaryAction(
      given,
      action && {
        state: { action },
        label: action === 'pause' ? wording.messages.pauseAll : wording.messages.resumeAll,
        onClick: action === 'pause' ? pause : resume,
      },
    )
  },
)

/** Cancels everything that is not finished. Renders a `button`. */
export const SummaryCancel = /* @__PURE__ */ createPart<'button', object, SummaryCancelExtra>(
  'summary-cancel',
  'button',
  function useSummaryCancel({ undoFor = 0, ...given }) {
    const { store, uploader, wording } = useRoot()
    const offered = useTotals((totals) => pauseOrResume(totals) !== null)
    const cancel = useCancel(undoFor)
    const cancelAll = () => {
      const going = uploadsOf(store, uploader).filter((upload) => !isSettled(upload))
      void cancel(going.map(({ id }) => id))
    }
    return useSummaryAction(
      given,
      offered ? { state: {}, label: wording.messages.cancelAll, onClick: cancelAll } : null,
    )
  },
)

/** Tries everything again that failed, or uploads everything again once all of it was cancelled. Renders a `button`. */
export const SummaryRetry = /* @__PURE__ */ createPart<'button', SummaryRetryState>(
  'summary-retry',
  'button',
  function useSummaryRetry(given) {
    const { store, uploader, wording } = useRoot()
    const retryable = useTotals((totals) => totals.retryable)
    const allCancelled = useTotals(
      ({ settled, total, cancelled }) => cancelled > 0 && cancelled === total && settled === total,
    )
    const all = useUploadsOfRoot()
    const again = () => {
      for (const upload of all()) if (upload.status === 'cancelled' && retryKind(upload)) uploader.retry(upload.id)
    }
    const label = wording.messages.retryAll(countOf(retryable, wording))
    return useSummaryAction<SummaryRetryState>(
      given,
      retryable > 0
        ? { state: { action: 'retry' }, label, onClick: () => retryFailed(store, uploader) }
        : allCancelled
          ? { state: { action: 'again' }, label: wording.messages.uploadAgain, onClick: again }
          : null,
    )
  },
)

/** Takes completed rows off the list. Renders a `button`. */
export const SummaryClear = /* @__PURE__ */ createPart<'button', object>(
  'summary-clear',
  'button',
  function useSummaryClear(given) {
    const { remove, wording } = useRoot()
    const offered = useTotals((totals) => totals.completed > 0)
    const all = useUploadsOfRoot()
    const clear = () => {
      for (const { id, status } of all()) if (status === 'completed') remove(id)
    }
    return useSummaryAction(
      given,
      offered ? { state: {}, label: wording.messages.clearFinished, onClick: clear } : null,
    )
  },
)

/** Describes a button for the whole list. `action` is null where the button makes no sense. */
export function useSummaryAction<State extends object>(
  given: object,
  action: { state: State; label: string; onClick: () => void; own?: object } | null,
): PartDescription<'button', State> | null {
  const { readOnly } = useRoot()
  const ref = useKeptFocus()
  if (!action || readOnly) return null
  return {
    state: action.state,
    own: { children: action.label, onClick: action.onClick, ...action.own },
    given,
    ref,
  }
}

/** This Root's uploads as they are when someone presses. */
export function useUploadsOfRoot(): () => UploadSnapshot[] {
  const { store, uploader } = useRoot()
  return () => uploadsOf(store, uploader)
}

/** Stopping the first would let the next one begin, only to be stopped in turn. */
function lastFirst(uploads: UploadSnapshot[]): UploadSnapshot[] {
  return uploads.reverse()
}

function pauseOrResume({ active, queued, paused, offline }: Totals): SummaryPauseState['action'] | null {
  // What waits for the connection goes on by itself, unless it is paused.
  if (active + queued + offline > 0) return 'pause'
  return paused > 0 ? 'resume' : null
}
