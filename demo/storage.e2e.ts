import type { Page } from '@playwright/test'
import { API_KEY, type Bed, callsOf, expect, openEngine, test } from './chaos-bed.e2e.kit.js'
import type { ChaosPage } from './chaos-engine.js'

// What an upload under way leaves in the browser, for whoever sits down at it next.

const PART = 64 * 1024
const SECRETS = { authorization: 'Bearer app-canary-d81f03', 'x-app-session': 'session-canary-5e77ab' }

test.use({ bedOptions: { maxPartBytes: PART, concurrency: 2 } })

/** Everything that the page's origin keeps, and everything in its address, as one text. */
function everythingKept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const answerOf = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error)
      })
    const kept: unknown[] = [
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      location.href,
      history.state,
    ]
    for (const { name } of await indexedDB.databases()) {
      const database = await answerOf(indexedDB.open(name ?? ''))
      for (const store of database.objectStoreNames) {
        const objectStore = database.transaction(store).objectStore(store)
        kept.push(await answerOf(objectStore.getAllKeys()), await answerOf(objectStore.getAll()))
      }
      database.close()
    }
    for (const name of await caches.keys()) {
      for (const { url, headers } of await (await caches.open(name)).keys()) kept.push(url, [...headers])
    }
    return JSON.stringify(kept)
  })
}

async function uploadHalf(page: Page, bed: Bed): Promise<void> {
  const rest = bed.outer.inject({ on: 'parts', skip: 4, times: 1000, fault: { type: 'stall', where: 'before' } })
  await page.evaluate(
    ([bytes, headers]) => {
      const { engine, fileOf } = (globalThis as unknown as { chaos: ChaosPage }).chaos
      const uploader = engine({ resumeKey: 'ada', headers })
      Object.assign(globalThis, { uploader })
      uploader.run(uploader.add(fileOf('thesis.bin', bytes, 7))).catch(() => {})
    },
    [12 * PART, SECRETS] as const,
  )
  await rest.reached
}

test('keeps the token of the upload and nothing that opens more, and forgets it all at sign-out', async ({
  bed,
  page,
  context,
}) => {
  await openEngine(page)
  await uploadHalf(page, bed)
  await expect.poll(() => everythingKept(page)).toContain('"partId":"part_')
  const kept = await everythingKept(page)
  const [part] = callsOf(bed.outer, 'parts')
  const token = part?.head?.headers.get('x-upload-token') ?? ''
  // The search finds what is there: otherwise it would prove nothing.
  expect(part?.head?.headers.get('authorization')).toBe(SECRETS.authorization)
  expect(token.length).toBeGreaterThan(40)
  expect(kept).toContain(token)
  expect(kept).toContain('thesis.bin')
  for (const secret of [API_KEY, ...Object.values(SECRETS)]) expect(kept).not.toContain(secret)
  // In the database of that person, and nowhere else.
  expect(kept.split(token)).toHaveLength(2)
  expect(await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name))).toEqual([
    'react-openai-uploads:ada',
  ])
  expect(await context.cookies()).toEqual([])
  for (const { head } of bed.outer.exchanges) expect(head?.line ?? '').not.toContain(token)

  await page.evaluate(() => {
    const { chaos, uploader } = globalThis as unknown as { chaos: ChaosPage; uploader: { destroy(): void } }
    uploader.destroy()
    return chaos.forgetUploads('ada')
  })
  const left = await everythingKept(page)
  expect(left).not.toContain(token)
  expect(left).not.toContain('thesis.bin')
})
