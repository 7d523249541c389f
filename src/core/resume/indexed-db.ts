import { createStore, delMany, entries, keys, set } from 'idb-keyval'
import type { ResumeStore } from '../resume-store.js'
import type { ResumePart } from './resume-record.js'

// One key for what an upload is, and one for each of its parts: a part is written in constant time.
type Key = [uploadId: string] | [uploadId: string, start: number]

/** Opens the database of one key, at its first use. */
export function openIndexedDb(key: string): ResumeStore {
  const store = createStore(`react-openai-uploads:${key}`, 'uploads')
  return {
    load: async () => {
      const records = new Map<string, { head: unknown; parts: unknown[] }>()
      const recordOf = (uploadId: string) => {
        const record = records.get(uploadId) ?? { head: null, parts: [] }
        records.set(uploadId, record)
        return record
      }
      for (const [[uploadId, start], value] of await entries<Key, unknown>(store)) {
        if (start === undefined) recordOf(uploadId).head = value
        else recordOf(uploadId).parts.push(value)
      }
      return [...records.values()]
    },
    saveHead: (head) => set([head.remote.id] satisfies Key, head, store),
    savePart: (uploadId, part: ResumePart) => set([uploadId, part.start] satisfies Key, part, store),
    remove: async (uploadId) => {
      const all = await keys<Key>(store)
      await delMany(
        all.filter(([owner]) => owner === uploadId),
        store,
      )
    },
  }
}
