import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { choose, drag, file, rowOf, Scene } from './scene.js'

const meta = { title: 'Dropzone', component: Scene } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

const zoneOf = (canvasElement: HTMLElement) => within(canvasElement).getByRole('group', { name: 'File upload' })

/** One stop of the keyboard: the button, described by the limits. */
export const Idle: Story = {
  args: { accept: '.pdf, .csv, .jsonl', maxFiles: 20 },
  play: async ({ canvasElement }) => {
    const button = within(canvasElement).getByRole('button', { name: 'Choose files' })
    await expect(button).toHaveAccessibleDescription('PDF, CSV, JSONL. Up to 8.5 GB each, 20 files.')
    await userEvent.tab()
    await expect(button).toHaveFocus()
    await userEvent.tab()
    await expect(canvasElement.ownerDocument.body).toHaveFocus()
  },
}

export const DragAccept: Story = {
  play: async ({ canvasElement }) => {
    drag(canvasElement, 'dragenter', file('a.pdf'), file('b.pdf'), file('c.pdf'))
    await waitFor(() => expect(zoneOf(canvasElement)).toHaveAttribute('data-drag', 'accept'))
    await expect(within(canvasElement).getByText('Drop to add 3 files')).toBeVisible()
  },
}

/** Red only when it is certain: of pictures, browsers know the type while they are dragged. */
export const DragReject: Story = {
  args: { accept: ['image/*'] },
  play: async ({ canvasElement }) => {
    drag(canvasElement, 'dragenter', file('table.csv', 10, 'text/csv'))
    await waitFor(() => expect(zoneOf(canvasElement)).toHaveAttribute('data-drag', 'reject'))
    await expect(within(canvasElement).getByText('These can’t be added here.')).toBeVisible()
  },
}

/** An extension cannot be seen before the drop, so nothing is promised. */
export const DragUnknown: Story = {
  args: { accept: '.jsonl' },
  play: async ({ canvasElement }) => {
    drag(canvasElement, 'dragenter', file('training.jsonl'))
    await waitFor(() => expect(zoneOf(canvasElement)).toHaveAttribute('data-drag', 'unknown'))
    await expect(within(canvasElement).getByText('Drop to check these files')).toBeVisible()
  },
}

/** A drop is taken as far as it can be; what was refused stays on the page, by reason. */
export const Rejections: Story = {
  args: { accept: '.pdf', maxSize: 2_000_000, maxFiles: 3 },
  play: async ({ canvasElement }) => {
    drag(
      canvasElement,
      'drop',
      file('good.pdf'),
      file('photo.heic'),
      file('song.mp3'),
      file('film.mov'),
      file('page.html'),
      file('huge.pdf', 2_300_000),
      file('empty.pdf', 0),
    )
    await rowOf(canvasElement, 'good.pdf', 'completed')
    const refused = within(canvasElement).getByRole('group', { name: 'Files that were not added' })
    await expect(within(refused).getByText('huge.pdf is too large: 2.3 MB. The limit is 2 MB.')).toBeVisible()
    await expect(
      within(refused).getByText(
        /^4 files are of another kind: photo\.heic, song\.mp3, film\.mov, and 1 more\. Allowed: PDF\.$/,
      ),
    ).toBeVisible()
  },
}

export const RejectionsDismissed: Story = {
  args: Rejections.args!,
  play: async (context) => {
    await Rejections.play?.(context)
    const canvas = within(context.canvasElement)
    await userEvent.click(canvas.getByRole('button', { name: 'Dismiss' }))
    await expect(canvas.queryByRole('group', { name: 'Files that were not added' })).toBeNull()
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Add more files' })).toHaveFocus())
  },
}

export const Duplicate: Story = {
  args: { scripts: { 'report.pdf': { holdAfter: 3 } } },
  play: async ({ canvasElement }) => {
    const report = file('report.pdf')
    await choose(canvasElement, report)
    await rowOf(canvasElement, 'report.pdf')
    drag(canvasElement, 'drop', report)
    const refused = await within(canvasElement).findByRole('group', { name: 'Files that were not added' })
    await expect(within(refused).getByText('report.pdf is already in the list.')).toBeVisible()
  },
}

export const HasFiles: Story = {
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    await rowOf(canvasElement, 'report.pdf', 'completed')
    await expect(within(canvasElement).getByRole('button', { name: 'Add more files' })).toBeVisible()
  },
}

export const LimitReached: Story = {
  args: { maxFiles: 2 },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('one.pdf'), file('two.pdf'))
    await rowOf(canvasElement, 'two.pdf', 'completed')
    await expect(within(canvasElement).getByText('2 files added. Remove one to add another.')).toBeVisible()
    const button = within(canvasElement).getByRole('button', { name: 'Add more files' })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    button.focus()
    await expect(button).toHaveFocus()
  },
}

export const Disabled: Story = {
  args: { disabled: true },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByRole('button', { name: 'Choose files' })).toBeDisabled()
    await expect(within(canvasElement).getByText('Uploads are turned off.')).toBeVisible()
  },
}

/** A check of the app's own that takes its time. */
export const Checking: Story = {
  args: { validate: () => new Promise<null>(() => {}) },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    await expect(await within(canvasElement).findByText('Reading files…')).toBeVisible()
  },
}

export const Pasted: Story = {
  play: async ({ canvasElement }) => {
    const clipboardData = new DataTransfer()
    clipboardData.items.add(file('screenshot.png', 5000, 'image/png'))
    const button = within(canvasElement).getByRole('button', { name: 'Choose files' })
    button.focus()
    button.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    await rowOf(canvasElement, 'screenshot.png', 'completed')
  },
}
