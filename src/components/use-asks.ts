'use client'
import { useMemo } from 'react'
import type { RootOptions } from './root-options.js'
import { useLatest } from './use-latest.js'

type AppAction = 'confirmCancel' | 'onSignIn' | 'onDelete'

/** What the app does when a button asks it to; undefined where it gave nothing, which leaves the button out. */
export type Asks = { readonly [Key in AppAction]: NonNullable<RootOptions[Key]> | undefined }

/** Handlers that are written in place are new ones each time: only whether there is one draws anything again. */
export function useAsks(given: Pick<RootOptions, AppAction>): Asks {
  const latestRef = useLatest(given)
  const [confirms, signsIn, deletes] = [given.confirmCancel, given.onSignIn, given.onDelete].map(Boolean)
  return useMemo(
    () => ({
      confirmCancel: confirms ? (uploads) => latestRef.current.confirmCancel?.(uploads) ?? true : undefined,
      onSignIn: signsIn ? () => latestRef.current.onSignIn?.() : undefined,
      onDelete: deletes ? (fileObject, upload) => latestRef.current.onDelete?.(fileObject, upload) : undefined,
    }),
    [latestRef, confirms, signsIn, deletes],
  )
}
