import { clear, createStore, delMany, entries, keys, set, type UseStore } from 'idb-keyval'
import type { ResumeStore } from '../resume-store.js'
import type { ResumePart } from './resume-record.js'

// One key for what an upload is, and one for each of its parts: a part is written in constant time.
type Key = [uploadId: string] | [uploadId: string, start: number]

/** Opens the database of one key, at its first use. */
export function openIndexedDb(key: string): ResumeStore {
  const store = storeOf(key)
  return {
    load: async () => {
      const records = new Map<string, { head: unknown; parts: unknown[] }>()
      const recordOf = (uploadId: string) => {
        const record = records.get(uploadId) ?? { head: null, parts: [] }
        records.set(uploadId, record)
        return record
      }
      for (const [at, value] of await entries<IDBValidKey, unknown>(store)) {
        if (!isOurs(at)) continue
        const [uploadId, start] = at
        if (start === undefined) recordOf(uploadId).head = value
        else recordOf(uploadId).parts.push(value)
      }
      return [...records.values()]
    },
    saveHead: (head) => set([head.remote.id] satisfies Key, head, store),
    savePart: (uploadId, part: ResumePart) => set([uploadId, part.start] satisfies Key, part, store),
    remove: async (uploadId) => {
      const all = await keys<IDBValidKey>(store)
      await delMany(
        all.filter((at) => isOurs(at) && at[0] === uploadId),
        store,
      )
    },
  }
}

/** Forgets everything under a key. */
export async function forgetIndexedDb(key: string): Promise<void> {
  try {
    await clear(storeOf(key))
  } catch {
    // Nothing can be remembered where nothing can be opened.
  }
}

function storeOf(key: string): UseStore {
  return createStore(`react-openai-uploads:${key}`, 'uploads')
}

/** Other code of this origin may have written here, too. */
function isOurs(at: IDBValidKey): at is Key {
  return Array.isArray(at) && typeof at[0] === 'string' && (at[1] === undefined || typeof at[1] === 'number')
}
