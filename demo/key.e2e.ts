import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { portOf } from '../scripts/port-of.mjs'
import { startLocalApi } from '../src/uploads-api/local.js'
import { DemoPage, expect, test as withFiles } from './demo-page.e2e.kit.js'

// Put together here, so that neither this file nor its source map is what the search finds.
const key = ['sk', 'canary', '4f1c9d27b6e8'].join('-')
const secret = ['signing', 'canary', '0123456789abcdef0123456789'].join('-')

const vite = (args: string[], env: NodeJS.ProcessEnv) =>
  spawn(process.execPath, ['node_modules/vite/bin/vite.js', ...args, '-c', 'vite.demo.config.ts'], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  })

/** The built demo, with a key, in front of an API that asks for that key. */
const test = withFiles.extend<{ built: { origin: string; folder: string; files: () => number } }>({
  // biome-ignore format: Playwright reads the names of fixtures off the parameters
  built: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-built-'))
    const api = await startLocalApi({ port: 0, apiKey: key })
    const env = {
      OPENAI_API_KEY: key,
      OPENAI_BASE_URL: api.url,
      UPLOADS_SECRET: secret,
      PORT: '0',
      HOST: '127.0.0.1',
    }
    expect(await exitOf(vite(['build', '--outDir', folder, '--emptyOutDir'], env))).toBe(0)
    const server = vite(['preview', '--outDir', folder], env)
    const origin = `http://127.0.0.1:${await portOf(server)}`
    await use({ origin, folder, files: () => api.api.files.length })
    server.kill()
    await exitOf(server)
    await api.close()
    rmSync(folder, { recursive: true, force: true })
  },
})

test('no key and no secret reaches the browser: not in a bundle, a page, a header or an answer', async ({
  built,
  browser,
  write,
}) => {
  test.setTimeout(120_000)
  const page = await browser.newPage({ baseURL: built.origin })
  const seen = recordAnswers(page, built.origin)
  const demo = new DemoPage(page, built.origin)
  await demo.open()
  const file = await write('report.txt', 9_000_000)
  await demo.choose(file)
  await demo.expectPhase(file, 'completed')
  expect(built.files()).toBe(1)
  // With a real account there is nothing to look into.
  expect((await page.request.get('/api/demo/files')).status()).toBe(404)

  const bundles = readdirSync(built.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  expect(bundles.join().length).toBeGreaterThan(100_000)
  await expect.poll(() => seen.filter((answer) => answer.includes('"object":"upload.part"')).length).toBe(3)
  for (const text of [...bundles, ...seen, await page.content()]) {
    expect(text).not.toContain(key)
    expect(text).not.toContain(secret)
  }
  await page.close()
})

/** Everything that the browser is sent by this server: headers and bodies. */
function recordAnswers(page: Page, origin: string): readonly string[] {
  const answers: string[] = []
  page.on('response', (response) => {
    if (!response.url().startsWith(origin)) return
    answers.push(`${response.url()}\n${JSON.stringify(response.headers())}`)
    // One whose body nobody reads never ends.
    void response.text().then(
      (text) => answers.push(text),
      () => {},
    )
  })
  return answers
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve))
}
