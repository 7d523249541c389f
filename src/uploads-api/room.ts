import { ApiError } from './errors.js'

/** Counts the bytes that are kept, those on their way included, and refuses the ones that find no place. */
export class Room {
  readonly #max: number
  #used = 0

  constructor(maxStoredBytes: number) {
    this.#max = maxStoredBytes
  }

  /** Refuses what will surely not fit; holds nothing back for it. */
  assertFor(bytes: number): void {
    if (this.#used + bytes <= this.#max) return
    throw new ApiError(
      `At most ${this.#max} bytes are stored here, and ${this.#used} of them are taken. Delete Files, cancel Uploads, or wait until they expire.`,
      { status: 429, code: 'insufficient_quota' },
    )
  }

  /** Counts bytes that are being written. */
  take(bytes: number): void {
    this.assertFor(bytes)
    this.#used += bytes
  }

  /** Counts bytes that were found, whatever their number. */
  found(bytes: number): void {
    this.#used += bytes
  }

  give(bytes: number): void {
    this.#used -= bytes
  }
}
