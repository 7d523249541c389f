import type { ByteRange } from '../protocol/index.js'

/** A range that the API has, and the part id that vouches for it. */
export interface AcceptedRange extends ByteRange {
  readonly partId: string
}

/**
 * Which bytes the API has, in file order and without overlaps: the only record there is, as the API lists nothing.
 * Keyed by range, never by index, since parts may be of unequal size.
 */
export type Ledger = readonly AcceptedRange[]

/** Enters an accepted range; null when it is no range, overlaps another, or its id was entered before. */
export function accept(ledger: Ledger, range: ByteRange, partId: string): Ledger | null {
  if (!(range.start >= 0 && range.start < range.end)) return null
  if (ledger.some((entry) => entry.partId === partId)) return null
  const at = ledger.findLastIndex((entry) => entry.start < range.start) + 1
  const before = ledger[at - 1]
  const after = ledger[at]
  if ((before && before.end > range.start) || (after && after.start < range.end)) return null
  return ledger.toSpliced(at, 0, { start: range.start, end: range.end, partId })
}

/** The first range of at most `partSize` bytes that is in none of `taken` (sorted, no overlaps); null when all is taken. */
export function nextRange(taken: readonly ByteRange[], bytesTotal: number, partSize: number): ByteRange | null {
  let start = 0
  for (const range of taken) {
    if (range.start > start) return { start, end: Math.min(start + partSize, range.start) }
    start = range.end
  }
  return start < bytesTotal ? { start, end: Math.min(start + partSize, bytesTotal) } : null
}

/** Joins neighbours, so that what is drawn and what is scanned stays short however many parts there are. */
export function mergeRanges(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const merged: { start: number; end: number }[] = []
  for (const { start, end } of ranges) {
    const last = merged.at(-1)
    if (last && last.end === start) last.end = end
    else merged.push({ start, end })
  }
  return merged
}

/** The part ids in file order, or null unless the ledger covers every byte of the file exactly once. */
export function orderedPartIds(ledger: Ledger, bytesTotal: number): string[] | null {
  const [whole, ...rest] = mergeRanges(ledger)
  const covered = whole && rest.length === 0 && whole.start === 0 && whole.end === bytesTotal
  return covered ? ledger.map((entry) => entry.partId) : null
}
