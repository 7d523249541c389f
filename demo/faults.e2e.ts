import type { Route } from '@playwright/test'
import { type DemoPage, expect, MIB, PART_BYTES, test } from './demo-page.e2e.kit.js'

const SIX_PARTS = 6 * PART_BYTES
const third = `${2 * PART_BYTES}-${3 * PART_BYTES - 1}/${SIX_PARTS}`

/** Lets `fulfil` answer the third part in place of the backend, until the returned function is called. */
async function failThirdPart(demo: DemoPage, answer: Parameters<Route['fulfill']>[0]): Promise<() => Promise<void>> {
  await demo.page.route('**/parts', (route) =>
    route.request().headers()['x-upload-range'] === third ? route.fulfill(answer) : route.continue(),
  )
  return () => demo.page.unroute('**/parts')
}

async function expectEachPartOnce(demo: DemoPage, parts: number): Promise<void> {
  const accepted = await demo.partsAccepted()
  expect(accepted).toHaveLength(parts)
  expect(new Set(accepted).size).toBe(parts)
}

for (const { what, answer, words } of [
  { what: 'a proxy that takes no large bodies (413)', answer: { status: 413, body: '' }, words: 'files this large' },
  {
    what: 'a page of HTML in place of an answer',
    answer: { status: 200, contentType: 'text/html', body: '<h1>Sign in</h1>' },
    words: 'unexpected answer',
  },
]) {
  test(`explains ${what}, and Retry goes on with the parts it has`, async ({ demo, write }) => {
    const file = await write('report.bin', SIX_PARTS)
    const repair = await failThirdPart(demo, answer)
    await demo.choose(file)
    await demo.expectPhase(file, 'failed')
    await expect(demo.row(file)).toContainText(words)
    await repair()
    await demo.row(file).getByRole('button', { name: 'Retry' }).click()
    await demo.expectStored(file)
    await expectEachPartOnce(demo, 6)
  })
}

test('tries a part again by itself after a 500, and no other part', async ({ demo, write }) => {
  const file = await write('report.bin', SIX_PARTS)
  let failures = 0
  await demo.page.route('**/parts', (route) => {
    const fails = route.request().headers()['x-upload-range'] === third && failures === 0
    if (fails) failures += 1
    return fails ? route.fulfill({ status: 500, body: 'oops' }) : route.continue()
  })
  await demo.choose(file)
  await demo.expectStored(file)
  expect(failures).toBe(1)
  expect(demo.partsSent()).toHaveLength(7)
  await expectEachPartOnce(demo, 6)
})

test('waits while offline, and finishes by itself once online', async ({ demo, write }) => {
  const file = await write('report.bin', 12 * PART_BYTES)
  await demo.setUplink(8 * MIB)
  await demo.choose(file)
  await expect.poll(async () => (await demo.partsAccepted()).length).toBeGreaterThan(0)
  await demo.setOffline(true)
  await demo.expectPhase(file, 'offline')
  await expect(demo.row(file)).toContainText('offline')
  await demo.setOffline(false)
  await demo.expectStored(file)
  await expectEachPartOnce(demo, 12)
})
