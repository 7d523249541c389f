import type { MutationOptions } from '@tanstack/react-query'
import type { FileObject, UploadError, Uploader } from '../core/index.js'
import { uploadKeys } from './upload-keys.js'

/** Only the id: the mutation cache keeps variables, and must not keep a file alive. */
export interface UploadVariables {
  uploadId: string
}

/**
 * Options of the mutation behind every upload, for `useMutation`, `useIsMutating` and devtools. It runs or joins the
 * upload with that id, and rejects with an UploadError. `meta.cancelledIsNotAnError` lets a global `onError` skip the
 * code `cancelled`.
 */
export function uploadMutation(uploader: Uploader): MutationOptions<FileObject, UploadError, UploadVariables> {
  return {
    mutationKey: uploadKeys.run,
    mutationFn: ({ uploadId }) => uploader.run(uploadId),
    // The engine retries by itself, and keeps its bytes while doing so; Query's retryer stops in hidden tabs.
    retry: false,
    // The engine pauses offline by itself, too.
    networkMode: 'always',
    meta: { cancelledIsNotAnError: true },
    onSuccess: (fileObject, _variables, _result, { client }) => {
      client.setQueryData(uploadKeys.file(fileObject.id), fileObject)
      // Not awaited: the upload is done, whatever the lists take to load again.
      void client.invalidateQueries({ queryKey: uploadKeys.files })
    },
  }
}
