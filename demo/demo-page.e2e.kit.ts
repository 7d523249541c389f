import { createHash, randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as base, type CDPSession, expect, type Locator, type Page, type Request } from '@playwright/test'

export { expect } from '@playwright/test'

export const MIB = 2 ** 20
/** What the kit sends at a time, unless it is told otherwise. */
export const PART_BYTES = 4 * MIB

export interface TestFile {
  name: string
  path: string
  bytes: number
  sha256: string
  md5: string
}

/** Files on disk, unlike any other: chosen by path, as a person chooses them. */
export type WriteFile = (name: string, bytes: number) => Promise<TestFile>

export const test = base.extend<{ demo: DemoPage; write: WriteFile }>({
  // biome-ignore format: Playwright reads the names of fixtures off the parameters
  write: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'demo-files-'))
    await use((name, bytes) => writeRandomFile(join(folder, name), name, bytes))
    rmSync(folder, { recursive: true, force: true })
  },
  demo: async ({ page, baseURL }, use) => {
    const demo = new DemoPage(page, baseURL ?? '')
    await demo.open()
    await use(demo)
    // A page that throws is broken, whatever it shows.
    expect(demo.errors).toEqual([])
  },
})

async function writeRandomFile(path: string, name: string, bytes: number): Promise<TestFile> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  const block = randomFillSync(Buffer.alloc(Math.min(bytes, MIB)))
  const handle = await open(path, 'w')
  for (let at = 0; at < bytes; at += MIB) {
    // A number of its own in each block: a part that lands in the wrong place does not go unnoticed.
    if (block.length >= 4) block.writeUInt32LE(at / MIB)
    const piece = block.subarray(0, Math.min(MIB, bytes - at))
    sha256.update(piece)
    md5.update(piece)
    await handle.write(piece)
  }
  await handle.close()
  return { name, path, bytes, sha256: sha256.digest('hex'), md5: md5.digest('hex') }
}

/** An Upload as the embedded API holds it. */
interface StoredUpload {
  id: string
  status: string
  filename: string
}

/** The demo as a person sees it, and what it asks of its backend. */
export class DemoPage {
  readonly page: Page
  readonly #origin: string
  readonly errors: string[] = []
  /** Every call under way, and every call there was. */
  readonly running = new Set<Request>()
  readonly calls: Request[] = []
  #network: Promise<CDPSession> | undefined

  constructor(page: Page, origin: string) {
    this.page = page
    this.#origin = origin
    page.on('pageerror', (error) => this.errors.push(String(error)))
    page.on('request', (request) => this.#began(request))
    page.on('requestfinished', (request) => this.running.delete(request))
    page.on('requestfailed', (request) => this.running.delete(request))
  }

  async open(): Promise<void> {
    await this.page.addInitScript(watchCallsInPage)
    await this.page.goto('/')
    await expect(this.page.getByRole('button', { name: 'Choose files' })).toBeVisible()
  }

  choose(...files: TestFile[]): Promise<void> {
    return this.page.locator('input[type=file]').setInputFiles(files.map(({ path }) => path))
  }

  /** Files that were refused, as the page says it. */
  get refusals(): Locator {
    return this.page.locator('[data-slot="upload-rejection"]')
  }

  get rows(): Locator {
    return this.page.locator('[data-slot="upload-item"]')
  }

  row({ name }: { name: string }): Locator {
    return this.rows.filter({
      has: this.page.locator('[data-slot="upload-item-name"]').getByText(name, { exact: true }),
    })
  }

  /** The row has come to this phase. */
  async expectPhase(file: TestFile, phase: string, timeout = 60_000): Promise<void> {
    await expect(this.row(file)).toHaveAttribute('data-phase', phase, { timeout })
  }

  /** The file is there, under an id, and the same byte for byte. */
  async expectStored(file: TestFile, timeout?: number): Promise<void> {
    await this.expectPhase(file, 'completed', timeout)
    const id = await this.row(file).locator('[data-piece="fileId"] bdi').textContent()
    expect(await this.#digest(id)).toEqual({ bytes: file.bytes, sha256: file.sha256 })
  }

  /** As `expectStored` for a list that has just these files. */
  async expectAllStored(files: TestFile[]): Promise<void> {
    await expect(this.page.locator('[data-slot="upload-item"][data-phase="completed"]')).toHaveCount(files.length, {
      timeout: 60_000,
    })
    const ids = await this.page.locator('[data-piece="fileId"] bdi').allTextContents()
    for (const [index, { bytes, sha256 }] of files.entries()) {
      expect(await this.#digest(ids[index])).toEqual({ bytes, sha256 })
    }
  }

  /** What the page sent to a call as JSON, in order: Firefox tells nobody the body of a request. */
  async sentTo(path: 'create' | 'complete'): Promise<{ filename?: string; md5?: string }[]> {
    const sent = await this.page.evaluate(() => (globalThis as WatchedPage).sentJson ?? [])
    const ending = path === 'create' ? '/uploads' : '/complete'
    return sent.filter(({ url }) => url.endsWith(ending)).map(({ json }) => JSON.parse(json))
  }

  partsSent(): string[] {
    return this.calls.filter(isPart).map((request) => request.headers()['x-upload-range'] ?? '')
  }

  /** Ranges that the backend has answered with a part. */
  async partsAccepted(): Promise<string[]> {
    const parts = this.calls.filter((request) => isPart(request) && !this.running.has(request))
    const answers = await Promise.all(parts.map((request) => request.response().catch(() => null)))
    return parts.flatMap((request, index) => {
      const answer = answers[index]
      const accepted = answer?.ok() && answer.headers()['content-type']?.startsWith('application/json')
      return accepted ? (request.headers()['x-upload-range'] ?? '') : []
    })
  }

  async storedUploads(): Promise<StoredUpload[]> {
    const response = await fetch(`${this.#origin}/api/demo/uploads`)
    return (await response.json()) as StoredUpload[]
  }

  /** Bytes a second that leave the browser, so that there is a middle to do something in; null is no limit. */
  setUplink(bytesPerSecond: number | null): Promise<void> {
    return this.#emulateNetwork(false, bytesPerSecond)
  }

  setOffline(offline: boolean): Promise<void> {
    return this.#emulateNetwork(offline, null)
  }

  mostPartsAtOnce(): Promise<number> {
    return this.page.evaluate(() => (globalThis as WatchedPage).mostPartsAtOnce ?? 0)
  }

  /** The page is as wide as its window: nothing has to be scrolled sideways. */
  async expectNoSidewaysScroll(): Promise<void> {
    const overflow = await this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return scrollWidth - clientWidth
    })
    expect(overflow).toBe(0)
  }

  /** One session for both: conditions of several would overwrite each other. */
  async #emulateNetwork(offline: boolean, uploadThroughput: number | null): Promise<void> {
    this.#network ??= this.page.context().newCDPSession(this.page)
    const session = await this.#network
    await session.send('Network.enable')
    await session.send('Network.emulateNetworkConditions', {
      offline,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: uploadThroughput ?? -1,
    })
  }

  #began(request: Request): void {
    if (!request.url().includes('/api/uploads')) return
    this.calls.push(request)
    this.running.add(request)
  }

  async #digest(fileId: string | null | undefined): Promise<{ bytes: number; sha256: string }> {
    const response = await fetch(`${this.#origin}/api/demo/files/${fileId}/content`)
    expect(response.status).toBe(200)
    const sha256 = createHash('sha256')
    let bytes = 0
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      sha256.update(chunk)
      bytes += chunk.length
    }
    return { bytes, sha256: sha256.digest('hex') }
  }
}

export function isPart(request: Request): boolean {
  return request.url().endsWith('/parts')
}

interface WatchedPage {
  mostPartsAtOnce?: number
  sentJson?: { url: string; json: string }[]
}

/** Runs in the page, where the order of sends and answers is exact; Playwright hears of an answer a little later. */
function watchCallsInPage(): void {
  const page = globalThis as WatchedPage
  const sentJson: { url: string; json: string }[] = []
  page.sentJson = sentJson
  const { fetch } = globalThis
  globalThis.fetch = (input, init) => {
    if (typeof init?.body === 'string') sentJson.push({ url: new Request(input).url, json: init.body })
    return fetch(input, init)
  }
  let running = 0
  const send = XMLHttpRequest.prototype.send
  XMLHttpRequest.prototype.send = function (body) {
    running += 1
    page.mostPartsAtOnce = Math.max(page.mostPartsAtOnce ?? 0, running)
    this.addEventListener('readystatechange', () => {
      if (this.readyState === XMLHttpRequest.DONE) running -= 1
    })
    send.call(this, body)
  }
}
