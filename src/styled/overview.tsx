'use client'
import type { ReactNode } from 'react'
import * as Uploads from '../components/index.js'
import { useRootState } from '../components/root-context.js'
import { useLook } from './look.js'

/** What concerns the whole list. One file needs none of it: its row says it all. */
export function Overview({ undoFor }: { undoFor: number }): ReactNode {
  const several = useRootState((state) => state.ids.length > 1)
  const { classOf, iconOf } = useLook()
  if (!several) return null
  const action = classOf('action')
  return (
    <>
      <Uploads.OfflineBanner className={classOf('banner')}>
        {(text) => (
          <>
            <span className={classOf('bannerText')}>
              {iconOf('offline')}
              <bdi>{text}</bdi>
            </span>
            <span className={classOf('actions')}>
              <Uploads.OfflineTry className={action} />
            </span>
          </>
        )}
      </Uploads.OfflineBanner>
      <Uploads.RestoredBanner className={classOf('banner')}>
        {(text) => (
          <>
            <span className={classOf('bannerText')}>
              {iconOf('interrupted')}
              <bdi>{text}</bdi>
            </span>
            <span className={classOf('actions')}>
              <Uploads.RestoredResume className={action} />
              <Uploads.RestoredDiscard className={action} />
            </span>
          </>
        )}
      </Uploads.RestoredBanner>
      <Uploads.Summary className={classOf('summary')}>
        {({ text }) => (
          <>
            <span className={classOf('summaryText')}>
              <bdi>{text}</bdi>
            </span>
            <span className={classOf('actions')}>
              <Uploads.SummaryRetry className={action} />
              <Uploads.SummaryPause className={action} />
              <Uploads.SummaryCancel className={action} undoFor={undoFor} />
              <Uploads.SummaryClear className={action} />
            </span>
            <Uploads.SummaryProgress className={classOf('bar')} />
            <span className={classOf('view')}>
              <Uploads.SummaryFilter className={classOf('filter')} />
              <Uploads.SummaryFold className={action} />
            </span>
          </>
        )}
      </Uploads.Summary>
    </>
  )
}
