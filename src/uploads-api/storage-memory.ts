import SparkMD5 from 'spark-md5'
import type { UploadsStorage } from './storage.js'

/** Keeps everything in memory, until the page or the process ends. */
export function createMemoryStorage(): UploadsStorage {
  const partsByUpload = new Map<string, Map<string, Uint8Array[]>>()

  const partsOf = (uploadId: string) => {
    const parts = partsByUpload.get(uploadId) ?? new Map<string, Uint8Array[]>()
    partsByUpload.set(uploadId, parts)
    return parts
  }

  function* chunksOf(uploadId: string, partIds: readonly string[]) {
    for (const partId of partIds) yield* partsOf(uploadId).get(partId) ?? []
  }

  return {
    load: async () => [],
    save: async () => {},
    addPart: async (uploadId, partId) => {
      const chunks: Uint8Array[] = []
      return {
        // A copy: the chunk may be a view of a much larger buffer, or be reused by its owner.
        write: async (chunk) => void chunks.push(new Uint8Array(chunk)),
        commit: async () => void partsOf(uploadId).set(partId, chunks),
        abort: async () => void chunks.splice(0),
      }
    },
    removeParts: async (uploadId, keep) => {
      const parts = partsOf(uploadId)
      for (const partId of parts.keys()) if (!keep?.has(partId)) parts.delete(partId)
    },
    remove: async (uploadId) => void partsByUpload.delete(uploadId),
    read: async function* (uploadId, partIds) {
      yield* chunksOf(uploadId, partIds)
    },
    md5: async (uploadId, partIds) => {
      // A synchronous MD5, unlike WebAssembly's, keeps a simulation on a virtual clock exact.
      const md5 = new SparkMD5.ArrayBuffer()
      for (const chunk of chunksOf(uploadId, partIds)) md5.append(chunk.buffer as ArrayBuffer)
      return md5.end()
    },
  }
}
