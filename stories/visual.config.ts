import { defineConfig, devices } from '@playwright/test'
import { chromiumArgs, findChromium } from '../scripts/browser.mjs'

const executablePath = findChromium()

/** Pictures of stories against those in `pictures`: npm run e2e:visual, with `-- --update-snapshots=all` to draw them anew. */
export default defineConfig({
  testDir: '.',
  testMatch: '*.visual.ts',
  outputDir: '../test-results/visual',
  snapshotPathTemplate: '{testDir}/pictures/{arg}{ext}',
  fullyParallel: true,
  forbidOnly: !!process.env.CI,
  retries: 0,
  timeout: 60_000,
  workers: 2,
  reporter: 'list',
  expect: {
    timeout: 15_000,
    // Machines may draw a few edges differently; of a tall picture even a small share would hide a badge that moved.
    toHaveScreenshot: { animations: 'disabled', caret: 'hide', maxDiffPixels: 40 },
  },
  use: {
    ...devices['Desktop Chrome'],
    baseURL: process.env.STORIES_URL,
    locale: 'en-GB',
    timezoneId: 'UTC',
    contextOptions: { reducedMotion: 'reduce' },
    trace: 'retain-on-failure',
    launchOptions: {
      args: [...chromiumArgs, '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'],
      ...(executablePath && { executablePath }),
    },
  },
  webServer: {
    cwd: '..',
    command:
      'npm run -s build:storybook && node node_modules/vite/bin/vite.js preview -c .storybook/vite.config.ts --outDir storybook-static --host 127.0.0.1 --port 0',
    // On a free port, whose address is in STORIES_URL by the time that workers read this.
    wait: { stdout: /Local: +(?<stories_url>http:\/\/127\.0\.0\.1:\d+)\// },
    timeout: 180_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
  },
})
