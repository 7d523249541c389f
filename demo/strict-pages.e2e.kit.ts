import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import type { Page } from '@playwright/test'
import { createUploadsHandler } from '../src/server/index.js'
import { toNodeListener } from '../src/server/node.js'
import { createUploadsApi, type UploadsApi } from '../src/uploads-api/local.js'
import { DemoPage, test as withFiles } from './demo-page.e2e.kit.js'
import { createInspection, INSPECTION_PATH } from './inspection.js'

export { expect } from '@playwright/test'

/** What the demo has to work under, to the letter. */
export const STRICT =
  "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' blob:; worker-src 'self'; style-src 'self'; require-trusted-types-for 'script'; trusted-types demo"

/** A violation as the page sees it, or as the browser reports it. */
export interface Violation {
  directive: string
  blocked: string
}

/** The built demo under a Content-Security-Policy that each test sets, on every answer. */
export interface StrictPages {
  readonly origin: string
  readonly api: UploadsApi
  policy: string
  /** Paths that were asked for, without the calls of uploads. */
  readonly asked: string[]
  /** What the browser has reported, workers included. */
  readonly reports: Violation[]
  /** Answers a call in the place of the backend: what the rule gives, or the backend's own on null. */
  intercept: (request: Request) => Response | null
  open(page: Page): Promise<{ demo: DemoPage; violations: () => Promise<Violation[]> }>
}

export const test = withFiles.extend<{ strict: StrictPages }, { build: string }>({
  build: [
    // biome-ignore format: Playwright reads the names of fixtures off the parameters
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'demo-strict-'))
      await buildDemo(folder)
      await use(folder)
      rmSync(folder, { recursive: true, force: true })
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  strict: async ({ build }, use) => {
    const { pages, close } = await serveStrictly(build)
    await use(pages)
    close()
  },
})

function buildDemo(folder: string): Promise<void> {
  const args = ['build', '--outDir', folder, '--emptyOutDir', '-c', 'vite.demo.config.ts']
  const child = spawn(process.execPath, ['node_modules/vite/bin/vite.js', ...args], { stdio: 'ignore' })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`The demo does not build: ${code}`))))
  })
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

async function serveStrictly(folder: string): Promise<{ pages: StrictPages; close: () => void }> {
  const api = createUploadsApi()
  const uploads = createUploadsHandler({
    apiKey: 'local',
    secret: randomBytes(32).toString('base64'),
    purposes: ['user_data'],
    authorize: () => ({ userId: 'strict' }),
    fetch: (url, init) => api.handler(new Request(url, init)),
    maxPartBytes: 2 ** 18,
  })
  const inspection = createInspection(api)
  const backend = toNodeListener(
    async (request) =>
      pages.intercept(request) ??
      (new URL(request.url).pathname.startsWith(INSPECTION_PATH) ? inspection(request) : uploads(request)),
  )
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    if (path.startsWith('/api/')) return void backend(request, response)
    pages.asked.push(path)
    if (path === '/reports') {
      let text = ''
      request.on('data', (chunk) => (text += String(chunk)))
      request.on('end', () => {
        const report = (JSON.parse(text) as { 'csp-report': Record<string, string> })['csp-report']
        const directive = report['effective-directive'] ?? report['violated-directive'] ?? ''
        pages.reports.push({ directive, blocked: report['blocked-uri'] ?? '' })
        response.writeHead(204).end()
      })
      return
    }
    const headers = { 'content-security-policy': `${pages.policy}; report-uri /reports` }
    try {
      const name = path === '/' ? 'index.html' : path.slice(1)
      const content = readFileSync(join(folder, name))
      response.writeHead(200, { ...headers, 'content-type': types[extname(name)] ?? 'text/plain' }).end(content)
    } catch {
      response.writeHead(404, headers).end()
    }
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const pages: StrictPages = {
    origin,
    api,
    policy: STRICT,
    asked: [],
    reports: [],
    intercept: () => null,
    open: async (page) => {
      await page.addInitScript(watchViolations)
      const demo = new DemoPage(page, origin)
      await page.goto(origin)
      await page.getByRole('button', { name: 'Choose files' }).waitFor()
      const violations = () => page.evaluate(() => (globalThis as unknown as { violations: Violation[] }).violations)
      return { demo, violations }
    },
  }
  return {
    pages,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Runs in the page. */
export function watchViolations(): void {
  const violations: Violation[] = []
  Object.assign(globalThis, { violations })
  addEventListener(
    'securitypolicyviolation',
    ({ effectiveDirective, blockedURI }) => violations.push({ directive: effectiveDirective, blocked: blockedURI }),
    true,
  )
}
