'use client'
import { useCallback, useSyncExternalStore } from 'react'
import type { UploadSnapshot } from '../core/index.js'
import { type Activity, activityOf } from './activity.js'
import { type ItemState, itemState, useItem, useItemContext } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'

export interface ItemActivityState extends ItemState {
  tone: Activity['tone']
}

export type ItemActivityProps = PartProps<'div', ItemActivityState>

const PIECES = ['percent', 'bytes', 'speed', 'time', 'text', 'fileId'] as const

/** What the upload is doing, in one line of pieces (`data-piece`). Renders a `div`. */
export const ItemActivity = /* @__PURE__ */ createPart<'div', ItemActivityState>(
  'item-activity',
  'div',
  function useItemActivity(given) {
    const { activityId } = useItemContext()
    const { wording, limits } = useRoot()
    // Only a countdown needs the clock; everything else changes when the upload does.
    const now = useSecond((useItem(phaseOnly) ?? '') === 'retrying')
    const select = useCallback(
      (upload: UploadSnapshot) => ({
        state: itemState(upload),
        activity: activityOf(upload, wording, limits, now ?? Date.now()),
      }),
      [wording, limits, now],
    )
    const item = useItem(select)
    if (!item) return null
    const { tone, ...pieces } = item.activity
    const children = PIECES.filter((piece) => pieces[piece] !== undefined).map((piece, index) => (
      <span key={piece} data-piece={piece}>
        {index > 0 && <span aria-hidden="true"> · </span>}
        <bdi>{pieces[piece]}</bdi>
      </span>
    ))
    return { state: { ...item.state, tone }, own: { id: activityId, children }, given }
  },
)

const phaseOnly = (upload: UploadSnapshot) => itemState(upload).phase

/** The time in ms, a second at a time; null, and no ticking, unless asked for. */
function useSecond(wanted: boolean): number | null {
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!wanted) return () => {}
      const timer = setInterval(listener, 1000)
      return () => clearInterval(timer)
    },
    [wanted],
  )
  return useSyncExternalStore(
    subscribe,
    () => (wanted ? Math.floor(Date.now() / 1000) * 1000 : null),
    () => null,
  )
}
