'use client'
import { isSettled, type UploadSnapshot } from '../core/index.js'
import { useItemAction } from './item-action.js'
import { type ItemState, itemState, useItem, useItemContext } from './item-context.js'
import { isChecking } from './ledger.js'
import { createPart, type PartProps } from './part.js'
import { canContinue } from './retryable.js'
import { useRoot } from './root-context.js'
import { useCancel } from './use-cancel.js'

export interface ItemCancelState extends ItemState {
  action: 'cancel' | 'discard' | 'undo'
}

interface ItemCancelExtra {
  /** Ms during which the button is Undo, before the server is told. Requests stop at once all the same. @default 0 */
  undoFor?: number
}

export type ItemCancelProps = PartProps<'button', ItemCancelState, ItemCancelExtra>

/** Cancel, and Undo for as long as `undoFor` lasts. Renders a `button`. */
export const ItemCancel = /* @__PURE__ */ createPart<'button', ItemCancelState, ItemCancelExtra>(
  'item-cancel',
  'button',
  function useItemCancel({ undoFor = 0, ...given }) {
    const { id } = useItemContext()
    const { uploader, wording } = useRoot()
    const item = useItem(select)
    const { state, action, tooLate } = item ?? {}
    const cancel = useCancel(undoFor)
    return useItemAction(
      given,
      state && action
        ? {
            state: { ...state, action },
            label: wording.messages[action],
            reason: tooLate ? wording.messages.cancelTooLate : undefined,
            onClick: () => (action === 'undo' ? uploader.undoCancel(id) : void cancel([id])),
          }
        : null,
    )
  },
)

const select = (upload: UploadSnapshot) => ({
  state: itemState(upload),
  action: actionOf(upload),
  // Whatever the answer, it is on its way, once the file is checked; between two tries a cancel is of use again.
  tooLate: upload.status === 'completing' && upload.wait === null && !isChecking(upload),
})

function actionOf(upload: UploadSnapshot): ItemCancelState['action'] | null {
  if (upload.status === 'cancelling') return upload.undoUntil === null ? null : 'undo'
  // A failed upload that can go on still holds something on the server, which can be given up.
  if (isSettled(upload)) return canContinue(upload) ? 'cancel' : null
  return upload.status === 'paused' && upload.reason === 'restored' ? 'discard' : 'cancel'
}
