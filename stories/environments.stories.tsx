import type { Meta, StoryObj } from '@storybook/react-vite'
import type { CSSProperties, ReactNode } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { arabic } from '../src/locales/ar.js'
import { german } from '../src/locales/de.js'
import { Mixed } from './queue.stories.js'
import { choose, file, rowOf, Scene } from './scene.js'
import { createGate } from './scripted-fetcher.js'

const meta = { title: 'Environments', component: Scene, args: Mixed.args!, play: Mixed.play! } satisfies Meta<
  typeof Scene
>
export default meta
type Story = StoryObj<typeof meta>

const inside = (style: CSSProperties) => (StoryOf: () => ReactNode) => <div style={style}>{StoryOf()}</div>
const rootOf = (canvasElement: HTMLElement) => canvasElement.querySelector('.ou-root') as HTMLElement

/** The words stay English; the layout, the bar and the order of everything mirror. */
export const RightToLeft: Story = { globals: { direction: 'rtl' } }

/** On a part of the page only, with words, plurals and numbers of its own. */
export const ArabicRightToLeft: Story = {
  args: { ...Mixed.args!, messages: arabic, locale: 'ar', dir: 'rtl' },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, ...['handbook.md', 'quarterly-report.pdf', 'catalogue.csv'].map((name) => file(name)))
    const row = await rowOf(canvasElement, 'quarterly-report.pdf', 'uploading')
    await rowOf(canvasElement, 'handbook.md', 'completed')
    await rowOf(canvasElement, 'catalogue.csv', 'failed')
    await expect(within(row).getByRole('button', { name: 'إلغاء quarterly-report.pdf' })).toBeVisible()
    await expect(getComputedStyle(rootOf(canvasElement)).direction).toBe('rtl')
    const [icon, actions] = ['.ou-item-icon', '.ou-actions'].map((part) => row.querySelector(part) as HTMLElement)
    await expect(icon?.getBoundingClientRect().left).toBeGreaterThan(actions?.getBoundingClientRect().right ?? 0)
    await expect(await within(canvasElement).findByText(/^جارٍ رفع \S+ من 3 ملفات/)).toBeVisible()
  },
}

/** Long words, at a width where they have to wrap. */
export const GermanLongWords: Story = {
  args: { ...Mixed.args!, messages: german, locale: 'de' },
  decorators: [inside({ inlineSize: 360 })],
  play: async ({ canvasElement }) => {
    await choose(canvasElement, ...['handbook.md', 'quarterly-report.pdf', 'catalogue.csv'].map((name) => file(name)))
    await rowOf(canvasElement, 'handbook.md', 'completed')
    const row = await rowOf(canvasElement, 'catalogue.csv', 'failed')
    await expect(
      within(row).getByText(/^catalogue\.csv wurde nicht gesendet: Der Uploaddienst hatte ein Problem/),
    ).toBeVisible()
    await expect(await within(canvasElement).findByText(/^\d,\d von 1,2 MB$/)).toBeVisible()
    await expectToFit(canvasElement)
  },
}

/** The narrowest phone, and a desktop page at 400 %. */
export const Narrow320px: Story = {
  decorators: [inside({ inlineSize: 320 })],
  play: async (context) => {
    await Mixed.play?.(context)
    await expectToFit(context.canvasElement)
  },
}

/** Text twice as large, in the same 640 px. */
export const Text200Percent: Story = {
  decorators: [inside({ inlineSize: 640 })],
  beforeEach: () => {
    document.documentElement.style.fontSize = '200%'
    return () => {
      document.documentElement.style.fontSize = ''
    }
  },
  play: async (context) => {
    await Mixed.play?.(context)
    await expect(getComputedStyle(rootOf(context.canvasElement)).fontSize).toBe('28px')
    await expectToFit(context.canvasElement)
  },
}

/** Where nothing may move, what turns stands still and is a hatched bar or an hourglass beside its word. */
export const ReducedMotion: Story = {
  args: { scripts: { 'a.pdf': { holdCreate: true }, 'b.pdf': { holdComplete: true } } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('a.pdf'), file('b.pdf'))
    const row = await rowOf(canvasElement, 'b.pdf', 'completing')
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const { animationName } = getComputedStyle(within(row).getByRole('progressbar'))
    await expect(animationName).toBe(still ? 'none' : 'ou-pulse')
    await expect(within(row).getByText('Finishing')).toBeVisible()
  },
}

/** With the system's colours, the bar has an edge, and every state a word. */
export const ForcedColors: Story = {
  play: async (context) => {
    await Mixed.play?.(context)
    const bar = context.canvasElement.querySelector('.ou-item .ou-bar') as Element
    const forced = matchMedia('(forced-colors: active)').matches
    await expect(getComputedStyle(bar).borderTopWidth).toBe(forced ? '1px' : '0px')
  },
}

let resumed = createGate()

/** A slow answer to everything: each press is answered at once all the same. */
export const HighLatency: Story = {
  args: { line: { latency: 800 }, scripts: { 'report.pdf': { partsAfter: () => resumed.opened } } },
  beforeEach: () => {
    resumed = createGate()
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'creating')
    await rowOf(canvasElement, 'report.pdf', 'uploading')
    await userEvent.click(within(row).getByRole('button', { name: 'Pause report.pdf' }))
    await expect(row).toHaveAttribute('data-phase', 'paused')
    await userEvent.click(within(row).getByRole('button', { name: 'Resume report.pdf' }))
    resumed.open()
    await waitFor(() => expect(row).toHaveAttribute('data-phase', 'completed'))
  },
}

async function expectToFit(canvasElement: HTMLElement) {
  const root = rootOf(canvasElement)
  await expect(root.scrollWidth).toBeLessThanOrEqual(root.clientWidth)
  for (const button of within(root).getAllByRole('button'))
    await expect(button.getBoundingClientRect().right).toBeLessThanOrEqual(root.getBoundingClientRect().right + 1)
}
