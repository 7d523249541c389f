// Makes screenshots smaller, and puts them in a row: an animated PNG is the chunks of its frames, numbered.
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const SIGNATURE_BYTES = 8

/**
 * The same picture, packed as tightly as deflate can: browsers hurry.
 * @param {Buffer} png
 */
export function repack(png) {
  const header = chunksOf(png).find(({ type }) => type === 'IHDR').data
  const signature = png.subarray(0, SIGNATURE_BYTES)
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixelsOf(png)), chunk('IEND', Buffer.alloc(0))])
}

/**
 * An animated PNG that runs for ever; `frames` are PNGs of one size and colour type, each with the ms it is shown.
 * @param {{ png: Buffer, ms: number }[]} frames
 */
export function animate(frames) {
  const [first] = frames.map(({ png }) => chunksOf(png))
  const header = first.find(({ type }) => type === 'IHDR').data
  let sequence = 0
  const parts = frames.flatMap(({ png, ms }, index) => {
    const control = Buffer.alloc(26)
    control.writeUInt32BE(sequence++)
    // The size of the picture; the frame stands at its corner and replaces what was there.
    header.copy(control, 4, 0, 8)
    control.writeUInt16BE(ms, 20)
    control.writeUInt16BE(1000, 22)
    const pixels = pixelsOf(png)
    if (index === 0) return [chunk('fcTL', control), chunk('IDAT', pixels)]
    const number = Buffer.alloc(4)
    number.writeUInt32BE(sequence++)
    return [chunk('fcTL', control), chunk('fdAT', Buffer.concat([number, pixels]))]
  })
  const animation = Buffer.alloc(8)
  animation.writeUInt32BE(frames.length)
  return Buffer.concat([
    frames[0].png.subarray(0, SIGNATURE_BYTES),
    chunk('IHDR', header),
    chunk('acTL', animation),
    ...parts,
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function pixelsOf(png) {
  const packed = Buffer.concat(chunksOf(png).flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])))
  return deflateSync(inflateSync(packed), { level: 9, memLevel: 9 })
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
