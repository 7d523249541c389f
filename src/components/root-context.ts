'use client'
import { createContext, useContext, useSyncExternalStore } from 'react'
import type { Uploader } from '../core/index.js'
import { UploadError } from '../protocol/index.js'
import type { Limits } from './error-text.js'
import type { FormRules } from './form-state.js'
import type { TakeInOptions } from './intake.js'
import type { Paces } from './pace.js'
import type { QueuePositions } from './queue-positions.js'
import type { RootOptions } from './root-options.js'
import type { RootState, RootStore } from './root-store.js'
import type { RootUploads } from './root-uploads.js'
import type { Totals } from './totals.js'
import type { Asks } from './use-asks.js'
import type { Wording } from './wording.js'

/** What the parts of one Root share. Nothing in here changes while files are on their way. */
export interface RootContextValue {
  readonly store: RootStore
  readonly uploader: Uploader
  readonly uploads: RootUploads
  readonly paces: Paces
  readonly positions: QueuePositions
  readonly wording: Wording
  readonly limits: Limits
  /** For the file picker; '' is anything. */
  readonly accept: string
  readonly multiple: boolean
  readonly capture: RootOptions['capture']
  /** By its own prop or by a fieldset around it. */
  readonly disabled: boolean
  readonly disabledReason: string | null
  /** Files can be seen, and nothing else. */
  readonly readOnly: boolean
  readonly formRules: FormRules
  /** The app's own verdict on the value; a sentence is shown. */
  readonly invalid: boolean | string
  /** Names the dropzone; null is the kit's own word. */
  readonly label: string | null
  /** Whether some file is only known to be right or wrong once it can be read. */
  readonly validates: boolean
  /** Id of the line that names the limits. */
  readonly limitsId: string
  /** Id of the line that says why the form was not submitted. */
  readonly formErrorId: string
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

/** Reads this Root's uploads in numbers; `select` must pick, or keep what it builds. */
export function useTotals<T>(select: (totals: Totals) => T): T {
  const { uploads } = useRoot()
  const read = () => select(uploads.getTotals())
  return useSyncExternalStore(uploads.subscribe, read, read)
}

/** Ids of the rows to show, in their order. */
export function useShownIds(): readonly string[] {
  const { uploads } = useRoot()
  return useSyncExternalStore(uploads.subscribe, uploads.getShown, uploads.getShown)
}

/** Ids of the rows that are always worth a look. */
export function usePinnedIds(): readonly string[] {
  const { uploads } = useRoot()
  return useSyncExternalStore(uploads.subscribe, uploads.getPinned, uploads.getPinned)
}

/** Whether the list is so long that completed uploads are folded away. */
export function useFolds(): boolean {
  const { uploads } = useRoot()
  return useSyncExternalStore(uploads.subscribe, uploads.folds, uploads.folds)
}
