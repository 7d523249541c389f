import { createMD5 } from 'hash-wasm'
import type { Hasher } from './md5.js'

/** hash-wasm, more than twice as fast as JavaScript; rejects where a Content-Security-Policy forbids WebAssembly. */
export async function createWasmHasher(): Promise<Hasher> {
  const wasm = await createMD5()
  return {
    init: () => void wasm.init(),
    update: (bytes) => void wasm.update(bytes),
    digest: () => wasm.digest('hex'),
  }
}
