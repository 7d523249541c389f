'use client'
import { isSettled, type UploadSnapshot } from '../core/index.js'
import { createPart, type PartDescription, type PartProps } from './part.js'
import { retryKind } from './retryable.js'
import { uploadsOf, useRoot } from './root-context.js'
import { useSummary } from './summary.js'
import { useCancel } from './use-cancel.js'
import { useKeptFocus } from './use-kept-focus.js'
import { countOf } from './wording.js'

export interface SummaryPauseState {
  action: 'pause' | 'resume'
}

export type SummaryPauseProps = PartProps<'button', SummaryPauseState>
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
    const { active, paused } = useSummary()
    const each = useEach()
    const action = active > 0 ? 'pause' : 'resume'
    return useAction(
      given,
      active + paused === 0
        ? null
        : {
            state: { action },
            label: action === 'pause' ? wording.messages.pauseAll : wording.messages.resumeAll,
            onClick: () =>
              each(({ id, status }) => {
                if (action === 'pause') uploader.pause(id)
                else if (status === 'paused') void uploader.resume(id)
              }),
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
    const { active, paused } = useSummary()
    const cancel = useCancel(undoFor)
    const cancelAll = () => {
      const going = uploadsOf(store, uploader).filter((upload) => !isSettled(upload))
      void cancel(going.map(({ id }) => id))
    }
    return useAction(
      given,
      active + paused === 0 ? null : { state: {}, label: wording.messages.cancelAll, onClick: cancelAll },
    )
  },
)

/** Tries everything again that failed. Renders a `button`. */
export const SummaryRetry = /* @__PURE__ */ createPart<'button', object>(
  'summary-retry',
  'button',
  function useSummaryRetry(given) {
    const { uploader, wording } = useRoot()
    const { retryable } = useSummary()
    const each = useEach()
    const retry = (upload: UploadSnapshot) => {
      if (upload.status === 'failed' && retryKind(upload)) uploader.retry(upload.id)
    }
    const label = wording.messages.retryAll(countOf(retryable, wording))
    return useAction(given, retryable === 0 ? null : { state: {}, label, onClick: () => each(retry) })
  },
)

/** Takes completed rows off the list. Renders a `button`. */
export const SummaryClear = /* @__PURE__ */ createPart<'button', object>(
  'summary-clear',
  'button',
  function useSummaryClear(given) {
    const { remove, wording } = useRoot()
    const { completed } = useSummary()
    const each = useEach()
    const clear = ({ id, status }: UploadSnapshot) => {
      if (status === 'completed') remove(id)
    }
    return useAction(
      given,
      completed === 0 ? null : { state: {}, label: wording.messages.clearFinished, onClick: () => each(clear) },
    )
  },
)

function useEach(): (act: (upload: UploadSnapshot) => void) => void {
  const { store, uploader } = useRoot()
  // Last first: cancelling the first would let the next one begin, only to be cancelled in turn.
  return (act) => uploadsOf(store, uploader).reverse().forEach(act)
}

function useAction<State extends object>(
  given: object,
  action: { state: State; label: string; onClick: () => void } | null,
): PartDescription<'button', State> | null {
  const ref = useKeptFocus()
  return action && { state: action.state, own: { children: action.label, onClick: action.onClick }, given, ref }
}
