import { randomOf } from '../src/uploads-api/random.test.kit.js'
import {
  type Bed,
  callsOf,
  expect,
  expectSameBytes,
  openEngine,
  rangeOf,
  test,
  uploadAll,
} from './chaos-bed.e2e.kit.js'
import type { Place } from './chaos-faults.js'

// Bit flips and cuts, at seeded places. E2E_LONG=1 runs the long sweeps: 1,000 flips, 200 random cuts each way.

const long = !!process.env.E2E_LONG
const FLIPS = long ? 1000 : 60
const RANDOM_CUTS = long ? 200 : 6

for (const [way, flips] of [
  ['outer', FLIPS / 2],
  ['inner', FLIPS / 2],
] as const) {
  test(`finds every flipped bit, ${way}: ${flips} of ${flips}`, async ({ bed, page }) => {
    if (long) test.setTimeout(600_000)
    await openEngine(page)
    const random = randomOf(way === 'outer' ? 11 : 12)
    // Each file has a size of its own, by which its first part is recognised on the way.
    const files = Array.from({ length: flips }, (_, index) => ({
      name: `${index}`,
      bytes: 2000 + index,
      seed: index + 1,
    }))
    const flipped = new Set<number>()
    const framing = way === 'outer' ? 0 : await framingBytes(bed, page)
    for (const { bytes } of files) {
      bed[way].inject({
        on: 'parts',
        when: ({ headers }) => Number(headers.get('content-length')) - framing === bytes && !!flipped.add(bytes),
        // Between the backend and the API, a bit of the form's own bytes is no bit of the file.
        fault: { type: 'flip', at: (way === 'outer' ? 0 : HEAD_OF_FORM) + random(bytes), bit: random(8) },
      })
    }
    const outcomes = await uploadAll(page, files)
    for (const outcome of outcomes) await expectSameBytes(bed, outcome)
    expect(flipped.size).toBe(flips)
    const completes = callsOf(bed.outer, 'complete')
    // Every flip was refused at its first complete, and each file was sent once more.
    expect(completes.filter(({ status }) => status === 400)).toHaveLength(flips)
    const sent = way === 'outer' ? files.length : files.length + 1
    expect(completes.filter(({ status }) => status === 200)).toHaveLength(sent)
    expect(bed.api.files).toHaveLength(sent)
  })
}

// "--upload-" and 32 hexadecimal digits, then the two lines of the part's head.
const HEAD_OF_FORM = Buffer.byteLength(
  `--upload-${'0'.repeat(32)}\r\nContent-Disposition: form-data; name="data"; filename="blob"\r\nContent-Type: application/octet-stream\r\n\r\n`,
)

/** What the form around a part adds to it, measured on an upload without any fault. */
async function framingBytes(bed: Bed, page: Parameters<typeof uploadAll>[0]): Promise<number> {
  await uploadAll(page, [{ name: 'probe', bytes: 1000, seed: 1 }])
  return (callsOf(bed.inner, 'parts')[0]?.received ?? 0) - 1000
}

test('a line that flips bits all the time ends in integrity_failed, and no file is kept', async ({ bed, page }) => {
  await openEngine(page)
  bed.outer.inject({ on: 'parts', times: Number.POSITIVE_INFINITY, fault: { type: 'flip', at: 100, bit: 3 } })
  expect(await uploadAll(page, [{ name: 'a', bytes: 3000, seed: 1 }])).toMatchObject([{ code: 'integrity_failed' }])
  expect(bed.api.files).toEqual([])
  expect(callsOf(bed.outer, 'create')).toHaveLength(2)
})

const PART = 4096

test.describe('three parts, the second of which is cut', () => {
  test.use({ bedOptions: { maxPartBytes: PART } })

  for (const way of ['outer', 'inner'] as const) {
    for (const message of ['request', 'reply'] as const) {
      test(`completes after a cut at any byte of the ${message}, ${way}, with at most one part more`, async ({
        bed,
        page,
      }) => {
        if (long) test.setTimeout(600_000)
        await openEngine(page)
        const random = randomOf(way.length * 31 + message.length)
        const { head, body } = await sizesOf(bed, page, way, message)
        const places = [...edges(head, body), ...randomPlaces(random, head, body)]
        for (const [index, place] of places.entries()) {
          const before = callsOf(bed.outer, 'parts').length
          const rule = bed[way].inject({ on: 'parts', skip: 1, fault: { type: 'cut', message, place } })
          const [outcome] = await uploadAll(page, [{ name: `${index}`, bytes: 3 * PART, seed: index + 1 }])
          if (outcome) await expectSameBytes(bed, outcome)
          const parts = callsOf(bed.outer, 'parts').slice(before)
          expect(rule.hits, JSON.stringify(place)).toBe(1)
          expect(parts.length, JSON.stringify(place)).toBeLessThanOrEqual(4)
          expect(new Set(parts.map(rangeOf)).size).toBe(3)
        }
      })
    }
  }
})

function edges(head: number, body: number): Place[] {
  const inHead = [0, 1, head - 1, head].map((at): Place => ({ of: 'head', at }))
  return [...inHead, ...[0, 1, body - 1].map((at): Place => ({ of: 'body', at }))]
}

function randomPlaces(random: (below: number) => number, head: number, body: number): Place[] {
  return Array.from({ length: RANDOM_CUTS }, () => {
    const at = random(head + body)
    return at < head ? { of: 'head', at } : { of: 'body', at: at - head }
  })
}

/** How long a part's messages are, measured on an upload without any fault. */
async function sizesOf(bed: Bed, page: Parameters<typeof uploadAll>[0], way: 'outer' | 'inner', message: string) {
  await uploadAll(page, [{ name: 'probe', bytes: 3 * PART, seed: 99 }])
  const exchange = callsOf(bed[way], 'parts')[1]
  if (!exchange?.head) throw new Error('no part came by')
  return message === 'request'
    ? { head: exchange.head.bytes, body: exchange.received }
    : { head: exchange.reply.headBytes, body: exchange.reply.bodyBytes }
}
