import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

// Every door as a server loads it: without a DOM, and where some other package has written on Object.prototype.

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, { default?: string }>
}
const doors = Object.entries(exports).flatMap(([door, { default: target }]) =>
  target ? [{ door, name: target.replace('./dist/', '').replace(/\.js$/, '') }] : [],
)

let folder: string
beforeAll(async () => {
  // Below the project, so that packages are found.
  mkdirSync('test-results', { recursive: true })
  folder = mkdtempSync(join('test-results', 'doors-'))
  const sources = readdirSync('src', { recursive: true }).map(String)
  // One file for each, as in the package: what a bundler adds is not what is tested.
  await build({
    entryPoints: sources
      .filter((path) => /\.tsx?$/.test(path) && !/\.test/.test(path))
      .map((path) => join('src', path)),
    bundle: false,
    format: 'esm',
    target: 'node20',
    jsx: 'automatic',
    outbase: 'src',
    outdir: folder,
    logLevel: 'warning',
  })
  // The sources name the worker as it is here; a build writes the name of what it has made of it.
  cpSync(join(folder, 'core/checksum.worker.js'), join(folder, 'core/checksum.worker.ts'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let programs = 0
function run(program: string, args: string[], code: string) {
  const path = join(folder, `program-${(programs += 1)}.mjs`)
  writeFileSync(path, `Object.prototype.x = 1\n${code}`)
  const { stdout, stderr, status } = spawnSync(program, [...args, path], { encoding: 'utf8', timeout: 30_000 })
  return { stdout, stderr, status }
}

const importing = (name: string) => `
  for (const global of ['window', 'document', 'indexedDB', 'Worker', 'XMLHttpRequest']) {
    if (global in globalThis && !globalThis.Deno) throw new Error(global + ' is there')
  }
  const door = await import('./${name}.js')
  console.log(Object.keys(door).length)
  process.exit(0)`

/** An upload from the engine through the handler to the API, a page that is rendered, and the server over HTTP. */
const working = `
  const { createFakeUploads, makeFile } = await import('./testing/index.js')
  const { createUploader } = await import('./core/index.js')
  const fakes = createFakeUploads({ clock: 'real' })
  const uploader = createUploader({ fetcher: fakes.fetcher, partSize: 100 })
  const fileObject = await uploader.run(uploader.add(makeFile('thesis.pdf', 450), { purpose: 'user_data' }))
  const { createUploadsHandler } = await import('./server/index.js')
  const handler = createUploadsHandler({
    apiKey: 'sk', secret: 's'.repeat(32), purposes: ['user_data'], authorize: () => ({ userId: 'a' }), basePath: '/api/uploads',
  })
  const policy = await (await handler(new Request('http://localhost/api/uploads'))).json()
  const { startLocalApi } = await import('./uploads-api/local.js')
  const local = await startLocalApi({ port: 0 })
  const list = await (await fetch(local.url + '/files')).json()
  await local.close()
  const { createElement } = await import('react')
  const { renderToString } = await import('react-dom/server')
  const { UploadDropzone } = await import('./styled/index.js')
  const html = renderToString(createElement(UploadDropzone, { endpoint: '/api/uploads', purpose: 'user_data' }))
  console.log(JSON.stringify([fileObject.bytes, policy.purposes, list.data, html.includes('Choose')]))
  process.exit(0)`

describe('on a server, with a polluted prototype', () => {
  it.each(doors)('$door is imported', ({ name }) => {
    const { stdout, stderr, status } = run(process.execPath, [], importing(name))
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(Number(stdout)).toBeGreaterThan(0)
  })

  it('everything works', () => {
    const { stdout, stderr, status } = run(process.execPath, [], working)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual([450, ['user_data'], [], true])
  })

  const deno = spawnSync('deno', ['--version']).status === 0
  it.skipIf(!deno)('everything works in Deno, too (skipped where there is no deno)', () => {
    const { stdout, status } = run('deno', ['run', '--allow-all', '--node-modules-dir=manual'], working)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toEqual([450, ['user_data'], [], true])
  })
})
