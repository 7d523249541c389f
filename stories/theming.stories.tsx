import type { Meta, StoryObj } from '@storybook/react-vite'
import type { ComponentProps, CSSProperties, ReactNode } from 'react'
import { expect, userEvent, within } from 'storybook/test'
import { UploadDropzone as TailwindDropzone } from '../registry/upload-dropzone/upload-dropzone.js'
import { Uploads } from '../src/index.js'
import { Rejections as Refused } from './dropzone.stories.js'
import { Mixed } from './queue.stories.js'
import { choose, file, rowOf, Scene, useScriptedUploader } from './scene.js'
import tailwindCss from './tailwind.css?inline'
import styles from './theming.module.css'

const meta = { title: 'Theming', component: Scene, args: Mixed.args!, play: Mixed.play! } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

const inside = (style: Record<string, string | number>) => (StoryOf: () => ReactNode) => (
  <div style={style as CSSProperties}>{StoryOf()}</div>
)
const colorOf = (element: Element | null, property: 'color' | 'backgroundColor' | 'borderTopColor') =>
  getComputedStyle(element as Element)[property]

export const Light: Story = {}

export const Dark: Story = { globals: { theme: 'dark' } }

export const DarkRejections: Story = { globals: { theme: 'dark' }, args: Refused.args!, play: Refused.play! }

/** A brand in six variables. */
export const BrandTheme: Story = {
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

function Tailwind(): ReactNode {
  const uploader = useScriptedUploader({
    scripts: { 'held.csv': { holdAfter: 5 }, 'failed.csv': { failAfter: { parts: 7, status: 403 } } },
  })
  return (
    <div className="tailwind">
      {/* Preflight and all, while this story is shown and no longer. */}
      <style>{tailwindCss}</style>
      <TailwindDropzone uploader={uploader} purpose="user_data" locale="en" accept=".csv, .pdf" />
    </div>
  )
}

/** The unstyled parts with the utilities of Tailwind 4 and the tokens of shadcn: what `shadcn add` copies into an app. */
export const TailwindUtilities: Story = {
  render: () => <Tailwind />,
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('done.csv'), file('held.csv'), file('failed.csv'))
    await rowOf(canvasElement, 'done.csv', 'completed')
    await rowOf(canvasElement, 'failed.csv', 'failed')
    const row = await rowOf(canvasElement, 'held.csv', 'uploading')
    const bar = within(row).getByRole('progressbar')
    await expect(bar).toHaveClass('h-1.5')
    await expect(getComputedStyle(bar).height).toBe('6px')
    await expect(getComputedStyle(bar).backgroundImage).toMatch(/^linear-gradient\(to right, oklch/)
    await expect(canvasElement.querySelector('.ou-root')).toBeNull()
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
export const UnstyledParts: Story = {
  args: { ...Mixed.args!, unstyled: true, classNames: { item: 'mine' } },
  play: async (context) => {
    await Mixed.play?.(context)
    const { canvasElement } = context
    await expect(canvasElement.querySelector('[class*="ou-"]:not(svg, svg *)')).toBeNull()
    await expect(canvasElement.querySelectorAll('li.mine')).toHaveLength(7)
  },
}

/** A button of an app's own library, with a look and a prop that the kit knows nothing of. */
function Pill({ tone, ...props }: ComponentProps<'button'> & { tone: 'loud' | 'quiet' }) {
  return (
    <button
      {...props}
      style={{
        minBlockSize: 36,
        paddingInline: 16,
        border: '1px solid currentColor',
        borderRadius: 18,
        ...(tone === 'loud' ? { background: 'light-dark(#7c2d12, #fed7aa)', color: 'light-dark(#fff, #431407)' } : {}),
      }}
    />
  )
}

function OwnButtons(): ReactNode {
  const uploader = useScriptedUploader({ scripts: { 'report.pdf': { holdAfter: 5 } } })
  return (
    <Uploads.Root uploader={uploader} purpose="user_data" locale="en">
      <Uploads.Dropzone style={{ padding: 16, borderRadius: 12, background: 'light-dark(#ffedd5, #431407)' }}>
        <Uploads.Trigger render={<Pill tone="loud" />} />
      </Uploads.Dropzone>
      <Uploads.List style={{ padding: 0, listStyle: 'none' }}>
        {(id) => (
          <Uploads.Item id={id}>
            <Uploads.ItemName style={{ fontWeight: 600 }} />
            <Uploads.ItemActivity style={{ marginBlock: 8 }} />
            <Uploads.ItemPause asChild>
              <Pill tone="quiet" />
            </Uploads.ItemPause>{' '}
            <Uploads.ItemCancel render={(props) => <Pill tone="quiet" {...props} />} />
          </Uploads.Item>
        )}
      </Uploads.List>
    </Uploads.Root>
  )
}

/** Another button in the place of the kit's: by `render` with an element or a function, or by `asChild`. */
export const RenderSwap: Story = {
  render: () => <OwnButtons />,
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'uploading')
    const buttons = within(canvasElement).getAllByRole('button')
    await expect(buttons.map(({ dataset }) => dataset['slot'])).toEqual([
      'upload-trigger',
      'upload-item-pause',
      'upload-item-cancel',
    ])
    for (const button of buttons) await expect(getComputedStyle(button).borderRadius).toBe('18px')
    await userEvent.click(within(row).getByRole('button', { name: 'Pause report.pdf' }))
    await rowOf(canvasElement, 'report.pdf', 'paused')
    await expect(within(row).getByRole('button', { name: 'Resume report.pdf' })).toHaveFocus()
  },
}

export const CompactDensity: Story = {
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
