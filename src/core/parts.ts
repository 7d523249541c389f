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

/**
 * The first range of at most `partSize` bytes that is in none of `taken`, in whatever order; null when all is taken.
 * What lies in `postponed` comes when nothing else is left.
 */
export function nextRange(
  taken: readonly ByteRange[],
  bytesTotal: number,
  partSize: number,
  postponed: readonly ByteRange[] = [],
): ByteRange | null {
  const cut = (start: number, end: number) => (start < end ? { start, end: Math.min(start + partSize, end) } : null)
  const last = new Set(postponed)
  // The first gap in what is taken alone, for when all of the rest is postponed.
  let gap: ByteRange | null = null
  let takenTo = 0
  let coveredTo = 0
  for (const range of [...taken, ...postponed].sort((a, b) => a.start - b.start)) {
    if (range.start > coveredTo) return cut(coveredTo, range.start)
    coveredTo = Math.max(coveredTo, range.end)
    if (last.has(range)) continue
    gap ??= cut(takenTo, range.start)
    takenTo = Math.max(takenTo, range.end)
  }
  return cut(coveredTo, bytesTotal) ?? gap ?? cut(takenTo, bytesTotal)
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
