'use client'
import { type ForwardRefExoticComponent, forwardRef, type ReactNode, type RefAttributes, useCallback } from 'react'
import type { DropzoneRenderState } from '../components/dropzone.js'
import * as Uploads from '../components/index.js'
import { itemState, useUploadOf } from '../components/item-context.js'
import type { RootProps } from '../components/root.js'
import { useRoot, useRootState } from '../components/root-context.js'
import { countOf } from '../components/wording.js'
import { DropIcon, PhaseIcon, RefusedIcon, UploadIcon } from './icons.js'
import { Overview } from './overview.js'
import { VirtualList } from './virtual-list.js'

/** Everything that decides over uploads, as for `Uploads.Root`, and the look of the whole. */
export type UploadDropzoneProps = Omit<RootProps, 'children' | 'render'> & {
  /** Ms during which a cancel can be undone. @default 5000 */
  undoFor?: number
}

/**
 * A dropzone, its list and a summary, ready-made: needs `react-openai-uploads/styles.css`.
 * Where it does not fit, compose the same from `Uploads.*`.
 */
export const UploadDropzone: ForwardRefExoticComponent<UploadDropzoneProps & RefAttributes<HTMLDivElement>> =
  forwardRef<HTMLDivElement, UploadDropzoneProps>(function UploadDropzone(
    { undoFor = 5000, className, ...props },
    ref,
  ) {
    const ownClass = (state: { disabled: boolean }) => {
      const given = typeof className === 'function' ? className(state) : className
      return given ? `ou-root ${given}` : 'ou-root'
    }
    const row = useCallback((id: string) => <Row id={id} undoFor={undoFor} />, [undoFor])
    return (
      <Uploads.Root foldAbove={50} {...props} className={ownClass} ref={ref}>
        <Dropzone />
        <Uploads.Rejections className="ou-rejections" />
        <Overview undoFor={undoFor} />
        <VirtualList className="ou-list">{row}</VirtualList>
      </Uploads.Root>
    )
  })

function Dropzone(): ReactNode {
  const hasFiles = useRootState((state) => state.ids.length > 0)
  return (
    <Uploads.Dropzone className={hasFiles ? 'ou-dropzone ou-dropzone-compact' : 'ou-dropzone'}>
      {(state) => <DropzoneContent {...state} hasFiles={hasFiles} />}
    </Uploads.Dropzone>
  )
}

function DropzoneContent(state: DropzoneRenderState & { hasFiles: boolean }): ReactNode {
  const { wording } = useRoot()
  const { messages } = wording
  const { drag, hasFiles, disabled, full } = state
  return (
    <>
      <span className="ou-dropzone-icon">
        {drag === 'reject' ? <RefusedIcon /> : drag ? <DropIcon /> : <UploadIcon />}
      </span>
      <div className="ou-dropzone-words">
        <div className="ou-dropzone-line">
          <Uploads.Trigger className="ou-button ou-trigger">
            {hasFiles ? messages.addMoreFiles : messages.chooseFiles}
          </Uploads.Trigger>
          <DropWords {...state} />
        </div>
        {/* The reason is what counts then, and the limits would only be in its way. */}
        {disabled || full ? null : <Uploads.Limits className="ou-limits" />}
      </div>
    </>
  )
}

/** What a drop would do. Beside the button, so that the zone keeps its size while files are over it. */
function DropWords({ drag, dragging, count, full, reading, disabled }: DropzoneRenderState): ReactNode {
  const { wording, limits } = useRoot()
  const { messages } = wording
  const text = () => {
    if (disabled) return messages.disabled
    if (reading) return messages.reading
    if (drag === 'reject' && !full) return messages.dropRejected
    if (full) return messages.full(countOf(limits.maxFiles ?? 0, wording))
    if (drag === 'unknown') return messages.dropUnknown
    if (drag === 'accept' && count !== null) return messages.dropCount(countOf(count, wording))
    return drag || dragging ? messages.drop : messages.orDrop
  }
  const idle = !disabled && !reading && !drag && !full && !dragging
  return <bdi className={idle ? 'ou-drop-words ou-drop-hint' : 'ou-drop-words'}>{text()}</bdi>
}

function Row({ id, undoFor }: { id: string; undoFor: number }): ReactNode {
  const state = useUploadOf(id, itemState)
  if (!state) return null
  return (
    <Uploads.Item id={id} className="ou-item">
      <span className="ou-item-icon">
        <PhaseIcon phase={state.phase} />
      </span>
      <div className="ou-item-line">
        <Uploads.ItemName className="ou-name" />
        <Uploads.ItemSize className="ou-size" />
        <Uploads.ItemStatus className="ou-badge" />
      </div>
      <Uploads.ItemProgress className="ou-bar" />
      <Uploads.ItemActivity className="ou-activity" />
      <div className="ou-actions">
        <Uploads.ItemRetry className="ou-button ou-quiet" />
        <Uploads.ItemPause className="ou-button ou-quiet" />
        <Uploads.ItemCancel className="ou-button ou-quiet" undoFor={undoFor} />
        <Uploads.ItemCopyId className="ou-button ou-quiet" />
        <Uploads.ItemRemove className="ou-button ou-quiet" />
      </div>
      <Uploads.ItemError className="ou-details" />
    </Uploads.Item>
  )
}
