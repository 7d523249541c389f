'use client'
import { useCallback, useEffect } from 'react'
import type { Uploader, UploadSnapshot } from '../core/index.js'
import { UploadError } from '../protocol/index.js'
import { keptSnapshot } from './kept-snapshot.js'
import type { RootOptions } from './root-options.js'
import { type RootStore, uploadsOf } from './root-store.js'
import type { RootUploads } from './root-uploads.js'
import { tellHint } from './tell-hint.js'
import { type UploadedFile, uploadedFileOf } from './uploaded-file.js'
import { useLatest } from './use-latest.js'

interface Callbacks extends Pick<RootOptions, 'onProgress' | 'onComplete' | 'onError' | 'onCancel'> {
  onValueChange: (value: readonly UploadedFile[]) => void
}

interface Watched {
  store: RootStore
  uploader: Uploader
  uploads: RootUploads
  /** Undefined is uncontrolled. */
  value: readonly UploadedFile[] | undefined
  purpose: string | undefined
}

interface RootChanges {
  /** Takes a row off the list. */
  remove: (id: string) => void
  /** Leaves the list with these files and nothing else. */
  reset: (files: readonly UploadedFile[]) => void
}

/** Tells the app what becomes of this Root's uploads, and keeps its list and its value true. */
export function useRootCallbacks(
  { store, uploader, uploads, value, purpose = '' }: Watched,
  callbacks: Callbacks,
): RootChanges {
  const latestRef = useLatest(callbacks)

  const setValue = useCallback(
    (next: readonly UploadedFile[]) => {
      store.setValue(next)
      latestRef.current.onValueChange(next)
    },
    [store, latestRef],
  )

  const drop = useCallback(
    (upload: UploadSnapshot) => {
      store.remove(upload.id)
      if (upload.status !== 'completed') return
      const { id } = upload.fileObject
      if (store.value.some((file) => file.fileId === id)) setValue(store.value.filter((file) => file.fileId !== id))
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
          setValue([...store.value, uploadedFileOf(upload.fileObject, upload)])
          return onComplete?.(upload.fileObject, upload)
        case 'failed':
          tellHint(upload.error)
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
    const kept = idsOf(value)
    const gone = idsOf(store.value.filter(({ fileId }) => !kept.has(fileId)))
    store.setValue(value)
    for (const upload of uploadsOf(store, uploader)) {
      if (upload.status === 'completed' && gone.has(upload.fileObject.id)) takeOff(upload.id, store, uploader)
    }
    keepMissing(value, purpose, store, uploader)
  }, [value, purpose, store, uploader])

  const remove = useCallback(
    (id: string) => {
      const kept = store.kept.get(id)
      if (kept) drop(kept)
      else uploader.remove(id)
    },
    [store, uploader, drop],
  )

  const reset = useCallback(
    (files: readonly UploadedFile[]) => {
      const kept = idsOf(files)
      const isSame = store.value.length === kept.size && store.value.every(({ fileId }) => kept.has(fileId))
      // First, so that the rows which go are no news.
      if (!isSame) setValue(files)
      // Last first: cancelling the first would let the next one begin, only to be cancelled in turn.
      for (const upload of uploadsOf(store, uploader).reverse()) {
        if (upload.status !== 'completed' || !kept.has(upload.fileObject.id)) takeOff(upload.id, store, uploader)
      }
      keepMissing(files, purpose, store, uploader)
      store.dismiss()
    },
    [store, uploader, purpose, setValue],
  )

  return { remove, reset }
}

function idsOf(files: readonly UploadedFile[]): ReadonlySet<string> {
  return new Set(files.map(({ fileId }) => fileId))
}

function takeOff(id: string, store: RootStore, uploader: Uploader): void {
  if (store.kept.has(id)) store.remove(id)
  else uploader.remove(id)
}

/** Rows for files that have none yet: the app's value says that they are there. */
function keepMissing(files: readonly UploadedFile[], purpose: string, store: RootStore, uploader: Uploader): void {
  const shown = new Set(
    uploadsOf(store, uploader).flatMap((upload) => (upload.status === 'completed' ? [upload.fileObject.id] : [])),
  )
  store.keep(files.filter(({ fileId }) => !shown.has(fileId)).map((file) => keptSnapshot(file, purpose)))
}

function expiredError({ file, remote }: UploadSnapshot): UploadError {
  const message = `${file.name} was not finished within its hour, so OpenAI discarded it. Start again to upload it.`
  return new UploadError('expired', message, remote ? { uploadId: remote.id } : {})
}
