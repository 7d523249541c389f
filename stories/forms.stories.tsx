import type { Meta, StoryObj } from '@storybook/react-vite'
import { type FormEvent, type ReactNode, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { ApplicationForm } from '../examples/react-hook-form/application-form.js'
import { UploadsProvider } from '../src/index.js'
import { UploadDropzone, type UploadDropzoneProps } from '../src/styled/index.js'
import { choose, file, rowOf, type SceneProps, useScriptedUploader } from './scene.js'
import { createGate } from './scripted-fetcher.js'
import './forms.css'

type FormProps = Pick<SceneProps, 'scripts' | 'line' | 'engine'> & UploadDropzoneProps<boolean>

/** A form as any other, which shows what it posts. */
function Form({ scripts, line, engine, ...props }: FormProps): ReactNode {
  const uploader = useScriptedUploader({
    ...(scripts && { scripts }),
    ...(line && { line }),
    ...(engine && { engine }),
  })
  const [posted, setPosted] = useState<string | null>(null)
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const entries = [...new FormData(event.currentTarget)]
    setPosted(
      entries.map(([key, value]) => `${key}=${typeof value === 'string' ? value : value.name}`).join('\n') || 'nothing',
    )
  }
  return (
    <form className="story-form" onSubmit={submit} onReset={() => setPosted(null)}>
      <label>
        Title <input name="title" defaultValue="Tides" />
      </label>
      <UploadDropzone<boolean>
        uploader={uploader}
        purpose="user_data"
        locale="en"
        aria-label="Attachments"
        name="fileIds"
        {...props}
      />
      <div className="story-form-buttons">
        <button type="submit">Publish</button>
        <button type="reset">Reset</button>
      </div>
      {posted !== null && (
        <output>
          Posted: <span className="story-posted">{posted}</span>
        </output>
      )}
    </form>
  )
}

const meta = { title: 'Forms', component: Form } satisfies Meta<typeof Form>
export default meta
type Story = StoryObj<typeof meta>

/** One hidden input for each completed file: the form posts ids, and never a byte of the files. */
export const HiddenIds: Story = {
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await choose(canvasElement, file('tides.csv'), file('moon.csv'))
    await rowOf(canvasElement, 'tides.csv', 'completed')
    await rowOf(canvasElement, 'moon.csv', 'completed')
    await userEvent.click(canvas.getByRole('button', { name: 'Publish' }))
    await expect(canvas.getByRole('status')).toHaveTextContent(
      /^Posted: title=Tides fileIds=file-\w+ fileIds=file-\w+$/,
    )
    await expect(canvasElement.querySelector('input[type="file"]')).not.toHaveAttribute('name')
  },
}

/** Without a file, the form is not submitted: the list says so, and its button has the focus. */
export const Required: Story = {
  args: { required: true },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await userEvent.click(canvas.getByRole('button', { name: 'Publish' }))
    await expect(canvas.getByText('Choose a file.')).toBeVisible()
    const button = canvas.getByRole('button', { name: 'Choose files' })
    await expect(button).toHaveFocus()
    await expect(button).toHaveAccessibleDescription(/^Choose a file\. Up to/)
    await expect(canvas.queryByRole('status')).toBeNull()
  },
}

/** While uploads run, the form says what it waits for and how to go on without them. */
export const SubmitWhileUploading: Story = {
  args: { scripts: { 'tides.csv': { holdAfter: 5 }, 'moon.csv': { holdAfter: 2 } } },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await choose(canvasElement, file('tides.csv'), file('moon.csv'))
    await rowOf(canvasElement, 'moon.csv', 'uploading')
    await userEvent.click(canvas.getByRole('button', { name: 'Publish' }))
    await expect(canvas.getByText('Wait for 2 uploads to finish, or cancel them.')).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Add more files' })).toHaveFocus()
    await expect(canvas.queryByRole('status')).toBeNull()
  },
}

let published = createGate()

/** `submitWhilePending="wait"`: pressed once, submitted by itself. */
export const SubmitAfterUploading: Story = {
  args: {
    submitWhilePending: 'wait',
    line: { bytesPerSecond: 2_000_000 },
    engine: { concurrency: 2 },
    scripts: { 'tides.csv': { partsAfter: () => published.opened } },
  },
  beforeEach: () => {
    published = createGate()
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await choose(canvasElement, file('tides.csv'))
    await userEvent.click(canvas.getByRole('button', { name: 'Publish' }))
    const message = canvas.getAllByText('Submits by itself once 1 upload has finished.')
    await expect(message[0]).toBeVisible()
    published.open()
    await expect(await canvas.findByRole('status')).toHaveTextContent(/fileIds=file-\w+$/)
    await waitFor(() => expect(canvasElement.querySelector('[data-slot="upload-form-error"]')).toBeNull())
  },
}

/** The form of `examples/react-hook-form`, submitted empty. */
export const ReactHookForm: Story = {
  render: function ReactHookFormStory() {
    const uploader = useScriptedUploader({})
    return (
      <UploadsProvider uploader={uploader}>
        <ApplicationForm onSend={() => {}} />
      </UploadsProvider>
    )
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await userEvent.type(canvas.getByRole('textbox', { name: 'Name' }), 'Ada')
    await userEvent.click(canvas.getByRole('button', { name: 'Send' }))
    await expect(await canvas.findByText('Choose a file.')).toBeVisible()
    await waitFor(() => expect(canvas.getByRole('button', { name: 'Choose files' })).toHaveFocus())
    await choose(canvasElement, file('letter.pdf'))
    await rowOf(canvasElement, 'letter.pdf', 'completed')
    await waitFor(() => expect(canvas.queryByText('Choose a file.')).toBeNull())
  },
}

/** Room for one: the next file takes the place of the last, and the value is that file. */
export const SingleFileReplace: Story = {
  args: {
    multiple: false,
    thumbnails: true,
    defaultValue: { fileId: 'file-portrait2025', uploadId: null, name: 'portrait-2025.png', bytes: 182_000 },
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await rowOf(canvasElement, 'portrait-2025.png', 'completed')
    await expect(canvas.getByRole('button', { name: 'Replace file' })).toBeEnabled()
    await choose(canvasElement, file('portrait-2026.png'))
    await rowOf(canvasElement, 'portrait-2026.png', 'completed')
    await expect(canvas.getAllByRole('listitem')).toHaveLength(1)
    await userEvent.click(canvas.getByRole('button', { name: 'Reset' }))
    await rowOf(canvasElement, 'portrait-2025.png', 'completed')
    await expect(canvas.getAllByRole('listitem')).toHaveLength(1)
  },
}

/** The app's own verdict, for example a server's. */
export const Invalid: Story = {
  args: { invalid: 'The first page is missing. Upload the whole document.' },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await expect(canvas.getByText('The first page is missing. Upload the whole document.')).toBeVisible()
    await expect(canvas.getByRole('button', { name: 'Choose files' })).toHaveAccessibleDescription(
      /^The first page is missing\./,
    )
  },
}

/** The list as it is: nothing to add, nothing to remove. */
export const ReadOnly: Story = {
  args: {
    readOnly: true,
    defaultValue: [
      { fileId: 'file-tides', uploadId: null, name: 'tides.csv', bytes: 48_000 },
      { fileId: 'file-moon', uploadId: null, name: 'moon.csv', bytes: 12_000 },
    ],
  },
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    const row = await rowOf(canvasElement, 'tides.csv', 'completed')
    await expect(within(row).getAllByRole('button')).toHaveLength(1)
    await expect(canvas.queryByRole('group', { name: 'File upload' })).toBeNull()
    await userEvent.click(canvas.getByRole('button', { name: 'Publish' }))
    await expect(canvas.getByRole('status')).toHaveTextContent('fileIds=file-tides fileIds=file-moon')
  },
}
