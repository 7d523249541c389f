import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { randomOf } from '../src/uploads-api/random.test.kit.js'
import { type Bed, callsOf, expect, openEngine, rangeOf, test } from './chaos-bed.e2e.kit.js'
import type { ChaosPage } from './chaos-engine.js'
import { DemoPage, type TestFile } from './demo-page.e2e.kit.js'

// Lost pages, and what comes back after them. E2E_LONG=1 crashes at 20 points in place of 3.

const PART = 512 * 1024
const PARTS = 40
const CONCURRENCY = 4
const POINTS = process.env.E2E_LONG ? 20 : 3

test.use({ bedOptions: { maxPartBytes: PART, concurrency: CONCURRENCY } })

async function openDemo(context: BrowserContext, bed: Bed): Promise<DemoPage> {
  const demo = new DemoPage(await context.newPage(), bed.origin)
  await demo.page.goto(bed.origin)
  await expect(demo.page.getByRole('button', { name: /Choose files|Add more files/ })).toBeVisible()
  return demo
}

/** Ends the page: by a crash of its process where the browser has a command for that, else by closing the tab. */
async function lose(page: Page): Promise<void> {
  if (page.context().browser()?.browserType().name() !== 'chromium') return page.close()
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  // Nobody is left to answer.
  session.send('Page.crash').catch(() => {})
  await crashed
  await page.close()
}

/** Uploads until a part gets to a seeded point: it and all after it stand still there, however long it takes to go on. */
async function uploadUntil(demo: DemoPage, bed: Bed, file: TestFile, parts: number, byte = 0): Promise<void> {
  const fault = { type: 'stall', where: { of: 'body', at: byte } } as const
  const rest = bed.outer.inject({ on: 'parts', skip: parts, times: Number.POSITIVE_INFINITY, fault })
  await demo.choose(file)
  await rest.reached
}

async function chooseAgain(demo: DemoPage, file: TestFile): Promise<void> {
  const picker = demo.page.waitForEvent('filechooser')
  await demo.row(file).getByRole('button', { name: 'Choose file' }).click()
  await (await picker).setFiles(file.path)
}

/** Ranges that were sent more than once, by what the proxy saw. */
function resent(bed: Bed): number {
  return callsOf(bed.outer, 'parts').length - new Set(callsOf(bed.outer, 'parts').map(rangeOf)).size
}

async function flipByte(path: string, at: number): Promise<void> {
  const handle = await open(path, 'r+')
  const byte = Buffer.alloc(1)
  await handle.read(byte, 0, 1, at)
  byte.writeUInt8(byte.readUInt8() ^ 1)
  await handle.write(byte, 0, 1, at)
  await handle.close()
}

const random = randomOf(20)
const points = Array.from({ length: 20 }, () => ({ parts: 1 + random(PARTS - 6), byte: random(PART) }))

for (const { parts, byte } of points.slice(0, POINTS)) {
  test(`goes on after the page was lost at byte ${byte} of part ${parts + 1}`, async ({ bed, context, write }) => {
    const file = await write('thesis.bin', PARTS * PART)
    const first = await openDemo(context, bed)
    await uploadUntil(first, bed, file, parts, byte)
    await lose(first.page)

    const second = await openDemo(context, bed)
    await second.expectPhase(file, 'interrupted')
    bed.outer.clear()
    await chooseAgain(second, file)
    await second.expectStored(file)
    expect(resent(bed)).toBeLessThanOrEqual(CONCURRENCY)
    expect(callsOf(bed.outer, 'create')).toHaveLength(1)
    test.info().annotations.push({ type: 'parts sent again', description: String(resent(bed)) })
  })
}

test('goes on after the whole browser was killed', { tag: '@chromium' }, async ({ bed, write, launchOptions }) => {
  const profile = mkdtempSync(join(tmpdir(), 'demo-profile-'))
  const launch = () => chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: bed.origin })
  const file = await write('thesis.bin', PARTS * PART)
  const context = await launch()
  const first = await openDemo(context, bed)
  await uploadUntil(first, bed, file, 20)
  const session = await context.newCDPSession(first.page)
  const gone = context.waitForEvent('close')
  session.send('Browser.crash' as 'Browser.close').catch(() => {})
  await gone

  const again = await launch()
  const second = await openDemo(again, bed)
  await second.expectPhase(file, 'interrupted')
  bed.outer.clear()
  await chooseAgain(second, file)
  await second.expectStored(file)
  expect(resent(bed)).toBeLessThanOrEqual(CONCURRENCY)
  await again.close()
  rmSync(profile, { recursive: true, force: true })
})

test('a reload brings the upload back, and it asks for its file', async ({ bed, context, write }) => {
  const file = await write('thesis.bin', PARTS * PART)
  const demo = await openDemo(context, bed)
  await uploadUntil(demo, bed, file, 20)
  await demo.page.reload()
  await demo.expectPhase(file, 'interrupted')
  await expect(demo.row(file)).toContainText('Choose thesis.bin again to continue from')
  // Nothing is sent without the file.
  expect(callsOf(bed.outer, 'complete')).toEqual([])
  bed.outer.clear()
  await chooseAgain(demo, file)
  await demo.expectStored(file)
  await demo.page.reload()
  await expect(demo.page.getByRole('button', { name: 'Choose files' })).toBeVisible()
  await expect(demo.rows).toHaveCount(0)
})

test.describe('another file under the same name', () => {
  for (const { where, at } of [
    { where: 'at its beginning', at: 100 },
    { where: 'in the middle of a part that was confirmed', at: 2 * PART + 77_777 },
  ]) {
    test(`with one byte changed ${where} is never mixed with the first`, async ({ bed, context, write }) => {
      const file = await write('thesis.bin', PARTS * PART)
      const first = await openDemo(context, bed)
      await uploadUntil(first, bed, file, 20)
      await lose(first.page)
      const folder = mkdtempSync(join(tmpdir(), 'demo-other-'))
      const other = { ...file, path: join(folder, file.name) }
      copyFileSync(file.path, other.path)
      await flipByte(other.path, at)

      const second = await openDemo(context, bed)
      await second.expectPhase(file, 'interrupted')
      bed.outer.clear()
      await chooseAgain(second, other)
      if (at === 100) {
        await expect(second.row(file)).toContainText('That’s a different file.')
        await second.expectPhase(file, 'interrupted')
        await chooseAgain(second, file)
        await second.expectStored(file)
      } else {
        await second.expectPhase(file, 'failed')
        await expect(second.row(file)).toContainText('different')
        expect(bed.api.files).toEqual([])
      }
      rmSync(folder, { recursive: true, force: true })
    })
  }
})

/** A tab that uploads, its line held still after eight parts, and a second one that was opened meanwhile. */
async function openTwoTabs(context: BrowserContext, bed: Bed, file: TestFile) {
  const first = await openDemo(context, bed)
  await uploadUntil(first, bed, file, 8)
  const second = await openDemo(context, bed)
  await second.expectPhase(file, 'uploading')
  return { first, second }
}

const postsOf = ({ calls }: DemoPage) => calls.filter((request) => request.method() === 'POST')

test('a second tab shows the upload of the first, passes commands on, and takes over once the first is gone', async ({
  bed,
  context,
  write,
}) => {
  const file = await write('thesis.bin', PARTS * PART)
  const { first, second } = await openTwoTabs(context, bed, file)
  await expect(second.row(file).getByRole('progressbar')).not.toHaveAttribute('aria-valuenow', '0')
  await second.row(file).getByRole('button', { name: 'Pause' }).click()
  await first.expectPhase(file, 'paused')
  await second.expectPhase(file, 'paused')
  await expect(second.row(file)).toContainText('In another tab')
  await second.row(file).getByRole('button', { name: 'Resume' }).click()
  await first.expectPhase(file, 'uploading')
  expect(postsOf(second)).toEqual([])

  await lose(first.page)
  await second.expectPhase(file, 'interrupted')
  bed.outer.clear()
  await chooseAgain(second, file)
  await second.expectStored(file)
  expect(callsOf(bed.outer, 'create')).toHaveLength(1)
})

test('two tabs share an upload where the browser has no locks, too', async ({ bed, context, write }) => {
  // A page that ends before its lease is given back keeps it for two minutes: closing one is that quick now and then.
  test.setTimeout(240_000)
  // As on an insecure origin.
  await context.addInitScript(() => Object.defineProperty(Navigator.prototype, 'locks', { value: undefined }))
  const file = await write('thesis.bin', PARTS * PART)
  const { first, second } = await openTwoTabs(context, bed, file)
  expect(postsOf(second)).toEqual([])
  await first.page.close({ runBeforeUnload: false })
  bed.outer.clear()
  await second.expectPhase(file, 'interrupted', 150_000)
  await chooseAgain(second, file)
  await second.expectStored(file)
  expect(callsOf(bed.outer, 'create')).toHaveLength(1)
})

test('takes a file up again by its handle, without asking for it', async ({ bed, context }) => {
  const first = await context.newPage()
  await openEngine(first)
  const rule = bed.outer.inject({ on: 'parts', skip: 6, times: 100, fault: { type: 'stall', where: 'before' } })
  await first.evaluate(async (bytes) => {
    const { engine, fileWithHandle } = (globalThis as unknown as { chaos: ChaosPage }).chaos
    const uploader = engine({ resumeKey: 'handle' })
    uploader.run(uploader.add(await fileWithHandle({ name: 'kept.bin', bytes, seed: 9 }))).catch(() => {})
  }, 12 * PART)
  await rule.reached
  await lose(first)
  bed.outer.clear()

  const second = await context.newPage()
  await openEngine(second)
  const done = await second.evaluate(async (bytes) => {
    const { engine, fileWithHandle, sha256Of } = (globalThis as unknown as { chaos: ChaosPage }).chaos
    const uploader = engine({ resumeKey: 'handle' })
    await uploader.restore()
    const [id = ''] = uploader.getSnapshot().ids
    const { needsFile, canReopen } = uploader.get(id) ?? {}
    const ended = uploader.run(id)
    await uploader.resume(id)
    const { id: fileId } = await ended
    const sha256 = await sha256Of(await fileWithHandle({ name: 'same.bin', bytes, seed: 9 }))
    return { fileId, sha256, needsFile, canReopen }
  }, 12 * PART)
  expect(done).toMatchObject({ needsFile: true, canReopen: true })
  const bytes = await bed.api.readFile(done.fileId)
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)).toString('hex')
  expect(digest).toBe(done.sha256)
  expect(resent(bed)).toBeLessThanOrEqual(CONCURRENCY)
})
