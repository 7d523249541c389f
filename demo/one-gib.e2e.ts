import { existsSync, readFileSync } from 'node:fs'
import { type CDPSession, type Page, test as playwright } from '@playwright/test'
import { expect, MIB, test } from './demo-page.e2e.kit.js'

// Takes 2 GiB of disk, and wants the machine for itself: E2E_GIB=1 npm run e2e -- one-gib
const gibTest = process.env.E2E_GIB ? test : null
playwright.skip(!existsSync('/proc/self/status'), 'reads memory from /proc')

test.use({ trace: 'off' })

gibTest?.('uploads 1 GiB, proven by its MD5, in less than 64 MiB of memory', async ({ demo, write, page, browser }) => {
  test.setTimeout(600_000)
  const file = await write('one-gib.bin', 1024 * MIB)
  // Everything that is loaded once is there: what is measured after this is the file.
  const first = await write('first.bin', 9 * MIB)
  await demo.choose(first)
  await demo.expectStored(first)

  const cdp = await browser.newBrowserCDPSession()
  const pid = await rendererPid(cdp, page)
  const session = await page.context().newCDPSession(page)
  await session.send('Performance.enable')
  const idle = await settledMemory(session, pid)
  const peak = { ...idle }
  const completed = page.waitForResponse((response) => response.url().endsWith('/complete'), { timeout: 600_000 })
  const started = Date.now()
  await demo.choose(file)
  let done = false
  const finished = demo.expectPhase(file, 'completed', 600_000).finally(() => {
    done = true
  })
  while (!done) {
    const now = await memoryOf(session, pid)
    peak.rss = Math.max(peak.rss, now.rss)
    peak.heap = Math.max(peak.heap, now.heap)
    // A pace of sampling, not a wait for a state.
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await finished
  const seconds = (Date.now() - started) / 1000

  expect((await completed).request().postDataJSON()).toMatchObject({ md5: file.md5 })
  await demo.expectStored(file)
  const figures = {
    seconds: round(seconds),
    'MiB/s': round(1024 / seconds),
    'renderer RSS idle, MiB': round(idle.rss / MIB),
    'renderer RSS growth at its peak, MiB': round((peak.rss - idle.rss) / MIB),
    'JS heap idle, MiB': round(idle.heap / MIB),
    'JS heap growth at its peak, MiB': round((peak.heap - idle.heap) / MIB),
  }
  console.log(figures)
  test.info().annotations.push({ type: 'figures', description: JSON.stringify(figures) })
  expect(peak.rss - idle.rss).toBeLessThan(64 * MIB)
})

const round = (value: number) => Math.round(value * 10) / 10

/** The process that runs the page, its worker and its file reads. */
async function rendererPid(browser: CDPSession, page: Page): Promise<number> {
  const busyBefore = await renderers(browser)
  // Of all renderers it is the one that works when the page does.
  await page.evaluate(() => {
    const until = performance.now() + 400
    while (performance.now() < until);
  })
  const busyAfter = await renderers(browser)
  const worked = [...busyAfter].map(([id, time]) => ({ id, time: time - (busyBefore.get(id) ?? 0) }))
  const [renderer] = worked.sort((a, b) => b.time - a.time)
  if (!renderer) throw new Error('Chromium names no renderer')
  return renderer.id
}

async function renderers(browser: CDPSession): Promise<Map<number, number>> {
  const { processInfo } = await browser.send('SystemInfo.getProcessInfo')
  return new Map(processInfo.filter(({ type }) => type === 'renderer').map(({ id, cpuTime }) => [id, cpuTime]))
}

interface Memory {
  rss: number
  heap: number
}

async function memoryOf(session: CDPSession, pid: number): Promise<Memory> {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  const { metrics } = await session.send('Performance.getMetrics')
  return { rss: Number(kib) * 1024, heap: metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0 }
}

/** Memory after garbage is gone, so that idle is not an earlier peak. */
async function settledMemory(session: CDPSession, pid: number): Promise<Memory> {
  await session.send('HeapProfiler.collectGarbage')
  return memoryOf(session, pid)
}
