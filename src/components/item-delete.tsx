'use client'
import { useState } from 'react'
import type { UploadSnapshot } from '../core/index.js'
import { useItemAction } from './item-action.js'
import { type ItemState, itemState, useItem, useItemContext } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'

export interface ItemDeleteState extends ItemState {
  deleting: boolean
}

export type ItemDeleteProps = PartProps<'button', ItemDeleteState>

/**
 * Deletes the finished file by the Root's `onDelete`, and takes its row off the list.
 * Renders a `button`, and nothing without an `onDelete`.
 */
export const ItemDelete = /* @__PURE__ */ createPart<'button', ItemDeleteState>(
  'item-delete',
  'button',
  function useItemDelete(given) {
    const { id } = useItemContext()
    const { store, uploader, remove, wording, asks } = useRoot()
    const { onDelete } = asks
    const [deleting, setDeleting] = useState(false)
    const item = useItem(select)
    const deleteFile = async () => {
      const upload = store.kept.get(id) ?? uploader.get(id)
      if (upload?.status !== 'completed' || !onDelete || deleting) return
      setDeleting(true)
      try {
        await onDelete(upload.fileObject, upload)
        remove(id)
      } finally {
        setDeleting(false)
      }
    }
    return useItemAction(
      given,
      onDelete && item?.finished
        ? { state: { ...item.state, deleting }, label: wording.messages.delete, onClick: () => void deleteFile() }
        : null,
    )
  },
)

const select = (upload: UploadSnapshot) => ({ state: itemState(upload), finished: upload.status === 'completed' })
