import { type Bed, expect, test } from './chaos-bed.e2e.kit.js'
import type { DemoPage, TestFile } from './demo-page.e2e.kit.js'

const PART = 256 * 1024
const BYTES = 12 * PART

test.use({ bedOptions: { maxPartBytes: PART, concurrency: 4 } })

/** Starts an upload and cancels it when four parts have been accepted and others stand still on their way. */
async function cancelInTheMiddle(demo: DemoPage, bed: Bed, file: TestFile): Promise<string> {
  const where = { of: 'body', at: 1000 } as const
  const rest = bed.outer.inject({
    on: 'parts',
    skip: 4,
    times: Number.POSITIVE_INFINITY,
    fault: { type: 'stall', where },
  })
  // A GET of the same address asks for the policy.
  const created = demo.page.waitForResponse(
    (response) => response.url().endsWith('/api/uploads') && response.request().method() === 'POST' && response.ok(),
  )
  await demo.choose(file)
  const { id } = await (await created).json()
  await rest.reached
  await expect.poll(async () => (await demo.partsAccepted()).length).toBe(4)
  await demo.row(file).getByRole('button', { name: 'Cancel' }).click()
  await demo.expectPhase(file, 'cancelling')
  await expect.poll(() => demo.running.size).toBe(0)
  return id
}

const statusOf = async (demo: DemoPage, id: string) =>
  (await demo.storedUploads()).find((upload) => upload.id === id)?.status

test('cancels: requests end at once, and the server is told', async ({ bed, demo, write }) => {
  const file = await write('report.bin', BYTES)
  const id = await cancelInTheMiddle(demo, bed, file)
  const sent = demo.partsSent().length
  await demo.expectPhase(file, 'cancelled')
  await expect(demo.row(file)).toHaveAttribute('data-status', 'cancelled')
  expect(await statusOf(demo, id)).toBe('cancelled')
  expect(demo.partsSent()).toHaveLength(sent)
  await expect.poll(() => demo.running.size).toBe(0)
})

test('Undo takes a cancel back, and the upload goes on with the parts it has', async ({ bed, demo, write }) => {
  const file = await write('report.bin', BYTES)
  const id = await cancelInTheMiddle(demo, bed, file)
  bed.outer.clear()
  await demo.row(file).getByRole('button', { name: 'Undo' }).click()
  await demo.expectStored(file)
  expect(await statusOf(demo, id)).toBe('completed')
  expect(new Set(await demo.partsAccepted()).size).toBe(12)
  expect(await demo.partsAccepted()).toHaveLength(12)
})

// Firefox drops the last request of a page now and then: there, the Upload dies with its hour.
test('leaving the page while Undo is offered tells the server at once', { tag: '@chromium' }, async ({
  bed,
  demo,
  write,
  page,
}) => {
  const file = await write('report.bin', BYTES)
  const id = await cancelInTheMiddle(demo, bed, file)
  await page.goto('about:blank')
  await expect.poll(() => statusOf(demo, id)).toBe('cancelled')
})
