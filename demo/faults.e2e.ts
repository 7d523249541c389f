import type { Route } from '@playwright/test'
import { type DemoPage, expect, MIB, PART_BYTES, test } from './demo-page.e2e.kit.js'

const SIX_PARTS = 6 * PART_BYTES

/** Where a part lies in its file. */
function rangeOf(header: string): { start: number; bytes: number } {
  const [start = Number.NaN, last = Number.NaN] = header.split(/[-/]/).map(Number)
  return { start, bytes: last - start + 1 }
}

/** Answers in place of the backend wherever `fails` says so, until the returned function is called. */
async function failParts(
  demo: DemoPage,
  answer: Parameters<Route['fulfill']>[0],
  fails: (range: { start: number; bytes: number }) => boolean,
): Promise<() => Promise<void>> {
  await demo.page.route('**/parts', (route) =>
    fails(rangeOf(route.request().headers()['x-upload-range'] ?? '')) ? route.fulfill(answer) : route.continue(),
  )
  return () => demo.page.unroute('**/parts')
}

const inThirdPart = ({ start }: { start: number }) => start >= 2 * PART_BYTES && start < 3 * PART_BYTES

/** No accepted byte was sent again, and none was left out. */
async function expectEachByteAcceptedOnce(demo: DemoPage, bytes: number): Promise<void> {
  const ranges = (await demo.partsAccepted()).map(rangeOf).sort((a, b) => a.start - b.start)
  const ends = ranges.map((range) => range.start + range.bytes)
  expect(ranges.map(({ start }) => start)).toEqual([0, ...ends.slice(0, -1)])
  expect(ends.at(-1)).toBe(bytes)
}

for (const { what, answer, words } of [
  {
    what: 'a proxy that takes no bodies (413)',
    answer: { status: 413, body: '' },
    words: 'can’t accept files as large as',
  },
  {
    what: 'a page of HTML in place of an answer',
    answer: { status: 200, contentType: 'text/html', body: '<h1>Sign in</h1>' },
    words: 'unexpected answer',
  },
]) {
  test(`explains ${what}, and Retry goes on with the parts it has`, async ({ demo, write }) => {
    const file = await write('report.bin', SIX_PARTS)
    const repair = await failParts(demo, answer, inThirdPart)
    await demo.choose(file)
    await demo.expectPhase(file, 'failed')
    await expect(demo.row(file)).toContainText(words)
    await repair()
    await demo.row(file).getByRole('button', { name: 'Retry' }).click()
    await demo.expectStored(file)
    await expectEachByteAcceptedOnce(demo, SIX_PARTS)
  })
}

test('sends smaller parts through a proxy that refuses large ones', async ({ demo, write }) => {
  const file = await write('report.bin', SIX_PARTS)
  await failParts(demo, { status: 413, body: '' }, ({ bytes }) => bytes > 1.5 * MIB)
  await demo.choose(file)
  await demo.expectStored(file)
  await expectEachByteAcceptedOnce(demo, SIX_PARTS)
})

test('tries a part again by itself after a 500, and no other part', async ({ demo, write }) => {
  const file = await write('report.bin', SIX_PARTS)
  let failures = 0
  await failParts(demo, { status: 500, body: 'oops' }, (range) => {
    const fails = inThirdPart(range) && failures === 0
    if (fails) failures += 1
    return fails
  })
  await demo.choose(file)
  await demo.expectStored(file)
  expect(failures).toBe(1)
  expect(demo.partsSent()).toHaveLength(7)
  await expectEachByteAcceptedOnce(demo, SIX_PARTS)
})

// chaos-page.e2e.ts has the same for every browser; here it is the browser's own idea of a slow line that breaks off.
test('waits while offline, and finishes by itself once online', { tag: '@chromium' }, async ({ demo, write }) => {
  test.setTimeout(120_000)
  const file = await write('report.bin', 12 * PART_BYTES)
  await demo.setUplink(8 * MIB)
  await demo.choose(file)
  await expect.poll(async () => (await demo.partsAccepted()).length).toBeGreaterThan(0)
  await demo.setOffline(true)
  await demo.expectPhase(file, 'offline')
  await expect(demo.row(file)).toContainText('offline')
  await demo.setOffline(false)
  // Where the browser's word is missed, the engine finds out by trying, after half a minute.
  await demo.expectStored(file, 90_000)
  await expectEachByteAcceptedOnce(demo, 12 * PART_BYTES)
})
