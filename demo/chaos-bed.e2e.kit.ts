import { createHash, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { basename } from 'node:path'
import type { Page } from '@playwright/test'
import { build, type Plugin } from 'esbuild'
import { createUploadsHandler } from '../src/server/index.js'
import { toNodeListener } from '../src/server/node.js'
import { type LocalApi, startLocalApi, type UploadsApiBehaviour } from '../src/uploads-api/local.js'
import type { ChaosFile, ChaosOptions, ChaosOutcome, ChaosPage } from './chaos-engine.js'
import type { Exchange } from './chaos-exchange.js'
import { type ChaosProxy, startChaosProxy } from './chaos-proxy.js'
import { expect, test as withFiles } from './demo-page.e2e.kit.js'
import { createInspection, INSPECTION_PATH } from './inspection.js'

export { expect } from '@playwright/test'

/** The backend's, which no browser ever sees. */
export const API_KEY = 'sk-canary-7c1e54a9b20d'

export interface BedOptions {
  /** Most bytes in one part, as the backend's policy says. @default 16384 */
  maxPartBytes?: number
  concurrency?: number
  behaviour?: Partial<UploadsApiBehaviour>
  /** Headers of every page. */
  pageHeaders?: Record<string, string>
}

/** Everything an upload passes through: page, proxy, backend, proxy, API; each on a port of its own. */
export interface Bed {
  /** Where the page is; in front of it is `outer`. */
  readonly origin: string
  /** Between the browser and the backend. */
  readonly outer: ChaosProxy
  /** Between the backend and the API. */
  readonly inner: ChaosProxy
  readonly api: LocalApi['api']
  /** Headers of pages opened from now on. */
  pageHeaders: Record<string, string>
  close(): Promise<void>
}

interface BedFixtures {
  bedOptions: BedOptions
  bed: Bed
}

/** Tests with a bed of their own, whose options `test.use({ bedOptions })` sets. */
export const test = withFiles.extend<BedFixtures, { pages: Pages }>({
  // biome-ignore format: Playwright reads the names of fixtures off the parameters
  pages: [async ({}, use) => use(await buildPages()), { scope: 'worker' }],
  bedOptions: [{}, { option: true }],
  bed: async ({ pages, bedOptions }, use) => {
    const bed = await startBed(pages, bedOptions)
    await use(bed)
    await bed.close()
  },
  // The page goes through the proxy.
  baseURL: async ({ bed }, use) => use(bed.origin),
})

async function startBed(pages: Pages, options: BedOptions): Promise<Bed> {
  const api = await startLocalApi({ port: 0, behaviour: options.behaviour })
  const inner = await startChaosProxy({ host: '127.0.0.1', port: Number(new URL(api.url).port) })
  const uploads = createUploadsHandler({
    apiKey: API_KEY,
    secret: randomBytes(32).toString('base64'),
    purposes: ['user_data'],
    authorize: () => ({ userId: 'chaos' }),
    baseURL: `http://127.0.0.1:${inner.port}/v1`,
    maxPartBytes: options.maxPartBytes ?? 16_384,
    ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
    // Broken connections are what these tests are about.
    onError: () => {},
  })
  const inspection = createInspection(api.api)
  const backend = toNodeListener((request) =>
    new URL(request.url).pathname.startsWith(INSPECTION_PATH) ? inspection(request) : uploads(request),
  )
  const state = { pageHeaders: options.pageHeaders ?? {} }
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/api/')) void backend(request, response)
    else serve(pages, state.pageHeaders, request, response)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const outer = await startChaosProxy({
    host: '127.0.0.1',
    port: typeof address === 'object' && address ? address.port : 0,
  })
  return Object.assign(state, {
    origin: `http://127.0.0.1:${outer.port}`,
    outer,
    inner,
    api: api.api,
    close: async () => {
      await outer.close()
      server.close()
      server.closeAllConnections()
      await inner.close()
      await api.close()
    },
  })
}

// PAGES

/** What Vite makes of `?worker&url`. */
const workerAddresses: Plugin = {
  name: 'worker-addresses',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /\?worker&url$/ }, ({ path }) => ({ path, namespace: 'worker-address' }))
    onLoad({ filter: /./, namespace: 'worker-address' }, ({ path }) => ({
      contents: `export default '/${basename(path).replace('?worker&url', '')}'`,
    }))
  },
}

type Pages = ReadonlyMap<string, { type: string; content: string | Uint8Array }>

/** The demo and the bare engine, bundled in memory: no folder to clean up, and nothing is compiled while a test runs. */
async function buildPages(): Promise<Pages> {
  const { outputFiles } = await build({
    entryPoints: {
      main: 'demo/main.tsx',
      engine: 'demo/chaos-engine.ts',
      // Where the engine looks for it beside itself.
      'checksum.worker': 'src/core/checksum.worker.ts',
      'checksum-plain.worker': 'src/core/checksum-plain.worker.ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    target: 'es2022',
    outdir: '/',
    define: { 'process.env.NODE_ENV': '"production"' },
    plugins: [workerAddresses],
  })
  const pages = new Map<string, { type: string; content: string | Uint8Array }>()
  for (const { path, contents } of outputFiles) {
    const type = path.endsWith('.css') ? 'text/css' : 'text/javascript'
    pages.set(path.replace(/\.worker\.js$/, '.worker.ts'), { type, content: contents })
  }
  const html = readFileSync('demo/index.html', 'utf8')
    .replace('./main.tsx', '/main.js')
    .replace('</head>', '<link rel="stylesheet" href="/main.css" /></head>')
  pages.set('/', { type: 'text/html', content: html })
  const engine = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/engine.js"></script>'
  pages.set('/engine', { type: 'text/html', content: engine })
  return pages
}

function serve(pages: Pages, headers: Record<string, string>, request: IncomingMessage, response: ServerResponse) {
  const page = pages.get(request.url ?? '')
  if (!page) return response.writeHead(404).end()
  return response.writeHead(200, { ...headers, 'content-type': `${page.type}; charset=utf-8` }).end(page.content)
}

// WHAT TESTS ASK

/** Opens the bare engine. */
export async function openEngine(page: Page): Promise<void> {
  await page.goto('/engine')
  await page.waitForFunction(() => 'chaos' in globalThis)
}

/** Uploads files whose bytes follow from their seeds with an engine of their own. */
export function uploadAll(page: Page, files: ChaosFile[], options: ChaosOptions = {}): Promise<ChaosOutcome[]> {
  return page.evaluate(([given, with_]) => (globalThis as unknown as { chaos: ChaosPage }).chaos.upload(given, with_), [
    files,
    options,
  ] as const)
}

/** The file that the API has is the one that was uploaded, byte for byte. */
export async function expectSameBytes(bed: Bed, { fileId, sha256, code }: ChaosOutcome): Promise<void> {
  expect(code).toBe('completed')
  const bytes = await bed.api.readFile(fileId ?? '')
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
}

/** Requests of a call that came by, in order. */
export function callsOf(proxy: ChaosProxy, call: Exchange['call']): Exchange[] {
  return proxy.exchanges.filter((exchange) => exchange.call === call)
}

export function rangeOf({ head }: Pick<Exchange, 'head'>): string {
  return head?.headers.get('x-upload-range') ?? ''
}

/** Sends bytes to a port and gives everything that comes back; what breaks off is not an error. */
export async function ask(port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(bytes)
  let text = ''
  try {
    for await (const chunk of socket) text += String(chunk)
  } catch (error) {
    text += `<${(error as NodeJS.ErrnoException).code}>`
  }
  return text
}
