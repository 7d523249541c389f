import { cleanup, render, screen, waitFor } from '@testing-library/react'
import { UploadsProvider } from 'react-openai-uploads'
import { createFakeUploads, makeFile } from 'react-openai-uploads/testing'
import { afterEach, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { ApplicationForm } from './application-form.js'

afterEach(cleanup)

function setUp() {
  const fakes = createFakeUploads({ clock: 'real' })
  const onSend = vi.fn()
  const { container } = render(
    <UploadsProvider fetcher={fakes.fetcher} uploaderOptions={{ checksum: 'off' }}>
      <ApplicationForm onSend={onSend} />
    </UploadsProvider>,
  )
  const input = container.querySelector('input[type="file"]') as HTMLInputElement
  return {
    fakes,
    onSend,
    choose: (name: string) => userEvent.upload(input, makeFile(name, 3000)),
    press: (name: string) => userEvent.click(screen.getByRole('button', { name })),
    enterName: (name: string) => userEvent.fill(screen.getByRole('textbox', { name: 'Name' }), name),
  }
}

const trigger = () => screen.getByRole('button', { name: /^(Choose|Add more) files$/ })
const expectCompleted = (name: string) =>
  waitFor(() => expect(screen.getByText(name).closest('li')?.dataset['phase']).toBe('completed'))

it('hands over the files with everything else, and begins anew afterwards', async () => {
  const { choose, enterName, press, onSend, fakes } = setUp()
  await enterName('Ada')
  await choose('letter.pdf')
  await expectCompleted('letter.pdf')
  await press('Send')
  await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('Your application was sent.'))
  const [fileObject] = fakes.files.list()
  const [upload] = fakes.uploads.list()
  expect(onSend.mock.calls).toEqual([
    [{ name: 'Ada', files: [{ fileId: fileObject?.id, uploadId: upload?.id, name: 'letter.pdf', bytes: 3000 }] }],
  ])
  expect(screen.queryByText('letter.pdf')).toBeNull()
})

it('says what is missing where it is missing, and focuses the first of it', async () => {
  const { enterName, press, choose, onSend } = setUp()
  await press('Send')
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'Name' })))
  expect(trigger()).toHaveAccessibleDescription(/^Choose a file\./)
  await enterName('Ada')
  await press('Send')
  await waitFor(() => expect(document.activeElement).toBe(trigger()))
  await choose('letter.pdf')
  await expectCompleted('letter.pdf')
  await waitFor(() => expect(screen.queryByText('Choose a file.')).toBeNull())
  expect(onSend).not.toHaveBeenCalled()
})

it('is not sent while an upload is under way', async () => {
  const { choose, enterName, press, onSend, fakes } = setUp()
  const held = fakes.faults.hold('addPart')
  await enterName('Ada')
  await choose('letter.pdf')
  await held.reached
  await press('Send')
  expect(screen.getByText('Wait for 1 upload to finish, or cancel it.')).toBeVisible()
  expect(onSend).not.toHaveBeenCalled()
  held.release()
  await expectCompleted('letter.pdf')
  await press('Send')
  await waitFor(() => expect(onSend).toHaveBeenCalledTimes(1))
})

it('lets go of its files when it starts over', async () => {
  const { choose, press } = setUp()
  await choose('letter.pdf')
  await expectCompleted('letter.pdf')
  await press('Start over')
  await waitFor(() => expect(screen.queryByText('letter.pdf')).toBeNull())
  expect(trigger()).toHaveTextContent('Choose files')
})
