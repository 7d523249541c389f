'use client'
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react'
import type { Uploader, UploadSnapshot } from '../core/index.js'
import { UploadError } from '../protocol/index.js'
import type { Limits } from './error-text.js'
import type { TakeInOptions } from './intake.js'
import { keepEqual } from './keep-equal.js'
import type { Paces } from './pace.js'
import type { RootState, RootStore } from './root-store.js'
import type { Asks } from './use-asks.js'
import type { Wording } from './wording.js'

/** What the parts of one Root share. Nothing in here changes while files are on their way. */
export interface RootContextValue {
  readonly store: RootStore
  readonly uploader: Uploader
  readonly paces: Paces
  readonly wording: Wording
  readonly limits: Limits
  /** For the file picker; '' is anything. */
  readonly accept: string
  readonly multiple: boolean
  readonly disabled: boolean
  readonly disabledReason: string | null
  readonly readOnly: boolean
  readonly invalid: boolean | string
  readonly required: boolean
  /** Names the dropzone; null is the kit's own word. */
  readonly label: string | null
  /** Whether some file is only known to be right or wrong once it can be read. */
  readonly validates: boolean
  /** Id of the line that names the limits. */
  readonly limitsId: string
  /** Checks files and uploads the good ones. */
  readonly takeIn: (files: readonly File[], options?: TakeInOptions) => void
  /** Takes a row off the list. */
  readonly remove: (id: string) => void
  readonly asks: Asks
}

export const RootContext = createContext<RootContextValue | null>(null)

export function useRoot(): RootContextValue {
  const root = useContext(RootContext)
  if (!root) {
    throw new UploadError('invalid_options', 'A part was rendered outside <Uploads.Root>. Put it inside one.')
  }
  return root
}

/** Reads the Root's store; `select` must pick, not build. */
export function useRootState<T>(select: (state: RootState) => T): T {
  const { store } = useRoot()
  return useSyncExternalStore(
    store.subscribe,
    () => select(store.getState()),
    () => select(store.getState()),
  )
}

/** Reads this Root's uploads as a whole; `select` has to be stable, and may build as long as what it builds is flat. */
export function useRootUploads<T>(select: (uploads: readonly UploadSnapshot[]) => T): T {
  const { store, uploader } = useRoot()
  const [subscribe, read] = useMemo(() => {
    const pick = keepEqual(select)
    const subscribeToBoth = (listener: () => void) => {
      const unsubscribe = [store.subscribe(listener), uploader.subscribe(listener)]
      return () => unsubscribe.forEach((stop) => stop())
    }
    return [subscribeToBoth, () => pick(uploadsOf(store, uploader))] as const
  }, [select, store, uploader])
  return useSyncExternalStore(subscribe, read, read)
}

/** The uploads of a Root, in the order they are shown. */
export function uploadsOf(store: RootStore, uploader: Uploader): UploadSnapshot[] {
  return store.getState().ids.flatMap((id) => store.kept.get(id) ?? uploader.get(id) ?? [])
}
