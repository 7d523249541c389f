import type { ByteRange } from '../protocol/index.js'

/** A range that the API has, and the part id that vouches for it. */
export interface AcceptedRange extends ByteRange {
  readonly partId: string
}

/**
 * Which bytes the API has, without overlaps: the only record there is, as the API lists nothing.
 * Keyed by range, never by index, since parts may be of unequal size. A part costs the same to enter however many there
 * are: only a list of all of them takes a walk, and that is made when somebody asks for it.
 */
export class Ledger {
  readonly #entered: AcceptedRange[] = []
  readonly #ids = new Set<string>()
  #ranges: readonly ByteRange[] = []
  #parts: readonly AcceptedRange[] | null = []

  /** Begins with parts that were entered in an earlier page. */
  constructor(parts: readonly AcceptedRange[] = []) {
    for (const part of parts) this.enter(part, part.partId)
  }

  /** What was accepted, in file order and with neighbours joined: as many ranges as there are gaps, and one. */
  get ranges(): readonly ByteRange[] {
    return this.#ranges
  }

  /** Every part in file order: the same list until one is entered. */
  get parts(): readonly AcceptedRange[] {
    this.#parts ??= [...this.#entered].sort((a, b) => a.start - b.start)
    return this.#parts
  }

  has(partId: string): boolean {
    return this.#ids.has(partId)
  }

  /** Enters an accepted range; false when it is no range, overlaps another, or its id was entered before. */
  enter({ start, end }: ByteRange, partId: string): boolean {
    if (!(start >= 0 && start < end) || this.has(partId)) return false
    const at = this.#ranges.findLastIndex((range) => range.start < start) + 1
    const before = this.#ranges[at - 1]
    const after = this.#ranges[at]
    if ((before && before.end > start) || (after && after.start < end)) return false
    this.#ranges = mergeRanges(this.#ranges.toSpliced(at, 0, { start, end }))
    this.#entered.push({ start, end, partId })
    this.#ids.add(partId)
    this.#parts = null
    return true
  }

  /** The part ids in file order, or null unless they cover every byte of the file exactly once. */
  partIds(bytesTotal: number): string[] | null {
    const [whole, ...rest] = this.#ranges
    const covered = whole && rest.length === 0 && whole.start === 0 && whole.end === bytesTotal
    return covered ? this.parts.map((entry) => entry.partId) : null
  }
}

/** The first range of at most `partSize` bytes that is in none of `taken`, in whatever order; null when all is taken. */
export function nextRange(taken: readonly ByteRange[], bytesTotal: number, partSize: number): ByteRange | null {
  let start = 0
  for (const range of taken.toSorted((a, b) => a.start - b.start)) {
    if (range.start > start) return { start, end: Math.min(start + partSize, range.start) }
    start = Math.max(start, range.end)
  }
  return start < bytesTotal ? { start, end: Math.min(start + partSize, bytesTotal) } : null
}

/** Joins neighbours, so that what is drawn and what is scanned stays short however many parts there are. */
function mergeRanges(ranges: readonly ByteRange[]): readonly ByteRange[] {
  const merged: { start: number; end: number }[] = []
  for (const { start, end } of ranges) {
    const last = merged.at(-1)
    if (last && last.end === start) last.end = end
    else merged.push({ start, end })
  }
  return merged
}
