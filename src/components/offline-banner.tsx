'use client'
import type { ReactNode } from 'react'
import { createPart, type PartProps } from './part.js'
import { useRoot, useTotals } from './root-context.js'
import { waitingOffline } from './summarise.js'
import { useSummaryAction, useUploadsOfRoot } from './summary-actions.js'
import { countOf } from './wording.js'

interface BannerExtra {
  children?: ReactNode | ((text: string) => ReactNode)
}

export type OfflineBannerProps = PartProps<'div', object, BannerExtra>
export type OfflineTryProps = PartProps<'button', object>

/** How many uploads wait for the connection, while none can go on. Renders a `div`. */
export const OfflineBanner = /* @__PURE__ */ createPart<'div', object, BannerExtra>(
  'offline-banner',
  'div',
  function useOfflineBanner({ children, ...given }) {
    const { wording } = useRoot()
    const waiting = useTotals(waitingOffline)
    if (waiting === 0) return null
    const text = wording.messages.offlineCount(countOf(waiting, wording))
    return {
      state: {},
      own: { children: typeof children === 'function' ? children(text) : (children ?? text) },
      given,
    }
  },
)

/** Tries at once whether the connection is back. Renders a `button`. */
export const OfflineTry = /* @__PURE__ */ createPart<'button', object>(
  'offline-try',
  'button',
  function useOfflineTry(given) {
    const { uploader, wording } = useRoot()
    const offered = useTotals((totals) => totals.offline > 0)
    const all = useUploadsOfRoot()
    const tryNow = () => {
      for (const upload of all()) {
        if (upload.status === 'paused' && upload.reason === 'offline') void uploader.resume(upload.id)
      }
    }
    return useSummaryAction(given, offered ? { state: {}, label: wording.messages.tryNow, onClick: tryNow } : null)
  },
)
