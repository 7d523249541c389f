import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { createRef, StrictMode } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { makeAvif, makeImage, smallImages } from './images.test.kit.js'
import { Item, ItemName, ItemThumbnail, List, Root } from './index.js'
import type { UploadsHandle } from './use-uploads-handle.js'

/** Every bitmap that was decoded, and how many of them at a time; closed ones have no width any more. */
const bitmaps: ImageBitmap[] = []
const decoding = { now: 0, most: 0 }
const urls = { created: 0, revoked: 0 }

beforeEach(() => {
  bitmaps.length = 0
  Object.assign(decoding, { now: 0, most: 0 })
  Object.assign(urls, { created: 0, revoked: 0 })
  const decode = createImageBitmap as (...args: unknown[]) => Promise<ImageBitmap>
  vi.spyOn(globalThis, 'createImageBitmap').mockImplementation(async (...args: unknown[]) => {
    decoding.now += 1
    decoding.most = Math.max(decoding.most, decoding.now)
    try {
      const bitmap = await decode(...args)
      bitmaps.push(bitmap)
      return bitmap
    } finally {
      decoding.now -= 1
    }
  })
  const { createObjectURL, revokeObjectURL } = URL
  vi.spyOn(URL, 'createObjectURL').mockImplementation((object) => {
    urls.created += 1
    return createObjectURL(object)
  })
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => {
    urls.revoked += 1
    revokeObjectURL(url)
  })
})
afterEach(cleanup)

function setUp(rowHeight = 20) {
  const fakes = createFakeUploads({ clock: 'real' })
  const handle = createRef<UploadsHandle>()
  render(
    <StrictMode>
      <Root
        ref={handle}
        fetcher={fakes.fetcher}
        uploaderOptions={{ checksum: 'off' }}
        purpose="user_data"
        announcements="off"
      >
        <List>
          {(id) => (
            <Item id={id} style={{ height: rowHeight }}>
              <ItemName />
              <ItemThumbnail>
                <i>icon</i>
              </ItemThumbnail>
            </Item>
          )}
        </List>
      </Root>
    </StrictMode>,
  )
  const list = handle.current as UploadsHandle
  return { list, add: (...files: File[]) => act(() => list.addFiles(files)) }
}

const frameOf = (name: string) =>
  screen.getByText(name).closest('li')?.querySelector('[data-slot="upload-item-thumbnail"]') as HTMLElement
const canvasOf = (name: string) => frameOf(name).querySelector('canvas') as HTMLCanvasElement
const expectDrawn = (name: string) => waitFor(() => expect(frameOf(name).dataset['drawn']).toBe(''))
const expectClosed = () => expect(bitmaps.filter(({ width }) => width > 0)).toEqual([])

/** A picture drawn after all others were judged: nothing is left that could still be drawn. */
async function settle(add: (...files: File[]) => void) {
  add(await makeImage('last.png', 'image/png'))
  await expectDrawn('last.png')
}

describe('ItemThumbnail', () => {
  it('draws every raster format small, as what its bytes are', async () => {
    const { add } = setUp()
    add(
      await makeImage('photo.txt', 'image/png', 300, 150),
      await makeImage('photo.svg', 'image/jpeg'),
      await makeImage('photo', 'image/webp'),
      smallImages.gif(),
      smallImages.bmp(),
      makeAvif(),
    )
    for (const name of ['photo.txt', 'photo.svg', 'photo', 'small.gif', 'small.bmp', 'small.avif']) {
      await expectDrawn(name)
      expect(frameOf(name)).toHaveAttribute('aria-hidden', 'true')
      expect(frameOf(name)).not.toHaveTextContent('icon')
    }
    for (const name of ['photo.txt', 'photo.svg', 'photo', 'small.gif', 'small.bmp']) {
      const canvas = canvasOf(name)
      const context = canvas.getContext('2d') as CanvasRenderingContext2D
      const pixel = (x: number) => [...context.getImageData(x, 0, 1, 1).data.slice(0, 3)].map((value) => value > 128)
      expect([pixel(0), pixel(canvas.width - 1)]).toEqual([
        [true, false, false],
        [false, false, true],
      ])
    }
    expect([canvasOf('photo.txt').width, canvasOf('photo.txt').height]).toEqual([128, 64])
    expectClosed()
  })

  it('draws no markup and runs nothing in it, whatever it is called', async () => {
    const run = vi.fn()
    Object.assign(window, { run })
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>parent.run()</script></svg>'
    const html = '<!doctype html><script>parent.run()</script><img src=x onerror="parent.run()">'
    const { add } = setUp()
    const hostile = [
      new File([svg], 'drawing.svg', { type: 'image/svg+xml' }),
      new File([svg], 'drawing.png', { type: 'image/png' }),
      new File([html], 'page.png', { type: 'image/png' }),
      new File([html], '<img src=x onerror=run()>.gif', { type: 'image/gif' }),
      // The first bytes of an image, and markup after them.
      new File([(await smallImages.gif().arrayBuffer()).slice(0, 20), html], 'both.gif'),
      makeFile('noise.png', 5000, { type: 'image/png' }),
    ]
    add(...hostile)
    await settle(add)
    for (const { name } of hostile) {
      expect(frameOf(name)).toHaveTextContent('icon')
      expect(frameOf(name).dataset['drawn']).toBeUndefined()
    }
    expect(document.querySelectorAll('main img, li img, iframe, object, embed')).toHaveLength(0)
    expect(run).not.toHaveBeenCalled()
  })

  it('decodes nothing that is too large for it, by its own word', async () => {
    const { add } = setUp()
    const image = new Uint8Array(await (await makeImage('small.png', 'image/png')).arrayBuffer())
    // The header of 500 megapixels.
    new DataView(image.buffer).setUint32(16, 25_000)
    new DataView(image.buffer).setUint32(20, 20_000)
    add(new File([image], 'bomb.png'))
    await settle(add)
    expect(frameOf('bomb.png')).toHaveTextContent('icon')
    expect(bitmaps).toHaveLength(1)
  })

  it('decodes what is near the screen, two at a time, and the rest when it comes near', async () => {
    const { add } = setUp(400)
    const image = await makeImage('x', 'image/png', 800, 600)
    const names = Array.from({ length: 30 }, (_, index) => `photo-${index}.png`)
    add(...names.map((name) => new File([image], name)))
    await expectDrawn('photo-0.png')
    await expectDrawn('photo-1.png')
    expect(frameOf('photo-29.png').dataset['drawn']).toBeUndefined()
    expect(bitmaps.length).toBeLessThan(10)
    frameOf('photo-29.png').scrollIntoView()
    await expectDrawn('photo-29.png')
    expect(decoding.most).toBeLessThanOrEqual(2)
    expectClosed()
  })

  it('leaves nothing behind after a thousand files have come and gone', async () => {
    const { add, list } = setUp(1)
    const image = await makeImage('x', 'image/png', 8, 8)
    for (let round = 0; round < 10; round += 1) {
      add(...Array.from({ length: 100 }, (_, index) => new File([image], `photo-${round}-${index}.png`)))
      if (round % 2 === 0) await expectDrawn(`photo-${round}-0.png`)
      act(() => list.getItems().forEach(({ id }) => list.remove(id)))
    }
    await settle(add)
    expectClosed()
    expect(bitmaps.length).toBeGreaterThan(5)
    expect(urls.created).toBe(urls.revoked)
    expect(urls.created).toBe(0)
  }, 30_000)

  it('needs nothing of a page that lets no image in', async () => {
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective))
    const policy = document.createElement('meta')
    policy.httpEquiv = 'Content-Security-Policy'
    policy.content = "img-src 'none'; object-src 'none'; frame-src 'none'; media-src 'none'"
    document.head.append(policy)
    const { add } = setUp()
    add(await makeImage('photo.jpg', 'image/jpeg'))
    await expectDrawn('photo.jpg')
    expect(violations).toEqual([])
  })
})
