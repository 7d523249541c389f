import { createProxyFetcher } from '../src/core/index.js'
import { createWorker } from './checksum-worker.js'
import { SESSION_HEADER } from './lab/conditions.js'
import { environment } from './lab/plug.js'
import { session } from './lab/session.js'
import { recordingFetcher } from './wire/recording-fetcher.js'

const endpoint = '/api/uploads'

/** How every page of the demo reaches the backend. An app needs only the endpoint; the rest is for the lab, the wire view and Trusted Types. */
export const connection = {
  fetcher: recordingFetcher(createProxyFetcher({ endpoint, headers: { [SESSION_HEADER]: session } }), endpoint),
  uploaderOptions: { environment, createWorker },
}
