export {
  type FileObject,
  isUploadError,
  type Purpose,
  UploadError,
  type UploadErrorCode,
  type UploadPolicy,
} from '../protocol/index.js'
export { createUploadsHandler, type UploadsHandler } from './handler.js'
export { revokeUpload } from './ledger.js'
export type {
  CompletedUpload,
  Credential,
  NewUpload,
  NewUploadChanges,
  Secrets,
  SenderLimits,
  UploadsHandlerOptions,
  UploadsLogEntry,
  UploadsQuotas,
  UploadsUser,
} from './options.js'
export { createMemoryStore, type MemoryStoreOptions, type UploadsCount, type UploadsStore } from './store.js'
