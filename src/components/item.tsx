'use client'
import { type ReactNode, useCallback, useId, useMemo } from 'react'
import { ItemContext, type ItemState, itemState, useUploadOf } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'
import { useKeptFocus } from './use-kept-focus.js'

interface ItemExtra {
  id: string
  children?: ReactNode
}

export type ItemProps = PartProps<'li', ItemState, ItemExtra>

/** One upload; the parts in it show that upload. Renders an `li` that takes focus when its own button has gone. */
export const Item = /* @__PURE__ */ createPart<'li', ItemState, ItemExtra>(
  'item',
  'li',
  function useItemPart({ id, children, ...given }) {
    const state = useUploadOf(id, itemState)
    const own = useId()
    const context = useMemo(() => ({ id, nameId: `${own}name`, activityId: `${own}activity` }), [id, own])
    const { store } = useRoot()
    const keepFocus = useKeptFocus()
    const ref = useCallback(
      (row: HTMLElement | null) => {
        keepFocus(row)
        const isHeir = row !== null && store.inheritsFocus(id)
        if (isHeir && row.ownerDocument.activeElement === row.ownerDocument.body) row.focus()
      },
      [id, store, keepFocus],
    )
    if (!state) return null
    return {
      state,
      own: {
        tabIndex: -1,
        'aria-labelledby': context.nameId,
        children: <ItemContext.Provider value={context}>{children}</ItemContext.Provider>,
      },
      given,
      ref,
    }
  },
)
