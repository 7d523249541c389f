import type { Page } from '@playwright/test'
import { type Bed, callsOf, expect, test as withBed } from './chaos-bed.e2e.kit.js'

// A page that is left is kept by the browser, frozen, and shown again on the way back (the back/forward cache).

const PART = 64 * 1024
const PARTS = 6
const CONCURRENCY = 2

const test = withBed.extend({
  launchOptions: [
    // Playwright turns it off, as its own `goBack` waits for a page to load.
    async ({ launchOptions }, use) => use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] }),
    { scope: 'worker' },
  ],
})
test.use({ bedOptions: { maxPartBytes: PART, concurrency: CONCURRENCY } })

/** Goes to another page and back; `meanwhile` happens while the first one is frozen. */
async function leaveAndComeBack(page: Page, bed: Bed, meanwhile: () => void): Promise<void> {
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => Object.assign(globalThis, { cameBackFrozen: persisted }))
  })
  await page.goto(`${bed.origin}/engine`)
  meanwhile()
  // What has moved within the last second counts as alive.
  await page.waitForFunction(() => performance.now() > 1500)
  await page.evaluate(() => void setTimeout(() => history.back()))
  await page.waitForFunction(() => 'cameBackFrozen' in globalThis)
  expect(await page.evaluate(() => (globalThis as { cameBackFrozen?: boolean }).cameBackFrozen)).toBe(true)
}

const stories: { what: string; meanwhile: (bed: Bed) => void }[] = [
  { what: 'kept', meanwhile: (bed) => bed.outer.clear() },
  {
    what: 'broke off',
    meanwhile: ({ outer }) => {
      for (const exchange of outer.exchanges) if (exchange.isOpen && exchange.call === 'parts') exchange.reset()
    },
  },
  // Nobody will ever answer, and nothing says so.
  { what: 'forgot', meanwhile: () => {} },
]

for (const { what, meanwhile } of stories) {
  test(`an upload goes on after "back" when the network ${what} its connections`, async ({
    bed,
    demo,
    page,
    write,
  }) => {
    const file = await write('thesis.bin', PARTS * PART)
    const rule = bed.outer.inject({
      on: 'parts',
      skip: 2,
      times: CONCURRENCY,
      fault: { type: 'stall', where: { of: 'body', at: 1000 } },
    })
    await demo.choose(file)
    await expect.poll(() => rule.hits).toBe(CONCURRENCY)
    await leaveAndComeBack(page, bed, () => meanwhile(bed))
    await demo.expectStored(file)
    expect(callsOf(bed.outer, 'create')).toHaveLength(1)
    expect(callsOf(bed.outer, 'parts').length).toBeLessThanOrEqual(PARTS + CONCURRENCY)
    expect(callsOf(bed.outer, 'cancel')).toEqual([])
  })
}
