import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { doorAliases } from './build/doors.ts'
import { chromiumArgs, findChromium } from './scripts/browser.mjs'

const executablePath = findChromium()
// A function: Vitest writes into what it is given.
const inChromium = () => ({
  enabled: true,
  headless: true,
  screenshotFailures: false,
  provider: playwright({ launchOptions: { args: chromiumArgs, ...(executablePath && { executablePath }) } }),
  instances: [{ browser: 'chromium' as const }],
})
// Known beforehand, so that no dependency is found in mid-run and reloads the page.
const optimizeDeps = {
  include: [
    'react',
    'react/jsx-runtime',
    'react/jsx-dev-runtime',
    'react-dom',
    'react-dom/client',
    '@tanstack/react-query',
    '@tanstack/react-virtual',
    'react-dropzone',
    'hash-wasm',
    'spark-md5',
    'react-hook-form',
  ],
}

// Storybook's setup takes seconds to read: left out where other projects are asked for by name.
const projects = process.argv.join(' ').match(/--project[ =]\S+/g)
const stories =
  !projects || projects.some((name) => name.includes('storybook'))
    ? [
        {
          extends: true as const,
          optimizeDeps,
          plugins: [(await import('@storybook/addon-vitest/vitest-plugin')).storybookTest({ configDir: '.storybook' })],
          test: { name: 'storybook', browser: inChromium() },
        },
      ]
    : []

export default defineConfig({
  resolve: { alias: doorAliases },
  test: {
    restoreMocks: true,
    // How long something takes is for the benchmarks to say; a test only has to end, also on a busy machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          setupFiles: ['build/test-seed.ts'],
          include: ['{src,examples}/**/*.test.ts', 'simulation/**/*.test.ts'],
          exclude: ['src/**/*.browser.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['src/**/*.test.tsx'],
          exclude: ['src/**/*.browser.test.tsx'],
          setupFiles: ['build/test-patience.ts', 'build/test-setup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          // `npm run typecheck` reports errors of sources; here only those of the type tests count.
          typecheck: { enabled: true, only: true, include: ['src/**/*.test-d.{ts,tsx}'], ignoreSourceErrors: true },
        },
      },
      {
        extends: true,
        optimizeDeps,
        test: {
          name: 'browser',
          include: ['{src,examples}/**/*.browser.test.{ts,tsx}'],
          setupFiles: ['build/test-patience.ts'],
          browser: inChromium(),
        },
      },
      ...stories,
    ],
  },
})
