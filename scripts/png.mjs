// Makes screenshots small, and puts them in a row: an animated PNG is the chunks of its frames, numbered.
// A screen has few colours and their blends at the edges of letters: 256 of them, with one byte a pixel, look the same.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE_BYTES = 8
const MOST_COLOURS = 256
// The surfaces and texts of a page, which lie close to each other.
const KEPT_EXACTLY = 48

/**
 * The same picture, small.
 * @param {Buffer} png
 */
export function repack(png) {
  const picture = read(png)
  const palette = paletteOf([picture])
  return Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    headerOf(picture),
    chunk('PLTE', palette.bytes),
    chunk('IDAT', packed(picture, palette)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/**
 * An animated PNG that runs for ever; `frames` are PNGs of one size, each with the ms it is shown.
 * @param {{ png: Buffer, ms: number }[]} frames
 */
export function animate(frames) {
  const pictures = frames.map(({ png }) => read(png))
  const [first] = pictures
  const palette = paletteOf(pictures)
  let sequence = 0
  const parts = frames.flatMap(({ ms }, index) => {
    const control = Buffer.alloc(26)
    control.writeUInt32BE(sequence++)
    // The frame stands at the corner of the picture and replaces what was there.
    control.writeUInt32BE(first.width, 4)
    control.writeUInt32BE(first.height, 8)
    control.writeUInt16BE(ms, 20)
    control.writeUInt16BE(1000, 22)
    const pixels = packed(pictures[index], palette)
    if (index === 0) return [chunk('fcTL', control), chunk('IDAT', pixels)]
    const number = Buffer.alloc(4)
    number.writeUInt32BE(sequence++)
    return [chunk('fcTL', control), chunk('fdAT', Buffer.concat([number, pixels]))]
  })
  const animation = Buffer.alloc(8)
  animation.writeUInt32BE(frames.length)
  return Buffer.concat([
    frames[0].png.subarray(0, SIGNATURE_BYTES),
    headerOf(first),
    chunk('acTL', animation),
    chunk('PLTE', palette.bytes),
    ...parts,
    chunk('IEND', Buffer.alloc(0)),
  ])
}

// COLOURS

/** The colours of all pictures: the most frequent ones, then those that none of them comes near, so that no hue is lost. */
function paletteOf(pictures) {
  const counts = new Map()
  for (const { colours } of pictures) for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const byFrequency = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour)
  const kept = byFrequency.slice(0, KEPT_EXACTLY)
  for (let apart = 48; kept.length < MOST_COLOURS && apart > 0; apart = Math.floor(apart / 2)) {
    for (const colour of byFrequency) {
      if (kept.length === MOST_COLOURS) break
      if (distance(colour, kept[nearest(colour, kept)]) >= apart ** 2) kept.push(colour)
    }
  }
  const indexes = new Map(byFrequency.map((colour) => [colour, nearest(colour, kept)]))
  return { indexes, bytes: Buffer.from(kept.flatMap(channelsOf)) }
}

function distance(one, other) {
  const [red, green, blue] = channelsOf(other)
  return channelsOf(one).reduce((sum, value, at) => sum + (value - [red, green, blue][at]) ** 2, 0)
}

function nearest(colour, kept) {
  const [r, g, b] = channelsOf(colour)
  let [best, least] = [0, Number.POSITIVE_INFINITY]
  kept.forEach((other, index) => {
    const [red, green, blue] = channelsOf(other)
    const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2
    if (distance < least) [best, least] = [index, distance]
  })
  return best
}

function channelsOf(colour) {
  return [colour >> 16, (colour >> 8) & 255, colour & 255]
}

function packed({ width, height, colours }, { indexes }) {
  // A byte before each line says how it is filtered: not at all, which suits a palette.
  const lines = Buffer.alloc((width + 1) * height)
  colours.forEach((colour, at) => {
    lines[at + Math.floor(at / width) + 1] = indexes.get(colour)
  })
  return deflateSync(lines, { level: 9, memLevel: 9 })
}

// THE FORMAT

function headerOf({ width, height }) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width)
  header.writeUInt32BE(height, 4)
  // Eight bits a pixel, which stand for a place in the palette.
  header[8] = 8
  header[9] = 3
  return chunk('IHDR', header)
}

/** The colours of a browser's screenshot, pixel by pixel: eight bits a channel, not interlaced, nothing transparent. */
function read(png) {
  const chunks = chunksOf(png)
  const header = chunks.find(({ type }) => type === 'IHDR').data
  const [width, height, channels] = [header.readUInt32BE(0), header.readUInt32BE(4), header[9] === 6 ? 4 : 3]
  const lines = inflateSync(Buffer.concat(chunks.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : []))))
  const stride = width * channels
  const colours = new Uint32Array(width * height)
  let above = Buffer.alloc(stride)
  for (let y = 0; y < height; y += 1) {
    const start = y * (stride + 1)
    const line = lines.subarray(start + 1, start + 1 + stride)
    unfilter(lines[start], line, above, channels)
    for (let x = 0; x < width; x += 1) colours[y * width + x] = line.readUIntBE(x * channels, 3)
    above = line
  }
  return { width, height, colours }
}

/** Source: the PNG specification, section 9. */
function unfilter(filter, line, above, channels) {
  for (let at = 0; at < line.length; at += 1) {
    const [a, b, c] = [line[at - channels] ?? 0, above[at], above[at - channels] ?? 0]
    if (filter === 1) line[at] += a
    else if (filter === 2) line[at] += b
    else if (filter === 3) line[at] += (a + b) >> 1
    else if (filter === 4) line[at] += paeth(a, b, c)
  }
}

function paeth(a, b, c) {
  const [toA, toB, toC] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)]
  if (toA <= toB && toA <= toC) return a
  return toB <= toC ? b : c
}

function chunksOf(png) {
  const chunks = []
  for (let at = SIGNATURE_BYTES; at < png.length; ) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += length + 12
  }
  return chunks
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
