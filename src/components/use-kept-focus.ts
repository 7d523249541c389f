'use client'
import { type RefCallback, useCallback, useRef } from 'react'
import { useRoot } from './root-context.js'
import type { RootStore } from './root-store.js'

/**
 * Ref for whatever may vanish while it has focus: a button that makes no sense any more, a row that is removed.
 * Focus then goes to the row, the next row, the previous one; from a control of the whole list to the Summary; and else
 * to the Trigger. It never falls to the body.
 */
export function useKeptFocus(): RefCallback<HTMLElement> {
  const { store } = useRoot()
  const held = useRef<HTMLElement | null>(null)
  return useCallback(
    (node: HTMLElement | null) => {
      // React detaches refs while the element is still in the page and still has focus.
      if (node === null && held.current) passFocusOn(held.current, store)
      held.current = node
    },
    [store],
  )
}

function passFocusOn(leaving: HTMLElement, store: RootStore): void {
  if (!leaving.contains(leaving.ownerDocument.activeElement)) return
  const root = leaving.closest<HTMLElement>('[data-slot="upload-root"]')
  const row = leaving.closest<HTMLElement>('[data-slot="upload-item"]')
  const rows = row ? [row, ...siblings(row, 'nextElementSibling'), ...siblings(row, 'previousElementSibling')] : []
  // Once React is done, the heirs that left as well can be told from those that stayed.
  queueMicrotask(() => {
    const { activeElement, body } = leaving.ownerDocument
    if (activeElement !== null && activeElement !== body) return
    const summary = row ? null : root?.querySelector<HTMLElement>('[data-slot="upload-summary"]')
    for (const heir of [...rows, summary, store.trigger]) if (heir && takesFocus(heir)) return
    // A list to look at, and nothing left in it.
    root?.setAttribute('tabindex', '-1')
    root?.focus()
  })
}

/** Gone, hidden or disabled, it does not. */
function takesFocus(heir: HTMLElement): boolean {
  heir.focus()
  return heir.ownerDocument.activeElement === heir
}

function siblings(row: HTMLElement, direction: 'nextElementSibling' | 'previousElementSibling'): HTMLElement[] {
  const found: HTMLElement[] = []
  for (let next = row[direction]; next instanceof HTMLElement; next = next[direction]) found.push(next)
  return found
}
