import { expect, MIB, PART_BYTES, test } from './demo-page.e2e.kit.js'

for (const [what, bytes] of [
  ['1 byte', 1],
  ['one byte less than a part', PART_BYTES - 1],
  ['exactly one part', PART_BYTES],
  ['one byte more than a part', PART_BYTES + 1],
] as const) {
  test(`stores a file of ${what} as it is`, async ({ demo, write }) => {
    const file = await write(`${bytes}.bin`, bytes)
    await demo.choose(file)
    await demo.expectStored(file)
    expect(demo.partsSent()).toHaveLength(Math.ceil(bytes / PART_BYTES))
  })
}

test('refuses an empty file in words, without asking the backend', async ({ demo, write }) => {
  await demo.choose(await write('empty.txt', 0))
  await expect(demo.refusals).toHaveText(/^empty.txt is empty \(0 bytes\)/)
  await expect(demo.refusals).toBeVisible()
  await expect(demo.rows).toHaveCount(0)
  expect(demo.calls.filter((request) => request.method() === 'POST')).toEqual([])
})

// Four to begin with, and all six that a browser opens where each brings more.
const MOST_AT_ONCE = 6

test('sends a large file in at most six parts at a time, and proves it by its MD5', async ({ demo, write }) => {
  const file = await write('large.bin', 300 * MIB)
  const completed = demo.page.waitForResponse((response) => response.url().endsWith('/complete'), { timeout: 100_000 })
  await demo.choose(file)
  const response = await completed
  expect(await demo.sentTo('complete')).toMatchObject([{ md5: file.md5 }])
  expect(await response.json()).toMatchObject({ status: 'completed', file: { bytes: file.bytes } })
  await demo.expectStored(file)
  const atOnce = await demo.mostPartsAtOnce()
  expect(atOnce).toBeGreaterThan(1)
  expect(atOnce).toBeLessThanOrEqual(MOST_AT_ONCE)
  // Every byte once: no part twice, none beside the ranges of the file.
  const sent = demo.partsSent()
  expect(new Set(sent).size).toBe(sent.length)
})

test('uploads 50 files at once, each with its own bytes', async ({ demo, write }) => {
  const files = await Promise.all(
    Array.from({ length: 50 }, (_, index) => write(`file ${index + 1}.txt`, 1 + index * 997)),
  )
  await demo.choose(...files)
  await expect(demo.rows).toHaveCount(50)
  await demo.expectAllStored(files)
  expect(await demo.mostPartsAtOnce()).toBeLessThanOrEqual(MOST_AT_ONCE)
})

test('a sample file arrives whole', async ({ demo }) => {
  await demo.page.getByRole('button', { name: 'Try 25 MB' }).click()
  // The server checks the MD5 that the browser made of its own bytes.
  await expect(demo.rows).toHaveAttribute('data-phase', 'completed', { timeout: 60_000 })
  await expect(demo.rows).toContainText('25 MB')
})
