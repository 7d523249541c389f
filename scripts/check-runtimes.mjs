// Installs the packed tarball beside each runtime that is not a package of this repository, starts its example, and sends
// a file through it to the embedded Uploads API, byte for byte. (Those of Node run in examples/backends/backends.test.ts.)
// Needs `npm run build` first, and the npm registry. Some alone: node scripts/check-runtimes.mjs deno next
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { runnerImport } from 'vite'
import { portOf } from './port-of.mjs'

/** None takes longer than this to start, or to carry 13 MiB. */
const PATIENCE_MS = 60_000

const next = ['node_modules/next/dist/bin/next']
const runtimes = {
  deno: {
    example: 'backends',
    install: ['deno@2', 'react@19', 'react-dom@19', '@tanstack/react-query@5', 'rate-limiter-flexible@11'],
    prepare: (app) => {
      writeFileSync(join(app, 'doors.mjs'), throughEveryDoor())
      const flags = ['run', '--allow-all', '--node-modules-dir=manual']
      run(app, 'node_modules/.bin/deno', [...flags, 'doors.mjs'])
    },
    serve: ['node_modules/.bin/deno', 'serve', '--allow-net', '--allow-env', '--port', '0', 'web-standard.ts'],
  },
  bun: { example: 'backends', install: ['bun@1'], serve: ['node_modules/.bin/bun', 'web-standard.ts'] },
  workerd: {
    example: 'backends',
    install: ['workerd@1'],
    prepare: (app) =>
      build({
        entryPoints: [join(app, 'web-standard.ts')],
        outfile: join(app, 'worker.js'),
        bundle: true,
        format: 'esm',
        logLevel: 'error',
      }),
    serve: [
      'node_modules/.bin/workerd',
      ...['serve', '--control-fd=1', '--socket-addr=http=127.0.0.1:0', 'workerd.capnp'],
    ],
  },
  next: {
    example: 'next',
    install: [
      ...['next@16', 'react@19', 'react-dom@19', 'typescript@5'],
      ...['@types/react@19', '@types/react-dom@19', '@types/node@20'],
    ],
    prepare: (app) => run(app, process.execPath, [...next, 'build']),
    serve: [process.execPath, ...next, 'start', '--port', '0'],
  },
}
const environment = { ...process.env, NODE_ENV: undefined, NEXT_TELEMETRY_DISABLED: '1', PORT: '0' }
const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(runtimes)

const root = fileURLToPath(new URL('..', import.meta.url))
const kit = '/examples/backends/upload-through.test.kit.ts'
const { module } = await runnerImport(kit, { root, configFile: false, logLevel: 'error' })
const folder = mkdtempSync(join(tmpdir(), 'uploads-runtimes-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const [{ filename }] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { encoding: 'utf8' }),
)

let failed = 0
for (const name of names) {
  const started = Date.now()
  const trouble = await check(name).catch((error) => String(error.stdout || error.stderr || error.message).slice(-2000))
  if (trouble) failed++
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(
    `${trouble ? 'FAIL' : 'ok  '} ${name.padEnd(8)} ${trouble ?? 'byte for byte, while it was sent'}, ${seconds} s`,
  )
}
process.exit(failed ? 1 : 0)

async function check(name) {
  const { example, install, prepare, serve } = runtimes[name]
  const app = join(folder, name)
  cpSync(join('examples', example), app, { recursive: true, filter: (path) => !/\.test\.|node_modules/.test(path) })
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }))
  run(app, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename), ...install])
  await prepare?.(app)

  const api = await module.startWatchedApi()
  const server = spawn(serve[0], serve.slice(1), {
    cwd: app,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environment,
      OPENAI_BASE_URL: api.url,
      OPENAI_API_KEY: module.API_KEY,
      UPLOADS_SECRET: randomBytes(32).toString('base64'),
    },
  })
  try {
    const endpoint = `http://localhost:${await inTime('its port', portOf(server))}/api/uploads`
    await inTime('the upload', module.uploadThrough(endpoint, api))
    await inTime('leaving OpenAI', module.leaveThrough(endpoint, api))
  } finally {
    server.kill('SIGKILL')
    await api.close()
  }
}

/**
 * B7 of SECURITY.md, as src/doors.test.ts has it in Node: a program in which some other package has written on
 * Object.prototype, that comes in through each door, uploads a file and renders a page.
 */
function throughEveryDoor() {
  const { name, exports } = JSON.parse(readFileSync('package.json', 'utf8'))
  // Workers and styles are not for a server to import.
  const doors = Object.keys(exports).filter((door) => exports[door].default && !door.endsWith('.js'))
  return `
    import { strict as assert } from 'node:assert'
    import { createElement } from 'react'
    import { renderToString } from 'react-dom/server'
    Object.prototype.x = 1
    for (const door of ${JSON.stringify(doors)}) assert.ok(Object.keys(await import('${name}' + door.slice(1))).length > 0, door)
    const { createFakeUploads, makeFile } = await import('${name}/testing')
    const { createUploader } = await import('${name}/core')
    const { UploadDropzone } = await import('${name}/styled')
    const fakes = createFakeUploads({ clock: 'real' })
    const uploader = createUploader({ fetcher: fakes.fetcher, partSize: 100 })
    const { bytes } = await uploader.run(uploader.add(makeFile('thesis.pdf', 450), { purpose: 'user_data' }))
    assert.equal(bytes, 450)
    const page = createElement(UploadDropzone, { endpoint: '/api/uploads', purpose: 'user_data' })
    assert.ok(renderToString(page).includes('Choose'))
    process.exit(0)`
}

function run(app, command, args) {
  return execFileSync(command, args, { cwd: app, encoding: 'utf8', stdio: 'pipe', env: environment })
}

function inTime(what, promise) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${what} did not come in ${PATIENCE_MS / 1000} s`)), PATIENCE_MS).unref()
  })
  return Promise.race([promise, late])
}
