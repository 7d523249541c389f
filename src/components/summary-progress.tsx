'use client'
import { createPart, type PartProps } from './part.js'
import { useRoot, useTotals } from './root-context.js'
import { percentOfAll } from './summarise.js'

export type SummaryProgressProps = PartProps<'div', object>

/** How far all uploads are together, by bytes; gone once nothing is under way. Renders a `div`. */
export const SummaryProgress = /* @__PURE__ */ createPart<'div', object>(
  'summary-progress',
  'div',
  function useSummaryProgress(given) {
    const { wording } = useRoot()
    const percent = useTotals(percentOfAll)
    if (percent === null) return null
    const own = {
      role: 'progressbar',
      'aria-label': wording.messages.overall,
      'aria-valuemin': 0,
      'aria-valuemax': 100,
      'aria-valuenow': percent,
      style: { '--ou-progress': percent / 100 },
    }
    return { state: {}, own, given }
  },
)
