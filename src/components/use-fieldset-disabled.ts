'use client'
import { useCallback, useSyncExternalStore } from 'react'
import type { RootStore } from './root-store.js'

/** Whether a `<fieldset disabled>` around the Root turns it off, as it does every control in it. */
export function useFieldsetDisabled(store: RootStore): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const observer = new MutationObserver(listener)
      for (
        let fieldset = store.element?.closest('fieldset');
        fieldset;
        fieldset = fieldset.parentElement?.closest('fieldset')
      )
        observer.observe(fieldset, { attributeFilter: ['disabled'] })
      return () => observer.disconnect()
    },
    [store],
  )
  return useSyncExternalStore(
    subscribe,
    () => store.element?.closest('fieldset[disabled]') != null,
    () => false,
  )
}
