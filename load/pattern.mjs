// The bytes of every file here: a long run of noise, again and again. Where one is in it, thirty-two bytes tell, so that
// parts that were shifted, cut, doubled or mixed up are found. To compare them is a memcmp, which is not what is measured.

/** A prime, which no size of a chunk divides. */
export const PERIOD = 1_048_573

const noise = Buffer.alloc(2 * PERIOD)
let state = 1
for (let at = 0; at < PERIOD; at += 1) {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  noise[at] = noise[PERIOD + at] = state >>> 24
}

/** The bytes from `offset` on: `length` of them, or as many as there are in one piece. */
export function bytesAt(offset, length) {
  const start = offset % PERIOD
  return noise.subarray(start, start + Math.min(length, PERIOD))
}

/** Where in the noise these bytes begin; -1 when nowhere. */
export const placeOf = (bytes) => noise.indexOf(bytes.subarray(0, 32))

/** Whether `chunk` is what stands at `offset`. */
export function isAt(offset, chunk) {
  for (let at = 0; at < chunk.length; ) {
    const expected = bytesAt(offset + at, chunk.length - at)
    if (!expected.equals(chunk.subarray(at, at + expected.length))) return false
    at += expected.length
  }
  return true
}
