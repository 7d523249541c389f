import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { choose, file, rowOf, Scene } from './scene.js'

const meta = { title: 'Row', component: Scene } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

const FAST_FAILURE = { retry: { baseDelay: 1, maxDelay: 5, giveUpAfter: 30 } }

/** In line behind another upload: the Upload is not created yet, so its hour does not run. */
export const Queued: Story = {
  args: { scripts: { 'first.csv': { holdAfter: 0 } }, engine: { concurrency: 1 } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('first.csv'), file('second.csv'))
    const row = await rowOf(canvasElement, 'second.csv', 'queued')
    await expect(row).not.toHaveAttribute('data-status')
    await expect(within(row).getByText('Waiting')).toBeVisible()
    await expect(within(row).queryByRole('progressbar')).toBeNull()
  },
}

export const Creating: Story = {
  args: { scripts: { 'report.pdf': { holdCreate: true } } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'creating')
    await expect(within(row).getByRole('progressbar', { name: 'report.pdf' })).not.toHaveAttribute('aria-valuenow')
  },
}

/** The bar is the ledger: five parts are accepted, the others are on their way. */
export const Uploading: Story = {
  args: { scripts: { 'report.pdf': { holdAfter: 5 } }, engine: { concurrency: 3 } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'uploading')
    await expect(row).toHaveAttribute('data-status', 'pending')
    await waitFor(() =>
      expect(Number(within(row).getByRole('progressbar').getAttribute('aria-valuenow'))).toBeGreaterThan(40),
    )
    await expect(within(row).getByRole('button', { name: 'Cancel report.pdf' })).toBeVisible()
  },
}

export const Paused: Story = {
  args: Uploading.args!,
  play: async (context) => {
    await Uploading.play?.(context)
    await userEvent.click(within(context.canvasElement).getByRole('button', { name: 'Pause report.pdf' }))
    const row = await rowOf(context.canvasElement, 'report.pdf', 'paused')
    await expect(within(row).getByRole('button', { name: 'Resume report.pdf' })).toHaveFocus()
    await expect(await within(row).findByText(/^Paused at \d+%\. Expires at/)).toBeVisible()
  },
}

/** The server asks for a minute; the row counts down, and nobody is told each second of it. */
export const Retrying: Story = {
  args: {
    scripts: { 'report.pdf': { failAfter: { parts: 5, status: 429, headers: { 'retry-after': '60' } } } },
    engine: { concurrency: 2 },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'retrying')
    await expect(await within(row).findByText(/Continuing in \d+ sec/)).toBeVisible()
  },
}

export const Completing: Story = {
  args: { scripts: { 'report.pdf': { holdComplete: true } } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'completing')
    await expect(within(row).getByText('Finishing')).toBeVisible()
    await expect(within(row).getByRole('progressbar')).not.toHaveAttribute('aria-valuenow')
    await expect(within(row).queryByRole('button', { name: /Pause/ })).toBeNull()
  },
}

export const Completed: Story = {
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'completed')
    await expect(row).toHaveAttribute('data-status', 'completed')
    await expect(within(row).getByText(/^file-/)).toBeVisible()
    await expect(within(row).getByRole('button', { name: 'Copy id report.pdf' })).toBeVisible()
    await expect(within(row).queryByRole('progressbar')).toBeNull()
  },
}

/** Requests stop at once; for five seconds the button takes it back. */
export const CancelWithUndo: Story = {
  args: { ...Uploading.args!, undoFor: 60_000 },
  play: async (context) => {
    await Uploading.play?.(context)
    const { canvasElement } = context
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Cancel report.pdf' }))
    await rowOf(canvasElement, 'report.pdf', 'cancelling')
    const undo = within(canvasElement).getByRole('button', { name: 'Undo report.pdf' })
    await expect(undo).toHaveFocus()
    await userEvent.click(undo)
    const row = await rowOf(canvasElement, 'report.pdf', 'uploading')
    await expect(Number(within(row).getByRole('progressbar').getAttribute('aria-valuenow'))).toBeGreaterThan(40)
    await userEvent.click(within(row).getByRole('button', { name: 'Cancel report.pdf' }))
    await rowOf(canvasElement, 'report.pdf', 'cancelling')
  },
}

export const Cancelled: Story = {
  args: { ...Uploading.args!, undoFor: 0 },
  play: async (context) => {
    await Uploading.play?.(context)
    await userEvent.click(within(context.canvasElement).getByRole('button', { name: 'Cancel report.pdf' }))
    const row = await rowOf(context.canvasElement, 'report.pdf', 'cancelled')
    await waitFor(() => expect(row).toHaveFocus())
    await expect(within(row).getByRole('button', { name: 'Upload again report.pdf' })).toBeVisible()
  },
}

/** A failure is ours, not the API's: the Upload is still pending there, with its parts. */
export const Failed: Story = {
  args: {
    scripts: { 'report.pdf': { failAfter: { parts: 7, status: 500 } } },
    engine: { ...FAST_FAILURE, concurrency: 1 },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'failed')
    await expect(row).toHaveAttribute('data-status', 'pending')
    await expect(within(row).getByText(/The upload service had a problem\. 58% is safe until/)).toBeVisible()
    await expect(within(row).getByRole('button', { name: 'Retry report.pdf' })).toBeVisible()
  },
}

export const FailedWithDetails: Story = {
  args: { scripts: { 'report.pdf': { failAfter: { parts: 0, status: 403 } } } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'failed')
    await userEvent.click(within(row).getByText('Details'))
    await expect(within(row).getByText('req_7f3a9c')).toBeVisible()
    await expect(within(row).queryByRole('button', { name: /Retry/ })).toBeNull()
  },
}

export const Expired: Story = {
  args: { scripts: { 'report.pdf': { holdAfter: 5, lifetime: 1 } }, engine: { concurrency: 2 } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'expired')
    await expect(row).toHaveAttribute('data-status', 'expired')
    await expect(within(row).getByRole('button', { name: 'Start again report.pdf' })).toBeVisible()
  },
}

export const LongName: Story = {
  args: Uploading.args!,
  play: async ({ canvasElement }) => {
    const name = `${'annual-consolidated-financial-statements-and-notes'.repeat(3)}-תקציר-🚀-final.pdf`
    await choose(canvasElement, file(name))
    await rowOf(canvasElement, name, 'completed')
    await expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(document.documentElement.clientWidth)
  },
}
