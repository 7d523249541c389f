'use client'
import { type ReactNode, useCallback, useContext, useId, useMemo } from 'react'
import { ItemContext, type ItemState, itemState, useUploadOf } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { type Place, PlaceContext } from './place.js'
import { useRoot } from './root-context.js'
import { useKeptFocus } from './use-kept-focus.js'
import { visuallyHidden } from './visually-hidden.js'

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
    const place = useContext(PlaceContext)
    const positionId = `${own}position`
    const ref = useRowRef(place)
    if (!state) return null
    return {
      state,
      own: {
        tabIndex: -1,
        'aria-labelledby': context.nameId,
        ...(place && ariaOf(place, positionId)),
        children: (
          <ItemContext.Provider value={context}>
            {place && <Position id={positionId} {...place} />}
            {children}
          </ItemContext.Provider>
        ),
      },
      given,
      ref,
    }
  },
)

function useRowRef(place: Place | null) {
  const keepFocus = useKeptFocus()
  const measure = place?.measure
  return useCallback(
    (row: HTMLElement | null) => {
      keepFocus(row)
      measure?.(row)
    },
    [keepFocus, measure],
  )
}

function ariaOf({ index, count, gap }: Place, positionId: string) {
  return {
    'data-index': index,
    'aria-posinset': index + 1,
    'aria-setsize': count,
    'aria-describedby': positionId,
    style: { marginBlockStart: gap },
  }
}

/** `37 of 1,000`, because NVDA ignores the attributes that say so. */
function Position({ id, index, count }: Place & { id: string }): ReactNode {
  const { messages, measures } = useRoot().wording
  return (
    <span id={id} data-slot="upload-item-position" style={visuallyHidden}>
      {messages.position({ position: measures.number(index + 1), total: measures.number(count) })}
    </span>
  )
}
