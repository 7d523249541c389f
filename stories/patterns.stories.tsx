import type { Meta, StoryObj } from '@storybook/react-vite'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { Uploads, type UploadsHandle, UploadsProvider, useUpload } from '../src/index.js'
import { UploadDropzone } from '../src/styled/index.js'
import { answerPicker, choose, file, rowOf, useScriptedUploader } from './scene.js'
import './patterns.css'

// What apps build of the kit: each is whole, with nothing of the others.

const meta = { title: 'Patterns' } satisfies Meta
export default meta
type Story = StoryObj<typeof meta>

function Composer(): ReactNode {
  const uploader = useScriptedUploader({})
  const [sent, setSent] = useState<string[]>([])
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const message = form.querySelector('textarea')?.value ?? ''
    setSent([...sent, `${message} (${new FormData(form).getAll('fileIds').length} attached)`])
    form.reset()
  }
  return (
    <form className="pattern" onSubmit={send}>
      {sent.length > 0 && (
        <ul aria-label="Messages">
          {sent.map((message) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      )}
      <Uploads.Root
        className="pattern-composer"
        uploader={uploader}
        purpose="user_data"
        name="fileIds"
        submitWhilePending="wait"
        locale="en"
        label="Attachments"
      >
        <Uploads.List className="pattern-chips">
          {(id) => (
            <Uploads.Item id={id}>
              <Uploads.ItemName />
              <Uploads.ItemProgress />
              <Uploads.ItemCancel />
              <Uploads.ItemRetry />
              <Uploads.ItemRemove />
            </Uploads.Item>
          )}
        </Uploads.List>
        <textarea name="message" aria-label="Message" rows={2} />
        <div className="pattern-row">
          <Uploads.Trigger>Attach</Uploads.Trigger>
          <button type="submit">Send</button>
        </div>
        <Uploads.FormError />
        <Uploads.Rejections />
      </Uploads.Root>
    </form>
  )
}

/** Attachments of a message: chips above the text, and a message that is sent early waits for its files. */
export const ChatComposer: Story = {
  render: () => <Composer />,
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    answerPicker(file('chart.png'), file('notes.txt'))
    await userEvent.type(canvas.getByRole('textbox', { name: 'Message' }), 'Which is higher?')
    await userEvent.click(canvas.getByRole('button', { name: 'Attach' }))
    await rowOf(canvasElement, 'notes.txt')
    await userEvent.click(canvas.getByRole('button', { name: 'Send' }))
    await expect(await canvas.findByText('Which is higher? (2 attached)')).toBeVisible()
    await waitFor(() => expect(canvas.queryByText('notes.txt')).toBeNull())
  },
}

function Settings(): ReactNode {
  const uploader = useScriptedUploader({})
  const [file, setFile] = useState<string | null>('file-old')
  return (
    <section className="pattern" aria-labelledby="knowledge">
      <h2 id="knowledge">Knowledge file</h2>
      <UploadDropzone
        multiple={false}
        uploader={uploader}
        purpose="assistants"
        accept=".pdf, .md, .txt"
        locale="en"
        label="One document that every answer may use"
        defaultValue={{ fileId: 'file-old', uploadId: null, name: 'handbook-2024.pdf', bytes: 812_000 }}
        onValueChange={(next) => setFile(next?.fileId ?? null)}
      />
      <p>Answers use: {file ?? 'nothing yet'}</p>
    </section>
  )
}

/** One file that stays, and is replaced by the next one. */
export const SettingsSingleFile: Story = {
  render: () => <Settings />,
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    await expect(canvas.getByText('Answers use: file-old')).toBeVisible()
    await choose(canvasElement, file('handbook-2026.pdf'))
    await rowOf(canvasElement, 'handbook-2026.pdf', 'completed')
    await expect(canvas.queryByText('handbook-2024.pdf')).toBeNull()
    await expect(canvas.queryByText('Answers use: file-old')).toBeNull()
  },
}

function Page(): ReactNode {
  const uploader = useScriptedUploader({ scripts: { 'interviews.zip': { holdAfter: 5 } } })
  const [open, setOpen] = useState(true)
  const uploads = useRef<UploadsHandle>(null)
  return (
    <div className="pattern pattern-page">
      <main>
        <h2>Project</h2>
        <p>The page goes on while its files are sent.</p>
        <button type="button" onClick={() => uploads.current?.open()}>
          Upload to this project
        </button>{' '}
        <button type="button" aria-expanded={open} aria-controls="tray" onClick={() => setOpen(!open)}>
          Uploads
        </button>
      </main>
      <aside id="tray" className="pattern-tray" aria-label="Uploads" hidden={!open}>
        <UploadDropzone
          ref={uploads}
          uploader={uploader}
          purpose="user_data"
          locale="en"
          density="compact"
          maxFiles={20}
        />
      </aside>
    </div>
  )
}

/** A tray at the side, opened and filled from the page; closing it stops nothing. */
export const SidePanelTray: Story = {
  render: () => <Page />,
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    answerPicker(file('interviews.zip'), file('notes.txt'))
    await userEvent.click(canvas.getByRole('button', { name: 'Upload to this project' }))
    const row = await rowOf(canvasElement, 'interviews.zip', 'uploading')
    const toggle = canvas.getByRole('button', { name: 'Uploads' })
    await userEvent.click(toggle)
    await expect(row).not.toBeVisible()
    await rowOf(canvasElement, 'notes.txt', 'completed')
    await userEvent.click(toggle)
    await expect(row).toBeVisible()
    await expect(row).toHaveAttribute('data-phase', 'uploading')
  },
}

const documents = ['Passport', 'Proof of address', 'Contract']

function TableRow({ name }: { name: string }): ReactNode {
  const upload = useUpload({ purpose: 'user_data' })
  const input = useRef<HTMLInputElement>(null)
  const isRunning = ['queued', 'creating', 'uploading', 'completing'].includes(upload.status)
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{upload.status === 'completed' ? upload.fileObject.id : (upload.error?.message ?? upload.status)}</td>
      <td>{isRunning && 'progress' in upload ? `${upload.progress.percent}%` : ''}</td>
      <td>
        <input
          ref={input}
          type="file"
          hidden
          aria-label={name}
          onChange={({ currentTarget: { files } }) => files?.[0] && upload.start(files[0])}
        />
        {isRunning ? (
          <button type="button" onClick={() => upload.cancel()}>
            Cancel {name}
          </button>
        ) : (
          <button type="button" onClick={() => input.current?.click()}>
            Choose {name}
          </button>
        )}
      </td>
    </tr>
  )
}

function Documents(): ReactNode {
  const uploader = useScriptedUploader({})
  return (
    <UploadsProvider uploader={uploader}>
      <div className="pattern">
        <table>
          <caption>Documents that are needed</caption>
          <thead>
            <tr>
              <th scope="col">Document</th>
              <th scope="col">State</th>
              <th scope="col">Sent</th>
              <th scope="col">Actions</th>
            </tr>
          </thead>
          <tbody>
            {documents.map((name) => (
              <TableRow key={name} name={name} />
            ))}
          </tbody>
        </table>
      </div>
    </UploadsProvider>
  )
}

/** A table with an upload in each row, by `useUpload` alone: no part, no style. */
export const HeadlessTable: Story = {
  render: () => <Documents />,
  play: async ({ canvasElement }) => {
    const canvas = within(canvasElement)
    const row = canvas.getByRole('row', { name: /^Passport/ })
    answerPicker(file('passport.pdf'))
    await userEvent.click(within(row).getByRole('button', { name: 'Choose Passport' }))
    await waitFor(() => expect(within(row).getByText(/^file-/)).toBeVisible())
    await expect(canvas.getByRole('row', { name: /^Contract/ })).toHaveTextContent('idle')
  },
}
