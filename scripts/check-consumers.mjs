// Installs the packed tarball in an app of each bundler, builds it, and asks the built page in Chromium
// where the kit hashed: it must be the worker. Needs `npm run build` first, and the npm registry.
// Some alone: node scripts/check-consumers.mjs vite8 next16
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, resolve } from 'node:path'
import { chromium } from 'playwright'
import { chromiumArgs, ensureChromium } from './browser.mjs'

const expected = '5d41402abc4b2a76b9719d911017c592 worker' // the MD5 of 'hello'
const strict = "default-src 'self'" // no blob: workers, no WebAssembly: the kit must do without
const viteBuild = ['node_modules/vite/bin/vite.js', 'build']
const consumers = {
  vite7: { fixture: 'vite', install: ['vite@7'], build: viteBuild, out: 'dist', csp: strict },
  vite8: { fixture: 'vite', install: ['vite@8'], build: viteBuild, out: 'dist', csp: strict },
  webpack5: { fixture: 'webpack', install: ['webpack@5'], build: ['build.mjs'], out: 'dist', csp: strict },
  next16: {
    fixture: 'next',
    install: ['next@16', 'react@19', 'react-dom@19', '@tanstack/react-query@5'],
    build: ['node_modules/next/dist/bin/next', 'build'],
    out: 'out',
  },
}
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
  if (result !== expected) failed++
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(`${result === expected ? 'ok  ' : 'FAIL'} ${name.padEnd(9)} ${result}, ${seconds} s`)
}
await browser.close()
process.exit(failed ? 1 : 0)

async function ask(name) {
  const { fixture, install, build, out, csp } = consumers[name]
  const app = join(folder, name)
  cpSync(`build/consumers/${fixture}`, app, { recursive: true })
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }))
  const run = (command, args) =>
    execFileSync(command, args, {
      cwd: app,
      encoding: 'utf8',
      stdio: 'pipe',
      env: { ...process.env, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1' },
    })
  run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename), ...install])
  run(process.execPath, build)

  const server = serve(join(app, out), csp)
  const page = await browser.newPage()
  try {
    await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
    await page.goto(`http://127.0.0.1:${server.address().port}/`)
    const result = await page.waitForFunction(() => document.body.dataset.result, undefined, { timeout: 15_000 })
    return await result.jsonValue()
  } finally {
    await page.close()
    server.close()
  }
}

function serve(root, csp) {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }
  return createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost')
    try {
      const body = readFileSync(resolve(root, `.${pathname === '/' ? '/index.html' : pathname}`))
      response.setHeader('content-type', types[extname(pathname) || '.html'] ?? 'application/octet-stream')
      if (csp) response.setHeader('content-security-policy', csp)
      response.end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
}
