import type { ChildProcess } from 'node:child_process'
import { startWebKitDriver } from '../scripts/webkit-driver.mjs'
import { expect, test as inBed } from './chaos-bed.e2e.kit.js'
import { type PageRecord, readRecord, recordPage } from './page-record.e2e.kit.js'

export { expect } from '@playwright/test'

export const KEYS = { tab: '\uE004', enter: '\uE007' }

/** Tests on the demo in WebKitGTK, which Playwright does not drive: its `page` is not there. */
export const test = inBed.extend<{ webkit: WebKitPage }, { driver: string }>({
  // biome-ignore format: Playwright reads the names of fixtures off the parameters
  driver: [async ({}, use) => {
    const { child, url } = await startWebKitDriver()
    await use(url)
    child.kill()
    await exitOf(child)
  }, { scope: 'worker' }],
  webkit: async ({ driver, bed }, use) => {
    const webkit = await WebKitPage.start(driver)
    await webkit.open(bed.origin)
    await use(webkit)
    await webkit.close()
  },
})

type Script = (...args: never[]) => unknown

/** A browser window, through plain W3C WebDriver. */
export class WebKitPage {
  readonly #session: string

  constructor(session: string) {
    this.#session = session
  }

  static async start(driver: string): Promise<WebKitPage> {
    const { sessionId } = (await call('POST', `${driver}/session`, { capabilities: {} })) as { sessionId: string }
    return new WebKitPage(`${driver}/session/${sessionId}`)
  }

  /** Opens the demo, and records it from when its button is there. */
  async open(url: string): Promise<void> {
    await this.#post('/url', { url })
    await this.#demoIsThere()
  }

  /** Opens the demo in a frame of this width: the window cannot be as narrow as a phone. */
  async openAsPhone(url: string, width: number): Promise<void> {
    await this.#post('/url', { url })
    await this.run(
      (src: string, frameWidth: number) => {
        document.body.innerHTML = `<iframe src="${src}" width="${frameWidth}" height="700" style="border: 0"></iframe>`
      },
      url,
      width,
    )
    await this.#post('/frame', { id: 0 })
    await this.#demoIsThere()
  }

  /** Runs a function in the page. */
  run<Result>(script: (...args: never[]) => Result, ...args: unknown[]): Promise<Awaited<Result>> {
    return this.#post('/execute/sync', { script: `return (${script.toString()})(...arguments)`, args }) as Promise<
      Awaited<Result>
    >
  }

  /** Presses a key where focus is. */
  async press(key: string): Promise<void> {
    const actions = [
      { type: 'keyDown', value: key },
      { type: 'keyUp', value: key },
    ]
    await this.#post('/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] })
  }

  async click(selector: string): Promise<void> {
    await this.#post(`/element/${await this.#find(selector)}/click`, {})
  }

  /** Chooses a file by its path, as the file picker does. */
  async choose({ path }: { path: string }): Promise<void> {
    await this.#post(`/element/${await this.#find('input[type=file]')}/value`, { text: path })
  }

  textOf(selector: string): Promise<string | null> {
    return this.run((wanted: string) => document.querySelector(wanted)?.textContent ?? null, selector)
  }

  attributeOf(selector: string, name: string): Promise<string | null> {
    return this.run(
      (wanted: string, attribute: string) => document.querySelector(wanted)?.getAttribute(attribute) ?? null,
      selector,
      name,
    )
  }

  /** The words of the control that has focus; of the page when nothing has. */
  focused(): Promise<string> {
    return this.run(() =>
      document.activeElement === document.body ? 'body' : (document.activeElement?.textContent ?? ''),
    )
  }

  async expectPhase(phase: string): Promise<void> {
    const row = '[data-slot="upload-item"]'
    await expect.poll(() => this.attributeOf(row, 'data-phase'), { timeout: 30_000 }).toBe(phase)
  }

  record(): Promise<PageRecord> {
    return this.run(readRecord) as Promise<PageRecord>
  }

  async close(): Promise<void> {
    await call('DELETE', this.#session)
  }

  async #demoIsThere(): Promise<void> {
    await expect.poll(() => this.textOf('[data-slot="upload-trigger"]')).toBe('Choose files')
    await this.run(recordPage as Script)
  }

  async #find(selector: string): Promise<string> {
    const found = await this.#post('/element', { using: 'css selector', value: selector })
    return String(Object.values(found as object)[0])
  }

  #post(path: string, body: unknown): Promise<unknown> {
    return call('POST', this.#session + path, body)
  }
}

async function call(method: string, url: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
  const { value } = (await response.json()) as { value: { error?: string; message?: string } | null }
  if (!response.ok) throw new Error(`${method} ${url}: ${value?.error} ${value?.message}`)
  return value
}

function exitOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
  })
}
