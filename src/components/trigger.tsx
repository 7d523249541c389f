'use client'
import { useContext } from 'react'
import { DropzoneContext } from './dropzone-context.js'
import { pickFiles } from './file-picker.js'
import { createPart, type PartProps } from './part.js'
import { useRoot, useTotals } from './root-context.js'

export interface TriggerState {
  disabled: boolean
  /** The list has as many files as it may. */
  full: boolean
}

export type TriggerProps = PartProps<'button', TriggerState>

/** Opens the file picker: the one stop of the keyboard in an empty dropzone. Renders a `button`. */
export const Trigger = /* @__PURE__ */ createPart<'button', TriggerState>(
  'trigger',
  'button',
  function useTrigger(given) {
    const root = useRoot()
    const { store, wording, limitsId, disabled } = root
    const open = useContext(DropzoneContext)?.open
    const full = useFull()
    const own = {
      children: wording.messages.chooseFiles,
      disabled,
      // Stays focusable, so that the reason can be found.
      'aria-disabled': full || undefined,
      'aria-describedby': limitsId,
      onClick: () => {
        if (full) return
        const openPicker = open ?? store.open
        if (openPicker) openPicker()
        else pickFiles(root, root.takeIn)
      },
    }
    return { state: { disabled, full }, own, given, ref: store.setTrigger }
  },
)

/** Whether the list has as many files as it may. */
export function useFull(): boolean {
  const { limits } = useRoot()
  const room = useTotals((totals) => totals.room)
  return limits.maxFiles !== null && room >= limits.maxFiles
}
