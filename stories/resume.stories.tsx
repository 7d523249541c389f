import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { browserEnvironment } from '../src/core/index.js'
import { closedPage, Reopened } from './closed-page.js'
import { choose, file, rowOf, Scene } from './scene.js'

const meta = { title: 'After a reload', component: Scene } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

const restored: Partial<Story> = {
  args: {},
  loaders: [() => closedPage(['report.pdf'])],
  render: (args, { loaded }) => <Reopened {...args} left={loaded as Awaited<ReturnType<typeof closedPage>>} />,
}

/** What was accepted is still there; the browser needs the file again. */
export const Interrupted: Story = {
  ...restored,
  play: async ({ canvasElement }) => {
    const row = await rowOf(canvasElement, 'report.pdf', 'interrupted')
    await expect(row).toHaveAttribute('data-status', 'pending')
    await expect(within(row).getByText(/Choose report.pdf again to continue from 41%/)).toBeVisible()
    await expect(within(row).getByRole('button', { name: /^Choose/ })).toBeVisible()
  },
}

/** The engine says that it is offline, and goes on by itself. */
export const Offline: Story = {
  args: {
    scripts: { 'report.pdf': { failAfter: { parts: 5, status: 0 } } },
    engine: { environment: { ...browserEnvironment(), isOnline: () => false }, concurrency: 1 },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, file('report.pdf'))
    const row = await rowOf(canvasElement, 'report.pdf', 'offline')
    await expect(within(row).getByText(/^You’re offline/)).toBeVisible()
    await userEvent.click(within(row).getByRole('button', { name: /^Try now/ }))
    await waitFor(() => expect(row).toHaveAttribute('data-phase', 'offline'))
  },
}
