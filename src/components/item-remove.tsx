'use client'
import { isSettled, type UploadSnapshot } from '../core/index.js'
import { useItemAction } from './item-action.js'
import { type ItemState, itemState, useItem, useItemContext } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { canContinue } from './retryable.js'
import { useRoot } from './root-context.js'

export type ItemRemoveProps = PartProps<'button', ItemState>

/** Takes a finished row off the list; the file at OpenAI stays. Renders a `button`. */
export const ItemRemove = /* @__PURE__ */ createPart<'button', ItemState>(
  'item-remove',
  'button',
  function useItemRemove(given) {
    const { id } = useItemContext()
    const { remove, wording } = useRoot()
    const item = useItem(select)
    return useItemAction(
      given,
      item?.removable ? { state: item.state, label: wording.messages.remove, onClick: () => remove(id) } : null,
    )
  },
)

const select = (upload: UploadSnapshot) => ({
  state: itemState(upload),
  // What can still be continued is cancelled first: removing must not throw parts away in passing.
  removable: isSettled(upload) && !canContinue(upload),
})
