export type {
  ByteRange,
  CreateUploadRequest,
  ExpiresAfter,
  FileObject,
  Purpose,
  RemoteUpload,
  RemoteUploadStatus,
  UploadCall,
  UploadErrorCode,
  UploadErrorDetails,
  UploadErrorOptions,
  UploadPart,
  UploadPolicy,
} from '../protocol/index.js'
export {
  acceptOfPurpose,
  isUploadError,
  MAX_PART_BYTES,
  MAX_UPLOAD_BYTES,
  mimeTypeOf,
  PURPOSES,
  UploadError,
} from '../protocol/index.js'
export { browserEnvironment } from './browser-environment.js'
export {
  type Checksum,
  type ChecksumOptions,
  type ChecksumPlace,
  type ChecksumScript,
  createChecksum,
} from './checksum.js'
export type { Environment, TabChannel, TabLock } from './environment.js'
export { type Fetcher, FetcherError } from './fetcher.js'
export { checkFile, type FileInfo, type FileRules, type UploadWarning } from './file-rules.js'
export { createIndexedDbResumeStore, forgetUploads } from './indexed-db-resume-store.js'
export type { PartSizeRange } from './part-size.js'
export type { PartsProgress, SendingRange, UploadProgress } from './progress.js'
export { createProxyFetcher, type ProxyFetcherOptions } from './proxy-fetcher.js'
export type { FileHandle, ResumeHead, ResumePart } from './resume/resume-record.js'
export { createMemoryResumeStore, type ResumeStore } from './resume-store.js'
export type { RetryOptions } from './retry.js'
export type { UploaderSummary } from './summary.js'
export type { UploadOptions } from './upload-options.js'
export type { UploadSnapshot } from './upload-snapshot.js'
export {
  initialState,
  isSettled,
  keepsParts,
  type PauseReason,
  phaseOf,
  transition,
  type UploadEvent,
  type UploadPhase,
  type UploadState,
  type UploadStatus,
  type Wait,
} from './upload-state.js'
export type { UploaderEvent, UploaderListener, UploaderSnapshot } from './upload-store.js'
export { type CancelOptions, createUploader, Uploader } from './uploader.js'
export type { UploaderOptions } from './uploader-options.js'
export type { TimeLimits } from './watchdog.js'
