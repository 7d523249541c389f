import { createProxyFetcher } from '../src/core/index.js'
import { createWorker } from './checksum-worker.js'
import { SESSION_HEADER } from './lab/conditions.js'
import { environment } from './lab/plug.js'
import { session } from './lab/session.js'
import { ownProxy } from './own-proxy.js'
import { recordingFetcher } from './wire/recording-fetcher.js'

const endpoint = ownProxy ?? '/api/uploads'
// The conditions of the lab are the demo's backend's; another one may not know the header.
const headers = ownProxy === null ? { [SESSION_HEADER]: session } : {}

/** How every page of the demo reaches the backend. An app needs only the endpoint; the rest is for the lab, the wire view and Trusted Types. */
export const connection = {
  fetcher: recordingFetcher(createProxyFetcher({ endpoint, headers }), endpoint),
  uploaderOptions: { environment, createWorker },
}
