import type { Page } from '@playwright/test'
import { type Bed, callsOf, expect, expectSameBytes, openEngine, test, uploadAll } from './chaos-bed.e2e.kit.js'
import type { ChaosOptions } from './chaos-engine.js'
import type { Exchange } from './chaos-exchange.js'
import type { Fault } from './chaos-faults.js'
import type { ChaosProxy } from './chaos-proxy.js'

// Every fault at every call, on both ways: between the browser and the backend, and between the backend and the API.
// An upload either completes with the same bytes, or ends in the error that tells the truth.

const PART = 16_384
const FOUR_PARTS = 4 * PART
// Long enough that a loaded machine is not taken for a dead line, short enough to wait for.
const impatient: ChaosOptions = { limits: { stall: 1500, response: 1500, complete: 1500 } }

const faults: Record<string, Fault> = {
  'cut in the head': { type: 'cut', message: 'request', place: { of: 'head', at: 20 } },
  'cut in the body': { type: 'cut', message: 'request', place: { of: 'body', at: 25 } },
  'cut before the last byte': { type: 'cut', message: 'request', place: { of: 'body', at: -1 } },
  'reply cut in its head': { type: 'cut', message: 'reply', place: { of: 'head', at: 12 } },
  'reply cut in its body': { type: 'cut', message: 'reply', place: { of: 'body', at: 5 } },
  'reply swallowed': { type: 'swallow' },
  'a page in place of an answer': { type: 'page', status: 200, html: '<h1>Sign in</h1>' },
  'a 502 page in place of the reply': { type: 'replace', status: 502, html: '<h1>Bad gateway</h1>' },
  'delivered twice, first reply': { type: 'twice', reply: 'first' },
  'delivered twice, second reply': { type: 'twice', reply: 'second' },
  'stalled before the first byte': { type: 'stall', where: 'before' },
  'stalled in the body': { type: 'stall', where: { of: 'body', at: 30 } },
  'stalled after the last byte': { type: 'stall', where: 'after' },
  late: { type: 'delay', ms: 50 },
}

// The call may have been carried out, and its answer is lost.
const unanswered = new Set([
  'reply cut in its head',
  'reply cut in its body',
  'reply swallowed',
  'a 502 page in place of the reply',
  'stalled after the last byte',
])

interface Case {
  bed: Bed
  page: Page
  way: ChaosProxy
  call: Exchange['call']
}

/** Uploads four parts for each fault, all at once in one page, and gives the ends by fault. */
async function runAll({ bed, page, way, call }: Case) {
  await openEngine(page)
  const ends: Record<string, string> = {}
  for (const [index, [name, fault]] of Object.entries(faults).entries()) {
    const rule = way.inject({ on: call, skip: call === 'parts' ? 2 : 0, fault })
    // Of all faults only silence needs patience to run out; where it is short, a busy machine must not pass for one.
    const behave = fault.type === 'stall' ? impatient : {}
    const [outcome] = await uploadAll(page, [{ name: `${index}.bin`, bytes: FOUR_PARTS, seed: index + 1 }], behave)
    if (!outcome) throw new Error('no outcome')
    await test.step(name, async () => {
      expect(rule.hits, name).toBe(1)
      if (outcome.code === 'completed') await expectSameBytes(bed, outcome)
    })
    ends[name] = outcome.code
    way.clear()
  }
  return ends
}

const allCompleted = Object.fromEntries(Object.keys(faults).map((name) => [name, 'completed']))

for (const way of ['outer', 'inner'] as const) {
  const where = way === 'outer' ? 'between browser and backend' : 'between backend and API'

  for (const call of ['create', 'parts'] as const) {
    test(`${call}, ${where}: completes with the same bytes after each fault`, async ({ bed, page }) => {
      expect(await runAll({ bed, page, way: bed[way], call })).toEqual(allCompleted)
      // Nothing was made up: as many Files as uploads.
      expect(bed.api.files).toHaveLength(Object.keys(faults).length)
    })
  }

  test(`complete, ${where}: completes, or says that nobody knows`, async ({ bed, page }) => {
    const ends = await runAll({ bed, page, way: bed[way], call: 'complete' })
    const expected = Object.fromEntries(
      Object.keys(faults).map((name) => [name, unanswered.has(name) ? 'outcome_unknown' : 'completed']),
    )
    // The first of the two was carried out; the refusal of the second, and then of a cancel, is all that we hear.
    expected['delivered twice, second reply'] = 'outcome_unknown'
    expect(ends).toEqual(expected)
    expect(bed.api.files).toHaveLength(Object.keys(faults).length)
  })
}

test.describe('where complete can be asked again', () => {
  test.use({ bedOptions: { behaviour: { secondComplete: 'repeat' } } })
  for (const way of ['outer', 'inner'] as const) {
    test(`a lost answer is found out, ${way}`, async ({ bed, page }) => {
      expect(await runAll({ bed, page, way: bed[way], call: 'complete' })).toEqual(allCompleted)
      expect(bed.api.files).toHaveLength(Object.keys(faults).length)
    })
  }
})

test('gives up with the right name where an answer never gets better', async ({ bed, page }) => {
  await openEngine(page)
  const file = { name: 'a.bin', bytes: FOUR_PARTS, seed: 1 }
  bed.outer.inject({
    on: 'parts',
    times: Number.POSITIVE_INFINITY,
    fault: faults['a page in place of an answer'] as Fault,
  })
  expect(await uploadAll(page, [file])).toMatchObject([{ code: 'bad_response' }])
  bed.outer.clear()
  bed.outer.inject({ on: 'parts', times: Number.POSITIVE_INFINITY, fault: { type: 'swallow' } })
  const soon = { retry: { baseDelay: 5, maxDelay: 50, giveUpAfter: 500 } }
  expect(await uploadAll(page, [file], soon)).toMatchObject([{ code: 'network' }])
  bed.outer.clear()
  bed.inner.inject({ on: 'parts', times: Number.POSITIVE_INFINITY, fault: { type: 'swallow' } })
  expect(await uploadAll(page, [file], soon)).toMatchObject([{ code: 'upstream_error' }])
  expect(bed.api.files).toEqual([])
})

for (const way of ['outer', 'inner'] as const) {
  test(`waits for a server that refuses connections, and goes on, ${way}`, async ({ bed, page }) => {
    await openEngine(page)
    const proxy = bed[way]
    const held = proxy.inject({ on: 'parts', skip: 2, times: 4, fault: { type: 'stall', where: 'before' } })
    const uploading = uploadAll(page, [{ name: 'a.bin', bytes: 2 * FOUR_PARTS, seed: 3 }])
    await held.reached
    const refused = way === 'outer' ? page.waitForEvent('requestfailed') : page.waitForEvent('response')
    await proxy.down()
    await refused
    // Those that had not got that far yet are not held after all.
    held.release()
    await proxy.up()
    for (const outcome of await uploading) await expectSameBytes(bed, outcome)
  })
}

test.describe('a proxy that takes no large bodies', () => {
  const MIB = 2 ** 20
  test.use({ bedOptions: { maxPartBytes: 64 * MIB } })

  for (const says of [true, false]) {
    test(`parts get smaller where it ${says ? 'says 413 and then resets' : 'only resets'}`, async ({ bed, page }) => {
      await openEngine(page)
      const rule = bed.outer.inject({
        on: 'parts',
        when: ({ headers }) => Number(headers.get('content-length')) > 5 * MIB,
        times: Number.POSITIVE_INFINITY,
        fault: { type: 'too_large', after: 1, says },
      })
      // Larger than what the system takes from the browser before the reset comes back.
      const large = { partSize: 32 * MIB, concurrency: 1 }
      const [outcome] = await uploadAll(page, [{ name: 'a.bin', bytes: 32 * MIB, seed: 5 }], large)
      if (outcome) await expectSameBytes(bed, outcome)
      expect(rule.hits).toBeGreaterThan(1)
      const sizes = callsOf(bed.outer, 'parts').filter(({ status }) => status === 200)
      expect(Math.max(...sizes.map(({ received }) => received))).toBe(4 * MIB)
    })
  }
})

test('does not wait for ever for a policy that never comes', async ({ bed, page }) => {
  await openEngine(page)
  bed.outer.inject({ on: 'policy', fault: { type: 'stall', where: 'before' } })
  const [outcome] = await uploadAll(page, [{ name: 'a.bin', bytes: PART, seed: 7 }], impatient)
  if (outcome) await expectSameBytes(bed, outcome)
})

test('uploads on a thin line', async ({ bed, page }) => {
  await openEngine(page)
  bed.outer.setBandwidth(400_000)
  const [outcome] = await uploadAll(page, [{ name: 'a.bin', bytes: 2 * FOUR_PARTS, seed: 6 }])
  if (outcome) await expectSameBytes(bed, outcome)
  expect(callsOf(bed.outer, 'parts')).toHaveLength(8)
})
