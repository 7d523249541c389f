import { MIN_PART_BYTES } from '../protocol/index.js'

/**
 * How large the next part may be. Parts need not be equal, so it may change at any time: ranges that are accepted stay,
 * and the rest is cut anew.
 */
export class PartSize {
  readonly #floor: number
  #refused = Number.POSITIVE_INFINITY

  /** Never below `floor` bytes because of a refusal. */
  constructor(floor: number = MIN_PART_BYTES) {
    this.#floor = floor
  }

  /** At most `wanted` bytes. */
  atMost(wanted: number): number {
    return Math.min(wanted, this.#refused)
  }

  /** A part of `size` bytes was too large on the way; false when smaller ones are not worth trying. */
  refuse(size: number): boolean {
    if (size <= this.#floor) return false
    // Two parts of one size that were refused together are one lesson.
    this.#refused = Math.min(this.#refused, Math.max(this.#floor, Math.ceil(size / 2)))
    return true
  }
}
