'use client'
import type { UploadSnapshot } from '../core/index.js'
import { isUploadError, type UploadErrorCode } from '../protocol/index.js'
import { differentFileText } from './activity.js'
import { errorText } from './error-text.js'
import { pickFiles } from './file-picker.js'
import { useItemAction } from './item-action.js'
import { type ItemState, itemState, useItem, useItemContext } from './item-context.js'
import { createPart, type PartProps } from './part.js'
import { useRoot } from './root-context.js'

export interface ItemPauseState extends ItemState {
  action: 'pause' | 'resume' | 'try' | 'choose' | 'replace'
}

export type ItemPauseProps = PartProps<'button', ItemPauseState>

/**
 * Pause, and then Resume; Try now while offline or between two tries; Choose file for an upload that lost its file, and
 * Choose again where the file has changed. Renders a `button`.
 */
export const ItemPause = /* @__PURE__ */ createPart<'button', ItemPauseState>(
  'item-pause',
  'button',
  function useItemPause(given) {
    const { id } = useItemContext()
    const { uploader, store, wording, limits, takeIn } = useRoot()
    const { messages } = wording
    const item = useItem(select)
    const labels = {
      pause: messages.pause,
      resume: messages.resume,
      try: messages.tryNow,
      choose: messages.chooseFile,
      replace: messages.chooseAgain,
    }

    const resume = (file?: File) => {
      store.setChosen(id, null)
      uploader.resume(id, file).catch((error: unknown) => {
        const upload = uploader.get(id)
        if (!file || !upload || !isUploadError(error)) return
        if (error.code === 'file_mismatch') {
          store.setChosen(id, file)
          store.say('assertive', differentFileText(upload, file, wording))
          return
        }
        const message = errorText(error, upload.file, wording, { limits })
        store.reject([{ file, error: Object.assign(error, { message }) }])
      })
    }
    const choose = (use: (file: File) => void) =>
      pickFiles({ accept: '', multiple: false }, ([file]) => file && use(file))
    const perform = {
      pause: () => uploader.pause(id),
      resume: () => resume(),
      try: () => resume(),
      choose: () => choose(resume),
      replace: () => choose((file) => takeIn([file], { inPlaceOf: id })),
    }
    const { state, action } = item ?? {}
    return useItemAction(
      given,
      state && action ? { state: { ...state, action }, label: labels[action], onClick: perform[action] } : null,
    )
  },
)

const select = (upload: UploadSnapshot) => ({ state: itemState(upload), action: actionOf(upload) })

const lostItsFile: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'file_changed',
  'file_gone',
  'file_unreadable',
])

function actionOf(upload: UploadSnapshot): ItemPauseState['action'] | null {
  switch (upload.status) {
    case 'creating':
    case 'uploading':
      return upload.wait?.reason === 'backoff' ? 'try' : 'pause'
    case 'completing':
      // No pause: the bytes are there, and cutting it off would leave the outcome unknown.
      return upload.wait?.reason === 'backoff' ? 'try' : null
    case 'paused':
      if (upload.reason === 'offline') return 'try'
      return upload.needsFile && !upload.canReopen ? 'choose' : 'resume'
    case 'failed':
      return lostItsFile.has(upload.error.code) ? 'replace' : null
    default:
      return null
  }
}
