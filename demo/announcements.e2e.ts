import type { Page } from '@playwright/test'
import { type Bed, expect, test } from './chaos-bed.e2e.kit.js'
import { DemoPage } from './demo-page.e2e.kit.js'
import { type PageRecord, readRecord, recordPage } from './page-record.e2e.kit.js'

// What is said out loud, by the live regions of a whole run.

const PART = 256 * 1024

test.use({ bedOptions: { maxPartBytes: PART, concurrency: 4 } })

async function openRecorded(page: Page, bed: Bed): Promise<DemoPage> {
  await page.addInitScript(recordPage)
  const demo = new DemoPage(page, bed.origin)
  await demo.open()
  return demo
}

const recordOf = (page: Page) => page.evaluate(readRecord) as Promise<PageRecord>
const textsOf = async (page: Page) => (await recordOf(page)).said.map(({ text }) => text)

test('100 MB are told by at most three milestones and one outcome', async ({ page, bed, write }) => {
  test.setTimeout(180_000)
  const demo = await openRecorded(page, bed)
  const file = await write('dataset.bin', 100_000_000)
  // Slow enough for milestones to be worth saying.
  bed.outer.setBandwidth(2_400_000)
  await demo.choose(file)
  await demo.expectPhase(file, 'completed', 150_000)
  await expect.poll(() => textsOf(page)).toContain('dataset.bin uploaded.')

  const { said, mountedWith } = await recordOf(page)
  const milestones = said.filter(({ text }) => text.includes('%'))
  expect(milestones.length).toBeGreaterThan(0)
  expect(milestones.length).toBeLessThanOrEqual(3)
  for (const [index, { at }] of milestones.slice(1).entries()) {
    expect(at - (milestones[index]?.at ?? 0)).toBeGreaterThanOrEqual(15_000)
  }
  // Nothing is said of the middle once the end was; a server that takes its time to finish is worth a word.
  const told = said.filter(({ text }) => text !== 'dataset.bin is being finished.')
  expect(said.length - told.length).toBeLessThanOrEqual(1)
  expect(told.map(({ text }) => text)).toEqual([
    'dataset.bin added.',
    ...milestones.map(({ text }) => text),
    'dataset.bin uploaded.',
  ])
  expect(said.every(({ politeness }) => politeness === 'polite')).toBe(true)
  expect(mountedWith).toEqual(['', ''])
})

test.describe('one part at a time', () => {
  test.use({ bedOptions: { maxPartBytes: PART, concurrency: 1 } })

  test('20 files that end one after the other are told by at most ten messages', async ({ page, bed, write }) => {
    const demo = await openRecorded(page, bed)
    const files = await Promise.all(Array.from({ length: 20 }, (_, index) => write(`file ${index + 1}.bin`, PART)))
    // Further apart than what is said together.
    bed.outer.setBandwidth(PART)
    await demo.choose(...files)
    await demo.expectAllStored(files)
    await expect.poll(async () => (await textsOf(page)).at(-1)).toMatch(/uploaded\.$/)

    const said = await textsOf(page)
    expect(said.length).toBeLessThanOrEqual(10)
    expect(said[0]).toBe('20 files added.')
    expect(new Set(said).size).toBe(said.length)
  })
})

test('a failure is said at once, and a cancel politely', async ({ page, bed, write }) => {
  const demo = await openRecorded(page, bed)
  const file = await write('report.bin', 8 * PART)
  const fault = { type: 'page', status: 200, html: '<h1>Sign in</h1>' } as const
  bed.outer.inject({ on: 'parts', skip: 3, times: Number.POSITIVE_INFINITY, fault })
  await demo.choose(file)
  await demo.expectPhase(file, 'failed')
  // That it was added may not have been said yet, and then never is.
  const urgent = async () => (await recordOf(page)).said.filter(({ politeness }) => politeness === 'assertive')
  await expect.poll(async () => (await urgent()).length).toBe(1)
  await demo.row(file).getByRole('button', { name: 'Cancel' }).click()
  await demo.expectPhase(file, 'cancelled')
  await expect
    .poll(async () => (await recordOf(page)).said.at(-1))
    .toMatchObject({
      politeness: 'polite',
      text: 'Upload of report.bin cancelled.',
    })
})
