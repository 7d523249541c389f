/** Real images, made in the browser that will decode them; the left half is red, the right half blue. */
export async function makeImage(
  name: string,
  type: 'image/png' | 'image/jpeg' | 'image/webp',
  width = 300,
  height = 200,
) {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  context.fillStyle = 'red'
  context.fillRect(0, 0, width / 2, height)
  context.fillStyle = 'blue'
  context.fillRect(width / 2, 0, width / 2, height)
  return new File([await canvas.convertToBlob({ type, quality: 1 })], name)
}

/** Two pixels, red and blue, in formats that no canvas writes. */
export const smallImages: Readonly<Record<'gif' | 'bmp', () => File>> = {
  gif: () =>
    fileOf('small.gif', [
      ...ascii('GIF89a'),
      ...[2, 0, 1, 0, 0x80, 0, 0],
      ...[255, 0, 0, 0, 0, 255],
      ...[0x2c, 0, 0, 0, 0, 2, 0, 1, 0, 0],
      ...[2, 2, 0x44, 0x0a, 0, 0x3b],
    ]),
  bmp: () =>
    fileOf('small.bmp', [
      ...ascii('BM'),
      ...[62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0],
      ...[40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0],
      ...Array.from({ length: 24 }, () => 0),
      ...[0, 0, 255, 255, 0, 0, 0, 0],
    ]),
}

/** Two pixels square. */
export function makeAvif(): File {
  const data =
    'AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAADybWV0YQAAAAAAAAAoaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAGxpYmF2aWYA' +
    'AAAADnBpdG0AAAAAAAEAAAAeaWxvYwAAAABEAAABAAEAAAABAAABGgAAAB0AAAAoaWluZgAAAAAAAQAAABppbmZlAgAAAAABAABhdjAxQ29sb3IA' +
    'AAAAamlwcnAAAABLaXBjbwAAABRpc3BlAAAAAAAAAAIAAAACAAAAEHBpeGkAAAAAAwgICAAAAAxhdjFDgQ0MAAAAABNjb2xybmNseAACAAIAAYAA' +
    'AAAXaXBtYQAAAAAAAAABAAEEAQKDBAAAACVtZGF0EgAKCBgANogQEAwgMg8f8D///8WfhwB8+ErK42A='
  return fileOf('small.avif', ascii(atob(data)))
}

function fileOf(name: string, bytes: number[]): File {
  return new File([Uint8Array.from(bytes)], name)
}

function ascii(text: string): number[] {
  return Array.from(text, (char) => char.charCodeAt(0))
}
