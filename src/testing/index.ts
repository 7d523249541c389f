export type { UploadsApiBehaviour, UploadView } from '../uploads-api/index.js'
export type { ClockKind, FakeClock } from './clock.js'
export type { FakeEnvironment } from './fake-environment.js'
export {
  createFakeUploads,
  type FakeUploads,
  type FakeUploadsOptions,
  type RecordedRequest,
} from './fake-uploads.js'
export type { Fault, Faults, HeldCall } from './faults.js'
export type { FakeLine } from './handler-fetcher.js'
export { makeFile } from './make-file.js'
