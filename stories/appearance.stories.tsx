import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect } from 'storybook/test'
import { Rejections as Refused } from './dropzone.stories.js'
import { Mixed } from './queue.stories.js'
import { Scene } from './scene.js'

const meta = { title: 'Appearance', component: Scene, args: Mixed.args!, play: Mixed.play! } satisfies Meta<
  typeof Scene
>
export default meta
type Story = StoryObj<typeof meta>

export const Light: Story = {}

export const Dark: Story = { globals: { theme: 'dark' } }

export const DarkRejections: Story = { globals: { theme: 'dark' }, args: Refused.args!, play: Refused.play! }

/** The words stay English; the layout, the bar and the order of everything mirror. */
export const RightToLeft: Story = { globals: { direction: 'rtl' } }

export const Narrow: Story = {
  decorators: [(Story) => <div style={{ inlineSize: 320 }}>{Story()}</div>],
  play: async (context) => {
    await Mixed.play?.(context)
    const root = context.canvasElement.querySelector('.ou-root') as HTMLElement
    await expect(root.scrollWidth).toBeLessThanOrEqual(root.clientWidth)
  },
}

/** A brand in six variables. */
export const Brand: Story = {
  decorators: [
    (Story) => (
      <div
        style={
          {
            '--ou-accent': '#7c3aed',
            '--ou-radius': '4px',
            '--ou-bar-size': '10px',
            '--ou-space': '16px',
            '--ou-font': 'Georgia, serif',
            '--ou-font-size': '1rem',
          } as React.CSSProperties
        }
      >
        {Story()}
      </div>
    ),
  ],
}
