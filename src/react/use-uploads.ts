'use client'

import { useCallback, useSyncExternalStore } from 'react'
import type { UploaderSnapshot } from '../core/index.js'
import { useUploadsContext } from './uploads-context.js'

/**
 * Reads the state of all uploads by a selector that picks (`(s) => s.ids`): what it returns has to be the same as long as
 * nothing changed, so build nothing in it. Throws `invalid_options` outside a provider.
 */
export function useUploads<T>(selector: (snapshot: UploaderSnapshot) => T): T {
  const { uploader } = useUploadsContext()
  const subscribe = useCallback((listener: () => void) => uploader.subscribe(listener), [uploader])
  const read = () => selector(uploader.getSnapshot())
  return useSyncExternalStore(subscribe, read, read)
}
