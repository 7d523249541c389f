'use client'
import { type ReactNode, useId, useRef } from 'react'
import { type ItemState, useItemContext } from './item-context.js'
import type { PartDescription } from './part.js'
import { useRoot } from './root-context.js'
import { useKeptFocus } from './use-kept-focus.js'

/** A button of a row; its name is its words and the file's name. */
export interface ItemAction<State extends ItemState> {
  state: State
  label: ReactNode
  onClick: () => void
  /** Why it cannot be pressed now; it keeps its place and its focus. */
  reason?: string | undefined
  /** Changes nothing, so that it is there in a list to look at as well. @default false */
  harmless?: boolean
}

/** Describes a button of a row. `action` is null where the button makes no sense. */
export function useItemAction<State extends ItemState>(
  given: object,
  action: ItemAction<State> | null,
): PartDescription<'button', State> | null {
  const { nameId, activityId } = useItemContext()
  const id = useId()
  const { readOnly } = useRoot()
  const ref = useKeptFocus()
  const pressed = useRef<(() => void) | null>(null)
  if (!action || (readOnly && !action.harmless)) return null
  const { state, label, onClick, reason } = action
  return {
    state,
    own: {
      id,
      // Ten buttons that are all called "Cancel" tell nobody which file is meant.
      'aria-labelledby': `${(given as { id?: string }).id ?? id} ${nameId}`,
      ...((state.phase === 'failed' || state.phase === 'expired') && { 'aria-describedby': activityId }),
      children: label,
      // Described by its title: a button that can take focus has to say why it does nothing.
      ...(reason !== undefined && { 'aria-disabled': true, title: reason }),
      // A press means what the button said when it began: coming back to the page may itself turn Try now into Pause.
      onPointerDown: () => {
        pressed.current = onClick
      },
      onClick: () => {
        const perform = pressed.current ?? onClick
        pressed.current = null
        if (reason === undefined) perform()
      },
    },
    given,
    ref,
  }
}
