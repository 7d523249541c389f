import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { browserEnvironment, createMemoryResumeStore, createUploader, type ResumeStore } from '../src/core/index.js'
import { createFakeUploads } from '../src/testing/index.js'
import { choose, file, PART_BYTES, rowOf, Scene } from './scene.js'

const meta = { title: 'After a reload', component: Scene } satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

const engine = { partSize: PART_BYTES, concurrency: 1, defaults: { purpose: 'user_data' } }

/** What a page leaves behind that was closed after five of twelve parts. */
async function closedInTheMiddle() {
  const resumeStore = createMemoryResumeStore()
  const { fetcher, faults } = createFakeUploads({ clock: 'real' })
  const page = createUploader({ ...engine, fetcher, resumeStore })
  const sixth = faults.hold('addPart', { after: 5 })
  page.run(page.add(file('report.pdf'))).catch(() => {})
  await sixth.reached
  page.destroy()
  return { resumeStore, fetcher }
}

const restored: Partial<Story> = {
  args: {},
  loaders: [closedInTheMiddle],
  render: (args, { loaded }) => {
    const { resumeStore, fetcher } = loaded as Awaited<ReturnType<typeof closedInTheMiddle>>
    return <Scene {...args} uploader={pageOf(resumeStore, fetcher)} />
  },
}

// One page per loaded story, however often it is drawn.
const pages = new WeakMap<ResumeStore, ReturnType<typeof createUploader>>()
function pageOf(resumeStore: ResumeStore, fetcher: Parameters<typeof createUploader>[0]['fetcher']) {
  const page = pages.get(resumeStore) ?? createUploader({ ...engine, fetcher, resumeStore })
  pages.set(resumeStore, page)
  return page
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
