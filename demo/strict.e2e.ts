import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expectSameBytes, openEngine, uploadAll, test as withBed } from './chaos-bed.e2e.kit.js'
import { expect, STRICT, type StrictPages, test, type Violation, watchViolations } from './strict-pages.e2e.kit.js'

// The built demo under a strict Content-Security-Policy with Trusted Types, which Firefox ESR does not have.

const scriptsOf = ({ asked }: StrictPages) =>
  asked.filter((path) => path.includes('worker')).map((path) => /checksum[a-z-]*\.worker/.exec(path)?.[0])

test('a day of work breaks no rule: pictures, many rows, an error, a cancel, hostile words', {
  tag: '@chromium',
}, async ({ strict, page, write }) => {
  // 150 files, each with its own four calls.
  test.setTimeout(120_000)
  strict.policy = STRICT.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
  const hostile = '<img src=x onerror="globalThis.ran = 1"><script>ran = 1</script>'
  const { demo, violations } = await strict.open(page)

  const named = await write('<img src=x onerror="globalThis.ran = 1">.txt', 3000)
  const turned = await write('invoice \u202efdp.exe', 10)
  const large = await write('large.bin', 3_000_000)
  await demo.choose(named, turned, large)
  await demo.expectStored(named)
  await demo.expectStored(large)

  strict.intercept = (request) =>
    request.url.endsWith('/api/uploads') && request.method === 'POST' ? rejection(hostile) : null
  const refused = await write('refused.txt', 1234)
  await demo.choose(refused)
  await demo.expectPhase(refused, 'failed')
  await expect(demo.row(refused)).toContainText(hostile)
  strict.intercept = () => null

  const picture = { name: 'picture.png', path: join(dirname(named.path), 'picture.png'), bytes: 0, sha256: '', md5: '' }
  await writeFile(picture.path, Buffer.from(PNG, 'base64'))
  await demo.choose(picture)
  await expect(demo.row(picture).locator('canvas')).toBeVisible()

  strict.intercept = (request) => (request.url.endsWith('/parts') ? Response.json({}, { status: 500 }) : null)
  const doomed = await write('doomed.bin', 500_000)
  await demo.choose(doomed)
  await demo.expectPhase(doomed, 'retrying')
  await demo.row(doomed).getByRole('button', { name: 'Cancel' }).click()
  strict.intercept = () => null

  const many = await Promise.all(Array.from({ length: 150 }, (_, index) => write(`row-${index}.txt`, 20 + index)))
  await demo.choose(...many)
  await expect.poll(() => strict.api.files.length, { timeout: 90_000 }).toBe(154)

  expect(await violations()).toEqual([])
  expect(strict.reports).toEqual([])
  expect(demo.errors).toEqual([])
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false)
  expect(new Set(scriptsOf(strict))).toEqual(new Set(['checksum.worker']))
})

test('without WebAssembly the MD5 comes from a worker in plain JavaScript', { tag: '@chromium' }, async ({
  strict,
  page,
  write,
}) => {
  const { demo, violations } = await strict.open(page)
  const file = await write('report.bin', 1_000_000)
  await demo.choose(file)
  await demo.expectStored(file)
  expect(strict.api.uploads.map(({ status }) => status)).toEqual(['completed'])
  expect(await violations()).toEqual([])
  // The first worker asks whether it may, and the browser reports the question.
  expect(strict.reports.filter(({ blocked }) => blocked !== 'wasm-eval')).toEqual([])
  expect(scriptsOf(strict)).toContain('checksum-plain.worker')
  expect(demo.errors).toEqual([])
})

test('where no worker may run, the page hashes by itself', { tag: '@chromium' }, async ({ strict, page, write }) => {
  strict.policy = STRICT.replace("worker-src 'self'", "worker-src 'none'")
  const { demo, violations } = await strict.open(page)
  const file = await write('report.bin', 1_000_000)
  await demo.choose(file)
  await demo.expectStored(file)
  const all = [...(await violations()), ...strict.reports]
    .filter(({ blocked }) => blocked !== 'wasm-eval')
    .map(({ directive }) => directive)
  expect(new Set(all)).toEqual(new Set(['worker-src']))
  expect(scriptsOf(strict)).toEqual([])
  expect(demo.errors).toEqual([])
})

// The engine alone, in an app that passes it no createWorker: each uploader tries, which the browser reports.
for (const [wasm, policy, asked] of [
  ['with WebAssembly', STRICT.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'"), []],
  ['without WebAssembly', STRICT, ['script-src: wasm-eval']],
] as const) {
  withBed(`without createWorker the page hashes, ${wasm}`, { tag: '@chromium' }, async ({ bed, page }) => {
    // The icon of this page is an empty one.
    bed.pageHeaders = { 'content-security-policy': policy.replace('img-src', 'img-src data:') }
    await page.addInitScript(watchViolations)
    await openEngine(page)
    const sent: unknown[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/complete')) sent.push((request.postDataJSON() as { md5?: string }).md5)
    })
    const fileOf = (seed: number) => ({ name: `report-${seed}.bin`, bytes: 100_000 * seed, seed })
    const outcomes = [
      ...(await uploadAll(page, [fileOf(1), fileOf(2), fileOf(3)])),
      ...(await uploadAll(page, [fileOf(4)])),
    ]
    const stored: string[] = []
    for (const outcome of outcomes) {
      await expectSameBytes(bed, outcome)
      const bytes = await bed.api.readFile(outcome.fileId ?? '')
      stored.push(createHash('md5').update(bytes).digest('hex'))
    }
    expect(new Set(sent)).toEqual(new Set(stored))
    const violations = await page.evaluate(() => (globalThis as unknown as { violations: Violation[] }).violations)
    const aTry = 'require-trusted-types-for: trusted-types-sink'
    expect(violations.map(({ directive, blocked }) => `${directive}: ${blocked}`)).toEqual([aTry, ...asked, aTry])
    expect(bed.outer.exchanges.filter(({ head }) => head?.line.includes('worker'))).toEqual([])
  })
}

/** What an app's own check may answer, with somebody else's words in it. */
function rejection(message: string): Response {
  const error = { message, type: 'invalid_request_error', param: message, code: 'file_rejected' }
  return Response.json({ error }, { status: 422, headers: { 'x-request-id': '<b>req</b>' } })
}

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAABgAAAAYCAIAAABvFaqvAAAAH0lEQVR42mO4o6FBFcQwatCoQaMGjRo0atCoQQNvEADnQaMfvfzvTgAAAABJRU5ErkJggg=='
