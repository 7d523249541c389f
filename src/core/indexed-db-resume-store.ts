import type { ResumeStore } from './resume-store.js'

/**
 * Remembers uploads in IndexedDB. `key` says whose they are and where they go, for example the user's id: only an engine
 * with the same key sees them.
 */
export function createIndexedDbResumeStore(key: string): ResumeStore {
  let opening: Promise<ResumeStore> | null = null
  // Opened at the first use: nothing touches storage on a server, or before there is an upload. The engine has loaded the
  // same chunk by then.
  const opened = () => {
    opening ??= import('./resume/index.js').then(({ openIndexedDb }) => openIndexedDb(key))
    return opening
  }
  return {
    load: async () => (await opened()).load(),
    saveHead: async (head) => (await opened()).saveHead(head),
    savePart: async (uploadId, part) => (await opened()).savePart(uploadId, part),
    remove: async (uploadId) => (await opened()).remove(uploadId),
  }
}

/**
 * Forgets every upload that this browser remembers under a `resumeKey`: call it when that person signs out. What is under
 * way is not stopped, and would be written down again: cancel it first, or unmount its provider. Resolves also where there
 * is no storage.
 */
export async function forgetUploads(resumeKey: string): Promise<void> {
  const { forgetIndexedDb } = await import('./resume/index.js')
  await forgetIndexedDb(resumeKey)
}
