import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ComponentProps, CSSProperties, ReactNode } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { arabic } from '../src/locales/ar.js'
import { german } from '../src/locales/de.js'
import styles from './appearance.module.css'
import { Rejections as Refused } from './dropzone.stories.js'
import { Mixed } from './queue.stories.js'
import { choose, file, rowOf, Scene } from './scene.js'

const meta = { title: 'Appearance', component: Scene, args: Mixed.args!, play: Mixed.play! } satisfies Meta<
  typeof Scene
>
export default meta
type Story = StoryObj<typeof meta>

const inside = (style: Record<string, string | number>) => (StoryOf: () => ReactNode) => (
  <div style={style as CSSProperties}>{StoryOf()}</div>
)
const rootOf = (canvasElement: HTMLElement) => canvasElement.querySelector('.ou-root') as HTMLElement
const colorOf = (element: Element | null, property: 'color' | 'backgroundColor' | 'borderTopColor') =>
  getComputedStyle(element as Element)[property]

// THEMES

export const Light: Story = {}

export const Dark: Story = { globals: { theme: 'dark' } }

export const DarkRejections: Story = { globals: { theme: 'dark' }, args: Refused.args!, play: Refused.play! }

/** A brand in six variables. */
export const Brand: Story = {
  decorators: [
    inside({
      '--ou-accent': 'light-dark(#7c3aed, #a78bfa)',
      '--ou-radius': '4px',
      '--ou-bar-size': '10px',
      '--ou-space': '16px',
      '--ou-font': 'Georgia, serif',
      '--ou-font-size': '1rem',
    }),
  ],
}

/** The colours of shadcn, where an app has them: nothing to set. */
export const ShadcnTokens: Story = {
  decorators: [
    inside({
      '--foreground': 'light-dark(oklch(0.147 0.004 49.25), oklch(0.985 0.001 106.423))',
      '--muted-foreground': 'light-dark(oklch(0.45 0.013 58.071), oklch(0.75 0.01 56.259))',
      '--muted': 'light-dark(oklch(0.97 0.001 106.424), oklch(0.268 0.007 34.298))',
      '--border': 'light-dark(oklch(0.923 0.003 48.717), oklch(1 0 0 / 15%))',
      '--primary': 'light-dark(oklch(0.45 0.12 150), oklch(0.8 0.15 150))',
      '--destructive': 'light-dark(oklch(0.5 0.22 27), oklch(0.75 0.16 22))',
      '--radius': '0.4rem',
    }),
  ],
  play: async (context) => {
    await Mixed.play?.(context)
    const retry = within(context.canvasElement).getByRole('button', { name: 'Retry catalogue.csv' })
    await expect(colorOf(retry, 'color')).toBe('oklch(0.45 0.12 150)')
  },
}

/** The same names as parts of an HSL colour, which is no colour: nothing disappears. */
export const OldShadcnTokens: Story = {
  decorators: [
    inside({
      '--foreground': '222 84% 5%',
      '--muted-foreground': '215 16% 47%',
      '--muted': '210 40% 96%',
      '--border': '214 32% 91%',
      '--primary': '222 47% 11%',
      '--destructive': '0 84% 60%',
      '--radius': '8',
    }),
  ],
  play: async (context) => {
    await Mixed.play?.(context)
    const { canvasElement } = context
    await expect(colorOf(canvasElement.querySelector('.ou-dropzone'), 'borderTopColor')).toBe('rgb(100, 116, 139)')
    const retry = within(canvasElement).getByRole('button', { name: 'Retry catalogue.csv' })
    await expect(colorOf(retry, 'color')).toBe('rgb(37, 99, 235)')
    const bar = canvasElement.querySelector('.ou-item .ou-bar')
    await expect(getComputedStyle(bar as Element).backgroundImage).toMatch(/^linear-gradient/)
  },
}

/** A class of the app wins, whatever it weighs, as Tailwind's do: the kit's styles sit in a layer of their own. */
export const UtilityClasses: Story = {
  args: {
    ...Mixed.args!,
    className: 'u-plain',
    classNames: { dropzone: 'u-violet', item: 'u-tight', badge: 'u-hidden' },
  },
  decorators: [
    (StoryOf) => (
      <>
        <style>{`
          @layer openai-uploads, utilities;
          @layer utilities {
            .u-plain { gap: 1.25rem }
            .u-violet { border-color: #6d28d9; background-color: light-dark(#f5f3ff, #2e1065) }
            .u-tight { padding-block: 2px }
            .u-hidden { display: none }
          }`}</style>
        <StoryOf />
      </>
    ),
  ],
  play: async (context) => {
    await Mixed.play?.(context)
    const zone = context.canvasElement.querySelector('.ou-dropzone')
    await expect(colorOf(zone, 'borderTopColor')).toBe('rgb(109, 40, 217)')
    await expect(context.canvasElement.querySelector('.ou-badge')).not.toBeVisible()
  },
}

/** Classes of CSS Modules, which are in no layer, win as well. */
export const CssModules: Story = {
  args: { ...Mixed.args!, classNames: { dropzone: styles['zone']!, name: styles['name']! } },
  play: async (context) => {
    await Mixed.play?.(context)
    const zone = context.canvasElement.querySelector('.ou-dropzone')
    await expect(colorOf(zone, 'borderTopColor')).toBe('rgb(15, 118, 110)')
    await expect(getComputedStyle(context.canvasElement.querySelector('.ou-name') as Element).fontStyle).toBe('italic')
  },
}

/** Structure, words and behaviour without a style. */
export const Unstyled: Story = {
  args: { ...Mixed.args!, unstyled: true, classNames: { item: 'mine' } },
  play: async (context) => {
    await Mixed.play?.(context)
    const { canvasElement } = context
    await expect(canvasElement.querySelector('[class*="ou-"]:not(svg, svg *)')).toBeNull()
    await expect(canvasElement.querySelectorAll('li.mine')).toHaveLength(7)
  },
}

export const Compact: Story = {
  args: { ...Mixed.args!, density: 'compact' },
  play: async (context) => {
    await Mixed.play?.(context)
    for (const button of within(context.canvasElement).getAllByRole('button')) {
      const { width, height } = button.getBoundingClientRect()
      await expect(Math.min(width, height)).toBeGreaterThanOrEqual(24)
    }
  },
}

function Glyph({ children, ...props }: ComponentProps<'span'>) {
  return (
    <span aria-hidden="true" {...props}>
      {children}
    </span>
  )
}

/** Icons of the app's own, also where the kit has none: beside the words, never in their place. */
export const OwnIcons: Story = {
  args: {
    ...Mixed.args!,
    icons: { cancel: <Glyph>✕</Glyph>, pause: <Glyph>⏸</Glyph>, completed: <Glyph>★</Glyph>, uploading: null },
  },
  play: async (context) => {
    await Mixed.play?.(context)
    const cancel = within(context.canvasElement).getByRole('button', { name: 'Cancel quarterly-report.pdf' })
    await expect(cancel).toHaveTextContent('✕Cancel')
  },
}

// ENVIRONMENTS

/** The words stay English; the layout, the bar and the order of everything mirror. */
export const RightToLeft: Story = { globals: { direction: 'rtl' } }

/** On a part of the page only, with words, plurals and numbers of its own. */
export const Arabic: Story = {
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
export const German: Story = {
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

export const Narrow: Story = {
  decorators: [inside({ inlineSize: 320 })],
  play: async (context) => {
    await Mixed.play?.(context)
    await expectToFit(context.canvasElement)
  },
}

/** Text twice as large, in the same 640 px. */
export const LargeText: Story = {
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

/** A slow answer to everything: each press is answered at once all the same. */
export const HighLatency: Story = {
  args: { line: { latency: 800 } },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'creating')
    await rowOf(canvasElement, 'report.pdf', 'uploading')
    await userEvent.click(within(row).getByRole('button', { name: 'Pause report.pdf' }))
    await expect(row).toHaveAttribute('data-phase', 'paused')
    await userEvent.click(within(row).getByRole('button', { name: 'Resume report.pdf' }))
    await waitFor(() => expect(row).toHaveAttribute('data-phase', 'completed'), { timeout: 8000 })
  },
}

async function expectToFit(canvasElement: HTMLElement) {
  const root = rootOf(canvasElement)
  await expect(root.scrollWidth).toBeLessThanOrEqual(root.clientWidth)
  for (const button of within(root).getAllByRole('button'))
    await expect(button.getBoundingClientRect().right).toBeLessThanOrEqual(root.getBoundingClientRect().right + 1)
}
