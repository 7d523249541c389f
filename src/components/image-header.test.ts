import { describe, expect, it } from 'vitest'
import { HEADER_BYTES, readImageHeader } from './image-header.js'
import { isDrawable } from './thumbnail.js'

type Piece = string | number[]
const bytesOf = (...pieces: Piece[]) =>
  Uint8Array.from(
    pieces.flatMap((piece) => (typeof piece === 'string' ? Array.from(piece, (char) => char.charCodeAt(0)) : piece)),
  )
const read = (...pieces: Piece[]) => readImageHeader(bytesOf(...pieces))
const big = (value: number, bytes = 4) =>
  Array.from({ length: bytes }, (_, i) => (value >>> (8 * (bytes - 1 - i))) & 255)
const little = (value: number, bytes = 2) => big(value, bytes).reverse()
const zeros = (count: number) => Array.from({ length: count }, () => 0)
const box = (name: string, ...content: Piece[]): number[] => {
  const inner = [...bytesOf(...content)]
  return [...big(8 + inner.length), ...bytesOf(name), ...inner]
}

const png = (width: number, height: number) => ['\x89PNG\r\n\x1a\n', big(13), 'IHDR', big(width), big(height)]
const gifScreen = (width: number, height: number, flags = 0) => ['GIF89a', little(width), little(height), [flags, 0, 0]]
const gifPicture = (width: number, height: number) => [[0x2c], zeros(4), little(width), little(height)]
const ispe = (width: number, height: number) => box('ispe', zeros(4), big(width), big(height))
const avif = (...sizes: number[][]) => [
  box('ftyp', 'avif', zeros(4), 'mif1'),
  box('meta', zeros(4), box('hdlr', zeros(20)), box('iprp', box('ipco', ...sizes))),
]

describe('readImageHeader', () => {
  it('reads the size of every kind it knows', () => {
    const size = { width: 640, height: 480 }
    expect(read(...png(640, 480))).toEqual({ type: 'image/png', ...size })
    expect(
      read('\xff\xd8\xff\xe0', big(4, 2), [0, 0], '\xff\xff\xc2', big(8, 2), [8], big(480, 2), big(640, 2)),
    ).toEqual({
      type: 'image/jpeg',
      ...size,
    })
    expect(read(...gifScreen(640, 480), ...gifPicture(10, 10))).toEqual({ type: 'image/gif', ...size })
    expect(read('RIFF', zeros(4), 'WEBPVP8 ', zeros(7), '\x9d\x01\x2a', little(640), little(480))).toEqual({
      type: 'image/webp',
      ...size,
    })
    expect(read('RIFF', zeros(4), 'WEBPVP8L', zeros(4), [0x2f], little(639 + 479 * 2 ** 14, 4))).toEqual({
      type: 'image/webp',
      ...size,
    })
    expect(read('RIFF', zeros(4), 'WEBPVP8X', zeros(8), little(639, 3), little(479, 3))).toEqual({
      type: 'image/webp',
      ...size,
    })
    expect(read(...avif(ispe(640, 480)))).toEqual({ type: 'image/avif', ...size })
    expect(read('BM', zeros(12), little(40, 4), little(640, 4), little(-480 >>> 0, 4))).toEqual({
      type: 'image/bmp',
      ...size,
    })
  })

  it('goes by the bytes: markup and text are no image, whatever they are called', () => {
    for (const words of [
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      '<!doctype html><img>',
    ])
      expect(read(words)).toBeNull()
    expect(read('BMW prices, 2026, all of them, and a few more words')).toBeNull()
    expect(read('RIFF', zeros(4), 'WAVEfmt ')).toBeNull()
    expect(
      read(box('ftyp', 'heic', zeros(4), 'mif1'), box('meta', zeros(4), box('iprp', box('ipco', ispe(4, 4))))),
    ).toBeNull()
  })

  it('is not fooled by a GIF that says it is small, and whose first picture is not', () => {
    const hidden = read(...gifScreen(1, 1, 0x80), zeros(6), [0x21, 0xf9, 4], zeros(5), ...gifPicture(60_000, 60_000))
    expect(hidden).toMatchObject({ width: 60_000, height: 60_000 })
    expect(hidden && isDrawable(hidden)).toBe(false)
  })

  it('takes the largest size that an AVIF mentions, since a decoder may', () => {
    expect(read(...avif(ispe(100, 80), ispe(30_000, 20)))).toMatchObject({ width: 30_000, height: 80 })
  })

  it('is null for a header that ends too early or says nothing, and always comes to an end', () => {
    const whole = bytesOf(...png(640, 480))
    for (let length = 0; length < whole.length; length += 1) expect(readImageHeader(whole.slice(0, length))).toBeNull()
    expect(read(...png(0, 480))).toBeNull()
    expect(read('\xff\xd8\xff\xda', big(4, 2))).toBeNull()
    expect(read(box('ftyp', 'avif'), big(0), 'meta')).toBeNull()
    expect(read(box('ftyp', 'avif'), big(4), 'meta')).toBeNull()
    for (const start of ['\xff\xd8\xff', 'GIF89a', '\0\0\0\x18ftypavif']) {
      const noise = new Uint8Array(HEADER_BYTES).fill(0xff)
      noise.set(bytesOf(start))
      expect(readImageHeader(noise)).toBeNull()
    }
  })
})

describe('isDrawable', () => {
  it('leaves out what takes too much memory to decode, and what would show nothing', () => {
    expect(isDrawable({ width: 8064, height: 6048 })).toBe(true)
    expect(isDrawable({ width: 25_000, height: 20_000 })).toBe(false)
    expect(isDrawable({ width: 10_000, height: 10 })).toBe(false)
  })
})
