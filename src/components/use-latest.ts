'use client'
import { type RefObject, useInsertionEffect, useRef } from 'react'

/** The newest value, for handlers that are called later; not to be read while rendering. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value)
  // Before any other effect, so that none of them sees an old value.
  useInsertionEffect(() => {
    latest.current = value
  })
  return latest as RefObject<T>
}
