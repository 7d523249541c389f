'use client'
import { useContext } from 'react'
import { hintIdOf } from './drop-hint.js'
import { DropzoneContext } from './dropzone-context.js'
import { pickFiles } from './file-picker.js'
import { replaces } from './intake.js'
import { createPart, type PartProps } from './part.js'
import { type RootContextValue, useRoot, useRootState, useTotals } from './root-context.js'
import { useFormMessage } from './use-form-message.js'

export interface TriggerState {
  disabled: boolean
  /** The list has as many files as it may. */
  full: boolean
  /** The form was refused because of this list, or the app says that it is wrong. */
  invalid: boolean
}

export type TriggerProps = PartProps<'button', TriggerState>

/** Opens the file picker: the one stop of the keyboard in an empty dropzone. Renders a `button`, and nothing in a list to look at. */
export const Trigger = /* @__PURE__ */ createPart<'button', TriggerState>(
  'trigger',
  'button',
  function useTrigger(given) {
    const root = useRoot()
    const { store, limitsId, formErrorId, disabled, readOnly } = root
    const open = useContext(DropzoneContext)?.open
    const full = useFull()
    const { message, invalid } = useFormMessage()
    const label = useTriggerLabel()
    if (readOnly) return null
    const described = [message && formErrorId, limitsId, full && hintIdOf(limitsId)]
    const own = {
      children: label,
      disabled,
      // Stays focusable, so that the reason can be found.
      'aria-disabled': full || undefined,
      'aria-describedby': described.filter(Boolean).join(' '),
      onClick: () => {
        if (full) return
        if (open) open()
        else openPicker(root)
      },
    }
    return { state: { disabled, full, invalid }, own, given, ref: store.setTrigger }
  },
)

/** Opens the picker of the Dropzone, or one of its own where there is none. */
export function openPicker(root: RootContextValue): void {
  if (root.store.open) root.store.open()
  else pickFiles(root, root.takeIn)
}

/** Whether the list has as many files as it may. */
export function useFull(): boolean {
  const { limits } = useRoot()
  const room = useTotals((totals) => totals.room)
  // Where one file takes the place of the other, there is always room.
  return limits.maxFiles !== null && !replaces(limits) && room >= limits.maxFiles
}

/** What pressing it does: add files, or choose the one file that there is room for. */
export function useTriggerLabel(): string {
  const { limits, wording } = useRoot()
  const hasFile = useRootState((state) => state.ids.length > 0)
  const { messages } = wording
  if (!replaces(limits)) return messages.chooseFiles
  return hasFile ? messages.replaceFile : messages.chooseFile
}
