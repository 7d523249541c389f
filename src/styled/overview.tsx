'use client'
import type { ReactNode } from 'react'
import * as Uploads from '../components/index.js'
import { useRootState } from '../components/root-context.js'
import { PhaseIcon } from './icons.js'

/** What concerns the whole list. One file needs none of it: its row says it all. */
export function Overview({ undoFor }: { undoFor: number }): ReactNode {
  const several = useRootState((state) => state.ids.length > 1)
  if (!several) return null
  return (
    <>
      <Uploads.OfflineBanner className="ou-banner">
        {(text) => (
          <>
            <span className="ou-banner-text">
              <PhaseIcon phase="offline" />
              <bdi>{text}</bdi>
            </span>
            <span className="ou-actions">
              <Uploads.OfflineTry className="ou-button ou-quiet" />
            </span>
          </>
        )}
      </Uploads.OfflineBanner>
      <Uploads.RestoredBanner className="ou-banner">
        {(text) => (
          <>
            <span className="ou-banner-text">
              <PhaseIcon phase="interrupted" />
              <bdi>{text}</bdi>
            </span>
            <span className="ou-actions">
              <Uploads.RestoredResume className="ou-button ou-quiet" />
              <Uploads.RestoredDiscard className="ou-button ou-quiet" />
            </span>
          </>
        )}
      </Uploads.RestoredBanner>
      <Uploads.Summary className="ou-summary">
        {({ text }) => (
          <>
            <span className="ou-summary-text">
              <bdi>{text}</bdi>
            </span>
            <span className="ou-actions">
              <Uploads.SummaryRetry className="ou-button ou-quiet" />
              <Uploads.SummaryPause className="ou-button ou-quiet" />
              <Uploads.SummaryCancel className="ou-button ou-quiet" undoFor={undoFor} />
              <Uploads.SummaryClear className="ou-button ou-quiet" />
            </span>
            <Uploads.SummaryProgress className="ou-bar" />
            <span className="ou-actions ou-view">
              <Uploads.SummaryFilter className="ou-button ou-chip" />
              <Uploads.SummaryFold className="ou-button ou-quiet" />
            </span>
          </>
        )}
      </Uploads.Summary>
    </>
  )
}
