'use client'
import type { UploadSnapshot } from '../core/index.js'
import { useItemAction } from './item-action.js'
import { type ItemState, itemState, useItem } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'
import { uploadsOf } from './root-store.js'

export type ItemSignInProps = PartProps<'button', ItemState>

/**
 * Signs the person in again by the Root's `onSignIn`, after which every upload that waited for it goes on.
 * Renders a `button`, and nothing without an `onSignIn`.
 */
export const ItemSignIn = /* @__PURE__ */ createPart<'button', ItemState>(
  'item-sign-in',
  'button',
  function useItemSignIn(given) {
    const { store, uploader, wording, asks } = useRoot()
    const { onSignIn } = asks
    const item = useItem(select)
    const signIn = async () => {
      await onSignIn?.()
      for (const upload of uploadsOf(store, uploader)) {
        if (!needsSignIn(upload)) continue
        if (upload.status === 'failed') uploader.retry(upload.id)
        else await uploader.resume(upload.id)
      }
    }
    return useItemAction(
      given,
      onSignIn && item?.needed
        ? { state: item.state, label: wording.messages.signIn, onClick: () => void signIn() }
        : null,
    )
  },
)

const select = (upload: UploadSnapshot) => ({ state: itemState(upload), needed: needsSignIn(upload) })

function needsSignIn(upload: UploadSnapshot): boolean {
  if (upload.status === 'failed') return upload.error.code === 'auth_required'
  return upload.status === 'paused' && upload.reason === 'auth'
}
