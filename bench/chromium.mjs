import { chromium } from 'playwright'
import { chromiumArgs, ensureChromium } from '../scripts/browser.mjs'
import { cpuSeconds, sum, watchMemory } from './processes.mjs'

/** Opens a Chromium in which each measurement has a renderer of its own. */
export async function openChromium() {
  // Whoever asked for it closes it, also at a signal: else the files would be left behind.
  const own = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }
  const browser = await chromium.launch({ executablePath: ensureChromium(), args: chromiumArgs, ...own })
  const cdp = await browser.newBrowserCDPSession()
  return {
    version: browser.version(),
    open: (url) => openPage(browser, cdp, url),
    close: () => browser.close(),
  }
}

async function processesOf(cdp) {
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
  return processInfo
}

async function openPage(browser, cdp, url) {
  const context = await browser.newContext()
  const page = await context.newPage()
  const failed = new Promise((_, reject) => {
    page.once('pageerror', reject)
    page.once('crash', () => reject(new Error('the page crashed')))
  })
  // Whoever waits hears of it; nobody may be waiting.
  failed.catch(() => {})
  await page.goto(url)
  await Promise.race([page.waitForFunction(() => document.title === 'ready'), failed])
  const renderer = await rendererOf(cdp, page)
  const session = await context.newCDPSession(page)
  return {
    page,
    session,
    /** Runs what the page has to run, within so many milliseconds, and says what it cost. */
    measure: async (run, timeout) => {
      await session.send('HeapProfiler.collectGarbage')
      const before = await processesOf(cdp)
      const pids = before.map(({ id }) => id)
      const memory = watchMemory([[renderer], pids.filter((pid) => pid !== renderer)])
      const cpuBefore = sum(pids.map(cpuSeconds))
      const late = timeLimit(timeout)
      try {
        const result = await Promise.race([run(page), failed, late.passed])
        const cpu = sum((await processesOf(cdp)).map(({ id }) => cpuSeconds(id))) - cpuBefore
        const [rendererBytes, otherBytes] = memory.stop()
        return { ...result, rendererBytes, otherBytes, cpuSeconds: cpu }
      } finally {
        late.stop()
        memory.stop()
      }
    },
    close: () => context.close(),
  }
}

function timeLimit(milliseconds) {
  let timer
  const passed = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${milliseconds / 1000} s`)), milliseconds)
  })
  return { passed, stop: () => clearTimeout(timer) }
}

/**
 * The process that runs the page, its workers and its file reads: of all renderers the one that works whenever the page
 * does. Once is not enough, as Chromium starts a spare one at times, which is busy for a moment as well.
 */
async function rendererOf(cdp, page) {
  let [winner, wins] = [null, 0]
  for (let tries = 0; tries < 20 && wins < 3; tries++) {
    const before = await renderersOf(cdp)
    await page.evaluate(() => {
      const until = performance.now() + 80
      while (performance.now() < until);
    })
    const worked = [...(await renderersOf(cdp))].map(([pid, seconds]) => [pid, seconds - (before.get(pid) ?? 0)])
    const [first, second] = worked.sort(([, a], [, b]) => b - a)
    const isClear = first[1] > 2 * (second?.[1] ?? 0)
    wins = isClear && first[0] === winner ? wins + 1 : Number(isClear)
    winner = isClear ? first[0] : null
  }
  if (wins < 3) throw new Error('Chromium does not tell which of its processes runs the page')
  return winner
}

async function renderersOf(cdp) {
  const renderers = (await processesOf(cdp)).filter(({ type }) => type === 'renderer')
  return new Map(renderers.map(({ id, cpuTime }) => [id, cpuTime]))
}
