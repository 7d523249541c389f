import { readFile } from 'node:fs/promises'
import type { DemoPage, TestFile } from './demo-page.e2e.kit.js'
import { test } from './demo-page.e2e.kit.js'

/** Hands files to the page the way a browser does when they are dropped or pasted. */
async function hand(demo: DemoPage, type: 'drop' | 'paste', files: TestFile[]): Promise<void> {
  const contents = await Promise.all(
    files.map(async ({ name, path }) => ({ name, base64: await readFile(path, 'base64') })),
  )
  await demo.page.evaluate(
    async ([eventType, given]) => {
      const transfer = new DataTransfer()
      for (const { name, base64 } of given) {
        const response = await fetch(`data:;base64,${base64}`)
        transfer.items.add(new File([await response.blob()], name))
      }
      const init = { bubbles: true, cancelable: true }
      const event =
        eventType === 'drop'
          ? new DragEvent('drop', { ...init, dataTransfer: transfer })
          : new ClipboardEvent('paste', { ...init, clipboardData: transfer })
      // Firefox makes a paste without what was pasted.
      if (eventType === 'paste') Object.defineProperty(event, 'clipboardData', { value: transfer })
      document.querySelector('[data-slot="upload-trigger"]')?.dispatchEvent(event)
    },
    [type, contents] as const,
  )
}

for (const type of ['drop', 'paste'] as const) {
  test(`takes files from a ${type}`, async ({ demo, write }) => {
    const files = [await write('first.txt', 5000), await write('second.txt', 7000)]
    await hand(demo, type, files)
    for (const file of files) await demo.expectStored(file)
  })
}

test('opens the file picker with the keyboard', async ({ demo, write, page }) => {
  const file = await write('picked.txt', 300)
  const picker = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files' }).press('Enter')
  await (await picker).setFiles(file.path)
  await demo.expectStored(file)
})
