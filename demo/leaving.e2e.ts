import { expect, test } from './demo-page.e2e.kit.js'

// Only Chromium tells the tests what a page asks before it is left.
test('asks before it is left while something is under way, and not afterwards', { tag: '@chromium' }, async ({
  demo,
  write,
  page,
}) => {
  const file = await write('report.bin', 1000)
  // A browser asks only people who have done something on the page.
  await page.getByRole('switch', { name: 'Cut the connection' }).click()
  await demo.choose(file)
  await demo.expectPhase(file, 'offline')
  const asked = page.waitForEvent('dialog')
  await page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()

  await page.getByRole('switch', { name: 'Cut the connection' }).click()
  await demo.expectStored(file)
  const closed = page.waitForEvent('close')
  await page.close({ runBeforeUnload: true })
  await closed
})
