'use client'
import { useItemAction } from './item-action.js'
import { type ItemState, itemState, useItem, useItemContext } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { useRoot, useRootState } from './root-context.js'

export type ItemUploadNewProps = PartProps<'button', ItemState>

/** Uploads the file that was chosen by mistake to continue another one with, as a file of its own. Renders a `button`. */
export const ItemUploadNew = /* @__PURE__ */ createPart<'button', ItemState>(
  'item-upload-new',
  'button',
  function useItemUploadNew(given) {
    const { id } = useItemContext()
    const { store, takeIn, wording } = useRoot()
    const chosen = useRootState((state) => state.chosen.get(id))
    const state = useItem(itemState)
    const uploadNew = (file: File) => {
      store.setChosen(id, null)
      takeIn([file])
    }
    return useItemAction(
      given,
      state && chosen ? { state, label: wording.messages.uploadAsNew, onClick: () => uploadNew(chosen) } : null,
    )
  },
)
