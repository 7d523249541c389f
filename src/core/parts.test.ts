import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ByteRange } from '../protocol/index.js'
import { Ledger, nextRange } from './parts.js'

/** Takes ranges until none is left. */
function plan(bytesTotal: number, partSize: (taken: number) => number): ByteRange[] {
  const ranges: ByteRange[] = []
  for (;;) {
    const range = nextRange(ranges, bytesTotal, partSize(ranges.length))
    if (!range) return ranges
    ranges.push(range)
  }
}

const partsOf = (...ranges: [number, number, string][]) =>
  ranges.map(([start, end, partId]) => ({ start, end, partId }))
const ledgerOf = (...ranges: [number, number, string][]) => new Ledger(partsOf(...ranges))

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

  it('is found among ranges in any order, also where they overlap', () => {
    const taken = [
      { start: 12, end: 14 },
      { start: 30, end: 40 },
      { start: 0, end: 20 },
    ]
    expect(nextRange(taken, 40, 100)).toEqual({ start: 20, end: 30 })
  })

  it('comes from what is postponed when nothing else is left', () => {
    const taken = [{ start: 10, end: 20 }]
    const postponed = [
      { start: 30, end: 40 },
      { start: 0, end: 5 },
    ]
    const order: [number, number][] = []
    for (;;) {
      const range = nextRange(taken, 40, 8, postponed)
      if (!range) break
      taken.push(range)
      order.push([range.start, range.end])
    }
    expect(order).toEqual([
      [5, 10],
      [20, 28],
      [28, 30],
      [0, 5],
      [30, 38],
      [38, 40],
    ])
    // Both lie in what is left, and the part may be as large as both.
    expect(
      nextRange([], 40, 100, [
        { start: 0, end: 20 },
        { start: 20, end: 40 },
      ]),
    ).toEqual({ start: 0, end: 40 })
  })

  it('is the same as if what is postponed were taken first and given back after', () => {
    const ranges = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 1, max: 30 })).map(([start, size]) => ({
        start,
        end: Math.min(start + size, 100),
      })),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(ranges, ranges, fc.integer({ min: 1, max: 40 }), (taken, postponed, partSize) => {
        const expected = nextRange([...taken, ...postponed], 100, partSize) ?? nextRange(taken, 100, partSize)
        expect(nextRange(taken, 100, partSize, postponed)).toEqual(expected)
      }),
    )
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
    const ledger = ledgerOf([10, 20, 'part_b'])
    expect(ledger.enter({ start: 0, end: 10 }, 'part_a')).toBe(true)
    expect(ledger.parts).toEqual(partsOf([0, 10, 'part_a'], [10, 20, 'part_b']))
  })

  it('gives a list that does not change, and the same one until something does', () => {
    const ledger = ledgerOf([0, 10, 'part_a'])
    const before = ledger.parts
    expect(ledger.parts).toBe(before)
    ledger.enter({ start: 10, end: 20 }, 'part_b')
    expect(before).toHaveLength(1)
    expect(ledger.parts).toHaveLength(2)
  })

  it('shows neighbours as one range, whichever came first, and keeps gaps', () => {
    const ledger = ledgerOf([10, 12, 'part_c'], [0, 5, 'part_a'], [5, 9, 'part_b'])
    expect(ledger.ranges).toEqual([
      { start: 0, end: 9 },
      { start: 10, end: 12 },
    ])
    ledger.enter({ start: 9, end: 10 }, 'part_d')
    expect(ledger.ranges).toEqual([{ start: 0, end: 12 }])
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
    expect(ledger.enter({ start: start as number, end: end as number }, 'part_b')).toBe(false)
    expect(ledger.parts).toEqual(partsOf([10, 20, 'part_a']))
  })

  it('refuses a part id that it has', () => {
    expect(ledgerOf([0, 10, 'part_a']).enter({ start: 10, end: 20 }, 'part_a')).toBe(false)
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
        const ledger = new Ledger()
        for (const [index, { partId, ...range }] of arrived.entries()) {
          expect(ledger.partIds(1000)).toBeNull()
          expect(ledger.enter(range, partId)).toBe(true)
          expect(ledger.parts).toHaveLength(index + 1)
        }
        expect(ledger.partIds(1000)).toEqual(entries.map(({ partId }) => partId))
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
    expect(ledger.partIds(20)).toBeNull()
  })
})
