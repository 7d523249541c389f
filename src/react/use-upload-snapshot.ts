'use client'

import { useCallback, useSyncExternalStore } from 'react'
import type { UploadSnapshot } from '../core/index.js'
import { useUploadsContext } from './uploads-context.js'

/** Reads one upload, undefined once it was removed. Throws `invalid_options` outside a provider. */
export function useUploadSnapshot(id: string): UploadSnapshot | undefined
/** Reads what a selector picks from one upload, and re-renders only when that changes. */
export function useUploadSnapshot<T>(id: string, selector: (upload: UploadSnapshot) => T): T | undefined
export function useUploadSnapshot<T>(
  id: string,
  selector?: (upload: UploadSnapshot) => T,
): T | UploadSnapshot | undefined {
  const { uploader } = useUploadsContext()
  const subscribe = useCallback((listener: () => void) => uploader.subscribeTo(id, listener), [uploader, id])
  const read = () => {
    const upload = uploader.get(id)
    return upload && selector ? selector(upload) : upload
  }
  return useSyncExternalStore(subscribe, read, read)
}
