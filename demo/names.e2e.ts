import { expect, test } from './demo-page.e2e.kit.js'

const names = {
  emoji: 'holiday 🏝️ 👩‍👩‍👧.txt',
  Arabic: 'تقرير سنوي.txt',
  'combining marks': 'Zu\u0308rich cafe\u0301.txt',
  '200 characters': `${'long-name-'.repeat(19)}123456.txt`,
  'what paths and headers cannot hold': `50% "off" & <b>#1?.txt`,
}

for (const [what, name] of Object.entries(names)) {
  test(`keeps a name with ${what}`, async ({ demo, write }) => {
    const file = await write(name, 100)
    await demo.choose(file)
    await demo.expectStored(file)
    // Composed, so that the same name is the same text for everybody.
    const stored = (await demo.storedUploads()).map(({ filename }) => filename)
    expect(stored).toContain(name.normalize('NFC'))
    await demo.expectNoSidewaysScroll()
  })
}

test('says which types a purpose takes, and refuses the others without asking the backend', async ({ demo, write }) => {
  await demo.page.getByLabel('Purpose').selectOption('fine-tune')
  const [wrong, right] = [await write('paper.pdf', 10), await write('training.jsonl', 10)]
  await demo.choose(wrong, right)
  await expect(demo.refusals).toHaveText('paper.pdf is a .pdf file. Allowed: JSONL.')
  await demo.expectStored(right)
  await expect(demo.rows).toHaveCount(1)
  expect((await demo.sentTo('create')).map(({ filename }) => filename)).toEqual(['training.jsonl'])
})
