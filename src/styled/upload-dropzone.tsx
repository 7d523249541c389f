'use client'
import { type ForwardRefExoticComponent, forwardRef, type ReactNode, type RefAttributes, useMemo } from 'react'
import * as Uploads from '../components/index.js'
import type { RootProps, RootState } from '../components/root.js'
import { useRootState } from '../components/root-context.js'
import { LookContext, type LookOptions, lookOf, useLook } from './look.js'
import { Row } from './row.js'
import { Zone } from './zone.js'

/** Everything that decides over uploads, as for `Uploads.Root`, and the look of the whole. */
export type UploadDropzoneProps = Omit<RootProps, 'children' | 'render' | 'asChild'> &
  LookOptions & {
    /** Ms during which a cancel can be undone. @default 5000 */
    undoFor?: number
    /** How close together it all is. @default 'comfortable' */
    density?: 'comfortable' | 'compact'
  }

/**
 * A dropzone, its list and a summary, ready-made: needs `react-openai-uploads/styles.css`.
 * Where it does not fit, compose the same from `Uploads.*`.
 */
export const UploadDropzone: ForwardRefExoticComponent<UploadDropzoneProps & RefAttributes<HTMLDivElement>> =
  forwardRef<HTMLDivElement, UploadDropzoneProps>(function UploadDropzone(
    { undoFor = 5000, density = 'comfortable', classNames, icons, unstyled, className, ...props },
    ref,
  ) {
    const options = useMemo((): LookOptions => ({ classNames, icons, unstyled }), [classNames, icons, unstyled])
    const { classOf } = lookOf(options)
    const ownClass = (state: RootState) => {
      const given = typeof className === 'function' ? className(state) : className
      return [classOf('root'), given].filter(Boolean).join(' ')
    }
    return (
      <LookContext.Provider value={options}>
        <Uploads.Root {...props} className={ownClass} data-density={density} ref={ref}>
          <Zone />
          <Uploads.Rejections className={classOf('rejections')} />
          <Overview undoFor={undoFor} />
          <Uploads.List className={classOf('list')}>{(id) => <Row id={id} undoFor={undoFor} />}</Uploads.List>
        </Uploads.Root>
      </LookContext.Provider>
    )
  })

/** One file needs no summary: its row says it all. */
function Overview({ undoFor }: { undoFor: number }): ReactNode {
  const several = useRootState((state) => state.ids.length > 1)
  const { classOf } = useLook()
  if (!several) return null
  const action = classOf('action')
  return (
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
        </>
      )}
    </Uploads.Summary>
  )
}
