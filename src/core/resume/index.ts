// Loaded on demand, as one chunk: everything that only uploads need which are remembered.
export { forgetIndexedDb, openIndexedDb } from './indexed-db.js'
export { Resume } from './resume.js'
export { createLeaseStore, TabLeases } from './tab-lease.js'
