const BLOCK_BYTES = 2 ** 20

/** A File of `size` bytes without pattern, so that a lost, doubled or swapped byte shows; the same for the same seed. */
export function makeFile(name: string, size: number, { type = '', seed = 1, lastModified = 0 } = {}): File {
  const blocks: Uint8Array<ArrayBuffer>[] = []
  let state = seed >>> 0 || 1
  for (let start = 0; start < size; start += BLOCK_BYTES) {
    const block = new Uint8Array(Math.min(BLOCK_BYTES, size - start))
    for (let at = 0; at < block.length; at += 1) {
      // xorshift32
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      block[at] = state
    }
    blocks.push(block)
  }
  return new File(blocks, name, { type, lastModified })
}
