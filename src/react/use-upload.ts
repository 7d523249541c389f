'use client'

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { UploadError, UploadSnapshot } from '../core/index.js'
import { type IdleUpload, SingleUpload, type UploadCommands, type UseUploadOptions } from './single-upload.js'
import { useUploadsContext } from './uploads-context.js'

/** State and commands of one upload; narrow by `status` for what that state alone has. */
export type UseUploadResult = (IdleUpload | UploadSnapshot) &
  UploadCommands & {
    /** Why it failed, or why the file was refused. */
    error: UploadError | null
  }

/**
 * One upload at a time: create, parts, complete and cancel through the provider's fetcher. The newest options count.
 * Unmounting never cancels. Throws `invalid_options` outside a provider.
 */
export function useUpload(options: UseUploadOptions = {}): UseUploadResult {
  const { uploader, bridge } = useUploadsContext()
  const [single] = useState(() => new SingleUpload(uploader, bridge, options))
  useEffect(() => {
    single.setOptions(options)
  })
  const snapshot = useSyncExternalStore(single.subscribe, single.getSnapshot, single.getSnapshot)
  return useMemo(
    () => ({ ...snapshot, error: 'error' in snapshot ? snapshot.error : null, ...single.commands }) as UseUploadResult,
    [snapshot, single],
  )
}
