'use client'
import { useCallback, useSyncExternalStore } from 'react'
import type { Uploader, UploadSnapshot } from '../core/index.js'
import { useItemAction } from './item-action.js'
import { type ItemState, itemState, useItemContext, useItemOverTime } from './item-context.js'
import { type Pace, riskOf } from './pace.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'

export type ItemPauseOthersProps = PartProps<'button', ItemState>

/** Leaves the whole line to an upload that may miss its hour. Renders a `button` while others are being sent. */
export const ItemPauseOthers = /* @__PURE__ */ createPart<'button', ItemState>(
  'item-pause-others',
  'button',
  function useItemPauseOthers(given) {
    const { id } = useItemContext()
    const { uploader, wording } = useRoot()
    const item = useItemOverTime(select)
    const late = item?.late ?? false
    const subscribe = useCallback(
      (listener: () => void) => (late ? uploader.subscribe(listener) : () => {}),
      [uploader, late],
    )
    const read = () => late && othersOf(id, uploader).length > 0
    const offered = useSyncExternalStore(subscribe, read, read)
    return useItemAction(
      given,
      item && offered
        ? {
            state: item.state,
            label: wording.messages.pauseOthers,
            onClick: () => othersOf(id, uploader).forEach((other) => uploader.pause(other.id)),
          }
        : null,
    )
  },
)

const select = (upload: UploadSnapshot, pace: Pace) => ({
  state: itemState(upload),
  late: upload.status === 'uploading' && riskOf(upload, pace) !== null,
})

function othersOf(id: string, uploader: Uploader): UploadSnapshot[] {
  const { uploads } = uploader.getSnapshot()
  return [...uploads.values()].filter((other) => other.id !== id && other.status === 'uploading')
}
