import { createPlainHasher } from './hasher-plain.js'
import { createWasmHasher } from './hasher-wasm.js'
import { createMd5 } from './md5.js'

/** The MD5 of a blob, for pages without workers: nothing of it is loaded before it is needed. */
export const md5OnPage = createMd5(() => createWasmHasher().catch(createPlainHasher))
