import { appendFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { type Bed, callsOf, expect, test } from './chaos-bed.e2e.kit.js'
import { DemoPage, type TestFile, type WriteFile } from './demo-page.e2e.kit.js'

// What can happen to the page, its file and its storage while it uploads.

const PART = 256 * 1024
const BYTES = 24 * PART

test.use({ bedOptions: { maxPartBytes: PART, concurrency: 4 } })

/** Starts an upload whose parts stand still after the first few. */
async function uploadHalf(demo: DemoPage, bed: Bed, file: TestFile) {
  const rest = bed.outer.inject({ on: 'parts', skip: 6, times: 1000, fault: { type: 'stall', where: 'before' } })
  await demo.choose(file)
  await rest.reached
  return rest
}

/** Opens the demo once the page is as a test wants it, and uploads a file. */
async function openAndUpload(page: Page, bed: Bed, write: WriteFile) {
  const demo = new DemoPage(page, bed.origin)
  await demo.open()
  const file = await write('report.bin', BYTES)
  await demo.choose(file)
  await demo.expectStored(file)
  return { demo, file }
}

/** Every phase that the row came to, in order. */
async function recordPhases(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const phases: string[] = []
    Object.assign(globalThis, { phases })
    new MutationObserver(() => {
      const phase = document.querySelector('[data-slot="upload-item"]')?.getAttribute('data-phase')
      if (phase && phases.at(-1) !== phase) phases.push(phase)
    }).observe(document.body, { subtree: true, childList: true, attributeFilter: ['data-phase'] })
  })
  return () => page.evaluate(() => (globalThis as unknown as { phases: string[] }).phases)
}

test('offline in the middle, then online: waits, goes on by itself, and completes', async ({
  bed,
  demo,
  context,
  write,
}) => {
  const file = await write('report.bin', BYTES)
  const phases = await recordPhases(demo.page)
  const rest = await uploadHalf(demo, bed, file)
  await context.setOffline(true)
  for (const exchange of bed.outer.exchanges) if (exchange.isOpen && exchange.call === 'parts') exchange.reset()
  await demo.expectPhase(file, 'offline')
  rest.release()
  await context.setOffline(false)
  await demo.expectStored(file)
  const seen = (await phases()).filter((phase) => ['uploading', 'offline', 'completed'].includes(phase))
  expect(seen).toEqual(['uploading', 'offline', 'uploading', 'completed'])
})

// Only Chromium freezes a page when told to, through its debugging protocol.
test('a frozen page goes on once it is thawed', { tag: '@chromium' }, async ({ bed, demo, write }) => {
  const file = await write('report.bin', BYTES)
  const session = await demo.page.context().newCDPSession(demo.page)
  const rest = await uploadHalf(demo, bed, file)
  await session.send('Page.setWebLifecycleState', { state: 'frozen' })
  // What is on its way ends while nobody listens.
  rest.release()
  const open = () => callsOf(bed.outer, 'parts').filter(({ isOpen }) => isOpen).length
  await expect.poll(open, { timeout: 30_000 }).toBe(0)
  await session.send('Page.setWebLifecycleState', { state: 'active' })
  await demo.expectStored(file)
})

test.describe('the file on disk', () => {
  for (const [what, change, words] of [
    ['is rewritten', (path: string) => writeFile(path, Buffer.alloc(BYTES, 7)), 'changed'],
    ['is cut short', (path: string) => truncate(path, BYTES - PART), 'changed'],
    ['grows', (path: string) => appendFile(path, 'more'), 'changed'],
    ['is touched', (path: string) => utimes(path, 1, 1), 'changed'],
    // Firefox does not tell why.
    ['is deleted', (path: string) => rm(path), /no longer|can’t open/],
  ] as const) {
    test(`${what}: said by its name, and never mixed`, async ({ bed, demo, write, browserName }) => {
      const file = await write('report.bin', BYTES)
      const rest = await uploadHalf(demo, bed, file)
      await change(file.path)
      for (const exchange of bed.outer.exchanges) if (exchange.isOpen && exchange.call === 'parts') exchange.reset()
      rest.release()
      // Firefox reads on, as what it was given is all there.
      if (browserName === 'firefox' && (what === 'grows' || what === 'is touched')) return demo.expectStored(file)
      // It also sends less than it promised of a part that is cut short, which only the silence after it gives away.
      await demo.expectPhase(file, 'failed', 50_000)
      await expect(demo.row(file)).toContainText(words)
      expect(bed.api.files).toEqual([])
    })
  }
})

// Only Chromium's debugging protocol gives an origin so little room.
test('a full IndexedDB stops no upload', { tag: '@chromium' }, async ({ bed, demo, write }) => {
  const session = await demo.page.context().newCDPSession(demo.page)
  await session.send('Storage.overrideQuotaForOrigin', { origin: bed.origin, quotaSize: 1 })
  const file = await write('report.bin', BYTES)
  await demo.choose(file)
  await demo.expectStored(file)
})

// Only Chromium's debugging protocol deletes one that is open.
test('an IndexedDB that is deleted meanwhile stops no upload', { tag: '@chromium' }, async ({ bed, demo, write }) => {
  const session = await demo.page.context().newCDPSession(demo.page)
  const file = await write('report.bin', BYTES)
  const rest = await uploadHalf(demo, bed, file)
  await session.send('Storage.clearDataForOrigin', { origin: bed.origin, storageTypes: 'indexeddb' })
  rest.release()
  await demo.expectStored(file)
})

test('a page without IndexedDB uploads', async ({ page, bed, write }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }))
  const { demo } = await openAndUpload(page, bed, write)
  expect(demo.errors).toEqual([])
})

const DATABASE = 'react-openai-uploads:demo'

test('a database of another shape stops no upload', async ({ page, bed, write }) => {
  await page.goto(`${bed.origin}/engine`)
  // As a later version of this package may have left it.
  await page.evaluate(
    (name) =>
      new Promise((resolve, reject) => {
        const open = indexedDB.open(name, 7)
        open.onupgradeneeded = () => open.result.createObjectStore('others')
        open.onsuccess = () => resolve(open.result.close())
        open.onerror = () => reject(open.error)
      }),
    DATABASE,
  )
  const { demo } = await openAndUpload(page, bed, write)
  expect(demo.errors).toEqual([])
})

test('a database that another tab is upgrading, and never lets go of, stops no upload', async ({
  context,
  page,
  bed,
  write,
}) => {
  const other = await context.newPage()
  await other.goto(`${bed.origin}/engine`)
  await other.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        const open = indexedDB.open(name, 7)
        open.onupgradeneeded = () => {
          const store = open.result.createObjectStore('uploads')
          const goOn = () => {
            store.get(0).onsuccess = goOn
          }
          goOn()
          resolve()
        }
      }),
    DATABASE,
  )
  const { demo } = await openAndUpload(page, bed, write)
  expect(demo.errors).toEqual([])
})

for (const csp of [
  "worker-src 'none'",
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src data:; style-src 'self' 'unsafe-inline'",
]) {
  test(`computes the MD5 on the page where no worker may run: ${csp}`, async ({ page, bed, write }) => {
    bed.pageHeaders = { 'content-security-policy': csp.includes('default-src') ? `${csp}; worker-src 'none'` : csp }
    const { demo, file } = await openAndUpload(page, bed, write)
    expect(await demo.sentTo('complete')).toMatchObject([{ md5: file.md5 }])
    // Not even loaded: a worker that is reported may be one that never ran.
    expect(bed.outer.exchanges.filter(({ head }) => head?.line.includes('worker'))).toEqual([])
    // Firefox counts what the policy forbade among the errors of the page.
    expect(demo.errors.filter((error) => !error.startsWith('Content-Security-Policy'))).toEqual([])
  })
}

test('a line that stands still is given up after 30 seconds, and tried again', async ({ page, bed, write }) => {
  await page.clock.install()
  const demo = new DemoPage(page, bed.origin)
  await demo.open()
  const file = await write('report.bin', BYTES)
  const rest = bed.outer.inject({ on: 'parts', skip: 6, times: 4, fault: { type: 'stall', where: 'before' } })
  await demo.choose(file)
  await expect.poll(() => rest.hits).toBe(4)
  await page.clock.runFor(70_000)
  await demo.expectStored(file)
})
