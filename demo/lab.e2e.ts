import { type DemoPage, expect, PART_BYTES, type TestFile, test } from './demo-page.e2e.kit.js'

// What the lab promises: each switch changes the row and shows on the wire, and the bytes arrive all the same.

const MIB = 2 ** 20

const flip = ({ page }: DemoPage, name: string) => page.getByRole('switch', { name }).click()

/** MB/s, of those that the slider stops at; null is its end. */
const setSpeed = ({ page }: DemoPage, megabytes: 1 | 4 | null) =>
  page.getByRole('slider', { name: 'Line speed' }).fill(String({ 1: 2, 4: 4, none: 8 }[megabytes ?? 'none']))

/** Lines of the wire view that are this call, for example `part 3`. */
const onWire = ({ page }: DemoPage, call: string) =>
  page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: call, exact: true }) })

async function bytesAccepted(demo: DemoPage): Promise<number> {
  const ranges = (await demo.partsAccepted()).map((range) => range.split(/[-/]/).map(Number))
  return ranges.reduce((sum, [start = 0, last = 0]) => sum + last - start + 1, 0)
}

async function expectStoredOnce(demo: DemoPage, file: TestFile): Promise<void> {
  await demo.expectStored(file)
  expect(await bytesAccepted(demo)).toBe(file.bytes)
}

test('cuts the connection: the row waits offline with what it has, and goes on from there', async ({ demo, write }) => {
  const file = await write('report.bin', 12 * PART_BYTES)
  await setSpeed(demo, 4)
  await demo.choose(file)
  await expect.poll(async () => (await demo.partsAccepted()).length).toBeGreaterThan(0)
  await flip(demo, 'Cut the connection')
  await demo.expectPhase(file, 'offline')
  await expect(demo.page.getByRole('cell', { name: 'lost' }).first()).toBeVisible()
  const bar = demo.row(file).getByRole('progressbar')
  const before = Number(await bar.getAttribute('aria-valuenow'))
  expect(before).toBeGreaterThan(0)
  await setSpeed(demo, null)
  await flip(demo, 'Cut the connection')
  await expectStoredOnce(demo, file)
})

test('fails the third part for as long as it is asked to, and no other', async ({ demo, write }) => {
  const file = await write('report.bin', 6 * PART_BYTES)
  await flip(demo, 'Fail part 3')
  await demo.choose(file)
  await demo.expectPhase(file, 'retrying')
  await expect(onWire(demo, 'part 3').getByRole('cell', { name: '503' }).first()).toBeVisible()
  await flip(demo, 'Fail part 3')
  await expectStoredOnce(demo, file)
  await expect(demo.page.getByRole('cell', { name: '503' })).toHaveCount((await onWire(demo, 'part 3').count()) - 1)
})

test('answers 429 with Retry-After, and every request waits', async ({ demo, write }) => {
  const file = await write('report.bin', 2 * PART_BYTES)
  await flip(demo, 'Rate limit')
  await demo.choose(file)
  await demo.expectPhase(file, 'retrying')
  await expect(onWire(demo, 'create').first()).toContainText('429')
  expect(demo.partsSent()).toEqual([])
  await flip(demo, 'Rate limit')
  await expectStoredOnce(demo, file)
})

test('refuses large bodies, and the part map shows smaller parts', async ({ demo, write }) => {
  const file = await write('report.bin', 3 * PART_BYTES)
  await flip(demo, 'Refuse bodies over 512 kB')
  await demo.choose(file)
  await expectStoredOnce(demo, file)
  await expect(demo.page.getByRole('cell', { name: '413' }).first()).toBeVisible()
  await expect(demo.page.getByRole('img', { name: /24 parts/ })).toBeVisible()
})

test('lets Uploads expire in a minute, and the row warns that it will not be in time', async ({ demo, write }) => {
  const file = await write('far too large.bin', 160 * MIB)
  // Small parts, as the system itself swallows large ones whatever the line.
  await flip(demo, 'Refuse bodies over 512 kB')
  await flip(demo, 'Expire in 60 s')
  await setSpeed(demo, 1)
  await demo.choose(file)
  await expect(demo.row(file).locator('[data-tone="warning"]')).toContainText('Expires at', { timeout: 30_000 })
  const upload = (await demo.storedUploads()).findLast(({ filename }) => filename === file.name)
  expect(upload).toMatchObject({ status: 'pending' })
  const { created_at = 0, expires_at = 0 } = upload as unknown as { created_at?: number; expires_at?: number }
  expect(expires_at - created_at).toBe(60)
})

test('takes its time to complete, and the row says that it is finishing', async ({ demo, write }) => {
  const file = await write('report.bin', 1000)
  await flip(demo, 'Slow complete')
  await demo.choose(file)
  await demo.expectPhase(file, 'completing')
  await expect(onWire(demo, 'complete')).toContainText('under way')
  await expectStoredOnce(demo, file)
  await expect(onWire(demo, 'complete')).toContainText('completed')
})

test('shows the four calls with their answers', async ({ demo, write }) => {
  const [kept, dropped] = [await write('kept.bin', 1000), await write('dropped.bin', 4 * PART_BYTES)]
  await demo.choose(kept)
  await demo.expectStored(kept)
  await expect(onWire(demo, 'create')).toContainText('POST /api/uploads')
  await expect(onWire(demo, 'create')).toContainText('pending')
  await expect(onWire(demo, 'part 1')).toContainText('1.0 kB')
  await expect(onWire(demo, 'complete')).toContainText('completed')
  await setSpeed(demo, 1)
  await demo.choose(dropped)
  await demo.expectPhase(dropped, 'uploading')
  await demo.row(dropped).getByRole('button', { name: 'Cancel' }).click()
  await expect(onWire(demo, 'part 1').first()).toContainText('stopped')
  // Undo has to lapse first.
  await expect(onWire(demo, 'cancel')).toContainText('cancelled', { timeout: 20_000 })
})

test('disturbs the page that asked for it, and no other', async ({ demo, write, context }) => {
  const [file, another] = [await write('report.bin', 1000), await write('another.bin', 1000)]
  await flip(demo, 'Cut the connection')
  const other = await context.newPage()
  await other.goto('/')
  await other.locator('input[type=file]').setInputFiles(another.path)
  await expect(other.locator('[data-slot="upload-item"][data-phase="completed"]')).toBeVisible()
  await demo.choose(file)
  await demo.expectPhase(file, 'offline')
  await flip(demo, 'Cut the connection')
  await demo.expectStored(file)
})
