const [WIDTH, HEIGHT] = [640, 480]
let count = 0

/** A picture for visitors who have none at hand, unlike any other: bars, each as long as chance would have it. */
export function samplePicture(): Promise<File> {
  const canvas = document.createElement('canvas')
  canvas.width = WIDTH
  canvas.height = HEIGHT
  const context = canvas.getContext('2d')
  if (!context) return Promise.reject(new Error('This browser draws no pictures.'))
  context.fillStyle = '#0b1120'
  context.fillRect(0, 0, WIDTH, HEIGHT)
  for (let y = 48; y < HEIGHT - 48; y += 64) {
    const there = 120 + Math.random() * 320
    context.fillStyle = '#2563eb'
    context.fillRect(48, y, there, 36)
    context.fillStyle = '#93b4f5'
    context.fillRect(48 + there, y, Math.random() * 100, 36)
  }
  count += 1
  const name = `picture-${count}.png`
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob ? resolve(new File([blob], name, { type: 'image/png' })) : reject(new Error('No picture came out.')),
    )
  })
}
