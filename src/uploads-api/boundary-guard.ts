/** Cuts a multipart body where the parser may be handed a chunk's end. */
export interface BoundaryGuard {
  /** Takes the next bytes and returns those that can be parsed now. */
  push(bytes: Uint8Array): Uint8Array
  /** What was held back. */
  rest(): Uint8Array
}

const CR = 13

/**
 * The parser looks at the two bytes after a boundary (`--` at the end of a form, a line break elsewhere) and takes
 * them to be in one chunk. So a chunk's end that may be inside a boundary or those bytes is held back and
 * handed over with what follows: at most the boundary's length and a few bytes.
 */
export function createBoundaryGuard(boundary: string): BoundaryGuard {
  const delimiter = new TextEncoder().encode(`\r\n--${boundary}`)
  // A form's first boundary has no line break before it; this one makes it like the others.
  let held: Uint8Array = Uint8Array.of(CR, 10)

  return {
    push: (bytes) => {
      const all = held.length === 0 ? bytes : concat(held, bytes)
      const cut = safeCut(all, delimiter)
      held = all.slice(cut)
      return all.subarray(0, cut)
    },
    rest: () => held,
  }
}

/** Where the last delimiter begins that is not surely followed by two more bytes, or the end. */
function safeCut(bytes: Uint8Array, delimiter: Uint8Array): number {
  let start = Math.max(0, bytes.length - delimiter.length - 1)
  while (true) {
    start = bytes.indexOf(CR, start)
    if (start === -1) return bytes.length
    if (delimiter.every((byte, i) => start + i >= bytes.length || bytes[start + i] === byte)) return start
    start += 1
  }
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
