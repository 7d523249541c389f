import type { Meta, StoryObj } from '@storybook/react-vite'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import type { Fetcher } from '../src/core/index.js'
import { createFakeUploads } from '../src/testing/index.js'
import { closedPage, Reopened } from './closed-page.js'
import { answerPicker, choose, file, PART_BYTES, rowOf, Scene, type SceneProps } from './scene.js'

const meta = { title: 'Progress', component: Scene } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

const barIn = (row: HTMLElement) => within(row).getByRole('progressbar', { name: 'report.pdf' })
const valueOf = (bar: HTMLElement) => Number(bar.getAttribute('aria-valuenow') ?? Number.NaN)

/** Everything that an element's attribute said, in its order. */
function watch(element: HTMLElement, attribute: string): (string | null)[] {
  const seen = [element.getAttribute(attribute)]
  new MutationObserver(() => seen.push(element.getAttribute(attribute))).observe(element, {
    attributes: true,
    attributeFilter: [attribute],
  })
  return seen
}

/** One number for screen readers, and beside it the same in words: percent, bytes, and time once it is known. */
export const Determinate: Story = {
  args: { scripts: { 'report.pdf': { holdAfter: 5 } }, engine: { concurrency: 3 } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const bar = barIn(await rowOf(canvasElement, 'report.pdf', 'uploading'))
    await waitFor(() => expect(valueOf(bar)).toBe(56))
    await expect(bar).toHaveAttribute('aria-valuemax', '100')
    // A sentence as value text would silence the beeps and the percent of NVDA.
    await expect(bar).not.toHaveAttribute('aria-valuetext')
    await expect(bar).toHaveAccessibleDescription(/^56%.*0\.7 of 1\.2 MB/)
  },
}

/** Nobody knows how long: no number at all, rather than an invented one. */
export const Indeterminate: Story = {
  args: { scripts: { 'report.pdf': { holdCreate: true } } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const bar = barIn(await rowOf(canvasElement, 'report.pdf', 'creating'))
    await expect(bar).not.toHaveAttribute('aria-valuenow')
    await expect(bar).not.toHaveAttribute('aria-valuetext')
    await expect(bar).toHaveAttribute('data-indeterminate')
  },
}

/** The sixth part gets half of its way three times: the bar waits for it, and never goes back. */
function brokenLine(): Fetcher {
  const { fetcher } = createFakeUploads({ clock: 'real', latency: 30 })
  let sent = 0
  return {
    ...fetcher,
    addPart: async (part, options) => {
      sent += 1
      if (sent < 6 || sent > 8) return fetcher.addPart(part, options)
      options.onProgress(part.body.size / 2)
      await new Promise((resolve) => setTimeout(resolve, 300))
      throw new TypeError('The line broke.')
    },
  }
}

export const RetryDoesNotRewind: Story = {
  args: {
    engine: { fetcher: brokenLine(), concurrency: 1, progressInterval: 50, retry: { baseDelay: 100, maxDelay: 200 } },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'uploading')
    const seen = watch(barIn(row), 'aria-valuenow')
    const phases = watch(row, 'data-phase')
    await waitFor(() => expect(row.dataset['phase']).toBe('completed'))
    await expect(phases).toContain('retrying')
    const values = seen.filter((value) => value !== null).map(Number)
    await expect(values.length).toBeGreaterThan(3)
    await expect(values).toEqual([...values].sort((a, b) => a - b))
  },
}

/** Every byte has been sent, and nothing is done before the API says so. */
export const HoldsAt99: Story = {
  args: { scripts: { 'report.pdf': { holdComplete: true } } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'completing')
    await expect(barIn(row)).not.toHaveAttribute('aria-valuenow')
    await expect(barIn(row).style.getPropertyValue('--ou-progress')).toBe('0.99')
    await expect(within(row).getByText('Finishing')).toBeVisible()
    await expect(within(row).queryByText(/100%/)).toBeNull()
  },
}

/** A line whose speed changes tenfold from one moment to the next. */
function jitteryLine(): Fetcher {
  const { fetcher } = createFakeUploads({ clock: 'real' })
  const paces = [20, 1, 12, 3, 30, 2, 8, 1]
  return {
    ...fetcher,
    addPart: async (part, options) => {
      for (let [sent, beat] = [0, 0]; sent < part.body.size; beat += 1) {
        sent = Math.min(part.body.size, sent + (paces[beat % paces.length] ?? 1) * 2000)
        options.signal.throwIfAborted()
        options.onProgress(sent)
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
      return fetcher.addPart(part, options)
    },
  }
}

/** What the row said of the time left, with the second at which it did. */
function WithTimeLog(props: SceneProps): ReactNode {
  const ref = useRef<HTMLDivElement>(null)
  const [log, setLog] = useState<readonly string[]>([])
  useEffect(() => {
    const begun = performance.now()
    let last = ''
    const observer = new MutationObserver(() => {
      const text = ref.current?.querySelector('[data-slot="upload-item"] [data-piece="time"] bdi')?.textContent ?? ''
      if (text === last || text === '') return
      last = text
      const second = Math.round((performance.now() - begun) / 1000)
      setLog((now) => [...now, `${second} s: ${text}`])
    })
    if (ref.current) observer.observe(ref.current, { childList: true, subtree: true, characterData: true })
    return () => observer.disconnect()
  }, [])
  return (
    <div style={{ display: 'grid', gap: 24 }}>
      <div ref={ref}>
        <Scene {...props} />
      </div>
      <section aria-label="Log">
        <h2>Time left, as it was shown</h2>
        <ol>
          {log.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      </section>
    </div>
  )
}

/** The estimate is smoothed and told in steps, so that a wild line makes a calm text. */
export const EtaStability: Story = {
  args: { engine: { fetcher: jitteryLine(), concurrency: 1, partSize: PART_BYTES } },
  render: (args) => <WithTimeLog {...args} />,
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf', 30 * PART_BYTES))
    const log = within(canvasElement).getByRole('region', { name: 'Log' })
    const lines = () =>
      within(log)
        .queryAllByRole('listitem')
        .map(({ textContent }) => textContent)
    await waitFor(() => expect(lines().length).toBeGreaterThan(1), { timeout: 40_000, interval: 250 })
    // The line changes its speed four times a second; the words change a few times in ten seconds.
    await expect(lines().length).toBeLessThan(8)
    for (const line of lines()) await expect(line).toMatch(/^\d+ s: (about \d+ (sec|min)|a few seconds left)/)
  },
}

/** After a reload the bar begins where the server is, and not at nothing. */
export const ResumeFrom64: Story = {
  loaders: [() => closedPage(['report.pdf'], 9, 14)],
  render: (args, { loaded }) => <Reopened {...args} left={loaded as Awaited<ReturnType<typeof closedPage>>} />,
  play: async ({ canvasElement }) => {
    const row = await rowOf(canvasElement, 'report.pdf', 'interrupted')
    const bar = barIn(row)
    await expect(valueOf(bar)).toBe(64)
    const seen = watch(bar, 'aria-valuenow')
    answerPicker(file('report.pdf', 14 * PART_BYTES))
    await userEvent.click(within(row).getByRole('button', { name: /^Choose/ }))
    await rowOf(canvasElement, 'report.pdf', 'completed')
    await expect(seen.every((value) => value === null || Number(value) >= 64)).toBe(true)
  },
}
