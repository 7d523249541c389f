'use client'
import { useContext } from 'react'
import type { UploadSnapshot } from '../core/index.js'
import { hintIdOf } from './drop-hint.js'
import { DropzoneContext } from './dropzone-context.js'
import { pickFiles } from './file-picker.js'
import { takesRoom } from './intake.js'
import { invalidIdOf } from './invalid.js'
import { createPart, type PartProps } from './part.js'
import { useRoot, useRootUploads } from './root-context.js'

export interface TriggerState {
  disabled: boolean
  /** The list has as many files as it may. */
  full: boolean
}

export type TriggerProps = PartProps<'button', TriggerState>

/** Opens the file picker: the one stop of the keyboard in an empty dropzone. Renders a `button`, and nothing in a list to look at. */
export const Trigger = /* @__PURE__ */ createPart<'button', TriggerState>(
  'trigger',
  'button',
  function useTrigger(given) {
    const root = useRoot()
    const { store, wording, limitsId, disabled, readOnly, invalid } = root
    const open = useContext(DropzoneContext)?.open
    const full = useFull()
    if (readOnly) return null
    const described = [limitsId, full && hintIdOf(limitsId), typeof invalid === 'string' && invalidIdOf(limitsId)]
    const own = {
      children: wording.messages.chooseFiles,
      disabled,
      // Stays focusable, so that the reason can be found.
      'aria-disabled': full || undefined,
      'aria-describedby': described.filter(Boolean).join(' '),
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
  const taken = useRootUploads(countTaken)
  return limits.maxFiles !== null && taken >= limits.maxFiles
}

function countTaken(uploads: readonly UploadSnapshot[]): number {
  return uploads.filter(takesRoom).length
}
