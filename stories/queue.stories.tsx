import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { choose, file, rowOf, Scene } from './scene.js'

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

export const CancelledAll: Story = {
  args: { undoFor: 0, scripts: { 'one.csv': { holdAfter: 2 }, 'two.csv': { holdAfter: 2 } } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('one.csv'), file('two.csv'))
    await rowOf(canvasElement, 'two.csv', 'uploading')
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Cancel all' }))
    await expect(await within(canvasElement).findByText('2 uploads cancelled')).toBeVisible()
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
      { timeout: 10_000, interval: 20 },
    )
    await expect(seen.every((value, index) => value >= (seen[index - 1] ?? 0) && value <= 99)).toBe(true)
    const said = canvasElement.querySelector('[aria-live="polite"]') as HTMLElement
    await waitFor(() => expect(said).toHaveTextContent('report.pdf uploaded.'), { timeout: 3000 })
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

/** Everything by keyboard: choose, go on to the row, cancel, undo, and back. */
export const KeyboardOnly: Story = {
  args: { undoFor: 60_000, scripts: { 'one.csv': { holdAfter: 3 }, 'two.csv': { holdAfter: 3 } } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('one.csv'), file('two.csv'))
    await rowOf(canvasElement, 'two.csv', 'uploading')
    const canvas = within(canvasElement)
    canvas.getByRole('button', { name: 'Add more files' }).focus()
    const order = ['Pause all', 'Cancel all', 'Pause one.csv', 'Cancel one.csv', 'Pause two.csv', 'Cancel two.csv']
    for (const name of order) {
      await userEvent.tab()
      await expect(canvas.getByRole('button', { name })).toHaveFocus()
    }
    await userEvent.keyboard('{Enter}')
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Undo two.csv' })).toHaveFocus())
    await userEvent.keyboard(' ')
    await rowOf(canvasElement, 'two.csv', 'uploading')
    await expect(canvas.getByRole('button', { name: 'Cancel two.csv' })).toHaveFocus()
  },
}
