// Draws the pictures of the README: npm run screenshots
// Real uploads in every state, on a line of a known speed, so that the bars look alike from one run to the next.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumArgs, ensureChromium } from './browser.mjs'

const MIB = 2 ** 20
const images = 'docs/images'
const pictures = [
  { name: 'desktop-light', width: 1280, height: 800 },
  { name: 'desktop-dark', width: 1280, height: 800, dark: true },
  { name: 'phone-light', width: 390, height: 844, phone: true },
  { name: 'rtl', width: 1280, height: 800, rtl: true },
]

const folder = mkdtempSync(join(tmpdir(), 'screenshots-'))
const files = {
  done: write('transcripts.jsonl', 3 * MIB),
  sending: write('interviews 2026.zip', 60 * MIB),
  paused: write('city council minutes.pdf', 24 * MIB),
  failed: write('survey answers.csv', 12 * MIB),
  empty: write('notes.txt', 0),
}
const port = await freePort()
const server = spawn(process.execPath, ['node_modules/vite/bin/vite.js', '-c', 'vite.demo.config.ts'], {
  env: { ...process.env, PORT: String(port), HOST: '127.0.0.1', UPLOADS_DIR: join(folder, 'uploads') },
  stdio: ['ignore', 'ignore', 'inherit'],
})
const browser = await chromium.launch({ executablePath: ensureChromium(), args: chromiumArgs })
try {
  await answers(`http://127.0.0.1:${port}/`)
  mkdirSync(images, { recursive: true })
  for (const picture of pictures) await draw(picture)
} finally {
  await browser.close()
  server.kill()
  rmSync(folder, { recursive: true, force: true })
}

async function draw({ name, width, height, phone = false, dark = false, rtl = false }) {
  const context = await browser.newContext({
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width, height },
    deviceScaleFactor: phone ? 2 : 1,
    isMobile: phone,
    hasTouch: phone,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto('/')
  if (rtl) await page.getByRole('button', { name: 'Right to left' }).click()
  await choose(page, files.done)
  await reached(page, files.done, 'completed')
  await limitUplink(page, 10 * MIB)
  // A page in place of an answer, for the last part of one file: the rest of it is safe.
  await page.route('**/parts', (route) =>
    /^8388608-\d+\/12582912$/.test(route.request().headers()['x-upload-range'])
      ? route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Sign in</h1>' })
      : route.continue(),
  )
  // A phone shows three rows at a time.
  if (!phone) {
    await choose(page, files.failed, files.empty)
    await reached(page, files.failed, 'failed')
  }
  await choose(page, files.paused)
  await percent(page, files.paused, 60)
  await row(page, files.paused).getByRole('button', { name: 'Pause' }).click()
  await reached(page, files.paused, 'paused')
  await limitUplink(page, 6 * MIB)
  await choose(page, files.sending)
  await percent(page, files.sending, 46)
  await page.mouse.move(0, 0)
  await page.evaluate(() => {
    document.activeElement?.blur()
    scrollTo(0, 0)
  })
  await page.screenshot({ path: join(images, `${name}.png`) })
  await context.close()
  console.log(`${images}/${name}.png`)
}

function write(name, bytes) {
  const path = join(folder, name)
  writeFileSync(path, Buffer.alloc(bytes, name))
  return { name, path }
}

async function choose(page, ...chosen) {
  await page.locator('input[type=file]').setInputFiles(chosen.map(({ path }) => path))
}

function row(page, { name }) {
  return page.locator('[data-slot="upload-item"]').filter({ hasText: name })
}

async function reached(page, file, phase) {
  await row(page, file)
    .and(page.locator(`[data-phase="${phase}"]`))
    .waitFor()
}

/** Waits until the bar of a row is this far. */
async function percent(page, file, least) {
  const bar = await row(page, file).getByRole('progressbar').elementHandle()
  await page.waitForFunction(([element, value]) => Number(element.getAttribute('aria-valuenow')) >= value, [bar, least])
}

async function limitUplink(page, uploadThroughput) {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const conditions = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput }
  await session.send('Network.emulateNetworkConditions', conditions)
}

async function answers(url) {
  const deadline = Date.now() + 30_000
  while (
    !(await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (Date.now() > deadline || server.exitCode !== null) throw new Error('The demo did not start')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address()
      probe.close(() => resolve(free))
    })
  })
}
