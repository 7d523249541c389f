'use client'
import { type ForwardedRef, useImperativeHandle } from 'react'
import type { CancelOptions, UploadSnapshot } from '../core/index.js'
import { roomTaken } from './intake.js'
import { cancelUnfinished, retryFailed } from './root-commands.js'
import { type RootContextValue } from './root-context.js'
import { uploadsOf } from './root-store.js'
import { openPicker } from './trigger.js'

/** What a `ref` on Root or UploadDropzone gives: commands on this list, and no other. */
export interface UploadsHandle {
  /** The Root's own element, null while it is not in the page. */
  readonly element: HTMLElement | null
  /** Opens the file picker, from a press only; nothing while the list is disabled, read-only or full. */
  open(): void
  /** Focuses Choose files, for error summaries and form libraries. */
  focus(): void
  /** Takes files in as if they had been chosen, with every check; nothing while the list is disabled or read-only. */
  addFiles(files: Iterable<File>): void
  cancel(id: string, options?: CancelOptions): void
  /** Cancels everything that is not finished. */
  cancelAll(options?: CancelOptions): void
  retry(id: string): void
  /** Tries everything again that failed and has a chance. */
  retryFailed(): void
  /** Takes a row off the list; an upload that is not finished is cancelled first. */
  remove(id: string): void
  /** The uploads of this list, in the order they are shown. */
  getItems(): readonly UploadSnapshot[]
}

export function useUploadsHandle(ref: ForwardedRef<UploadsHandle>, root: RootContextValue): void {
  useImperativeHandle(ref, () => handleOf(root), [root])
}

function handleOf(root: RootContextValue): UploadsHandle {
  const { store, uploader, limits } = root
  const isOurs = (id: string) => store.getState().ids.includes(id)
  const isClosed = root.disabled || root.readOnly
  return {
    get element() {
      return store.element
    },
    open() {
      const isFull = limits.maxFiles !== null && roomTaken(uploadsOf(store, uploader), limits) >= limits.maxFiles
      if (!isClosed && !isFull) openPicker(root)
    },
    focus: () => store.trigger?.focus(),
    addFiles(files) {
      if (!isClosed) root.takeIn([...files])
    },
    cancel(id, options) {
      if (isOurs(id)) uploader.cancel(id, options)
    },
    cancelAll: (options = {}) => cancelUnfinished(store, uploader, options),
    retry(id) {
      if (isOurs(id)) uploader.retry(id)
    },
    retryFailed: () => retryFailed(store, uploader),
    remove(id) {
      if (isOurs(id)) root.remove(id)
    },
    getItems: () => uploadsOf(store, uploader),
  }
}
