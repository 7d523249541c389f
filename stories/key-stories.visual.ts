import { expect, type Page, test } from '@playwright/test'

// How the key stories look, once their play function has brought them where they belong.

const STORIES = [
  'dropzone--idle',
  'dropzone--drag-accept',
  'dropzone--rejections',
  'dropzone--limit-reached',
  'item--uploading',
  'item--paused',
  'item--failed-with-details',
  'queue--mixed',
  'queue--all-done',
  'item--interrupted-choose-again',
]

interface Look {
  theme?: 'light' | 'dark'
  direction?: 'ltr' | 'rtl'
  width?: number
}

/** Draws a story in the middle of a known minute, with ids and letters that are the same everywhere. */
async function expectLook(page: Page, story: string, picture: string, look: Look = {}): Promise<void> {
  const { theme = 'light', direction = 'ltr', width = 720 } = look
  await page.setViewportSize({ width, height: 240 })
  await page.emulateMedia({ colorScheme: theme })
  await page.clock.setFixedTime('2026-03-04T14:32:00Z')
  await page.goto(`/iframe.html?viewMode=story&id=${story}&globals=theme:${theme};direction:${direction}`)
  await page.waitForFunction(storyIsOver)
  expect(await page.evaluate(phaseOfStory)).toBe('finished')
  await page.addStyleTag({ content: `* { font-family: 'Liberation Sans', sans-serif !important }` })
  await page.evaluate(async () => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const known = text.nodeValue?.replace(/\b(file-|upload_)\w{10,}/, '$1afGh7Jk2LmN9pQr') ?? ''
      if (known !== text.nodeValue) text.nodeValue = known
    }
    await document.fonts.ready
  })
  await expect(page).toHaveScreenshot(`${picture}.png`, { fullPage: true })
}

interface StorybookPage {
  __STORYBOOK_PREVIEW__?: { currentRender?: { phase?: string } }
}

function phaseOfStory(): string | undefined {
  return (globalThis as StorybookPage).__STORYBOOK_PREVIEW__?.currentRender?.phase
}

function storyIsOver(): boolean {
  const phase = (globalThis as StorybookPage).__STORYBOOK_PREVIEW__?.currentRender?.phase ?? ''
  return ['finished', 'errored', 'aborted'].includes(phase)
}

for (const story of STORIES) {
  for (const theme of ['light', 'dark'] as const) {
    test(`${story} looks as it did, ${theme}`, ({ page }) => expectLook(page, story, `${story}-${theme}`, { theme }))
  }
}

test('a queue looks as it did on a phone', ({ page }) =>
  expectLook(page, 'queue--mixed', 'queue--mixed-phone', { width: 390 }))

test('a queue looks as it did from right to left', ({ page }) =>
  expectLook(page, 'queue--mixed', 'queue--mixed-rtl', { direction: 'rtl' }))
