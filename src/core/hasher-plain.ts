import SparkMD5 from 'spark-md5'
import type { Hasher } from './md5.js'

/** spark-md5, which needs nothing but JavaScript. */
export async function createPlainHasher(): Promise<Hasher> {
  const spark = new SparkMD5.ArrayBuffer()
  return {
    init: () => void spark.reset(),
    update: (bytes) => void spark.append(exactBuffer(bytes)),
    digest: () => spark.end(),
  }
}

/** spark-md5 hashes whole buffers, so a view into a larger one has to be cut out. */
function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes
  const whole = byteLength === buffer.byteLength && buffer instanceof ArrayBuffer
  return whole ? buffer : (buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer)
}
