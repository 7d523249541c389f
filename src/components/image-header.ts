/** A raster image by its first bytes, whatever its name and type say. */
export interface ImageHeader {
  type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/avif' | 'image/bmp'
  /** Pixels that a decoder would have to make room for; never less than it does. */
  width: number
  height: number
}

/** Enough for the largest profile that a camera writes before the size of a JPEG. */
export const HEADER_BYTES = 256 * 2 ** 10

/**
 * Reads the kind and the size of an image from the start of its file; null for everything else, SVG and HTML included,
 * and for what hides its size.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    const header = png(view) ?? jpeg(view) ?? gif(view) ?? webp(view) ?? bmp(view) ?? avif(view)
    return header && header.width > 0 && header.height > 0 ? header : null
  } catch (error) {
    // The bytes end before the header does.
    if (error instanceof RangeError) return null
    throw error
  }
}

function text(view: DataView, at: number, length: number): string {
  let found = ''
  for (let index = at; index < Math.min(at + length, view.byteLength); index += 1)
    found += String.fromCharCode(view.getUint8(index))
  return found
}

function png(view: DataView): ImageHeader | null {
  if (text(view, 0, 8) !== '\x89PNG\r\n\x1a\n' || text(view, 12, 4) !== 'IHDR') return null
  return { type: 'image/png', width: view.getUint32(16), height: view.getUint32(20) }
}

function jpeg(view: DataView): ImageHeader | null {
  if (text(view, 0, 3) !== '\xff\xd8\xff') return null
  let at = 2
  for (;;) {
    if (view.getUint8(at) !== 0xff) return null
    const marker = view.getUint8(at + 1)
    // Fill bytes, and markers without a length.
    if (marker === 0xff || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += marker === 0xff ? 1 : 2
    else if (isFrame(marker))
      return { type: 'image/jpeg', width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    // The image begins, or ends, without having said how large it is.
    else if (marker === 0xda || marker === 0xd9) return null
    else at += 2 + view.getUint16(at + 2)
  }
}

/** C0 to CF begin a frame, but for the tables among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

function gif(view: DataView): ImageHeader | null {
  if (!/^GIF8[79]a$/.test(text(view, 0, 6))) return null
  const colors = (flags: number) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)
  let at = 13 + colors(view.getUint8(10))
  // Extensions come before the first picture.
  while (view.getUint8(at) === 0x21) {
    at += 2
    for (let length = view.getUint8(at); length > 0; length = view.getUint8(at)) at += 1 + length
    at += 1
  }
  if (view.getUint8(at) !== 0x2c) return null
  const [left, top, width, height] = [1, 3, 5, 7].map((offset) => view.getUint16(at + offset, true)) as [
    number,
    number,
    number,
    number,
  ]
  // Decoders make room for a picture that is larger than the screen it claims to be drawn on.
  return {
    type: 'image/gif',
    width: Math.max(view.getUint16(6, true), left + width),
    height: Math.max(view.getUint16(8, true), top + height),
  }
}

function webp(view: DataView): ImageHeader | null {
  if (text(view, 0, 4) !== 'RIFF' || text(view, 8, 4) !== 'WEBP') return null
  const type = 'image/webp'
  switch (text(view, 12, 4)) {
    case 'VP8 ':
      if (text(view, 23, 3) !== '\x9d\x01\x2a') return null
      return { type, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
    case 'VP8L': {
      if (view.getUint8(20) !== 0x2f) return null
      const bits = view.getUint32(21, true)
      return { type, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8X': {
      const uint24 = (at: number) => view.getUint16(at, true) + 0x10000 * view.getUint8(at + 2)
      return { type, width: uint24(24) + 1, height: uint24(27) + 1 }
    }
    default:
      return null
  }
}

const BMP_HEADERS: ReadonlySet<number> = new Set([40, 52, 56, 64, 108, 124])

function bmp(view: DataView): ImageHeader | null {
  if (text(view, 0, 2) !== 'BM' || !BMP_HEADERS.has(view.getUint32(14, true))) return null
  // Upside down, its height is negative.
  return { type: 'image/bmp', width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) }
}

function avif(view: DataView): ImageHeader | null {
  if (text(view, 4, 4) !== 'ftyp') return null
  const brands = text(view, 8, view.getUint32(0) - 8).match(/.{4}/gs) ?? []
  if (!brands.some((brand) => brand === 'avif' || brand === 'avis')) return null
  // The sizes of the whole and of its tiles; the largest is what it takes.
  const [width, height] = [0, 4].map((offset) =>
    Math.max(0, ...boxes(view, 0, ['meta', 'iprp', 'ipco', 'ispe']).map((at) => view.getUint32(at + 4 + offset))),
  ) as [number, number]
  return { type: 'image/avif', width, height }
}

/** Where the contents of all boxes at a path begin. */
function boxes(view: DataView, start: number, path: readonly string[], end = view.byteLength): number[] {
  const [name, ...inner] = path
  const found: number[] = []
  for (let at = start; at + 8 <= end; ) {
    const size = view.getUint32(at)
    // 0 is "to the end"; what is larger than 4 GiB, or smaller than its own head, is no picture of ours.
    if (size !== 0 && size < 8) break
    const next = size === 0 ? end : Math.min(end, at + size)
    if (text(view, at + 4, 4) === name) {
      const content = at + 8 + (name === 'meta' ? 4 : 0)
      if (inner.length === 0) found.push(content)
      else found.push(...boxes(view, content, inner, next))
    }
    at = next
  }
  return found
}
