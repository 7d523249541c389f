'use client'
import { type ReactNode, useId, useRef } from 'react'
import { type ItemState, useItemContext } from './item-context.js'
import type { PartDescription } from './part.js'
import { useKeptFocus } from './use-kept-focus.js'

/** A button of a row; its name is its words and the file's name. */
export interface ItemAction<State extends ItemState> {
  state: State
  label: ReactNode
  onClick: () => void
}

/** Describes a button of a row. `action` is null where the button makes no sense. */
export function useItemAction<State extends ItemState>(
  given: object,
  action: ItemAction<State> | null,
): PartDescription<'button', State> | null {
  const { nameId, activityId } = useItemContext()
  const id = useId()
  const ref = useKeptFocus()
  const pressed = useRef<(() => void) | null>(null)
  if (!action) return null
  const { state, label, onClick } = action
  return {
    state,
    own: {
      id,
      // Ten buttons that are all called "Cancel" tell nobody which file is meant.
      'aria-labelledby': `${(given as { id?: string }).id ?? id} ${nameId}`,
      ...(state.phase === 'failed' && { 'aria-describedby': activityId }),
      children: label,
      // A press means what the button said when it began: coming back to the page may itself turn Try now into Pause.
      onPointerDown: () => {
        pressed.current = onClick
      },
      onClick: () => {
        const perform = pressed.current ?? onClick
        pressed.current = null
        perform()
      },
    },
    given,
    ref,
  }
}
