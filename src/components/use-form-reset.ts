'use client'
import { type RefObject, useEffect } from 'react'
import { useLatest } from './use-latest.js'

/** Calls back when the form of `controlRef` is reset, by a person, a script or a form action of React. */
export function useFormReset(controlRef: RefObject<HTMLInputElement | null>, onReset: () => void): void {
  const latestRef = useLatest(onReset)
  useEffect(() => {
    const control = controlRef.current
    // The root and not the form, which may be named by an id and come later.
    const root = control?.getRootNode()
    const listen = (event: Event) => {
      if (event.target === control?.form && !event.defaultPrevented) latestRef.current()
    }
    root?.addEventListener('reset', listen)
    return () => root?.removeEventListener('reset', listen)
  }, [controlRef, latestRef])
}
