'use client'
import { type ReactNode, useMemo } from 'react'
import { keepEqual } from './keep-equal.js'
import { createPart, type PartProps } from './part.js'
import { useRoot, useTotals } from './root-context.js'
import { type Summary as SummaryValue, summarise } from './summarise.js'
import type { Totals } from './totals.js'

export interface SummaryState {
  /** Something is in line, on its way or paused. */
  busy: boolean
  /** Something failed or expired. */
  attention: boolean
}

interface SummaryExtra {
  children?: ReactNode | ((summary: SummaryValue) => ReactNode)
}

export type SummaryProps = PartProps<'div', SummaryState, SummaryExtra>

/** The whole list in one line, which takes focus when its own button has gone; nothing while the list is empty. Renders a `div`. */
export const Summary = /* @__PURE__ */ createPart<'div', SummaryState, SummaryExtra>(
  'summary',
  'div',
  function useSummaryPart({ children, ...given }) {
    const summary = useSummary()
    if (summary.total === 0) return null
    const content = typeof children === 'function' ? children(summary) : (children ?? summary.text)
    return {
      state: { busy: summary.active + summary.paused > 0, attention: summary.attention > 0 },
      own: { tabIndex: -1, children: content },
      given,
    }
  },
)

function useSummary(): SummaryValue {
  const { wording } = useRoot()
  const select = useMemo(() => keepEqual((totals: Totals) => summarise(totals, wording)), [wording])
  return useTotals(select)
}
