import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeFile } from '../testing/index.js'
import { openBrowser } from './browser.test.kit.js'

const code = './resume/index.js'
const file = makeFile('thesis.pdf', 450, { type: 'application/pdf', lastModified: 1 })

/** From here on, a page that loads the code finds this; what the test itself is made of has it already. */
async function whereLoading(ends: () => Promise<never>) {
  const browser = openBrowser()
  await browser.settle()
  const asked = vi.fn(ends)
  vi.doMock(code, asked)
  return { ...browser, asked }
}
const fails = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'))
const neverEnds = () => new Promise<never>(() => {})

afterEach(() => {
  vi.doUnmock(code)
})

describe('the code that remembers uploads', () => {
  it('is not loaded where nothing is remembered', async () => {
    const { openPage, environment, fetcher, asked } = await whereLoading(fails)
    const { createUploader } = await import('./uploader.js')
    const page = createUploader({ fetcher, environment, checksum: 'off', defaults: { purpose: 'user_data' } })
    await page.restore()
    await page.run(page.add(file))
    expect(asked).not.toHaveBeenCalled()
    openPage()
    expect(asked).not.toHaveBeenCalled()
  })

  it('is there before it is needed: going offline once a file is added loses nothing', async () => {
    const browser = openBrowser()
    const page = browser.openPage()
    const id = page.add(file)
    await browser.settle()
    vi.doMock(code, fails)
    const held = browser.faults.hold('addPart')
    page.run(id).catch(() => {})
    await held.reached
    expect(await browser.store.load()).toHaveLength(1)
    expect(page.persistence).toBe('on')
  })
})

describe('where it cannot be loaded', () => {
  it('an upload runs to its end, and says that it was not remembered', async () => {
    const { openPage, store } = await whereLoading(fails)
    const saved = vi.spyOn(store, 'saveHead')
    const page = openPage()
    expect(await page.run(page.add(file))).toMatchObject({ object: 'file', bytes: 450 })
    expect(page.persistence).toBe('lost')
    expect(saved).not.toHaveBeenCalled()
  })

  it('nothing is restored, nothing is thrown, and who shows that hears of it', async () => {
    const { openPage, settle } = await whereLoading(fails)
    const page = openPage()
    const told = vi.fn()
    page.subscribe(told)
    await page.restore()
    await settle()
    expect(page.getSnapshot().ids).toEqual([])
    expect(told).toHaveBeenCalledOnce()
    expect(page.persistence).toBe('lost')
  })

  it('the next upload asks for it again, and is remembered', async () => {
    const browser = await whereLoading(fails)
    const page = browser.openPage()
    await page.run(page.add(file))
    vi.doUnmock(code)
    const held = browser.faults.hold('addPart')
    page.run(page.add(makeFile('next.pdf', 450))).catch(() => {})
    await held.reached
    expect(await browser.store.load()).toHaveLength(1)
  })
})

describe('where loading does not end', () => {
  it('an upload waits three seconds for it and no longer', async () => {
    const { openPage, requests, clock } = await whereLoading(neverEnds)
    const page = openPage()
    const outcome = page.run(page.add(file))
    await clock.advance(2900)
    expect(requests.map(({ call }) => call)).toEqual(['create'])
    await clock.advance(200)
    expect(await outcome).toMatchObject({ bytes: 450 })
    expect(page.persistence).toBe('lost')
  })

  it('a page that is gone by then brings nothing back and talks to no other tab', async () => {
    const browser = openBrowser()
    await browser.settle()
    const joined = vi.spyOn(browser.environment, 'joinChannel')
    const page = browser.openPage()
    const restored = page.restore()
    page.destroy()
    await restored
    expect(joined).not.toHaveBeenCalled()
  })
})
