import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ByteRange } from '../protocol/index.js'
import { accept, type Ledger, mergeRanges, nextRange, orderedPartIds } from './parts.js'

/** Takes ranges until none is left. */
function plan(bytesTotal: number, partSize: (taken: number) => number): ByteRange[] {
  const ranges: ByteRange[] = []
  for (;;) {
    const range = nextRange(ranges, bytesTotal, partSize(ranges.length))
    if (!range) return ranges
    ranges.push(range)
  }
}

const ledgerOf = (...ranges: [number, number, string][]): Ledger =>
  ranges.map(([start, end, partId]) => ({ start, end, partId }))

describe('the next range', () => {
  it.each([
    [1, 100, [[0, 1]]],
    [99, 100, [[0, 99]]],
    [100, 100, [[0, 100]]],
    [
      101,
      100,
      [
        [0, 100],
        [100, 101],
      ],
    ],
    [
      200,
      100,
      [
        [0, 100],
        [100, 200],
      ],
    ],
  ])('of %i bytes in parts of %i covers them without an empty part', (bytes, size, expected) => {
    expect(plan(bytes, () => size).map(({ start, end }) => [start, end])).toEqual(expected)
  })

  it('fills the first gap, and no more than it', () => {
    const taken = [
      { start: 0, end: 10 },
      { start: 15, end: 30 },
    ]
    expect(nextRange(taken, 40, 10)).toEqual({ start: 10, end: 15 })
  })

  it('is none when every byte is taken', () => {
    expect(nextRange([{ start: 0, end: 40 }], 40, 10)).toBeNull()
  })

  it('together with those before it covers every byte exactly once, with any part sizes', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), sizes, (bytesTotal, partSizes) => {
        const ranges = plan(bytesTotal, (taken) => partSizes[taken % partSizes.length] as number)
        let end = 0
        for (const range of ranges) {
          expect(range.start).toBe(end)
          expect(range.end).toBeGreaterThan(range.start)
          end = range.end
        }
        expect(end).toBe(bytesTotal)
      }),
    )
  })
})

describe('the ledger', () => {
  it('stays in file order however parts arrive', () => {
    const late = accept(ledgerOf([10, 20, 'part_b']), { start: 0, end: 10 }, 'part_a')
    expect(late).toEqual(ledgerOf([0, 10, 'part_a'], [10, 20, 'part_b']))
  })

  it('does not change the one before it', () => {
    const before = Object.freeze(ledgerOf([0, 10, 'part_a']))
    expect(accept(before, { start: 10, end: 20 }, 'part_b')).toHaveLength(2)
    expect(before).toHaveLength(1)
  })

  it.each([
    ['the same range again', [10, 20]],
    ['one that begins in it', [19, 30]],
    ['one that ends in it', [0, 11]],
    ['one inside', [12, 15]],
    ['one around', [5, 25]],
    ['one with the same beginning', [10, 15]],
    ['no bytes', [30, 30]],
    ['a range backwards', [40, 30]],
    ['a negative start', [-1, 5]],
    ['no number', [Number.NaN, 5]],
  ])('refuses %s', (_what, [start, end]) => {
    const ledger = ledgerOf([10, 20, 'part_a'])
    expect(accept(ledger, { start: start as number, end: end as number }, 'part_b')).toBeNull()
  })

  it('refuses a part id that it has', () => {
    expect(accept(ledgerOf([0, 10, 'part_a']), { start: 10, end: 20 }, 'part_a')).toBeNull()
  })
})

describe('the part ids', () => {
  it('come in file order, whatever the order of arrival and the sizes of the parts', () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { maxLength: 30 })
    const scenario = cuts.chain((inside) => {
      const ends = [...inside.sort((a, b) => a - b), 1000]
      const entries = ends.map((end, index) => ({ start: ends[index - 1] ?? 0, end, partId: `part_${index}` }))
      return fc.shuffledSubarray(entries, { minLength: entries.length }).map((arrived) => ({ entries, arrived }))
    })
    fc.assert(
      fc.property(scenario, ({ entries, arrived }) => {
        let ledger: Ledger = []
        for (const [index, { partId, ...range }] of arrived.entries()) {
          expect(orderedPartIds(ledger, 1000)).toBeNull()
          ledger = accept(ledger, range, partId) as Ledger
          expect(ledger).toHaveLength(index + 1)
        }
        expect(orderedPartIds(ledger, 1000)).toEqual(entries.map(({ partId }) => partId))
      }),
    )
  })

  it.each([
    ['nothing was accepted', ledgerOf()],
    ['the beginning is missing', ledgerOf([1, 20, 'part_a'])],
    ['the end is missing', ledgerOf([0, 19, 'part_a'])],
    ['a byte is missing in between', ledgerOf([0, 9, 'part_a'], [10, 20, 'part_b'])],
    ['there is more than the file', ledgerOf([0, 10, 'part_a'], [10, 21, 'part_b'])],
  ])('are none while %s', (_what, ledger) => {
    expect(orderedPartIds(ledger, 20)).toBeNull()
  })
})

it('neighbours are drawn as one range, gaps stay', () => {
  const ranges = [
    { start: 0, end: 5 },
    { start: 5, end: 9 },
    { start: 10, end: 12 },
  ]
  expect(mergeRanges(ranges)).toEqual([
    { start: 0, end: 9 },
    { start: 10, end: 12 },
  ])
  expect(ranges[0]).toEqual({ start: 0, end: 5 })
})
