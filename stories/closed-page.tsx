import type { ReactNode } from 'react'
import { createMemoryResumeStore, createUploader, type Fetcher, type ResumeStore } from '../src/core/index.js'
import { createFakeUploads } from '../src/testing/index.js'
import { file, PART_BYTES, Scene, type SceneProps } from './scene.js'

const engine = { partSize: PART_BYTES, concurrency: 1, defaults: { purpose: 'user_data' } }

interface ClosedPage {
  resumeStore: ResumeStore
  fetcher: Fetcher
}

/** What a page leaves behind that was closed after five of twelve parts of each of these files. */
export async function closedPage(...names: string[]): Promise<ClosedPage> {
  const resumeStore = createMemoryResumeStore()
  const { fetcher, faults } = createFakeUploads({ clock: 'real' })
  for (const name of names) {
    const page = createUploader({ ...engine, fetcher, resumeStore })
    const sixth = faults.hold('addPart', { after: 5 })
    page.run(page.add(file(name))).catch(() => {})
    await sixth.reached
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
function pageOf({ resumeStore, fetcher }: ClosedPage) {
  const page = pages.get(resumeStore) ?? createUploader({ ...engine, fetcher, resumeStore })
  pages.set(resumeStore, page)
  return page
}
