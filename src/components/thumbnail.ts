import { HEADER_BYTES, type ImageHeader, readImageHeader } from './image-header.js'

// Decoded, a pixel takes four bytes: 50 million of them are 200 MB for a moment, and larger than any phone's photograph.
const MAX_PIXELS = 50_000_000
const MAX_FILE_BYTES = 64 * 2 ** 20
/** A thumbnail of a ribbon shows nothing. */
const MAX_RATIO = 8
const AT_A_TIME = 2

/** Width of what is drawn, in pixels. */
const WIDTH = 128

/**
 * Draws a raster image small; false where there is nothing to draw: no such image, too large to decode, broken, or
 * called off. Its bytes decide what it is, and they never become a URL, so that nothing in them can run.
 */
export async function drawThumbnail(file: Blob, canvas: HTMLCanvasElement, signal: AbortSignal): Promise<boolean> {
  const bitmap = await inTurn(() => (signal.aborted ? null : decode(file))).catch(() => null)
  if (!bitmap) return false
  try {
    const context = signal.aborted ? null : canvas.getContext('2d')
    if (!context) return false
    canvas.width = bitmap.width
    canvas.height = bitmap.height
    context.drawImage(bitmap, 0, 0)
    return true
  } finally {
    bitmap.close()
  }
}

async function decode(file: Blob): Promise<ImageBitmap | null> {
  if (file.size > MAX_FILE_BYTES) return null
  const header = readImageHeader(new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer()))
  if (!header || !isDrawable(header)) return null
  const { width, height, type } = header
  // One side alone: a photograph may say that it lies on its side, and the other one follows its shape.
  const resize = Math.min(width, height) > WIDTH ? { resizeWidth: WIDTH, resizeQuality: 'medium' as const } : {}
  return createImageBitmap(file.slice(0, file.size, type), resize)
}

/** Whether an image is worth its memory. */
export function isDrawable({ width, height }: Pick<ImageHeader, 'width' | 'height'>): boolean {
  const ratio = Math.max(width, height) / Math.min(width, height)
  return width * height <= MAX_PIXELS && ratio <= MAX_RATIO
}

let running = 0
const waiting: (() => void)[] = []

/** A few at a time: a drop of a thousand photographs must not decode a thousand at once. */
async function inTurn<T>(work: () => T | Promise<T>): Promise<T> {
  if (running < AT_A_TIME) running += 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    // Its turn goes to the next in line, before anyone else can take it.
    if (next) next()
    else running -= 1
  }
}
