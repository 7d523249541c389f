import type { ResumeHead, ResumePart } from './resume/resume-record.js'

/**
 * Where uploads are remembered across reloads. An app may bring its own; failures are taken as "nothing is remembered",
 * and never stop an upload. What it gives back is checked by the engine.
 */
export interface ResumeStore {
  load(): Promise<readonly { head: unknown; parts: readonly unknown[] }[]>
  /** Records are told apart by `head.remote.id`, which is never used again. */
  saveHead(head: ResumeHead): Promise<void>
  /** Adds a part to a record, or replaces the one that begins at the same byte. */
  savePart(uploadId: string, part: ResumePart): Promise<void>
  remove(uploadId: string): Promise<void>
}

/** Remembers as long as the page lives: for tests, and for engines that share a page. */
export function createMemoryResumeStore(): ResumeStore {
  const records = new Map<string, { head: ResumeHead; parts: Map<number, ResumePart> }>()
  return {
    load: async () => Array.from(records.values(), ({ head, parts }) => ({ head, parts: [...parts.values()] })),
    saveHead: async (head) => {
      records.set(head.remote.id, { head, parts: records.get(head.remote.id)?.parts ?? new Map() })
    },
    savePart: async (uploadId, part) => {
      records.get(uploadId)?.parts.set(part.start, part)
    },
    remove: async (uploadId) => {
      records.delete(uploadId)
    },
  }
}
