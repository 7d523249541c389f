import { DEFAULT_PART_BYTES, MAX_PART_BYTES, MIN_PART_BYTES } from '../protocol/index.js'

/** Between which sizes parts follow the speed of the line. */
export interface PartSizeRange {
  /** Bytes to begin with. @default 4194304 */
  from?: number
  /** Most bytes. @default 67108864 */
  to?: number
}

/** Bytes of parts: to begin with, and at most. */
export function partSizesOf(option: number | PartSizeRange = {}): Required<PartSizeRange> {
  if (typeof option === 'number') return { from: option, to: option }
  const { from = DEFAULT_PART_BYTES, to = MAX_PART_BYTES } = option
  return { from, to }
}

/** How a part of so many bytes fared. */
export interface PartTiming {
  bytes: number
  /** Ms during which its bytes left the browser. */
  sending: number
  /** Ms until it was accepted; infinite when it never was. */
  accepted: number
}

// A part costs the API about half a second whatever its size, so larger ones are faster; but what is lost with a
// connection grows with them, and proxies cut requests off that take long.
const FAST_MS = 2000
const SLOW_MS = 5000

/**
 * Bytes of the next parts after one of them: twice as many, half as many, or the same. The speed is taken from parts of
 * the size that is judged, so that those on their way together are one lesson, and the rest at the end of a file is none.
 */
export function sizeAfter(
  size: number,
  { bytes, sending, accepted }: PartTiming,
  { least, from, to }: Required<PartSizeRange> & { least: number },
): number {
  if (bytes >= size && accepted < FAST_MS) return Math.max(size, Math.min(to, 2 * size))
  if (bytes < Math.min(size, from) || sending <= SLOW_MS) return size
  return Math.min(size, Math.max(least, Math.ceil(bytes / 2)))
}

/**
 * How large the next part may be. Parts need not be equal, so it may change at any time: ranges that are accepted stay,
 * and the rest is cut anew.
 */
export class PartSize {
  readonly #floor: number
  readonly #sizes: Parameters<typeof sizeAfter>[2]
  #size: number
  #refused = Number.POSITIVE_INFINITY

  /** A number keeps parts at that size. Never below `floor` bytes because of a refusal, or of a slow line. */
  constructor(option: number | PartSizeRange | undefined, floor: number = MIN_PART_BYTES) {
    const { from, to } = partSizesOf(option)
    this.#floor = floor
    this.#sizes = { from, to, least: from === to ? from : Math.min(floor, from) }
    this.#size = from
  }

  /** Bytes of the next part of a file: at most `allowed`, and few enough that `connections` have something to send. */
  next(bytesTotal: number, connections: number, allowed: number): number {
    const shared = Math.max(this.#sizes.from, Math.ceil(bytesTotal / (2 * connections)))
    return Math.min(this.#size, shared, allowed, this.#refused)
  }

  /** A part fared so; the next ones are cut accordingly. */
  learn(timing: PartTiming): void {
    this.#size = sizeAfter(this.#size, timing, this.#sizes)
  }

  /** A part of `size` bytes was too large on the way; false when smaller ones are not worth trying. */
  refuse(size: number): boolean {
    if (size <= this.#floor) return false
    // Two parts of one size that were refused together are one lesson.
    this.#refused = Math.min(this.#refused, Math.max(this.#floor, Math.ceil(size / 2)))
    return true
  }
}
