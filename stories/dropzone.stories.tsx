import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'
import { choose, drag, dragOverPage, dropFolder, file, folder, rowOf, Scene } from './scene.js'

const meta = { title: 'Dropzone', component: Scene } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

const zoneOf = (canvasElement: HTMLElement) => within(canvasElement).getByRole('group', { name: 'File upload' })

/** One stop of the keyboard: the button, described by the limits. */
export const Idle: Story = {
  args: { accept: '.pdf, .csv, .jsonl', maxFiles: 20 },
  play: async ({ canvasElement }) => {
    const button = within(canvasElement).getByRole('button', { name: 'Choose files' })
    await expect(button).toHaveAccessibleDescription('PDF, CSV, or JSONL. Up to 8.5 GB each, 20 files.')
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
    await expect(within(zoneOf(canvasElement)).getByText('These can’t be added here. Allowed: Images.')).toBeVisible()
  },
}

/** Files over the page, and not yet over the zone: it shows where they can go. */
export const DragOverPage: Story = {
  play: async ({ canvasElement }) => {
    dragOverPage('dragenter', file('a.pdf'))
    await waitFor(() => expect(zoneOf(canvasElement)).toHaveAttribute('data-dragging'))
    await expect(zoneOf(canvasElement)).not.toHaveAttribute('data-drag')
    await expect(within(canvasElement).getByText('Drop files here')).toBeVisible()
  },
}

/** Some of them fit, and which is certain. */
export const DragMixed: Story = {
  args: { accept: ['image/*'] },
  play: async ({ canvasElement }) => {
    const [a, b] = [file('a.png', 10, 'image/png'), file('b.png', 10, 'image/png')]
    drag(canvasElement, 'dragenter', a, b, file('table.csv', 10, 'text/csv'))
    await waitFor(() => expect(zoneOf(canvasElement)).toHaveAttribute('data-drag', 'accept'))
    await expect(within(canvasElement).getByText('Drop to add 2 of 3 files')).toBeVisible()
  },
}

/** More than there is room for: some of them are added, so it is not red. */
export const DragTooMany: Story = {
  args: { maxFiles: 3 },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('first.pdf'))
    await rowOf(canvasElement, 'first.pdf', 'completed')
    drag(canvasElement, 'dragenter', file('a.pdf'), file('b.pdf'), file('c.pdf'))
    await waitFor(() => expect(zoneOf(canvasElement)).toHaveAttribute('data-drag', 'accept'))
    await expect(within(zoneOf(canvasElement)).getByText('You can add 2 more files.')).toBeVisible()
    const [, heard] = within(canvasElement).getAllByRole('log')
    await waitFor(() => expect(heard).toHaveTextContent('You can add 2 more files.'))
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
    await userEvent.click(within(refused).getByRole('button', { name: 'Show all 4' }))
    await expect(within(refused).getByText(/film\.mov, and page\.html\. Allowed/)).toBeVisible()
    await expect(within(refused).getByRole('button', { name: 'Show fewer' })).toHaveFocus()
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
    await expect(within(refused).getByRole('button', { name: 'Dismiss message about report.pdf' })).toHaveTextContent(
      'Dismiss',
    )
  },
}

/** Twice the same file may be meant. */
export const UploadAnyway: Story = {
  args: Duplicate.args!,
  play: async (context) => {
    await Duplicate.play?.(context)
    const canvas = within(context.canvasElement)
    await userEvent.click(canvas.getByRole('button', { name: 'Upload anyway' }))
    await waitFor(() => expect(canvas.getAllByText('report.pdf')).toHaveLength(2))
    await expect(canvas.queryByRole('group', { name: 'Files that were not added' })).toBeNull()
  },
}

/** With files in the list, a bar above it: it can take more, and it never goes away. */
export const Compact: Story = {
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
    await expect(
      within(zoneOf(canvasElement)).getByText('2 of 2 files added. Remove one to add another.'),
    ).toBeVisible()
    const button = within(canvasElement).getByRole('button', { name: 'Add more files' })
    await expect(button).toHaveAttribute('aria-disabled', 'true')
    await expect(button).toHaveAccessibleDescription('2 of 2 files added. Remove one to add another.')
    button.focus()
    await expect(button).toHaveFocus()
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Remove one.pdf' }))
    await expect(button).not.toHaveAttribute('aria-disabled')
  },
}

export const Disabled: Story = {
  args: { disabled: true, disabledReason: 'They start again on Monday.' },
  play: async ({ canvasElement }) => {
    await expect(within(canvasElement).getByRole('button', { name: 'Choose files' })).toBeDisabled()
    await expect(within(canvasElement).getByText('Uploads are turned off. They start again on Monday.')).toBeVisible()
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

/** A list to look at: no dropzone, and no action that changes anything. */
export const ReadOnly: Story = {
  args: {
    readOnly: true,
    initialFiles: [
      {
        id: 'file-abc123',
        object: 'file',
        bytes: 2_900_000,
        created_at: 0,
        filename: 'minutes.pdf',
        purpose: 'user_data',
      },
    ],
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await expect(canvas.queryByRole('group', { name: 'File upload' })).toBeNull()
    await expect(canvas.getAllByRole('button')).toEqual([canvas.getByRole('button', { name: 'Copy id minutes.pdf' })])
  },
}

/** What a form says is said here as well, and the button is described by it. */
export const InvalidAndRequired: Story = {
  args: { label: 'Evidence', required: true, invalid: 'Choose a file.', accept: '.pdf' },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await expect(canvas.getByRole('group', { name: 'Evidence (required)' })).toHaveAttribute('data-invalid')
    await expect(canvas.getByText('Evidence (required)')).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Choose files' })).toHaveAccessibleDescription(
      'Choose a file. PDF. Up to 8.5 GB each.',
    )
  },
}

/** A large folder takes a while; it can be stopped, and then nothing of it is added. */
export const ReadingFolder: Story = {
  args: { onAdd: fn() },
  play: async ({ canvasElement, args }) => {
    const canvas = within(canvasElement)
    const names = Array.from({ length: 1240 }, (_, index) => `scan-${index}.png`)
    const files = names.map((name) => file(name, 10))
    dropFolder(canvasElement, folder('scans', files, { held: true }))
    await expect(await canvas.findByText('Reading folder… 1,240 files found')).toBeVisible()
    const stop = canvas.getByRole('button', { name: 'Stop' })
    stop.focus()
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Choose files' })).toHaveFocus())
    await expect(canvas.getByText('or drop them here')).toBeInTheDocument()
    dropFolder(canvasElement, folder('scans', files, { held: true }))
    await canvas.findByText('Reading folder… 1,240 files found')
    await expect(args.onAdd).not.toHaveBeenCalled()
  },
}

/** The files in a folder are added, however deep, and not the folder. */
export const FolderDropped: Story = {
  play: async ({ canvasElement }) => {
    dropFolder(canvasElement, folder('scans', [file('one.png', 10), file('two.png', 10), file('.DS_Store', 10)]))
    await rowOf(canvasElement, 'one.png', 'completed')
    await rowOf(canvasElement, 'two.png', 'completed')
    await expect(within(canvasElement).getAllByRole('listitem')).toHaveLength(2)
  },
}

export const EmptyFolder: Story = {
  play: async ({ canvasElement }) => {
    dropFolder(canvasElement, folder('scans', []))
    const refused = await within(canvasElement).findByRole('group', { name: 'Files that were not added' })
    await expect(within(refused).getByText('There are no files in scans.')).toBeVisible()
  },
}

/** Nothing can be dropped by a finger, so nothing says so: what `hover: none` leaves. */
export const Touch: Story = {
  args: { accept: '.pdf' },
  parameters: { viewport: { defaultViewport: 'mobile1' } },
  play: async ({ canvasElement }) => {
    const hint = within(canvasElement).getByText('or drop them here')
    if (matchMedia('(hover: none)').matches) await expect(hint).not.toBeVisible()
    else await expect(hint).toBeVisible()
    await expect(within(canvasElement).getByRole('button', { name: 'Choose files' })).toBeVisible()
  },
}
