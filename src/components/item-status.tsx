'use client'
import { useCallback } from 'react'
import type { UploadSnapshot } from '../core/index.js'
import { statusText } from './activity.js'
import { type ItemState, itemState, useItem } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'

export type ItemStatusProps = PartProps<'span', ItemState>

/** OpenAI's word for where the Upload stands, as a badge. Renders a `span`. */
export const ItemStatus = /* @__PURE__ */ createPart<'span', ItemState>(
  'item-status',
  'span',
  function useItemStatus(given) {
    const { wording } = useRoot()
    const select = useCallback(
      (upload: UploadSnapshot) => ({ state: itemState(upload), text: statusText(upload, wording) }),
      [wording],
    )
    const item = useItem(select)
    return item && { state: item.state, own: { children: item.text }, given }
  },
)
