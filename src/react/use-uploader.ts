'use client'

import { useContext, useMemo } from 'react'
import type { FileObject, FileRules, Uploader, UploadOptions } from '../core/index.js'
import type { MutationBridge } from './mutation-bridge.js'
import { UploadsContext, useUploadsContext } from './uploads-context.js'

/** Commands on many uploads; every function may be taken out of the object. */
export interface UploaderCommands
  extends Pick<
    Uploader,
    | 'pause'
    | 'resume'
    | 'cancel'
    | 'undoCancel'
    | 'retry'
    | 'remove'
    | 'pauseAll'
    | 'resumeAll'
    | 'cancelAll'
    | 'retryFailed'
    | 'clearCompleted'
  > {
  /** Adds a file and lets it run; gives the upload's id. Throws as `Uploader.add` does. */
  add(file: File, options?: Partial<UploadOptions>, rules?: FileRules): string
  /** Resolves with the FileObject of an upload, as a mutation; rejects with its UploadError. */
  run(id: string): Promise<FileObject>
  /** The engine itself, for everything else. */
  uploader: Uploader
}

/** Commands on many uploads. Throws `invalid_options` outside a provider. */
export function useUploader(): UploaderCommands {
  const { uploader, bridge } = useUploadsContext()
  return useMemo(() => commandsOf(uploader, bridge), [uploader, bridge])
}

/** As `useUploader`, but null outside a provider, for components that bring their own. */
export function useOptionalUploader(): UploaderCommands | null {
  const context = useContext(UploadsContext)
  return useMemo(() => context && commandsOf(context.uploader, context.bridge), [context])
}

function commandsOf(uploader: Uploader, bridge: MutationBridge): UploaderCommands {
  return {
    uploader,
    add: (file, options, rules) => {
      const id = uploader.add(file, options, rules)
      // How it ends is told by its state.
      bridge.run(id).catch(() => {})
      return id
    },
    run: (id) => bridge.run(id),
    pause: (id) => uploader.pause(id),
    resume: (id, file) => uploader.resume(id, file),
    cancel: (id, options) => uploader.cancel(id, options),
    undoCancel: (id) => uploader.undoCancel(id),
    retry: (id) => uploader.retry(id),
    remove: (id) => uploader.remove(id),
    pauseAll: () => uploader.pauseAll(),
    resumeAll: () => uploader.resumeAll(),
    cancelAll: (options) => uploader.cancelAll(options),
    retryFailed: () => uploader.retryFailed(),
    clearCompleted: () => uploader.clearCompleted(),
  }
}
