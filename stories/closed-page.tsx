import type { ReactNode } from 'react'
import { createMemoryResumeStore, createUploader, type Fetcher, type ResumeStore } from '../src/core/index.js'
import { createFakeUploads } from '../src/testing/index.js'
import { file, PART_BYTES, Scene, type SceneProps } from './scene.js'

const engine = { partSize: PART_BYTES, concurrency: 1, defaults: { purpose: 'user_data' } }

export interface ClosedPage {
  resumeStore: ResumeStore
  fetcher: Fetcher
}

/** What a page leaves behind that was closed when this many parts of each of these files had been accepted. */
export async function closedPage(names: readonly string[], parts = 5, of = 12): Promise<ClosedPage> {
  const resumeStore = createMemoryResumeStore()
  const { fetcher, faults } = createFakeUploads({ clock: 'real' })
  for (const name of names) {
    const page = createUploader({ ...engine, fetcher, resumeStore })
    const next = faults.hold('addPart', { after: parts })
    page.run(page.add(file(name, of * PART_BYTES))).catch(() => {})
    await next.reached
    page.destroy()
    faults.clear()
  }
  return { resumeStore, fetcher }
}

/** The page that is opened afterwards. */
export function Reopened({ left, ...props }: SceneProps & { left: ClosedPage }): ReactNode {
  return <Scene {...props} uploader={pageOf(left)} />
}

// One page per loaded story, however often it is drawn.
const pages = new WeakMap<ResumeStore, ReturnType<typeof createUploader>>()
export function pageOf({ resumeStore, fetcher }: ClosedPage) {
  const page = pages.get(resumeStore) ?? createUploader({ ...engine, fetcher, resumeStore })
  pages.set(resumeStore, page)
  return page
}
