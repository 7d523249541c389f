// Installs the packed tarball in an app of each bundler, builds it, and asks the built page in Chromium
// where the kit hashed: it must be the worker, and whether the code that remembers uploads was found. The form action of examples/ runs in a Next server of its own, in front of
// the embedded Uploads API. The shadcn item is added by shadcn's own tool, and its page uploads a file and is looked at by axe.
// Needs `npm run build` and `npm run build:registry` first, and the npm registry.
// Some alone: node scripts/check-consumers.mjs vite8 next16
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { chromium } from 'playwright'
import { chromiumArgs, ensureChromium } from './browser.mjs'
import { portOf } from './port-of.mjs'

const hashed = '5d41402abc4b2a76b9719d911017c592 worker, persistence on' // the MD5 of 'hello'
const strict = "default-src 'self'" // no blob: workers, no WebAssembly: the kit must do without
const itemPath = 'node_modules/react-openai-uploads/dist/registry/upload-dropzone.json'
const viteBuild = ['node_modules/vite/bin/vite.js', 'build']
const page = { expected: hashed, serve: servePage, ask: askPage }
const consumers = {
  vite7: { ...page, fixture: 'page', install: ['vite@7'], build: viteBuild, out: 'dist', csp: strict },
  vite8: { ...page, fixture: 'page', install: ['vite@8'], build: viteBuild, out: 'dist', csp: strict },
  webpack5: { ...page, fixture: 'page', install: ['webpack@5'], build: ['webpack.mjs'], out: 'dist', csp: strict },
  next16: {
    ...page,
    fixture: 'next',
    install: ['next@16', 'react@19', 'react-dom@19', '@tanstack/react-query@5'],
    build: ['node_modules/next/dist/bin/next', 'build'],
    out: 'out',
  },
  'next16-form': {
    expected: 'Published “Tides” with tides.txt',
    serve: serveNext,
    ask: askForm,
    fixture: '../../examples/server-action',
    install: [
      ...['next@16', 'react@19', 'react-dom@19', '@tanstack/react-query@5'],
      ...['typescript@5', '@types/react@19', '@types/react-dom@19', '@types/node@20'],
    ],
    build: ['node_modules/next/dist/bin/next', 'build'],
  },
  shadcn: {
    expected: 'a bar, report.txt Completed, axe finds 0 in light, 0 in dark',
    serve: serveApp,
    ask: askItem,
    fixture: 'shadcn',
    install: [
      ...['vite@8', '@vitejs/plugin-react@6', 'tailwindcss@4', '@tailwindcss/vite@4', 'shadcn@4'],
      ...['typescript@5', 'react@19', 'react-dom@19', '@types/react@19', '@types/react-dom@19'],
    ],
    prepare: [
      ['node_modules/shadcn/dist/index.js', 'add', '--yes', `./${itemPath}`],
      ['node_modules/typescript/bin/tsc', '-p', '.'],
    ],
    build: viteBuild,
    out: 'dist',
  },
}
const environment = { ...process.env, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1' }
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(consumers)

const folder = mkdtempSync(join(tmpdir(), 'uploads-consumers-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const [{ filename }] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { encoding: 'utf8' }),
)
const browser = await chromium.launch({ executablePath: ensureChromium(), args: chromiumArgs })
let failed = 0
for (const name of names) {
  const started = Date.now()
  const result = await ask(name).catch((error) => String(error.stdout || error.stderr || error.message).slice(-2000))
  const isRight = result === consumers[name].expected
  if (!isRight) failed++
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(`${isRight ? 'ok  ' : 'FAIL'} ${name.padEnd(11)} ${result}, ${seconds} s`)
}
await browser.close()
process.exit(failed ? 1 : 0)

async function ask(name) {
  const { fixture, install, prepare = [], build, serve, ask: askIt } = consumers[name]
  const app = join(folder, name)
  const isOurs = (path) => !/\.test\./.test(path) && !path.includes('node_modules')
  cpSync(join('build/consumers', fixture), app, { recursive: true, filter: isOurs })
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }))
  const run = (command, args) =>
    execFileSync(command, args, { cwd: app, encoding: 'utf8', stdio: 'pipe', env: environment })
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename), ...install])
  for (const step of [...prepare, build]) run(process.execPath, step)

  const server = await serve(app, consumers[name])
  const tab = await browser.newPage()
  try {
    await tab.goto(server.url)
    return await askIt(tab)
  } finally {
    await tab.close()
    await server.close()
  }
}

// STATIC PAGES

async function servePage(app, { out, csp }, backend) {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    if (backend && pathname.startsWith('/api/uploads')) return backend(request, response)
    try {
      const body = readFileSync(resolve(app, out, `.${pathname === '/' ? '/index.html' : pathname}`))
      response.setHeader('content-type', types[extname(pathname) || '.html'] ?? 'application/octet-stream')
      if (csp) response.setHeader('content-security-policy', csp)
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() }
}

async function askPage(tab) {
  const result = await tab.waitForFunction(() => document.body.dataset.result, undefined, { timeout: 15_000 })
  return result.jsonValue()
}

// THE SHADCN ITEM

/** A page of files, and beside it the kit's own backend in front of the embedded Uploads API. */
async function serveApp(app, consumer) {
  const { startLocalApi } = await import('../dist/uploads-api/local.js')
  const { createUploadsHandler } = await import('../dist/server/index.js')
  const { toNodeListener } = await import('../dist/server/node.js')
  const api = await startLocalApi({ port: 0, apiKey: 'sk-local' })
  const handler = createUploadsHandler({
    apiKey: 'sk-local',
    baseURL: api.url,
    secret: randomBytes(32).toString('base64'),
    purposes: ['user_data'],
    authorize: () => ({ userId: 'visitor' }),
  })
  const page = await servePage(app, consumer, toNodeListener(handler))
  const close = () => {
    page.close()
    return api.close()
  }
  return { url: page.url, close }
}

/** Uploads a file and says what its row says, and what axe finds in both themes; pictures go to test-results/. */
async function askItem(tab) {
  await tab.setViewportSize({ width: 760, height: 480 })
  let goOn
  const seen = new Promise((resolve) => {
    goOn = resolve
  })
  await tab.route('**/complete', (route) => seen.then(() => route.continue()))
  await tab.locator('input[type=file]').setInputFiles([
    { name: 'report.txt', mimeType: 'text/plain', buffer: Buffer.alloc(300_000, 'high and low ') },
    { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
  ])
  const row = tab.getByRole('listitem').filter({ hasText: 'report.txt' })
  await row.and(tab.locator('[data-phase="completing"]')).waitFor({ timeout: 15_000 })
  const bar = row.locator('[data-slot="upload-item-progress"]')
  const picture = await bar.evaluate((element) => getComputedStyle(element).backgroundImage)
  await tab.screenshot({ path: 'test-results/shadcn-finishing.png', animations: 'disabled' })
  goOn()
  await row.and(tab.locator('[data-phase="completed"]')).waitFor({ timeout: 15_000 })
  const said = await row.locator('[data-slot="upload-item-status"]').textContent()
  await tab.addScriptTag({ path: 'node_modules/axe-core/axe.min.js' })
  const findings = []
  for (const theme of ['light', 'dark']) {
    await tab.evaluate((name) => {
      document.documentElement.className = name
    }, theme)
    await tab.screenshot({ path: `test-results/shadcn-${theme}.png`, animations: 'disabled' })
    const { violations } = await tab.evaluate(() => globalThis.axe.run())
    findings.push(`${violations.length} in ${theme}${violations.map(({ id }) => ` (${id})`).join('')}`)
  }
  return `${picture.startsWith('linear-gradient(') ? 'a bar' : picture}, report.txt ${said}, axe finds ${findings.join(', ')}`
}

// A FORM ACTION

async function serveNext(app) {
  const { startLocalApi } = await import('../dist/uploads-api/local.js')
  const api = await startLocalApi({ port: 0, apiKey: 'sk-local' })
  const next = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start', '--port', '0'], {
    cwd: app,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...environment,
      OPENAI_BASE_URL: api.url,
      OPENAI_API_KEY: 'sk-local',
      UPLOADS_SECRET: randomBytes(32).toString('base64'),
    },
  })
  const port = await portOf(next)
  return {
    url: `http://localhost:${port}`,
    close: () => {
      next.kill()
      return api.close()
    },
  }
}

/** Chooses a file and submits at once: the form waits for the upload, and the action answers with its id. */
async function askForm(tab) {
  await tab.getByRole('button', { name: 'Publish' }).click()
  await tab.getByLabel('Title').fill('Tides')
  await tab.locator('input[type=file]').setInputFiles({
    name: 'tides.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('high and low'),
  })
  await tab.getByRole('button', { name: 'Publish' }).click()
  const status = tab.getByRole('status').filter({ hasText: 'file-' })
  const said = await status.textContent({ timeout: 15_000 })
  await tab.locator('[data-slot="upload-item"]').waitFor({ state: 'detached' })
  return said.replace(/ \(file-[\w-]+\)\.$/, '')
}
