'use client'
import { useEffect } from 'react'
import { createPart, type PartProps } from './part.js'
import { useFolds, useRoot, useRootState, useTotals } from './root-context.js'
import { useSummaryAction } from './summary-actions.js'
import { countOf } from './wording.js'

export interface SummaryFoldState {
  /** The completed rows are shown. */
  open: boolean
}

export interface SummaryFilterState {
  pressed: boolean
}

export type SummaryFoldProps = PartProps<'button', SummaryFoldState>
export type SummaryFilterProps = PartProps<'button', SummaryFilterState>

/** Shows the completed rows of a list longer than `foldAbove`, and folds them away again. Renders a `button`. */
export const SummaryFold = /* @__PURE__ */ createPart<'button', SummaryFoldState>(
  'summary-fold',
  'button',
  function useSummaryFold(given) {
    const { store, wording } = useRoot()
    const { messages } = wording
    const folds = useFolds()
    const completed = useTotals((totals) => totals.completed)
    const open = useRootState((state) => state.view === 'all')
    return useSummaryAction(
      given,
      folds && completed > 0
        ? {
            state: { open },
            label: open ? messages.hideFinished : messages.showFinished(countOf(completed, wording)),
            onClick: () => store.show(open ? 'usual' : 'all'),
            own: { 'aria-expanded': open },
          }
        : null,
    )
  },
)

/** Shows only the rows that need attention, and all of them again. Renders a `button`. */
export const SummaryFilter = /* @__PURE__ */ createPart<'button', SummaryFilterState>(
  'summary-filter',
  'button',
  function useSummaryFilter(given) {
    const { store, wording } = useRoot()
    const offered = useTotals(({ attention, total }) => attention > 0 && attention < total)
    const pressed = useRootState((state) => state.view === 'attention')

    useEffect(() => {
      // Or the next failure, an hour later, would hide every other row.
      if (!offered && pressed) store.show('usual')
    }, [offered, pressed, store])

    return useSummaryAction(
      given,
      offered
        ? {
            state: { pressed },
            label: wording.messages.needsAttention,
            onClick: () => store.show(pressed ? 'usual' : 'attention'),
            own: { 'aria-pressed': pressed },
          }
        : null,
    )
  },
)
