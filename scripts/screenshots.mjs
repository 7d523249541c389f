// Draws the pictures of the README: npm run screenshots
// Real uploads in every state, on the slow line of the demo's lab, so that the bars look alike from one run to the next.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright'
import { chromiumArgs, ensureChromium } from './browser.mjs'
import { animate, repack } from './png.mjs'
import { portOf } from './port-of.mjs'

const MIB = 2 ** 20
const images = 'docs/images'
const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844, phone: true }

/** What each picture shows, and how. */
const pictures = {
  'desktop-light': { ...desktop, show: everyState },
  'desktop-dark': { ...desktop, dark: true, show: everyState },
  'phone-light': { ...phone, show: everyState },
  rtl: { ...desktop, rtl: true, show: everyState },
  'wire-dark': { ...desktop, height: 1120, dark: true, show: wire },
  'form-light': { ...desktop, height: 740, show: form },
  'chat-phone-dark': { ...phone, height: 640, dark: true, show: chat },
  'theme-dark': { ...desktop, dark: true, show: theme },
  'accessibility-light': { ...desktop, height: 600, show: accessibility },
}

const folder = mkdtempSync(join(tmpdir(), 'screenshots-'))
const files = {
  done: write('transcripts.jsonl', 3 * MIB),
  sending: write('interviews 2026.zip', 60 * MIB),
  paused: write('city council minutes.pdf', 24 * MIB),
  failed: write('survey answers.csv', 12 * MIB),
  empty: write('notes.txt', 0),
  short: write('letter.pdf', 40_000),
}
const server = spawn(process.execPath, ['node_modules/vite/bin/vite.js', '-c', 'vite.demo.config.ts'], {
  env: { ...process.env, PORT: '0', HOST: '127.0.0.1', UPLOADS_DIR: join(folder, 'uploads') },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const browser = await chromium.launch({ executablePath: ensureChromium(), args: chromiumArgs })
let origin
try {
  origin = `http://127.0.0.1:${await portOf(server)}`
  mkdirSync(images, { recursive: true })
  for (const [name, picture] of Object.entries(pictures)) await draw(name, picture)
  await drawOfflineMoment()
} finally {
  await browser.close()
  server.kill()
  rmSync(folder, { recursive: true, force: true })
}

async function open({ width, height, phone = false, dark = false, rtl = false }) {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height },
    deviceScaleFactor: phone ? 2 : 1,
    isMobile: phone,
    hasTouch: phone,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto('/')
  // Where the lab begins, so that its speed counts.
  await page.getByRole('switch').first().and(page.locator(':enabled')).waitFor()
  if (rtl) await page.getByRole('button', { name: 'Right to left' }).click()
  return page
}

async function draw(name, picture) {
  const page = await open(picture)
  await picture.show(page, picture)
  await page.mouse.move(0, 0)
  await page.evaluate(() => {
    document.activeElement?.blur()
    scrollTo(0, 0)
  })
  writeFileSync(join(images, `${name}.png`), repack(await page.screenshot()))
  await page.context().close()
  console.log(`${images}/${name}.png`)
}

// WHAT IS SHOWN

async function everyState(page, { phone = false }) {
  await choose(page, files.done)
  await reached(page, files.done, 'completed')
  // A page in place of an answer, for the last part of one file: the rest of it is safe.
  await page.route('**/parts', (route) =>
    route.request().headers()['x-upload-range'].endsWith('-12582911/12582912')
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
  await choose(page, files.sending)
  await percent(page, files.sending, 46)
}

async function wire(page) {
  const fail = page.getByRole('switch', { name: 'Fail part 3' })
  await fail.click()
  await choose(page, files.sending)
  await page.getByRole('cell', { name: '503' }).first().waitFor()
  await percent(page, files.sending, 15)
  await fail.click()
  await page.getByRole('switch', { name: 'Slow complete' }).click()
  await percent(page, files.sending, 40)
}

async function form(page) {
  await turnTo(page, 'Form')
  await page.getByRole('textbox', { name: 'Name' }).fill('Ada Lovelace')
  await choose(page, files.short)
  await reached(page, files.short, 'completed')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('Sent. Thank you').waitFor()
}

async function chat(page) {
  await turnTo(page, 'Chat')
  const message = page.getByRole('textbox', { name: 'Message' })
  await page.getByRole('button', { name: 'Try a picture' }).filter({ visible: true }).click()
  await message.fill('How long are these bars?')
  await message.press('Enter')
  await page.getByRole('list', { name: 'Messages' }).waitFor()
  await page.getByRole('button', { name: 'Try a picture' }).filter({ visible: true }).click()
  await reached(page, { name: 'picture-2.png' }, 'completed')
  await choose(page, files.paused)
  await percent(page, files.paused, 40)
}

async function theme(page) {
  await turnTo(page, 'Theme')
  await page.getByRole('button', { name: 'Teal' }).click()
  await page.getByRole('slider', { name: 'Radius' }).fill('18')
  await page.getByRole('slider', { name: 'Bar' }).fill('10')
  await choose(page, files.paused)
  await percent(page, files.paused, 55)
}

async function accessibility(page) {
  await turnTo(page, 'Accessibility')
  await choose(page, files.done)
  await reached(page, files.done, 'completed')
  await choose(page, files.paused)
  await percent(page, files.paused, 50)
}

/** The connection is cut in the middle of a file, and comes back: as a moving picture. */
async function drawOfflineMoment() {
  const page = await open({ width: 1000, height: 800 })
  const cut = page.getByRole('switch', { name: 'Cut the connection' })
  await choose(page, files.paused)
  await percent(page, files.paused, 5)
  await page.evaluate(() => document.activeElement?.blur())
  const clip = { x: 12, y: 76, width: 976, height: 300 }
  const shots = []
  const watch = async (count, ms) => {
    for (let left = count; left > 0; left -= 1) {
      shots.push({ png: await page.screenshot({ clip }), ms })
      await page.waitForTimeout(ms)
    }
  }
  await watch(2, 500)
  await cut.click()
  await reached(page, files.paused, 'offline')
  await watch(1, 2500)
  await cut.click()
  await page.locator('[data-phase="offline"]').first().waitFor({ state: 'detached' })
  await watch(3, 500)
  await reached(page, files.paused, 'completed')
  await watch(1, 2500)
  writeFileSync(join(images, 'offline.png'), animate(shots))
  await page.context().close()
  console.log(`${images}/offline.png`)
}

// HOW

async function turnTo(page, name) {
  await page.getByRole('link', { name }).click()
}

function write(name, bytes) {
  const path = join(folder, name)
  writeFileSync(path, Buffer.alloc(bytes, name))
  return { name, path }
}

async function choose(page, ...chosen) {
  await page.locator('main > div:not([hidden]) input[type=file]').setInputFiles(chosen.map(({ path }) => path))
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
