import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PartSize, type PartTiming, sizeAfter } from './part-size.js'

const MIB = 2 ** 20
const limits = { from: 4 * MIB, to: 64 * MIB, least: MIB / 4 }
/** A part whose bytes left as it was accepted, unless `sending` says otherwise. */
const part = (bytes: number, accepted: number, sending = accepted): PartTiming => ({ bytes, accepted, sending })
const NEVER = Number.POSITIVE_INFINITY

describe('the size of the next parts', () => {
  it.each([
    ['doubles after a fast part', 4, part(4 * MIB, 500), 8],
    ['doubles once for parts that were on their way together', 8, part(4 * MIB, 500), 8],
    ['stays where a part takes 2 s', 4, part(4 * MIB, 2000), 4],
    ['stays where a part takes 5 s', 4, part(4 * MIB, 5000), 4],
    ['is halved after a slow part', 16, part(16 * MIB, 5001), 8],
    ['is halved once for parts that were on their way together', 8, part(16 * MIB, 9000), 8],
    ['goes below where it began on a slow line', 4, part(4 * MIB, 60_000), 2],
    [
      'stays where only the answer took long: smaller parts would not be answered sooner',
      16,
      part(16 * MIB, 9000, 400),
      16,
    ],
    ['ends at the largest', 64, part(64 * MIB, 500), 64],
    ['ends at the smallest', 0.25, part(0.25 * MIB, 90_000), 0.25],
    ['learns nothing from the rest of a file, which was fast', 16, part(MIB, 100), 16],
    ['learns nothing from the rest of a file, which was slow', 16, part(1000, 9000), 16],
    ['learns from a part that was cut smaller so that a file can use its connections', 64, part(6 * MIB, 20_000), 3],
    ['is halved after a part that was cut off late', 8, part(8 * MIB, NEVER, 20_000), 4],
    ['stays after a part that was cut off early', 8, part(8 * MIB, NEVER, 100), 8],
  ])('%s', (_what, size, timing, expected) => {
    expect(sizeAfter(size * MIB, timing, limits)).toBe(expected * MIB)
  })

  const ms = fc.oneof(fc.constant(NEVER), fc.integer({ min: 0, max: 600_000 }))
  const history = fc.array(fc.record({ share: fc.double({ min: 0, max: 2, noNaN: true }), accepted: ms, sending: ms }))

  it('is a whole number within its limits and at most twice the one before, whatever happens', () => {
    fc.assert(
      fc.property(history, (parts) => {
        let size = limits.from
        for (const { share, accepted, sending } of parts) {
          const after = sizeAfter(size, { bytes: Math.ceil(share * size), accepted, sending }, limits)
          expect(Number.isInteger(after) && after >= limits.least && after <= limits.to && after <= 2 * size).toBe(true)
          size = after
        }
      }),
    )
  })

  it('comes to rest where a part takes 2 to 5 s, or at a limit, on a line of any speed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 1e9 }), (bytesPerSecond) => {
        const msOf = (bytes: number) => (bytes / bytesPerSecond) * 1000
        let size = limits.from
        for (let sent = 0; sent < 20; sent += 1) size = sizeAfter(size, part(size, msOf(size)), limits)
        expect(sizeAfter(size, part(size, msOf(size)), limits)).toBe(size)
        if (size > limits.least) expect(msOf(size)).toBeLessThanOrEqual(5000)
        if (size < limits.to) expect(msOf(size)).toBeGreaterThanOrEqual(2000)
      }),
    )
  })
})

describe('a part', () => {
  const fast = (size: PartSize, bytes: number) => size.learn(part(bytes, 100))

  it('has 4 MiB to begin with, and up to 64 MiB on a fast line', () => {
    const size = new PartSize(undefined)
    const sizes = Array.from({ length: 6 }, () => {
      const next = size.next(8 * 2 ** 30, 4, 64 * MIB)
      fast(size, next)
      return next / MIB
    })
    expect(sizes).toEqual([4, 8, 16, 32, 64, 64])
  })

  it('is small enough that a file has two for each connection, but no smaller than to begin with', () => {
    const size = new PartSize(undefined)
    for (const bytes of [4, 8, 16, 32]) fast(size, bytes * MIB)
    expect(size.next(64 * MIB, 4, 64 * MIB)).toBe(8 * MIB)
    expect(size.next(64 * MIB, 2, 64 * MIB)).toBe(16 * MIB)
    expect(size.next(10 * MIB, 4, 64 * MIB)).toBe(4 * MIB)
    expect(size.next(8 * 2 ** 30, 4, 64 * MIB)).toBe(64 * MIB)
  })

  it('is never larger than the backend allows, or than a refusal taught, however fast the line is', () => {
    const size = new PartSize(undefined)
    expect(size.next(2 ** 30, 4, MIB)).toBe(MIB)
    size.refuse(16 * MIB)
    for (const bytes of [4, 8, 16, 32]) fast(size, bytes * MIB)
    expect(size.next(2 ** 30, 4, 64 * MIB)).toBe(8 * MIB)
  })

  it('keeps the size that the app asks for', () => {
    const size = new PartSize(1000)
    fast(size, 1000)
    expect(size.next(8000, 4, 64 * MIB)).toBe(1000)
    size.learn(part(1000, 60_000))
    expect(size.next(8000, 4, 64 * MIB)).toBe(1000)
  })
})
