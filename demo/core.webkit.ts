import { expect, KEYS, test, type WebKitPage } from './webkit-page.e2e.kit.js'

// What a person needs most, in a third engine.

const PART = 64 * 1024
const BYTES = 40 * PART
const ROW = '[data-slot="upload-item"]'
const BAR = `${ROW} [role="progressbar"]`

test.use({ bedOptions: { maxPartBytes: PART, concurrency: 4 } })

/** Goes on with Tab until a control with these words has focus; gives the controls passed. */
async function tabTo(webkit: WebKitPage, words: string): Promise<string[]> {
  const passed: string[] = []
  while (passed.at(-1) !== words) {
    await webkit.press(KEYS.tab)
    passed.push(await webkit.focused())
    expect(passed, `never came to ${words}`).not.toHaveLength(30)
  }
  return passed
}

test('uploads a file, and its progress only grows until it is there byte for byte', async ({ webkit, bed, write }) => {
  const file = await write('report.bin', BYTES)
  bed.outer.setBandwidth(1_500_000)
  const rest = bed.outer.inject({
    on: 'parts',
    skip: 30,
    times: Number.POSITIVE_INFINITY,
    fault: { type: 'stall', where: 'before' },
  })
  await webkit.choose(file)
  await expect.poll(() => webkit.attributeOf(BAR, 'aria-valuenow')).not.toBeNull()
  expect(await webkit.attributeOf(BAR, 'aria-valuemin')).toBe('0')
  expect(await webkit.attributeOf(BAR, 'aria-valuemax')).toBe('100')
  const nameId = await webkit.attributeOf(BAR, 'aria-labelledby')
  expect(await webkit.textOf(`[id="${nameId}"]`)).toBe('report.bin')
  rest.release()
  await webkit.expectPhase('completed')

  const { progress } = await webkit.record()
  const values = progress.flatMap((value) => (value === null ? [] : [Number(value)]))
  expect(new Set(values).size).toBeGreaterThan(5)
  expect(values).toEqual(values.toSorted((a, b) => a - b))
  expect(values[0]).toBeGreaterThanOrEqual(0)
  expect(values.at(-1)).toBeLessThanOrEqual(99)
  expect(await webkit.attributeOf(BAR, 'role')).toBeNull()
  const id = await webkit.textOf('[data-piece="fileId"] bdi')
  const response = await fetch(`${bed.origin}/api/demo/files/${id}/content`)
  const stored = Buffer.from(await response.arrayBuffer())
  const digest = await crypto.subtle.digest('SHA-256', stored)
  expect(Buffer.from(digest).toString('hex')).toBe(file.sha256)
})

test('says that a file was added and that it is uploaded, once each', async ({ webkit, bed, write }) => {
  bed.outer.setBandwidth(1_500_000)
  await webkit.choose(await write('report.bin', BYTES))
  await webkit.expectPhase('completed')
  await expect.poll(async () => (await webkit.record()).said.length).toBe(2)
  const { said, mountedWith } = await webkit.record()
  expect(mountedWith).toEqual(['', ''])
  expect(said).toMatchObject([
    { politeness: 'polite', text: 'report.bin added.' },
    { politeness: 'polite', text: 'report.bin uploaded.' },
  ])
})

test('cancels: nothing more is sent, and the server is told', async ({ webkit, bed, write }) => {
  bed.outer.setBandwidth(50_000)
  await webkit.choose(await write('report.bin', BYTES))
  await webkit.expectPhase('uploading')
  await webkit.click('[data-slot="upload-item-cancel"]')
  await webkit.expectPhase('cancelling')
  const parts = () => bed.outer.exchanges.filter(({ call, isOpen }) => call === 'parts' && isOpen)
  await expect.poll(() => parts().length).toBe(0)
  await webkit.expectPhase('cancelled')
  expect(bed.api.uploads).toMatchObject([{ status: 'cancelled' }])
  expect(bed.api.files).toEqual([])
})

test('works with the keyboard alone: one stop when empty, then Cancel and Undo in the same place', async ({
  webkit,
  bed,
  write,
}) => {
  await tabTo(webkit, 'Choose files')
  // The picker itself belongs to the system.
  await webkit.run(() => {
    const input = document.querySelector<HTMLInputElement>('input[type=file]')
    input?.addEventListener(
      'click',
      (event) => {
        event.preventDefault()
        document.title = 'picker opens'
      },
      { once: true },
    )
  })
  await webkit.press(KEYS.enter)
  expect(await webkit.run(() => document.title)).toBe('picker opens')
  bed.outer.setBandwidth(50_000)
  await webkit.choose(await write('report.bin', BYTES))
  await webkit.expectPhase('uploading')
  expect(await webkit.focused()).toBe('Add more files')
  expect(await tabTo(webkit, 'Cancel')).toEqual(['Pause', 'Cancel'])
  await webkit.press(KEYS.enter)
  await webkit.expectPhase('cancelling')
  expect(await webkit.focused()).toBe('Undo')
  await webkit.press(KEYS.enter)
  await webkit.expectPhase('uploading')
  expect(await webkit.focused()).toBe('Cancel')
  bed.outer.setBandwidth(null)
  await webkit.expectPhase('completed')
  expect(await webkit.focused()).toContain('report.bin')
})

test('fits a phone, before and after an upload', async ({ webkit, bed, write }) => {
  await webkit.openAsPhone(bed.origin, 390)
  const overflow = () =>
    webkit.run(() => [innerWidth, document.documentElement.scrollWidth - document.documentElement.clientWidth])
  expect(await overflow()).toEqual([390, 0])
  await webkit.choose(await write('quarterly report for the whole of the year 2026, second edition.txt', 2 * PART))
  await webkit.expectPhase('completed')
  expect(await overflow()).toEqual([390, 0])
})
