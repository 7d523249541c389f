export * from './index.js'
export type { LocalApi, LocalApiOptions } from './local-server.js'
export { startLocalApi } from './local-server.js'
export { createDiskStorage } from './storage-disk.js'
