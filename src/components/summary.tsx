'use client'
import { type ReactNode, useCallback } from 'react'
import type { UploadSnapshot } from '../core/index.js'
import { createPart, type PartProps } from './part.js'
import { useRoot, useRootUploads } from './root-context.js'
import { type Summary as SummaryValue, summarise } from './summarise.js'

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

/** The whole list in one line; nothing while the list is empty. Renders a `div`. */
export const Summary = /* @__PURE__ */ createPart<'div', SummaryState, SummaryExtra>(
  'summary',
  'div',
  function useSummaryPart({ children, ...given }) {
    const summary = useSummary()
    if (summary.total === 0) return null
    const content = typeof children === 'function' ? children(summary) : (children ?? summary.text)
    return {
      state: { busy: summary.active + summary.paused > 0, attention: summary.attention > 0 },
      own: { children: content },
      given,
    }
  },
)

export function useSummary(): SummaryValue {
  const { wording } = useRoot()
  return useRootUploads(useCallback((uploads: readonly UploadSnapshot[]) => summarise(uploads, wording), [wording]))
}
