'use client'
import { forwardRef, type ReactElement, type RefAttributes, useCallback, useMemo } from 'react'
import * as Uploads from '../components/index.js'
import type { RootProps, RootState } from '../components/root.js'
import type { UploadsHandle } from '../components/use-uploads-handle.js'
import { LookContext, type LookOptions, lookOf } from './look.js'
import { Overview } from './overview.js'
import { Row } from './row.js'
import { VirtualList } from './virtual-list.js'
import { Zone } from './zone.js'

/** Everything that decides over uploads, as for `Uploads.Root`, and the look of the whole. */
export type UploadDropzoneProps<Multiple extends boolean = true> = Omit<
  RootProps<Multiple>,
  'children' | 'render' | 'asChild'
> &
  LookOptions & {
    /** Ms during which a cancel can be undone. @default 5000 */
    undoFor?: number
    /** Small pictures of raster images, and icons of the kind for other files, in place of what the upload is doing. @default false */
    thumbnails?: boolean
    /** How close together it all is; names are cut in the middle where it is `compact`. @default 'comfortable' */
    density?: 'comfortable' | 'compact'
  }

/**
 * A dropzone, its list and a summary, ready-made: needs `react-openai-uploads/styles.css`.
 * Where it does not fit, compose the same from `Uploads.*`.
 */
export const UploadDropzone = forwardRef<UploadsHandle, UploadDropzoneProps<boolean>>(function UploadDropzone(
  { undoFor = 5000, thumbnails = false, density = 'comfortable', classNames, icons, unstyled, className, ...props },
  ref,
) {
  const options = useMemo((): LookOptions => ({ classNames, icons, unstyled }), [classNames, icons, unstyled])
  const { classOf } = lookOf(options)
  const ownClass = (state: RootState) => {
    const given = typeof className === 'function' ? className(state) : className
    return [classOf('root'), given].filter(Boolean).join(' ')
  }
  const row = useCallback(
    (id: string) => <Row id={id} undoFor={undoFor} thumbnails={thumbnails} compact={density === 'compact'} />,
    [undoFor, thumbnails, density],
  )
  return (
    <LookContext.Provider value={options}>
      <Uploads.Root foldAbove={50} {...props} className={ownClass} data-density={density} ref={ref}>
        <Zone />
        <Uploads.Rejections className={classOf('rejections')} />
        <Overview undoFor={undoFor} />
        <VirtualList className={classOf('list')}>{row}</VirtualList>
      </Uploads.Root>
    </LookContext.Provider>
  )
}) as UploadDropzoneComponent

/** Its value is a list, or one file with `multiple={false}`. */
export interface UploadDropzoneComponent {
  <Multiple extends boolean = true>(
    props: UploadDropzoneProps<Multiple> & RefAttributes<UploadsHandle>,
  ): ReactElement | null
  displayName?: string
}
