export type { DropzoneProps } from './components/dropzone.js'
export type { DropzoneRenderState, DropzoneState } from './components/dropzone-context.js'
export type { SubmitWhilePending } from './components/form-state.js'
export * as Uploads from './components/index.js'
export type { Validate } from './components/intake.js'
export type { ItemState } from './components/item-context.js'
export { english, type Messages } from './components/messages.js'
export type { PartProps } from './components/part.js'
export type { RootComponent, RootProps } from './components/root.js'
export type { FormOptions, RootOptions } from './components/root-options.js'
export type { FileRejection } from './components/root-store.js'
export type { Summary } from './components/summarise.js'
export type { FormValue, UploadedFile } from './components/uploaded-file.js'
export type { UploadsHandle } from './components/use-uploads-handle.js'
export type {
  Fetcher,
  FileInfo,
  FileObject,
  FileRules,
  PauseReason,
  Purpose,
  RemoteUpload,
  RemoteUploadStatus,
  UploadErrorCode,
  UploadErrorDetails,
  UploaderOptions,
  UploaderSnapshot,
  UploadOptions,
  UploadPhase,
  UploadPolicy,
  UploadProgress,
  UploadSnapshot,
  UploadState,
  UploadStatus,
  UploadWarning,
  Wait,
} from './core/index.js'
export {
  createProxyFetcher,
  createUploader,
  forgetUploads,
  isUploadError,
  PURPOSES,
  phaseOf,
  UploadError,
  Uploader,
} from './core/index.js'
export * from './react/index.js'
