import type { Locator, Page } from '@playwright/test'
import { expect, test } from './chaos-bed.e2e.kit.js'
import type { DemoPage, TestFile } from './demo-page.e2e.kit.js'

// Everything without a mouse, and never without focus.

const PART = 64 * 1024
const BYTES = 40 * PART

test.use({ bedOptions: { maxPartBytes: PART, concurrency: 4 } })

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Focus is in the page, on something that is there to be seen. */
async function expectFocus(on: Locator): Promise<void> {
  await expect(on).toBeFocused()
  await expect(on).toBeInViewport()
}

/** Goes on with Tab until this has focus. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  const isThere = () => target.evaluate((element) => element === document.activeElement)
  for (let presses = 0; presses < 40 && !(await isThere()); presses += 1) await page.keyboard.press('Tab')
  await expectFocus(target)
}

/** Chooses with Enter at the button that has focus. */
async function chooseWithEnter(page: Page, files: TestFile[]): Promise<void> {
  const picker = page.waitForEvent('filechooser')
  await page.keyboard.press('Enter')
  await (await picker).setFiles(files.map(({ path }) => path))
}

/** The stops of the keyboard in the kit from the top of the page on, by their names. */
async function stopsOf(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    ;(document.activeElement as HTMLElement | null)?.blur()
    getSelection()?.setPosition(document.body, 0)
  })
  const stops: string[] = []
  for (;;) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate(() => {
      const { activeElement, body } = document
      const before = globalThis as { lastStop?: Element | null }
      // Past the last stop Firefox is in its own window, and the page keeps its focus.
      const isEnd = !activeElement || activeElement === body || activeElement === before.lastStop
      before.lastStop = isEnd ? null : activeElement
      if (isEnd) return null
      const words = (activeElement.getAttribute('aria-labelledby') ?? '').split(' ')
      const name = words.flatMap((id) => document.getElementById(id)?.textContent ?? []).join(' ')
      return { name: name || (activeElement.textContent ?? ''), inKit: activeElement.closest('.ou-root') !== null }
    })
    if (!stop) return stops
    if (stop.inKit) stops.push(stop.name)
    expect(stops, 'never comes to an end').not.toHaveLength(40)
  }
}

async function uploadThree(demo: DemoPage, files: TestFile[]): Promise<void> {
  await demo.choose(...files)
  await expect(demo.page.locator('[data-slot="upload-item"][data-phase="completed"]')).toHaveCount(files.length)
}

test('an empty dropzone is one stop; with three files each control is one, in the order of the page', async ({
  demo,
  bed,
  page,
  write,
}) => {
  expect(await stopsOf(page)).toEqual(['Choose files'])
  bed.outer.setBandwidth(50_000)
  const files = [await write('one.bin', BYTES), await write('two.bin', BYTES), await write('three.bin', BYTES)]
  await demo.choose(...files)
  for (const file of files) await expect(demo.row(file).getByRole('button').first()).toBeVisible()
  expect(await stopsOf(page)).toEqual([
    'Add more files',
    'Pause all',
    'Cancel all',
    ...files.flatMap(({ name }) => [`Pause ${name}`, `Cancel ${name}`]),
  ])
})

test('chooses, pauses, resumes, cancels and takes it back in the same place', async ({ demo, bed, page, write }) => {
  const file = await write('report.bin', BYTES)
  bed.outer.setBandwidth(50_000)
  await tabTo(page, button(page, 'Choose files'))
  await chooseWithEnter(page, [file])
  await demo.expectPhase(file, 'uploading')
  await expectFocus(button(page, 'Add more files'))

  await page.keyboard.press('Tab')
  await expectFocus(button(page, 'Pause report.bin'))
  await page.keyboard.press('Space')
  await demo.expectPhase(file, 'paused')
  await expectFocus(button(page, 'Resume report.bin'))
  await page.keyboard.press('Enter')
  await demo.expectPhase(file, 'uploading')
  await expectFocus(button(page, 'Pause report.bin'))

  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await demo.expectPhase(file, 'cancelling')
  await expectFocus(button(page, 'Undo report.bin'))
  await page.keyboard.press('Space')
  await demo.expectPhase(file, 'uploading')
  await expectFocus(button(page, 'Cancel report.bin'))

  // Esc is no way to lose an upload.
  await page.keyboard.press('Escape')
  bed.outer.setBandwidth(null)
  await demo.expectStored(file)
  // Its button is gone, its row is not.
  await expectFocus(demo.row(file))
})

test('a cancel that is not taken back leaves focus on its row, which offers the upload again', async ({
  demo,
  bed,
  page,
  write,
}) => {
  const file = await write('report.bin', BYTES)
  bed.outer.setBandwidth(50_000)
  await demo.choose(file)
  await tabTo(page, button(page, 'Cancel report.bin'))
  await page.keyboard.press('Enter')
  await demo.expectPhase(file, 'cancelled')
  await expectFocus(demo.row(file))
  bed.outer.setBandwidth(null)
  await tabTo(page, button(page, 'Upload again report.bin'))
  await page.keyboard.press('Enter')
  await demo.expectStored(file)
  await expectFocus(demo.row(file))
})

test('retries after a fault, and focus stays in the row', async ({ demo, bed, page, write }) => {
  const file = await write('report.bin', BYTES)
  const fault = { type: 'page', status: 200, html: '<h1>Sign in</h1>' } as const
  bed.outer.inject({ on: 'parts', skip: 6, times: Number.POSITIVE_INFINITY, fault })
  await demo.choose(file)
  await demo.expectPhase(file, 'failed')
  bed.outer.clear()
  bed.outer.setBandwidth(50_000)
  await tabTo(page, button(page, 'Retry report.bin'))
  await page.keyboard.press('Enter')
  await demo.expectPhase(file, 'uploading')
  await expectFocus(demo.row(file))
  await page.keyboard.press('Tab')
  await expectFocus(button(page, 'Pause report.bin'))
  bed.outer.setBandwidth(null)
  await demo.expectStored(file)
  await expectFocus(demo.row(file))
})

test('after Remove focus is on the next row, then on the one before, then on the button that chooses files', async ({
  demo,
  page,
  write,
}) => {
  const [one, two, three] = [await write('one.bin', PART), await write('two.bin', PART), await write('three.bin', PART)]
  await uploadThree(demo, [one, two, three])
  for (const [removed, heir] of [
    [two, demo.row(three)],
    [three, demo.row(one)],
    [one, button(page, 'Choose files')],
  ] as const) {
    await tabTo(page, button(page, `Remove ${removed.name}`))
    await page.keyboard.press('Enter')
    await expect(demo.row(removed)).toHaveCount(0)
    await expectFocus(heir)
  }
})
