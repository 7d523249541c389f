import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig, devices } from '@playwright/test'
import { chromiumArgs, findChromium, findFirefox } from './scripts/browser.mjs'

const chromium = findChromium()
const firefox = findFirefox()
const viewport = { width: 1280, height: 800 }
const inChromium = { launchOptions: { args: chromiumArgs, ...(chromium && { executablePath: chromium }) } }

// Each run has its own folder of uploads. Workers inherit the variable; who made the folder removes it.
if (!process.env.E2E_UPLOADS_DIR) {
  const folder = mkdtempSync(join(tmpdir(), 'uploads-e2e-'))
  process.env.E2E_UPLOADS_DIR = folder
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
}

export default defineConfig({
  testDir: 'demo',
  testMatch: '**/*.e2e.ts',
  outputDir: 'test-results/e2e',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  retries: 0,
  // Real files of real sizes, on whatever machine this is: how long something takes is for the benchmarks to say.
  timeout: 120_000,
  expect: { timeout: 30_000 },
  workers: 2,
  reporter: 'list',
  use: {
    baseURL: process.env.DEMO_URL,
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'desktop', use: { ...devices['Desktop Chrome'], ...inChromium, viewport } },
    { name: 'phone', grep: /@phone\b/, use: { ...devices['Pixel 7'], ...inChromium } },
    {
      name: 'firefox',
      // Needs Chromium's debugging protocol.
      grepInvert: /@chromium\b/,
      // One measures Chromium's memory, two live on its page cache and its hot reload; a sweep over every byte and the
      // tests of the proxy need no second engine.
      testIgnore: [
        'one-gib.e2e.ts',
        'back-forward.e2e.ts',
        'hot-reload.e2e.ts',
        'chaos-bytes.e2e.ts',
        'chaos-proxy.e2e.ts',
      ],
      use: {
        ...devices['Desktop Firefox'],
        viewport,
        // The system's own, as it is released, through WebDriver BiDi.
        channel: 'moz-firefox',
        ...(firefox && { launchOptions: { executablePath: firefox } }),
      },
    },
    // Playwright drives no WebKit but its own; these tests bring what drives the system's.
    { name: 'webkit', testMatch: '**/*.webkit.ts' },
  ],
  webServer: {
    command: 'npm run -s demo',
    // On a free port, whose address is in DEMO_URL by the time that workers read this.
    wait: { stdout: /Local: +(?<demo_url>http:\/\/127\.0\.0\.1:\d+)\// },
    env: {
      E2E: '1',
      PORT: '0',
      HOST: '127.0.0.1',
      UPLOADS_DIR: process.env.E2E_UPLOADS_DIR,
      LAB_BYTES_PER_SECOND: '0',
    },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
  },
})
