import { type DemoPage, expect, test } from './demo-page.e2e.kit.js'
import { SESSION_HEADER } from './lab/conditions.js'

/** Whether each call since then told the demo's lab whose it is. */
const tellsLab = ({ calls }: DemoPage, from: number) =>
  calls.slice(from).map((request) => SESSION_HEADER in request.headers())

test('sends files through a proxy of the visitor’s own, and through the demo’s again', async ({
  demo,
  write,
  page,
  baseURL,
}) => {
  await page.getByText('Use my own proxy').click()
  await page.getByRole('button', { name: 'Use it' }).click()
  await expect(page.getByText(/^Enter an address/)).toBeVisible()
  await page.getByRole('textbox', { name: 'Where your uploads handler answers' }).fill('/api/uploads/')
  await page.getByRole('button', { name: 'Use it' }).click()
  await expect(page.getByText(`Files go to ${baseURL}/api/uploads`)).toBeVisible()
  // What the lab does, it does to the demo's own.
  await expect(page.getByText('Network lab')).toBeHidden()
  const file = await write('report.txt', 3000)
  const before = demo.calls.length
  await demo.choose(file)
  await demo.expectStored(file)
  expect(new Set(tellsLab(demo, before))).toEqual(new Set([false]))

  await page.getByRole('button', { name: 'Use the demo’s again' }).click()
  await expect(page.getByText('Network lab')).toBeVisible()
  await expect(page.getByText('Use my own proxy')).toBeVisible()
  const second = await write('second.txt', 3000)
  const after = demo.calls.length
  await demo.choose(second)
  await demo.expectStored(second)
  expect(tellsLab(demo, after)).toContain(true)
})
