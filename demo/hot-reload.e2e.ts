import { createHash } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import react from '@vitejs/plugin-react'
import { createServer } from 'vite'
import { type Bed, callsOf, expect, test as withBed } from './chaos-bed.e2e.kit.js'
import type { Fault } from './chaos-faults.js'
import { DemoPage, type TestFile } from './demo-page.e2e.kit.js'

// React Fast Refresh: what a developer sees who edits a component while files are on their way.

const PART = 64 * 1024
const PARTS = 2
// Ms; nothing takes that long, except where others are at work on the same machine.
const PATIENCE = 30_000

/** An app behind Vite's development server, to be edited. */
interface Workshop {
  readonly origin: string
  /** Edits a component, which React then draws anew in place: its state stays. */
  edit(page: Page): Promise<void>
  /** Edits a component so that React throws its state away, and that of everything in it. */
  editHooks(page: Page): Promise<void>
}

interface WorkshopFixtures {
  /** The file to be edited. */
  source: 'app.tsx' | 'own-connection.tsx'
  workshop: Workshop
}

const test = withBed.extend<WorkshopFixtures, { cacheDir: string }>({
  bedOptions: { maxPartBytes: PART, concurrency: 2 * PARTS },
  source: ['app.tsx', { option: true }],
  // Of its own, as a development server may be at work in the usual one.
  // biome-ignore format: Playwright reads the names of fixtures off the parameters
  cacheDir: [async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'hot-reload-cache-'))
    await use(folder)
    rmSync(folder, { recursive: true, force: true })
  }, { scope: 'worker' }],
  workshop: async ({ bed, cacheDir, source }, use) => {
    // A copy beside the original, where its imports hold.
    const folder = mkdtempSync('demo/.hot-reload-')
    cpSync('demo/hot-reload', folder, { recursive: true })
    const server = await createServer({
      configFile: false,
      root: folder,
      cacheDir,
      logLevel: 'error',
      plugins: [react()],
      worker: { format: 'es' },
      optimizeDeps: { noDiscovery: true, include: dependencies },
      server: {
        host: '127.0.0.1',
        port: 0,
        cors: false,
        fs: { allow: [process.cwd(), cacheDir] },
        // As it comes: the backend compares the origin with the host.
        proxy: { '/api': { target: bed.origin } },
      },
    })
    await server.listen()
    await use(workshopIn(join(folder, source), server.resolvedUrls?.local[0] ?? ''))
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  },
  baseURL: async ({ workshop }, use) => use(workshop.origin),
})

/** Known beforehand, so that none is found in mid-test and reloads the page. */
const dependencies = [
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
  'idb-keyval',
]

function workshopIn(path: string, origin: string): Workshop {
  let edits = 0
  const edit = async (page: Page, change: (source: string) => string) => {
    const source = readFileSync(path, 'utf8')
    edits += 1
    writeFileSync(path, change(source.replace(/Edit \d+/, `Edit ${edits}`)))
    await expect(page.getByRole('heading', { name: `Edit ${edits}` })).toBeVisible({ timeout: PATIENCE })
  }
  return {
    origin,
    edit: (page) => edit(page, (source) => source),
    editHooks: (page) =>
      edit(page, (source) => {
        const imported = source.startsWith(IMPORT) ? source : IMPORT + source
        return imported.replace(/export function \w+\(\) \{/, '$&\n  useState(0)')
      }),
  }
}

const IMPORT = "import { useState } from 'react'\n"

async function openApp(page: Page, workshop: Workshop, query = ''): Promise<DemoPage> {
  const demo = new DemoPage(page, workshop.origin)
  // An edit before that would go unnoticed.
  const connected = page.waitForEvent('console', (message) => message.text() === '[vite] connected.')
  await page.goto(`/${query}`)
  await connected
  await expect(page.getByRole('heading', { name: 'Edit 0' })).toBeVisible({ timeout: PATIENCE })
  await page.evaluate(() => Object.assign(globalThis, { sameAsBefore: true }))
  return demo
}

/** The page was never loaded anew, which would end any upload. */
async function expectSamePage({ page, errors }: DemoPage): Promise<void> {
  expect(await page.evaluate(() => 'sameAsBefore' in globalThis)).toBe(true)
  expect(errors).toEqual([])
}

/** The API has these files, byte for byte, each from one create, and was asked to cancel nothing. */
async function expectStored(bed: Bed, files: TestFile[]): Promise<void> {
  const stored = await Promise.all(
    bed.api.files.map(async ({ id, filename }) => {
      const bytes = await bed.api.readFile(id)
      return { name: filename, sha256: createHash('sha256').update(bytes).digest('hex') }
    }),
  )
  expect(stored).toHaveLength(files.length)
  expect(stored).toEqual(expect.arrayContaining(files.map(({ name, sha256 }) => ({ name, sha256 }))))
  expect(callsOf(bed.outer, 'create')).toHaveLength(files.length)
  expect(callsOf(bed.outer, 'cancel')).toEqual([])
}

interface Scene {
  phase: string
  on: 'parts' | 'complete'
  fault: Fault
  /** What the person presses to get there, and to go on. */
  press?: 'Pause'
  goOn?: 'Resume' | 'Retry'
}

const scenes: Scene[] = [
  { phase: 'uploading', on: 'parts', fault: { type: 'stall', where: 'before' } },
  { phase: 'paused', on: 'parts', fault: { type: 'stall', where: 'before' }, press: 'Pause', goOn: 'Resume' },
  { phase: 'retrying', on: 'parts', fault: { type: 'page', status: 503, html: 'Busy.' } },
  { phase: 'completing', on: 'complete', fault: { type: 'stall', where: 'before' } },
  { phase: 'failed', on: 'parts', fault: { type: 'page', status: 403, html: 'No.' }, goOn: 'Retry' },
]

test('uploads go on after a hot reload, whatever they were at', async ({ bed, page, workshop, write }) => {
  // One page for all: loading it from the sources takes longer than everything that is done there.
  test.slow()
  const demo = await openApp(page, workshop)
  const all = page.getByRole('list', { name: 'All uploads' }).getByRole('listitem')
  const single = page.getByRole('status', { name: 'One upload' })
  const stored: TestFile[] = []
  for (const { phase, on, fault, press, goOn } of scenes) {
    await test.step(phase, async () => {
      const files = await Promise.all(['dropped', 'picked'].map((way) => write(`${phase}-${way}.bin`, PARTS * PART)))
      const [dropped, picked] = files as [TestFile, TestFile]
      const rows = files.map(({ name }) => all.filter({ hasText: name }))
      const pressOnAll = async (name: string) => {
        for (const row of rows) await row.getByRole('button', { name }).click()
      }
      const expectAll = async (expected: string) => {
        for (const row of rows) await expect(row).toHaveAttribute('data-phase', expected, { timeout: PATIENCE })
      }
      const partsBefore = callsOf(bed.outer, 'parts').length
      const rule = bed.outer.inject({ on, times: Number.POSITIVE_INFINITY, fault })
      await page.locator('[data-slot="upload-dropzone"] input').setInputFiles(dropped.path)
      await page.getByLabel('One file').setInputFiles(picked.path)
      if (press) await expectAll('uploading')
      if (press) await pressOnAll(press)
      await expectAll(phase)

      await workshop.edit(page)
      await expectAll(phase)
      await demo.expectPhase(dropped, phase)
      await expect(single).toHaveText(phase)

      await workshop.editHooks(page)
      await expectAll(phase)
      // The state of the components is gone, and with it what they knew: only the engine goes on.
      await expect(demo.rows).toHaveCount(0)
      await expect(single).toHaveText('idle')

      rule.release()
      if (goOn) await pressOnAll(goOn)
      await expectAll('completed')
      stored.push(...files)
      await expectStored(bed, stored)
      // Nothing was sent twice that did not have to be.
      const sent = callsOf(bed.outer, 'parts').length - partsBefore
      if (phase === 'uploading' || phase === 'completing') expect(sent).toBe(2 * PARTS)
    })
  }
  await expectSamePage(demo)
})

test.describe('in a component with a connection of its own', () => {
  test.use({ source: 'own-connection.tsx' })

  test('an upload goes on after a hot reload, also when that makes a new connection', async ({
    bed,
    page,
    workshop,
    write,
  }) => {
    const file = await write('dropped.bin', PARTS * PART)
    const demo = await openApp(page, workshop, '?own-connection')
    const rule = bed.outer.inject({ on: 'parts', times: PARTS, fault: { type: 'stall', where: 'before' } })
    await demo.choose(file)
    await rule.reached
    await workshop.edit(page)
    await demo.expectPhase(file, 'uploading')
    await workshop.editHooks(page)
    await expect(demo.rows).toHaveCount(0)
    rule.release()
    await expect.poll(() => bed.api.files.length, { timeout: PATIENCE }).toBe(1)
    await expectStored(bed, [file])
    expect(callsOf(bed.outer, 'parts')).toHaveLength(PARTS)
    await expectSamePage(demo)
  })
})
