import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { browserEnvironment } from '../src/core/index.js'
import { closedPage, Reopened } from './closed-page.js'
import { answerPicker, choose, drag, file, fileObjects, files, PART_BYTES, rowOf, Scene } from './scene.js'

const meta = { title: 'Queue', component: Scene } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

/** One of everything that a list can hold. */
export const Mixed: Story = {
  args: {
    undoFor: 3_600_000,
    maxFiles: 20,
    engine: { retry: { baseDelay: 1, maxDelay: 5, giveUpAfter: 30 } },
    scripts: {
      'quarterly-report.pdf': { holdAfter: 6 },
      'support-tickets.jsonl': { holdAfter: 4 },
      'interviews.zip': { holdComplete: true },
      'catalogue.csv': { failAfter: { parts: 7, status: 500 } },
      'embeddings.parquet': { holdAfter: 8 },
      'old-export.json': { holdAfter: 5, lifetime: 1 },
    },
  },
  play: async ({ canvasElement }) => {
    const names = [
      'handbook.md',
      'quarterly-report.pdf',
      'support-tickets.jsonl',
      'interviews.zip',
      'catalogue.csv',
      'embeddings.parquet',
      'old-export.json',
    ]
    await choose(canvasElement, ...names.map((name) => file(name)))
    const canvas = within(canvasElement)
    await rowOf(canvasElement, 'handbook.md', 'completed')
    await rowOf(canvasElement, 'interviews.zip', 'completing')
    await rowOf(canvasElement, 'catalogue.csv', 'failed')
    await rowOf(canvasElement, 'old-export.json', 'expired')
    await userEvent.click(canvas.getByRole('button', { name: 'Pause support-tickets.jsonl' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Cancel embeddings.parquet' }))
    await rowOf(canvasElement, 'embeddings.parquet', 'cancelling')
    await expect(canvas.getByRole('button', { name: 'Undo embeddings.parquet' })).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Retry 1' })).toBeVisible()
  },
}

export const AllDone: Story = {
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('one.csv'), file('two.csv'), file('three.csv'))
    await expect(await within(canvasElement).findByText('3 files uploaded')).toBeVisible()
    await expect(within(canvasElement).queryByRole('progressbar')).toBeNull()
  },
}

/** Clearing takes the button away as well; focus goes on to what is left. */
export const Cleared: Story = {
  play: async (context) => {
    await AllDone.play?.(context)
    const canvas = within(context.canvasElement)
    await userEvent.click(canvas.getByRole('button', { name: 'Clear finished' }))
    await expect(canvas.queryAllByRole('listitem')).toHaveLength(0)
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Choose files' })).toHaveFocus())
  },
}

/** What failed is named, counted, filtered and tried again as one; nothing else is in the way. */
export const PartialFailure: Story = {
  args: {
    scripts: {
      'file-0004.csv': { failAfter: { parts: 0, status: 500 } },
      'file-0009.csv': { failAfter: { parts: 0, status: 500 } },
    },
    engine: { retry: { baseDelay: 1, maxDelay: 5, giveUpAfter: 30 } },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, ...files(12))
    const canvas = within(canvasElement)
    await expect(await canvas.findByText('10 uploaded, 2 need attention')).toBeVisible()
    const filter = canvas.getByRole('button', { name: 'Needs attention' })
    await userEvent.click(filter)
    await expect(filter).toHaveAttribute('aria-pressed', 'true')
    await waitFor(() => expect(canvas.getAllByRole('listitem')).toHaveLength(2))
    await userEvent.click(filter)
    await waitFor(() => expect(canvas.getAllByRole('listitem')).toHaveLength(12))
    await expect(canvas.getByRole('button', { name: 'Retry 2' })).toBeVisible()
  },
}

export const CancelAll: Story = {
  args: { undoFor: 0, scripts: { 'one.csv': { holdAfter: 2 }, 'two.csv': { holdAfter: 2 } } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('one.csv'), file('two.csv'))
    await rowOf(canvasElement, 'two.csv', 'uploading')
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Cancel all' }))
    await expect(await within(canvasElement).findByText('2 uploads cancelled')).toBeVisible()
    await expect(within(canvasElement).getByRole('button', { name: 'Upload again' })).toBeVisible()
  },
}

/** Two uploads that an earlier page left behind: the files are chosen once, and each finds its row. */
export const RestoredAfterReload: Story = {
  loaders: [() => closedPage(['report.pdf', 'interviews.zip'])],
  render: (args, { loaded }) => <Reopened {...args} left={loaded as Awaited<ReturnType<typeof closedPage>>} />,
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await rowOf(canvasElement, 'interviews.zip', 'interrupted')
    await expect(canvas.getByText('2 uploads can continue. Choose the files again.')).toBeVisible()
    await expect(canvas.getByText('0 of 2 files uploaded · 1.0 of 2.4 MB')).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Discard all' })).toBeVisible()
  },
}

export const RestoredContinues: Story = {
  ...RestoredAfterReload,
  play: async (context) => {
    await RestoredAfterReload.play?.(context)
    const { canvasElement } = context
    answerPicker(file('interviews.zip'), file('report.pdf'))
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Choose files' }))
    await rowOf(canvasElement, 'report.pdf', 'completed')
    await rowOf(canvasElement, 'interviews.zip', 'completed')
    await expect(within(canvasElement).getByText('2 files uploaded')).toBeVisible()
  },
}

/** Nothing is lost and nothing is red: it goes on by itself. */
export const OfflineQueue: Story = {
  args: {
    scripts: Object.fromEntries(files(4).map(({ name }) => [name, { failAfter: { parts: 5, status: 0 } }])),
    engine: { environment: { ...browserEnvironment(), isOnline: () => false }, concurrency: 4 },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, ...files(4, 12 * PART_BYTES))
    const canvas = within(canvasElement)
    await expect(await canvas.findByText('You’re offline. 4 uploads are waiting.')).toBeVisible()
    await rowOf(canvasElement, 'file-0004.csv', 'offline')
    await expect(canvas.getAllByRole('button', { name: /^Try now/ })[0]).toBeVisible()
  },
}

/** Above fifty files, completed rows fold away: what is active or needs attention is what is left to see. */
export const BatchMode: Story = {
  args: {
    initialFiles: fileObjects(56),
    scripts: {
      'report.pdf': { failAfter: { parts: 0, status: 403 } },
      'one.csv': { holdAfter: 2 },
      'two.csv': { holdAfter: 5 },
      'three.csv': { holdComplete: true },
    },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, ...['report.pdf', 'one.csv', 'two.csv', 'three.csv'].map((name) => file(name)))
    const canvas = within(canvasElement)
    const fold = await canvas.findByRole('button', { name: 'Show 56 uploaded files' })
    await rowOf(canvasElement, 'report.pdf', 'failed')
    await expect(canvas.getAllByRole('listitem')).toHaveLength(4)
    await expect(canvas.getByRole('list', { name: 'Uploads, 4 of 60 files' })).toBeVisible()
    await userEvent.click(fold)
    await waitFor(() => expect(canvas.getAllByRole('listitem')).toHaveLength(60))
    await expect(fold).toHaveAttribute('aria-expanded', 'true')
    await userEvent.click(fold)
    await waitFor(() => expect(canvas.getAllByRole('listitem')).toHaveLength(4))
  },
}

/** A thousand files: the rows in view are drawn, and those that are active or need attention. */
export const Virtualised: Story = {
  args: {
    scripts: {
      ...Object.fromEntries(files(7).map(({ name }) => [name, { holdAfter: 0 }])),
      'file-0003.csv': { failAfter: { parts: 0, status: 403 } },
    },
    engine: { concurrency: 6 },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, ...files(1000))
    const canvas = within(canvasElement)
    const list = await canvas.findByRole('list', { name: 'Uploads, 1,000 files' })
    await rowOf(canvasElement, 'file-0003.csv', 'failed')
    await rowOf(canvasElement, 'file-0001.csv', 'uploading')
    await expect(canvas.getAllByRole('listitem').length).toBeLessThan(60)
    const last = await waitFor(() => {
      list.scrollTop = list.scrollHeight
      canvas.getByText('file-0999.csv')
      return canvas.getByText('file-1000.csv').closest('li') as HTMLElement
    })
    await expect(last).toHaveTextContent('1,000 of 1,000')
    await expect(last).toHaveAttribute('aria-posinset', '1000')
    await expect(last).toHaveAttribute('aria-setsize', '1000')
    // Out of view, and drawn all the same.
    await rowOf(canvasElement, 'file-0003.csv', 'failed')
    list.scrollTop = 0
    await rowOf(canvasElement, 'file-0010.csv')
  },
}

/** A thousand files that are done: everything is one press away, and none of it is in the way. */
export const ThousandDone: Story = {
  args: { initialFiles: fileObjects(1000) },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    const fold = await canvas.findByRole('button', { name: 'Show 1,000 uploaded files' })
    await expect(canvas.getByText('1,000 files uploaded')).toBeVisible()
    await userEvent.click(fold)
    const list = await canvas.findByRole('list', { name: 'Uploads, 1,000 files' })
    await expect(within(list).getAllByRole('listitem').length).toBeLessThan(60)
    await userEvent.click(canvas.getByRole('button', { name: 'Clear finished' }))
    await waitFor(() => expect(canvas.queryByRole('list')).toBeNull())
    await expect(canvas.getByRole('button', { name: 'Choose files' })).toHaveFocus()
  },
}

/** Files that come while others are on their way: the count changes, and so the bar may fall for once. */
export const DropWhileUploading: Story = {
  args: {
    scripts: { 'file-0001.csv': { holdAfter: 0 }, 'file-0002.csv': { holdAfter: 0 } },
    engine: { concurrency: 2 },
  },
  play: async ({ canvasElement }) => {
    const [first, second, ...others] = files(5)
    await choose(canvasElement, first as File, second as File)
    await rowOf(canvasElement, 'file-0002.csv', 'uploading')
    const canvas = within(canvasElement)
    canvas.getByRole('button', { name: 'Cancel file-0001.csv' }).focus()
    drag(canvasElement, 'drop', ...others)
    await rowOf(canvasElement, 'file-0005.csv', 'queued')
    await expect(canvas.getByText(/^Uploading 1 of 5 files/)).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Cancel file-0001.csv' })).toHaveFocus()
  },
}

/** The same six files over the same line, one connection against four: four fill what a single one leaves unused. */
export const SequentialOrParallel: Story = {
  render: (args) => (
    <div style={{ display: 'grid', gap: 32, gridTemplateColumns: 'repeat(auto-fit, minmax(min(20rem, 100%), 1fr))' }}>
      {[1, 4].map((concurrency) => (
        <section key={concurrency} aria-label={concurrency === 1 ? 'One at a time' : 'Four at a time'}>
          <h2>{concurrency === 1 ? 'One at a time' : 'Four at a time'}</h2>
          <Scene {...args} line={{ latency: 60, bytesPerSecond: 400_000 }} engine={{ concurrency }} />
        </section>
      ))}
    </div>
  ),
  play: async ({ canvasElement }) => {
    const [one, four] = within(canvasElement).getAllByRole('region') as [HTMLElement, HTMLElement]
    await choose(one, ...files(6, 2 * PART_BYTES))
    await choose(four, ...files(6, 2 * PART_BYTES))
    const phases = (region: HTMLElement) =>
      within(region)
        .getAllByRole('listitem')
        .map((row) => row.dataset['phase'])
    await waitFor(() => expect(phases(four).filter((phase) => phase === 'uploading').length).toBeGreaterThan(1))
    await expect(phases(one).filter((phase) => phase === 'uploading' || phase === 'creating').length).toBeLessThan(2)
  },
}

/** A whole run, with everything it says out loud. */
export const FullRun: Story = {
  args: { line: { latency: 40, bytesPerSecond: 600_000 }, engine: { concurrency: 4 } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'uploading')
    const bar = within(row).getByRole('progressbar', { name: 'report.pdf' })
    const seen: number[] = []
    await waitFor(
      () => {
        const value = bar.getAttribute('aria-valuenow')
        if (value !== null) seen.push(Number(value))
        if (row.dataset['phase'] !== 'completed') throw new Error(`report.pdf is ${row.dataset['phase']}`)
      },
      { interval: 20 },
    )
    await expect(seen.every((value, index) => value >= (seen[index - 1] ?? 0) && value <= 99)).toBe(true)
    const said = canvasElement.querySelector('[aria-live="polite"]') as HTMLElement
    await waitFor(() => expect(said).toHaveTextContent('report.pdf uploaded.'))
  },
}

/** A failed upload goes on with the parts that the API has. */
export const RetryContinues: Story = {
  args: {
    scripts: { 'report.pdf': { failAfter: { parts: 7, status: 500 } } },
    engine: { concurrency: 1, retry: { baseDelay: 1, maxDelay: 5, giveUpAfter: 30 } },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'failed')
    await expect(within(row).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '58')
    await userEvent.click(within(row).getByRole('button', { name: 'Retry report.pdf' }))
    await expect(within(row).getByRole('progressbar')).toHaveAttribute('aria-valuenow', '58')
    await rowOf(canvasElement, 'report.pdf', 'failed')
  },
}
