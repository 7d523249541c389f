import axe from 'axe-core'
import { type DemoPage, expect, type TestFile, test } from './demo-page.e2e.kit.js'

const pages = ['Upload', 'Form', 'Chat', 'Theme', 'Accessibility'] as const

/** Opens a page by its link. The others are still there, but hidden: what is looked for is in the visible one. */
async function turnTo({ page }: DemoPage, name: (typeof pages)[number]) {
  await page.getByRole('link', { name }).click()
  await expect(page.getByRole('link', { name })).toHaveAttribute('aria-current', 'page')
  const body = page.locator('main > div:visible')
  return {
    body,
    choose: (file: TestFile) => body.locator('input[type=file]').setInputFiles(file.path),
    button: (words: string) => body.getByRole('button', { name: words, exact: true }),
  }
}

test('posts ids of files with a form, once they are there', async ({ demo, write }) => {
  const { body, choose, button } = await turnTo(demo, 'Form')
  await button('Send').click()
  await expect(body).toContainText('Enter your name.')
  await expect(body).toContainText('Choose a file.')
  await body.getByRole('textbox', { name: 'Name' }).fill('Ada')
  const file = await write('letter.pdf', 3_000_000)
  await choose(file)
  // Early: it waits for the file.
  await button('Send').click()
  await expect(body).toContainText('Sent. Thank you, Ada.')
  await expect(body).toContainText('letter.pdf (3000000 bytes)')
  const posted = JSON.parse(await body.getByLabel('What was posted').locator('code').innerText())
  const stored = await demo.page.request.get('/api/demo/files')
  const { id } = ((await stored.json()) as { id: string; filename: string }[]).findLast(
    ({ filename }) => filename === 'letter.pdf',
  ) ?? { id: '' }
  expect(posted).toEqual({ name: 'Ada', fileIds: [id] })
  // And it is ready for the next one.
  await expect(body.getByRole('textbox', { name: 'Name' })).toHaveValue('')
  await expect(body.locator('[data-slot="upload-item"]')).toHaveCount(0)
})

test('sends a message with its attachments', async ({ demo, write }) => {
  const { body, choose, button } = await turnTo(demo, 'Chat')
  await button('Try a picture').click()
  // Drawn from its bytes.
  await expect(body.locator('[data-slot="upload-item-thumbnail"][data-drawn]')).toBeVisible()
  await choose(await write('figures.csv', 2000))
  const message = body.getByRole('textbox', { name: 'Message' })
  // Typed, as by a person: what Playwright's fill sets in Firefox is in the field, but React is not told.
  await message.pressSequentially('What is in these?')
  await message.press('Enter')
  const sent = body.getByRole('list', { name: 'Messages' }).getByRole('listitem')
  await expect(sent).toContainText(/What is in these\?\s*picture-1\.png\s*file-\w+\s*figures\.csv\s*file-\w+/)
  await expect(message).toHaveValue('')
  await expect(body.locator('[data-slot="upload-item"]')).toHaveCount(0)
})

test('themes by variables, and says them as CSS', async ({ demo }) => {
  const { body, button } = await turnTo(demo, 'Theme')
  await button('Try 25 MB').click()
  const copyId = body.getByRole('button', { name: 'Copy id of interviews.pdf' }).or(body.getByText('Copy id').first())
  const height = () => copyId.evaluate((element) => element.getBoundingClientRect().height)
  const comfortable = await height()
  await button('Teal').click()
  await button('Compact').click()
  expect(await height()).toBeLessThan(comfortable)
  await body.getByRole('slider', { name: 'Radius' }).fill('3')
  await expect(body.locator('pre')).toContainText('--ou-accent: light-dark(#0f766e, #2dd4bf);')
  await expect(body.locator('pre')).toContainText('--ou-radius: 3px;')
  const zone = body.locator('[data-slot="upload-dropzone"]')
  await expect(zone).toHaveCSS('border-top-left-radius', '3px')
})

test('writes down what a screen reader is told', async ({ demo, write }) => {
  const { body, choose } = await turnTo(demo, 'Accessibility')
  await choose(await write('report.txt', 2000))
  const said = body.getByRole('region', { name: 'What a screen reader is told' }).getByRole('listitem')
  await expect(said.last()).toContainText('report.txt uploaded.')
  await expect(said.last()).toContainText('polite')
})

test('keeps uploads and rows while other pages are looked at', async ({ demo, write }) => {
  const file = await write('report.txt', 2000)
  await demo.choose(file)
  await turnTo(demo, 'Form')
  await turnTo(demo, 'Upload')
  await demo.expectStored(file)
})

for (const look of ['light', 'dark'] as const) {
  test(`has nothing that axe objects to, in ${look}`, async ({ demo, page }) => {
    // A colour on its way to another one is neither.
    await page.emulateMedia({ reducedMotion: 'reduce' })
    if (look === 'dark') await page.getByRole('button', { name: 'Dark' }).click()
    await page.evaluate(axe.source)
    for (const name of pages) {
      const { button } = await turnTo(demo, name)
      if (name !== 'Form') await button('Try 25 MB').click()
      const violations = await page.evaluate(async () => {
        const { axe: here } = globalThis as unknown as { axe: typeof axe }
        const { violations: found } = await here.run(document)
        return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      })
      expect(violations, name).toEqual([])
    }
  })
}

for (const name of pages) {
  test(`fits a phone: ${name} @phone`, async ({ demo }) => {
    await turnTo(demo, name)
    await demo.expectNoSidewaysScroll()
  })
}
