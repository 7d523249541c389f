'use client'
import { useCallback, useEffect } from 'react'
import type { Uploader, UploadSnapshot } from '../core/index.js'
import { type FileObject, UploadError } from '../protocol/index.js'
import { uploadsOf } from './root-context.js'
import type { RootOptions } from './root-options.js'
import type { RootStore } from './root-store.js'
import type { RootUploads } from './root-uploads.js'
import { useLatest } from './use-latest.js'

type Callbacks = Pick<RootOptions, 'onValueChange' | 'onProgress' | 'onComplete' | 'onError' | 'onCancel'>

interface Watched {
  store: RootStore
  uploader: Uploader
  uploads: RootUploads
  value: readonly FileObject[] | undefined
}

/** Tells the app what becomes of this Root's uploads, and keeps its list and its value true; gives `remove`. */
export function useRootCallbacks(
  { store, uploader, uploads, value }: Watched,
  callbacks: Callbacks,
): (id: string) => void {
  const latestRef = useLatest(callbacks)

  const setValue = useCallback(
    (next: readonly FileObject[]) => {
      store.setValue(next)
      latestRef.current.onValueChange?.(next)
    },
    [store, latestRef],
  )

  const drop = useCallback(
    (upload: UploadSnapshot) => {
      store.remove(upload.id)
      if (upload.status !== 'completed') return
      const { id } = upload.fileObject
      if (store.value.some((file) => file.id === id)) setValue(store.value.filter((file) => file.id !== id))
    },
    [store, setValue],
  )

  useEffect(() => {
    return uploader.subscribeToEvents(({ type, id, upload }) => {
      if (!store.has(id)) return
      if (type === 'removed') drop(upload)
      if (type !== 'settled') return
      const { onComplete, onError, onCancel } = latestRef.current
      switch (upload.status) {
        case 'completed':
          setValue([...store.value, upload.fileObject])
          return onComplete?.(upload.fileObject, upload)
        case 'failed':
          return onError?.(upload.error, upload)
        case 'expired':
          return onError?.(expiredError(upload), upload)
        case 'cancelled':
          return onCancel?.(upload)
      }
    })
  }, [store, uploader, latestRef, drop, setValue])

  const watchesProgress = callbacks.onProgress !== undefined
  useEffect(() => {
    if (!watchesProgress) return undefined
    const seen = new Map<string, UploadSnapshot>()
    return uploads.subscribe((changed) => {
      for (const id of changed) {
        const [before, upload] = [seen.get(id), uploader.get(id)]
        if (!upload) {
          seen.delete(id)
          continue
        }
        seen.set(id, upload)
        if (before && before.progress !== upload.progress) latestRef.current.onProgress?.(upload)
      }
    })
  }, [uploader, uploads, latestRef, watchesProgress])

  useEffect(() => {
    if (value === undefined) return
    const kept = new Set(value.map((file) => file.id))
    const gone = new Set(store.value.filter((file) => !kept.has(file.id)).map((file) => file.id))
    store.setValue(value)
    for (const upload of uploadsOf(store, uploader)) {
      if (upload.status === 'completed' && gone.has(upload.fileObject.id)) takeOff(upload, store, uploader)
    }
  }, [value, store, uploader])

  return useCallback(
    (id: string) => {
      const kept = store.kept.get(id)
      if (kept) drop(kept)
      else uploader.remove(id)
    },
    [store, uploader, drop],
  )
}

function takeOff({ id }: UploadSnapshot, store: RootStore, uploader: Uploader): void {
  if (store.kept.has(id)) store.remove(id)
  else uploader.remove(id)
}

function expiredError({ file, remote }: UploadSnapshot): UploadError {
  const message = `${file.name} was not finished within its hour, so OpenAI discarded it. Start again to upload it.`
  return new UploadError('expired', message, remote ? { uploadId: remote.id } : {})
}
