export {
  type FileObject,
  isUploadError,
  type Purpose,
  UploadError,
  type UploadErrorCode,
  type UploadPolicy,
} from '../protocol/index.js'
export { createUploadsHandler, type UploadsHandler } from './handler.js'
export type { CompletedUpload, NewUpload, NewUploadChanges } from './hooks.js'
export { revokeUpload, type UploadsQuotas } from './ledger.js'
export type { UploadsLogEntry } from './log.js'
export type { Credential, Secrets, UploadsHandlerOptions, UploadsUser } from './options.js'
export type { SenderLimits } from './sender.js'
export { createMemoryStore, type MemoryStoreOptions, type UploadsCount, type UploadsStore } from './store.js'
