import { expect, PART_BYTES, test } from './demo-page.e2e.kit.js'

test('a file can be uploaded on a phone, and nothing scrolls sideways @phone', async ({ demo, write }) => {
  const file = await write('quarterly report for the whole of the year 2026, second edition.txt', PART_BYTES)
  await demo.expectNoSidewaysScroll()
  await demo.choose(file)
  await demo.expectStored(file)
  await demo.expectNoSidewaysScroll()
})

for (const width of [320, 360]) {
  test(`fits a window of ${width} px with rows and refusals in it`, async ({ demo, write, page }) => {
    await page.setViewportSize({ width, height: 740 })
    const file = await write(`${'unbroken'.repeat(15)}.txt`, 2000)
    await demo.choose(file, await write('empty.txt', 0))
    await demo.expectStored(file)
    await demo.expectNoSidewaysScroll()
  })
}

test('is dark and reads from right to left when asked to', async ({ demo, write, page }) => {
  const [light] = await backgrounds(page)
  await page.getByRole('button', { name: 'Dark' }).click()
  await page.getByRole('button', { name: 'Right to left' }).click()
  const file = await write('تقرير.txt', 3000)
  await demo.choose(file)
  await demo.expectStored(file)
  await demo.expectNoSidewaysScroll()
  expect((await backgrounds(page))[0]).not.toBe(light)
  // Mirrored: the actions of a row stand to the left of its name.
  const name = await demo.row(file).getByText('تقرير.txt').first().boundingBox()
  const remove = await demo.row(file).getByRole('button', { name: 'Remove' }).boundingBox()
  expect(remove?.x).toBeLessThan(name?.x ?? 0)
})

function backgrounds(page: import('@playwright/test').Page): Promise<string[]> {
  return page.evaluate(() => [getComputedStyle(document.body).backgroundColor])
}
