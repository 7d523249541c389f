'use client'
import { useCallback, useSyncExternalStore } from 'react'
import type { UploadSnapshot } from '../core/index.js'
import { type Activity, activityOf } from './activity.js'
import { type ItemState, itemState, useItem, useItemContext, useItemOverTime } from './item-context.js'
import type { Pace } from './pace.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'

export interface ItemActivityState extends ItemState {
  tone: Activity['tone']
}

export type ItemActivityProps = PartProps<'div', ItemActivityState>

const PIECES = ['where', 'percent', 'bytes', 'speed', 'time', 'text', 'fileId'] as const

/** What the upload is doing, in one line of pieces (`data-piece`). Renders a `div`. */
export const ItemActivity = /* @__PURE__ */ createPart<'div', ItemActivityState>(
  'item-activity',
  'div',
  function useItemActivity(given) {
    const { id, activityId } = useItemContext()
    const { wording, limits, store } = useRoot()
    const ahead = useAhead(id)
    const select = useCallback(
      (upload: UploadSnapshot, pace: Pace) => {
        const chosen = store.getState().chosen.get(id)
        return {
          state: itemState(upload),
          activity: activityOf(upload, wording, limits, pace.at, { pace, ahead, chosen }),
        }
      },
      [id, store, wording, limits, ahead],
    )
    const item = useItemOverTime(select)
    if (!item) return null
    const { tone, ...pieces } = item.activity
    const children = PIECES.filter((piece) => pieces[piece] !== undefined).map((piece, index) => (
      <span key={piece} data-piece={piece}>
        {index > 0 && <span aria-hidden="true"> · </span>}
        <bdi dir={piece === 'text' ? wording.dir : undefined}>{pieces[piece]}</bdi>
      </span>
    ))
    return { state: { ...item.state, tone }, own: { id: activityId, children }, given }
  },
)

const isQueued = (upload: UploadSnapshot) => upload.status === 'queued'

/** How many uploads it waits for; only what is in line looks at the others. */
function useAhead(id: string): number {
  const { positions } = useRoot()
  const queued = useItem(isQueued) ?? false
  const subscribe = useCallback(
    (listener: () => void) => (queued ? positions.subscribe(listener) : () => {}),
    [positions, queued],
  )
  const read = () => (queued ? positions.of(id) : 0)
  return useSyncExternalStore(subscribe, read, read)
}
