// A thousand rows of which six move, in React's production build: how busy the main thread is, how much is drawn, and
// how long it takes until a thousand added files are seen.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildPages } from '../build.mjs'

const ROWS = 1000
const ACTIVE = 6
const lists = ['styled', 'parts', 'naive']

export async function measureReact({ chromium, pages, base, filesOf, rounds, seconds, told }) {
  await buildReact(pages)
  // A small file is one part, so six of them are under way.
  const files = await filesOf({ files: ROWS, bytes: 1e4 })
  const paths = files.map(({ path }) => path)
  const results = { rows: ROWS, active: ACTIVE, lists: {} }
  for (const list of lists) results.lists[list] = { runs: [] }
  for (let round = 0; round < rounds; round++) {
    for (const list of lists) {
      const run = await measureList(chromium, `${base}/react.html?list=${list}`, paths, seconds)
      results.lists[list].runs.push(run)
      told(list, run)
    }
  }
  for (const list of lists) {
    // React tells what it draws in its profiling build only, which is slower: counted apart from what is timed.
    results.lists[list].drawn = await countDrawn(chromium, `${base}/react-profiling.html?list=${list}`, paths, seconds)
    told(list, results.lists[list].drawn)
  }
  return results
}

async function buildReact(pages) {
  const contents = "import './react/page.jsx'"
  await buildPages(pages, { react: contents })
  await buildPages(pages, { 'react-profiling': contents }, { profiling: true })
  for (const name of ['react', 'react-profiling']) {
    const html = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="stylesheet" href="/${name}.css"><div id="list"></div><script type="module" src="/${name}.js"></script></html>`
    writeFileSync(join(pages, `${name}.html`), html)
  }
}

async function measureList(chromium, url, paths, seconds) {
  const opened = await chromium.open(url)
  try {
    const firstPaint = await choose(opened.page, paths)
    await opened.session.send('Performance.enable')
    // What adding them caused is over when the page has been idle once.
    await opened.page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 5000 })))
    const before = await taskTime(opened.session)
    await opened.page.waitForTimeout(seconds * 1000)
    const after = await taskTime(opened.session)
    const state = await stateOf(opened.page)
    return { firstPaint, busy: (after.tasks - before.tasks) / (after.at - before.at), rowsInPage: state.rowsInPage }
  } finally {
    await opened.close()
  }
}

async function countDrawn(chromium, url, paths, seconds) {
  const opened = await chromium.open(url)
  try {
    await choose(opened.page, paths)
    const before = await stateOf(opened.page)
    await opened.page.waitForTimeout(seconds * 1000)
    const after = await stateOf(opened.page)
    const events = after.events - before.events
    return {
      events,
      commitsPerEvent: (after.commits - before.commits) / events,
      rowsPerEvent: (after.rows - before.rows) / events,
    }
  } finally {
    await opened.close()
  }
}

async function choose(page, paths) {
  const painted = page.evaluate((files) => window.painted(files), ROWS)
  await page.locator('input[type=file]').first().setInputFiles(paths)
  const firstPaint = await painted
  await page.waitForFunction((active) => window.state().uploading === active && window.state().events > 100, ACTIVE)
  return firstPaint
}

async function stateOf(page) {
  const state = await page.evaluate(() => window.state())
  if (state.uploading !== ACTIVE) throw new Error(`${state.uploading} uploads are under way instead of ${ACTIVE}`)
  return state
}

async function taskTime(session) {
  const { metrics } = await session.send('Performance.getMetrics')
  const value = (name) => metrics.find((metric) => metric.name === name).value
  return { tasks: value('TaskDuration'), at: value('Timestamp') }
}
