import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ReactNode } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { Uploads } from '../src/index.js'
import { choose, file, PART_BYTES, rowOf, Scene, type SceneProps, useScriptedUploader } from './scene.js'

const meta = { title: 'Pictures', component: Scene } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

/** A landscape of a few shapes, as a real file of its type. */
async function photo(name: string, type: string, width: number, height: number, hue: number): Promise<File> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
  context.fillStyle = `hsl(${hue} 60% 80%)`
  context.fillRect(0, 0, width, height)
  context.fillStyle = `hsl(${hue + 40} 70% 55%)`
  context.beginPath()
  context.arc(width * 0.7, height * 0.3, height * 0.15, 0, 7)
  context.fill()
  context.fillStyle = `hsl(${hue + 120} 40% 35%)`
  context.beginPath()
  context.moveTo(0, height)
  context.lineTo(width * 0.35, height * 0.35)
  context.lineTo(width * 0.6, height * 0.75)
  context.lineTo(width * 0.75, height * 0.6)
  context.lineTo(width, height)
  context.fill()
  return new File([await canvas.convertToBlob({ type })], name, { type, lastModified: 1 })
}

const thumbnailOf = (row: HTMLElement) => row.querySelector('[data-slot="upload-item-thumbnail"]') as HTMLElement

/** Raster images are drawn from their own bytes; everything else has the icon of its kind. */
export const Thumbnails: Story = {
  args: { thumbnails: true, scripts: { 'panorama.webp': { holdAfter: 0 } } },
  play: async ({ canvasElement }) => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "script ran"</script></svg>'
    await choose(
      canvasElement,
      await photo('coast.jpg', 'image/jpeg', 1600, 1200, 200),
      await photo('tower.png', 'image/png', 600, 1200, 30),
      await photo('panorama.webp', 'image/webp', 1800, 600, 280),
      new File([svg], 'drawing.png', { type: 'image/png', lastModified: 1 }),
      file('interview.mp3', 40_000, 'audio/mpeg'),
      file('lecture.mp4', 40_000, 'video/mp4'),
      file('tides.csv', 40_000),
      file('archive.zip', 40_000),
      file('notes.md', 40_000),
    )
    for (const name of ['coast.jpg', 'tower.png', 'panorama.webp']) {
      const row = await rowOf(canvasElement, name)
      await waitFor(() => expect(thumbnailOf(row)).toHaveAttribute('data-drawn'))
    }
    const disguised = thumbnailOf(await rowOf(canvasElement, 'drawing.png', 'completed'))
    await expect(disguised).not.toHaveAttribute('data-drawn')
    await expect(disguised.querySelector('svg')).toBeVisible()
    await expect(document.title).not.toBe('script ran')
    await rowOf(canvasElement, 'notes.md', 'completed')
  },
}

/** Rows with a map of their parts in place of the bar. */
function Maps({ scripts, line, engine }: Pick<SceneProps, 'scripts' | 'line' | 'engine'>): ReactNode {
  const uploader = useScriptedUploader({
    ...(scripts && { scripts }),
    ...(line && { line }),
    ...(engine && { engine }),
  })
  return (
    <Uploads.Root className="ou-root" uploader={uploader} purpose="user_data" locale="en">
      <Uploads.Dropzone className="ou-dropzone">
        <Uploads.Trigger className="ou-button" />
      </Uploads.Dropzone>
      <Uploads.List className="ou-list">
        {(id) => (
          <Uploads.Item id={id} className="ou-item">
            <div className="ou-item-line">
              <Uploads.ItemName className="ou-name" />
              <Uploads.ItemStatus className="ou-badge" />
            </div>
            <Uploads.ItemPartMap className="ou-part-map" />
            <Uploads.ItemActivity className="ou-activity" />
            <div className="ou-actions">
              <Uploads.ItemRetry className="ou-button ou-quiet" />
              <Uploads.ItemPause className="ou-button ou-quiet" />
              <Uploads.ItemCancel className="ou-button ou-quiet" undoFor={60_000} />
            </div>
          </Uploads.Item>
        )}
      </Uploads.List>
    </Uploads.Root>
  )
}

const mapOf = async (canvasElement: HTMLElement, name: string, phase: string, words: RegExp) => {
  const row = await rowOf(canvasElement, name, phase)
  return within(row).findByRole('img', { name: words })
}

/** One cell a part: accepted, growing while it is sent, and still to come. */
export const PartMap: Story = {
  args: {
    engine: { concurrency: 24, retry: { baseDelay: 1, maxDelay: 5, giveUpAfter: 300 } },
    scripts: {
      'uploading.csv': { holdAfter: 40 },
      'paused.csv': { holdAfter: 12 },
      'failed.csv': { failAfter: { parts: 30, status: 500 } },
    },
  },
  render: (args) => <Maps {...args} />,
  play: async ({ canvasElement }) => {
    const large = (name: string) => file(name, 96 * PART_BYTES)
    await choose(canvasElement, large('completed.csv'))
    await rowOf(canvasElement, 'completed.csv', 'completed')
    await choose(canvasElement, large('paused.csv'))
    await mapOf(canvasElement, 'paused.csv', 'uploading', /^12 of 96 parts accepted, 24 sending$/)
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Pause paused.csv' }))
    await mapOf(canvasElement, 'paused.csv', 'paused', /^12 of 96 parts accepted$/)
    await choose(canvasElement, large('failed.csv'))
    await mapOf(canvasElement, 'failed.csv', 'failed', /^\d+ of 96 parts accepted$/)
    await choose(canvasElement, file('few.csv', 4 * PART_BYTES))
    await mapOf(canvasElement, 'few.csv', 'completed', /^4 of 4 parts accepted$/)
    await choose(canvasElement, large('uploading.csv'))
    await mapOf(canvasElement, 'uploading.csv', 'uploading', /^40 of 96 parts accepted, 24 sending$/)
  },
}

/** What was lost on the way is sent once more, and marked until it is accepted. */
export const PartsOnceMore: Story = {
  args: {
    engine: { concurrency: 24, retry: { baseDelay: 1, maxDelay: 5 } },
    scripts: { 'once-more.csv': { resendAfter: 20 } },
  },
  render: (args) => <Maps {...args} />,
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('once-more.csv', 96 * PART_BYTES))
    const words = /^20 of 96 parts accepted, \d+ sending, \d+ of them once more$/
    await mapOf(canvasElement, 'once-more.csv', 'uploading', words)
  },
}

/** 8 GiB in parts of 4 MiB are 2,048 of them, and no more elements than four. */
export const ManyParts: Story = {
  args: { engine: { concurrency: 24, partSize: 100 }, scripts: { 'huge.bin': { holdAfter: 900 } } },
  render: (args) => <Maps {...args} />,
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('huge.bin', 204_800))
    const map = await mapOf(canvasElement, 'huge.bin', 'uploading', /^900 of 2,048 parts accepted, 24 sending$/)
    await expect(map.querySelectorAll('*')).toHaveLength(5)
  },
}
