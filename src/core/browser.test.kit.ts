import { createFakeUploads, type FakeUploadsOptions } from '../testing/index.js'
import { createChecksum } from './checksum.js'
import { createMemoryResumeStore, type ResumeStore } from './resume-store.js'
import { createUploader } from './uploader.js'
import type { UploaderOptions } from './uploader-options.js'

/** A browser with one storage, whose pages come and go in front of one API. */
export function openBrowser(fakesOptions?: FakeUploadsOptions, store: ResumeStore = createMemoryResumeStore()) {
  const fakes = createFakeUploads(fakesOptions)
  const { fetcher, environment, clock } = fakes
  const openPage = (options: Partial<UploaderOptions> = {}) =>
    createUploader({
      fetcher,
      environment,
      resumeStore: store,
      partSize: 100,
      concurrency: 1,
      checksum: createChecksum(),
      defaults: { purpose: 'user_data' },
      ...options,
    })
  return { ...fakes, store, openPage, settle: () => clock.advance(0) }
}

/** A page that is gone after three of five parts were accepted, the fourth being on its way. */
export async function crashAfterThreeParts(browser: ReturnType<typeof openBrowser>, file: File) {
  const page = browser.openPage()
  const held = browser.faults.hold('addPart', { after: 3 })
  page.run(page.add(file)).catch(() => {})
  await held.reached
  await browser.settle()
  page.destroy()
  browser.faults.clear()
  await browser.settle()
}
