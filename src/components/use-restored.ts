'use client'
import { useEffect } from 'react'
import type { Uploader, UploadSnapshot } from '../core/index.js'
import type { RootStore } from './root-store.js'

/** Shows the uploads that an earlier page left behind, in the Root whose purpose they have. */
export function useRestored(store: RootStore, uploader: Uploader, purpose: string | undefined): void {
  useEffect(() => {
    const adopt = ({ id, options }: UploadSnapshot) => {
      const mine = purpose === undefined || options.purpose === purpose
      if (mine && !store.has(id)) store.add([id])
    }
    // Before this Root was mounted.
    for (const upload of uploader.getSnapshot().uploads.values()) {
      if (upload.inOtherTab || (upload.status === 'paused' && upload.reason === 'restored')) adopt(upload)
    }
    return uploader.subscribeToEvents(({ type, upload }) => {
      if (type === 'restored') adopt(upload)
    })
  }, [store, uploader, purpose])
}
