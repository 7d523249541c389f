'use client'
import type { UploadSnapshot } from '../core/index.js'
import { useItemAction } from './item-action.js'
import { type ItemState, itemState, useItem, useItemContext } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { retryKind } from './retryable.js'
import { useRoot } from './root-context.js'

export type ItemRetryProps = PartProps<'button', ItemState>

/** Retry, Start again or Upload again, whichever is true; nothing where trying again would end the same. Renders a `button`. */
export const ItemRetry = /* @__PURE__ */ createPart<'button', ItemState>(
  'item-retry',
  'button',
  function useItemRetry(given) {
    const { id } = useItemContext()
    const { uploader, wording } = useRoot()
    const { messages } = wording
    const item = useItem(select)
    const labels = {
      continue: messages.retry,
      again: messages.startAgain,
      anew: messages.uploadAgain,
      other: messages.uploadAsNew,
    }
    const { state, kind } = item ?? {}
    return useItemAction(
      given,
      state && kind ? { state, label: labels[kind], onClick: () => uploader.retry(id) } : null,
    )
  },
)

const select = (upload: UploadSnapshot) => ({ state: itemState(upload), kind: kindOf(upload) })

function kindOf(upload: UploadSnapshot): ReturnType<typeof retryKind> | 'other' {
  // Another file is no second try of the first.
  const isOther = upload.status === 'failed' && upload.error.code === 'file_mismatch'
  return isOther ? 'other' : retryKind(upload)
}
