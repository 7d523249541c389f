import type { Meta, StoryObj } from '@storybook/react-vite'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { arabic } from '../src/locales/ar.js'
import { german } from '../src/locales/de.js'
import { choose, file, Scene } from './scene.js'
import type { Script } from './scripted-fetcher.js'

/** Every way a row can stop, as the backend says it: the code, the status it comes with, and when. */
const answers = {
  auth_required: 401,
  forbidden: 403,
  token_invalid: 403,
  quota_exceeded: 429,
  rate_limited: 429,
  not_found: 404,
  method_not_allowed: 405,
  invalid_request: 400,
  part_incomplete: 400,
  part_too_large: 413,
  upstream_auth: 502,
  upstream_error: 502,
  server_error: 500,
  timeout: 408,
  bad_response: 200,
  network: 0,
  integrity_failed: 400,
  outcome_unknown: 409,
  file_changed: 400,
  file_gone: 400,
  file_unreadable: 400,
  file_mismatch: 400,
  file_rejected: 400,
  invalid_options: 400,
  unknown: 400,
} as const
const names = Object.keys(answers).map((code) => `${code.replaceAll('_', '-')}.pdf`)
const scripts = Object.fromEntries(
  Object.entries(answers).map(([code, status], index): [string, Script] => [
    names[index] as string,
    {
      failAfter: {
        parts: 7,
        status,
        ...(status > 0 && { code, headers: { 'x-should-retry': 'false' } }),
        // The one code with words of the app's own.
        ...(code === 'file_rejected' && { message: 'Your plan has no room for this file.' }),
      },
    },
  ]),
)

/** The whole catalogue, as a person reads it. What is refused before it is uploaded is under Dropzone. */
const meta = {
  title: 'Errors',
  component: Scene,
  args: {
    scripts,
    onSignIn: () => {},
    engine: { retry: { baseDelay: 1, maxDelay: 5, giveUpAfter: 30 }, concurrency: 2 },
  },
  play: async ({ canvasElement }) => {
    await choose(canvasElement, ...names.map((name) => file(name)))
    const list = canvasElement.querySelector('ul[data-slot="upload-list"]') as HTMLElement
    await waitFor(() => expect(list.querySelectorAll('li[data-phase="failed"]')).toHaveLength(names.length), {
      timeout: 12_000,
    })
    for (const row of within(list).getAllByRole('listitem')) {
      const activity = row.querySelector('[data-slot="upload-item-activity"]')
      await expect(activity).toHaveAttribute('data-tone', 'danger')
      await expect(activity).not.toHaveTextContent(/_/)
    }
  },
} satisfies Meta<typeof Scene>
export default meta
type Story = StoryObj<typeof meta>

export const Catalogue: Story = {}

/** For whoever has to find out: code, status, request and upload, and a button that copies them. */
export const WithDetails: Story = {
  play: async (context) => {
    await meta.play(context)
    for (const summary of within(context.canvasElement).getAllByText('Details')) await userEvent.click(summary)
    await expect(within(context.canvasElement).getAllByText('req_7f3a9c').length).toBeGreaterThan(20)
    await expect(within(context.canvasElement).getByText('quota_exceeded')).toBeVisible()
  },
}

export const InGerman: Story = { args: { messages: german, locale: 'de' } }

export const InArabic: Story = { args: { messages: arabic, locale: 'ar', dir: 'rtl' } }
