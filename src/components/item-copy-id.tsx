'use client'
import { useEffect, useState } from 'react'
import type { UploadSnapshot } from '../core/index.js'
import { useItemAction } from './item-action.js'
import { type ItemState, itemState, useItem } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'

export interface ItemCopyIdState extends ItemState {
  copied: boolean
}

export type ItemCopyIdProps = PartProps<'button', ItemCopyIdState>

/** Copies the id of the finished file. Renders a `button`. */
export const ItemCopyId = /* @__PURE__ */ createPart<'button', ItemCopyIdState>(
  'item-copy-id',
  'button',
  function useItemCopyId(given) {
    const { store, wording } = useRoot()
    const { messages } = wording
    const { copied, copy } = useCopy(() => store.say('polite', messages.announceCopied))
    const item = useItem(select)
    const { state, fileId } = item ?? {}
    return useItemAction(
      given,
      state && fileId
        ? {
            state: { ...state, copied },
            label: copied ? messages.copied : messages.copyId,
            onClick: () => copy(fileId),
            harmless: true,
          }
        : null,
    )
  },
)

const select = (upload: UploadSnapshot) => ({
  state: itemState(upload),
  fileId: upload.status === 'completed' ? upload.fileObject.id : null,
})

/** Copies text, and tells for two seconds that it did. */
export function useCopy(onCopied: () => void): { copied: boolean; copy: (text: string) => void } {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return undefined
    const timer = setTimeout(() => setCopied(false), 2000)
    return () => clearTimeout(timer)
  }, [copied])
  const copy = (text: string) => {
    // Refused, or not a secure page: the id is still there to be selected.
    navigator.clipboard?.writeText(text).then(
      () => {
        setCopied(true)
        onCopied()
      },
      () => {},
    )
  }
  return { copied, copy }
}
