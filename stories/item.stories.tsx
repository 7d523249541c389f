import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, fn, userEvent, waitFor, within } from 'storybook/test'
import { browserEnvironment } from '../src/core/index.js'
import { closedPage, Reopened } from './closed-page.js'
import { answerPicker, choose, drag, dropFolder, file, folder, PART_BYTES, rowOf, Scene } from './scene.js'

const meta = { title: 'Item', component: Scene } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

const FAST_FAILURE = { retry: { baseDelay: 1, maxDelay: 5, giveUpAfter: 30 } }

/** Every phase that a row can be in, one below the other. */
export const AllPhases: Story = {
  args: {
    undoFor: 3_600_000,
    engine: { ...FAST_FAILURE, concurrency: 12 },
    scripts: {
      'creating.pdf': { holdCreate: true },
      'uploading.pdf': { holdAfter: 5 },
      'paused.pdf': { holdAfter: 4 },
      'completing.pdf': { holdComplete: true },
      'cancelling.pdf': { holdAfter: 2 },
      'failed.pdf': { failAfter: { parts: 7, status: 500 } },
      'refused.pdf': { failCreate: { status: 403 } },
      'expired.pdf': { holdAfter: 5, lifetime: 1 },
    },
  },
  play: async ({ canvasElement, args }) => {
    const names = [...Object.keys(args.scripts ?? {}), 'completed.pdf']
    await choose(canvasElement, ...names.map((name) => file(name)))
    await rowOf(canvasElement, 'expired.pdf', 'expired')
    await rowOf(canvasElement, 'cancelling.pdf', 'uploading')
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Pause paused.pdf' }))
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Cancel cancelling.pdf' }))
    for (const name of names.filter((one) => one !== 'refused.pdf'))
      await rowOf(canvasElement, name, name.replace('.pdf', ''))
    await rowOf(canvasElement, 'refused.pdf', 'failed')
  },
}

/** In line behind another upload: the Upload is not created yet, so its hour does not run. */
export const Queued: Story = {
  args: { scripts: { 'first.csv': { holdAfter: 0 } }, engine: { concurrency: 1 } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('first.csv'), file('second.csv'))
    const row = await rowOf(canvasElement, 'second.csv', 'queued')
    await expect(row).not.toHaveAttribute('data-status')
    await expect(within(row).getByText('Waiting')).toBeVisible()
    await expect(within(row).getByText('Waiting for 1 other upload')).toBeVisible()
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
    await expect(await within(row).findByText(/^Paused at \d+%\. Expires in \d+ min\.$/)).toBeVisible()
  },
}

/** The engine says that it is offline, and goes on by itself; the hour runs on, so its end is told. */
export const OfflineWithDeadline: Story = {
  args: {
    scripts: { 'report.pdf': { failAfter: { parts: 5, status: 0 } } },
    engine: { environment: { ...browserEnvironment(), isOnline: () => false }, concurrency: 1 },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'offline')
    await expect(within(row).getByText(/^You’re offline\. .*Expires (in|at) /)).toBeVisible()
    await userEvent.click(within(row).getByRole('button', { name: /^Try now/ }))
    await waitFor(() => expect(row).toHaveAttribute('data-phase', 'offline'))
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

/** Every byte has arrived, and a slow device is still computing the checksum of what was sent. */
export const CheckingTheFile: Story = {
  args: {
    engine: {
      checksum: (blob, options) => {
        options?.onProgress?.(blob.size * 0.43)
        return new Promise(() => {})
      },
    },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'completing')
    await expect(await within(row).findByText('Checking the file, 43%')).toBeVisible()
    await expect(within(row).getByRole('progressbar')).not.toHaveAttribute('aria-valuenow')
    await expect(within(row).getByRole('button', { name: 'Cancel report.pdf' })).toBeEnabled()
  },
}

export const CompletedWithCopyId: Story = {
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
export const CancelUndo: Story = {
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

/** The server is being told, and there is nothing left to press. */
export const Cancelling: Story = {
  args: { scripts: { 'report.pdf': { holdAfter: 5, holdCancel: true } }, engine: { concurrency: 3 }, undoFor: 0 },
  play: async (context) => {
    await Uploading.play?.(context)
    await userEvent.click(within(context.canvasElement).getByRole('button', { name: 'Cancel report.pdf' }))
    const row = await rowOf(context.canvasElement, 'report.pdf', 'cancelling')
    await expect(within(row).getByText('Cancelling')).toBeVisible()
    await expect(within(row).queryAllByRole('button')).toEqual([])
    await waitFor(() => expect(row).toHaveFocus())
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
    await expect(
      within(row).getByText(/^Couldn’t send report\.pdf: the upload service had a problem\. 58% is safe until/),
    ).toBeVisible()
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

export const ExpiredRestart: Story = {
  args: { scripts: { 'report.pdf': { holdAfter: 5, lifetime: 1 } }, engine: { concurrency: 2 } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'expired')
    await expect(row).toHaveAttribute('data-status', 'expired')
    const again = within(row).getByRole('button', { name: 'Start again report.pdf' })
    await expect(again).toHaveAccessibleDescription(/^report\.pdf wasn’t finished within 1 hour/)
  },
}

const restored: Partial<Story> = {
  args: {},
  loaders: [() => closedPage(['report.pdf'])],
  render: (args, { loaded }) => <Reopened {...args} left={loaded as Awaited<ReturnType<typeof closedPage>>} />,
}

/** After a reload, what was accepted is still there; the browser needs the file again. */
export const InterruptedChooseAgain: Story = {
  ...restored,
  play: async ({ canvasElement }) => {
    const row = await rowOf(canvasElement, 'report.pdf', 'interrupted')
    await expect(row).toHaveAttribute('data-status', 'pending')
    await expect(within(row).getByText(/Choose report.pdf again to continue from 41%/)).toBeVisible()
    await expect(within(row).getByRole('button', { name: /^Choose/ })).toBeVisible()
  },
}

/** Another file was chosen to continue with: it is named by its size, and may be uploaded as a file of its own. */
export const WrongFileChosen: Story = {
  ...restored,
  play: async ({ canvasElement }) => {
    const row = await rowOf(canvasElement, 'report.pdf', 'interrupted')
    answerPicker(file('another.pdf', 500))
    await userEvent.click(within(row).getByRole('button', { name: /^Choose/ }))
    await expect(
      await within(row).findByText('That’s a different file (500 bytes, expected 1.2 MB). Choose report.pdf.'),
    ).toBeVisible()
    await expect(within(row).getByRole('button', { name: /^Upload it as a new file/ })).toBeVisible()
  },
}

/** A short hour and a slow line: the clock is shown before it is too late. */
export const AtRiskOfExpiry: Story = {
  args: {
    scripts: { 'archive.zip': { lifetime: 240 } },
    line: { bytesPerSecond: 20_000 },
    engine: { concurrency: 2 },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('archive.zip', 40 * 12 * PART_BYTES), file('notes.txt'))
    const row = await rowOf(canvasElement, 'archive.zip', 'uploading')
    const late = /^Expires at .+ At this speed it needs .+ more than that\.$/
    await expect(await within(row).findByText(late)).toBeVisible()
    await expect(within(row).getByRole('progressbar')).toHaveAttribute('data-late')
  },
}

/** No answer: the engine tries again by itself, and the person may do so at once. */
export const RetryCountdown: Story = {
  args: {
    scripts: { 'report.pdf': { failAfter: { parts: 5, status: 503 } } },
    engine: { concurrency: 1, retry: { baseDelay: 60_000, maxDelay: 60_000 } },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'retrying')
    await expect(
      await within(row).findByText(/^The upload service had a problem\. Trying again in .+ \(try 1\)\.$/),
    ).toBeVisible()
    const button = within(row).getByRole('button', { name: 'Try now report.pdf' })
    await userEvent.click(button)
    await within(row).findByText(/\(try 2\)/)
    await expect(button).toHaveFocus()
  },
}

/** The connection is blamed only where it was the connection. */
export const RetryCauses: Story = {
  args: {
    scripts: {
      'lost.pdf': { failAfter: { parts: 3, status: 0 } },
      'slow.pdf': { failAfter: { parts: 3, status: 408 } },
      'broken.pdf': { failAfter: { parts: 3, status: 503 } },
      'strange.pdf': { failAfter: { parts: 3, status: 200 } },
      'crowded.pdf': { failAfter: { parts: 3, status: 429 } },
    },
    engine: { retry: { baseDelay: 60_000, maxDelay: 60_000 } },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, ...['lost', 'slow', 'broken', 'strange', 'crowded'].map((name) => file(`${name}.pdf`)))
    for (const [name, words] of [
      ['lost.pdf', /^Connection lost\./],
      ['slow.pdf', /^The connection is too slow right now\./],
      ['broken.pdf', /^The upload service had a problem\./],
      ['strange.pdf', /^The server sent an unexpected answer\./],
      ['crowded.pdf', /^Too many uploads at once\./],
    ] as const) {
      const row = await rowOf(canvasElement, name, 'retrying')
      await expect(await within(row).findByText(words)).toBeVisible()
    }
  },
}

/** Nothing was confirmed, so nothing is claimed. */
export const CancelUnconfirmed: Story = {
  args: { scripts: { 'report.pdf': { holdAfter: 5, failCancel: true } }, engine: { concurrency: 2 }, undoFor: 0 },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    await rowOf(canvasElement, 'report.pdf', 'uploading')
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Cancel report.pdf' }))
    const row = await rowOf(canvasElement, 'report.pdf', 'cancelled')
    await expect(within(row).getByText(/^Cancelled here\. The unfinished copy expires at/)).toBeVisible()
  },
}

/** An app that rather asks. */
export const ConfirmCancel: Story = {
  args: { ...Uploading.args!, confirmCancel: fn(() => false) },
  play: async (context) => {
    await Uploading.play?.(context)
    const { canvasElement, args } = context
    await userEvent.click(within(canvasElement).getByRole('button', { name: 'Cancel report.pdf' }))
    await expect(args.confirmCancel).toHaveBeenCalledOnce()
    await expect(await rowOf(canvasElement, 'report.pdf')).toHaveAttribute('data-phase', 'uploading')
  },
}

/** What was sent is safe; signing in goes on with it. */
export const SignIn: Story = {
  args: {
    scripts: { 'report.pdf': { failAfter: { parts: 5, status: 401 } } },
    engine: { concurrency: 1 },
    onSignIn: fn(),
  },
  play: async ({ canvasElement, args }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'failed')
    await expect(within(row).getByText(/Sign in to continue; 41% of report\.pdf is safe until/)).toBeVisible()
    await userEvent.click(within(row).getByRole('button', { name: 'Sign in report.pdf' }))
    await expect(args.onSignIn).toHaveBeenCalledOnce()
  },
}

/** The file was changed while it was uploaded: the row waits for the new one. */
export const ChooseAgain: Story = {
  args: {
    scripts: { 'report.pdf': { failAfter: { parts: 0, status: 400, code: 'file_changed' } } },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'), file('other.csv'))
    const row = await rowOf(canvasElement, 'report.pdf', 'failed')
    await rowOf(canvasElement, 'other.csv', 'completed')
    answerPicker(file('report, new.pdf'))
    await userEvent.click(within(row).getByRole('button', { name: 'Choose again report.pdf' }))
    const next = await rowOf(canvasElement, 'report, new.pdf', 'completed')
    const [first, second, ...others] = within(canvasElement).getAllByRole('listitem')
    await expect(first).toBe(next)
    await expect(second).toHaveTextContent('other.csv')
    await expect(others).toEqual([])
    await waitFor(() => expect(next).toHaveFocus())
  },
}

/** Remove leaves the file where it is; Delete is the app's, and only there when it gives one. */
export const Delete: Story = {
  args: { onDelete: fn() },
  play: async ({ canvasElement, args }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'completed')
    await userEvent.click(within(row).getByRole('button', { name: 'Delete report.pdf' }))
    await waitFor(() => expect(within(canvasElement).queryByText('report.pdf')).toBeNull())
    await expect(args.onDelete).toHaveBeenCalledOnce()
    await expect(within(canvasElement).getByRole('button', { name: 'Choose files' })).toHaveFocus()
  },
}

/** From one byte to a number that has to stay in one unit. */
export const HugeAndTiny: Story = {
  args: { scripts: { 'everything.tar': { holdAfter: 0 } } },
  play: async ({ canvasElement }) => {
    const huge = file('everything.tar')
    Object.defineProperty(huge, 'size', { value: 8_000_000_000 })
    drag(canvasElement, 'drop', file('one.bin', 1))
    await expect(within(await rowOf(canvasElement, 'one.bin', 'completed')).getByText('1 byte')).toBeVisible()
    dropFolder(canvasElement, folder('backup', [huge]))
    const row = await rowOf(canvasElement, 'everything.tar', 'uploading')
    await expect(await within(row).findByText(/^0\.\d of 8\.0 GB$/)).toBeVisible()
  },
}

export const LongFileName: Story = {
  args: Uploading.args!,
  play: async ({ canvasElement }) => {
    const name = `${'annual-consolidated-financial-statements-and-notes'.repeat(3)}-תקציר-🚀-final.pdf`
    await choose(canvasElement, file(name))
    await rowOf(canvasElement, name, 'completed')
    await expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(document.documentElement.clientWidth)
  },
}

/** A row of one line keeps both ends of a name, and shows all of it to whoever reads the row. */
export const LongFileNameInOneLine: Story = {
  args: { ...Uploading.args!, density: 'compact' },
  play: async ({ canvasElement }) => {
    const name = `${'annual-consolidated-financial-statements-and-notes-'.repeat(3)}2025-final.pdf`
    await choose(canvasElement, file(name), file('short.pdf'))
    const row = await rowOf(canvasElement, name, 'completed')
    const line = row.querySelector('.ou-item-line') as HTMLElement
    const text = within(row).getByText(name).parentElement as HTMLElement
    const oneLine = line.clientHeight
    await expect(oneLine).toBeLessThanOrEqual(28)
    await expect(getComputedStyle(text, '::after').content).toBe('"-final.pdf" / ""')
    await expect(text.scrollWidth).toBeLessThanOrEqual(text.clientWidth)
    const remove = within(row).getByRole('button', { name: `Remove ${name}` })
    remove.focus()
    await waitFor(() => expect(line.clientHeight).toBeGreaterThan(oneLine))
    await expect(getComputedStyle(text, '::after').content).toBe('none')
    remove.blur()
    await waitFor(() => expect(line.clientHeight).toBe(oneLine))
    // On one line with what stands beside it, also where there is nothing to cut.
    for (const shown of [name, 'short.pdf']) {
      const parts = [...((await rowOf(canvasElement, shown)).querySelector('.ou-item-line')?.children ?? [])]
      const [first, second] = parts.map((part) => part.getBoundingClientRect())
      await expect(Math.abs((first?.bottom ?? 0) - (second?.bottom ?? 0))).toBeLessThan(3)
    }
  },
}
