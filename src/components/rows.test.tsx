import { render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { describe, expect, it, vi } from 'vitest'
import { createMemoryResumeStore, createUploader } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import {
  Dropzone,
  Item,
  ItemActivity,
  ItemCancel,
  ItemCopyId,
  ItemName,
  ItemPause,
  ItemRemove,
  ItemRetry,
  ItemSignIn,
  ItemUploadNew,
  List,
  Root,
  SummaryCancel,
  Trigger,
} from './index.js'
import type { RootProps } from './root.js'

const Row = ({ id }: { id: string }) => (
  <Item id={id}>
    <ItemName />
    <ItemActivity />
    <ItemSignIn />
    <ItemRetry />
    <ItemUploadNew />
    <ItemPause />
    <ItemCancel />
    <ItemCopyId />
    <ItemRemove />
  </Item>
)

function setUp(props: Partial<RootProps> = {}) {
  const fakes = createFakeUploads({ clock: 'real' })
  const { container } = render(
    <Root
      fetcher={props.uploader ? undefined : fakes.fetcher}
      uploaderOptions={{ partSize: 1000, checksum: 'off' }}
      purpose="user_data"
      locale="en"
      {...props}
    >
      <Dropzone>
        <Trigger />
      </Dropzone>
      <SummaryCancel />
      <List item={Row} />
    </Root>,
  )
  const input = container.querySelector('input[type="file"]') as HTMLInputElement
  const choose = (...files: File[]) => userEvent.upload(input, files, { applyAccept: false })
  return { fakes, choose }
}

const rowOf = (name: string) => screen.getByText(name).closest('li') as HTMLElement
const expectPhase = (name: string, phase: string) => waitFor(() => expect(rowOf(name).dataset['phase']).toBe(phase))
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))

/** The next picker that a button opens is answered with this file. */
function answerPicker(file: File) {
  vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementationOnce(function pick(this: HTMLInputElement) {
    Object.defineProperty(this, 'files', { value: [file] })
    this.dispatchEvent(new Event('change'))
  })
}

/** A list after a reload, with an upload of 3,000 bytes of which 1,000 were accepted. */
async function afterReload() {
  const resumeStore = createMemoryResumeStore()
  const { fetcher, faults } = createFakeUploads({ clock: 'real' })
  const options = { fetcher, resumeStore, partSize: 1000, concurrency: 1, checksum: 'off' as const }
  const page = createUploader({ ...options, defaults: { purpose: 'user_data' } })
  const second = faults.hold('addPart', { after: 1 })
  page.run(page.add(makeFile('report.pdf', 3000))).catch(() => {})
  await second.reached
  page.destroy()
  setUp({ uploader: createUploader({ ...options, defaults: { purpose: 'user_data' } }) })
  await waitFor(() => rowOf('report.pdf'))
}

it('a file that the backend of the app rejects says why, in the app’s own words', async () => {
  const { fakes, choose } = setUp({ locale: 'de' })
  const error = { message: 'Your plan has no room for this file.', type: 'permission_error', param: null }
  fakes.faults.add({ call: 'create', respond: { status: 403, body: { error: { ...error, code: 'file_rejected' } } } })
  await choose(makeFile('report.pdf', 3000))
  await expectPhase('report.pdf', 'failed')
  expect(rowOf('report.pdf')).toHaveTextContent('Your plan has no room for this file.')
})

describe('a file that was chosen by mistake to continue with', () => {
  it('is named by its row, which keeps waiting for the right one', async () => {
    await afterReload()
    answerPicker(makeFile('other.pdf', 2000))
    await press('Choose file report.pdf')
    await within(rowOf('report.pdf')).findByText('That’s a different file (2 kB, expected 3 kB). Choose report.pdf.')
    expect(rowOf('report.pdf').dataset['phase']).toBe('interrupted')
    answerPicker(makeFile('report.pdf', 3000))
    await press('Choose file report.pdf')
    await expectPhase('report.pdf', 'completed')
    expect(rowOf('report.pdf')).not.toHaveTextContent('different file')
  })

  it('can be uploaded as a file of its own', async () => {
    await afterReload()
    answerPicker(makeFile('other.pdf', 2000))
    await press('Choose file report.pdf')
    await userEvent.click(await screen.findByRole('button', { name: 'Upload it as a new file report.pdf' }))
    await expectPhase('other.pdf', 'completed')
    expect(rowOf('report.pdf')).toHaveTextContent('Choose report.pdf again to continue from 33%.')
    expect(screen.queryByRole('button', { name: /^Upload it as a new file/ })).toBeNull()
  })
})

describe('onSignIn', () => {
  it('is asked once for all, and everything that waited for it goes on with what it has', async () => {
    const onSignIn = vi.fn(async () => {})
    const { fakes, choose } = setUp({ onSignIn })
    fakes.faults.add({ call: 'addPart', after: 1, times: 8, respond: { status: 401 } })
    await choose(makeFile('one.csv', 3000), makeFile('two.csv', 3000))
    await expectPhase('one.csv', 'failed')
    await expectPhase('two.csv', 'failed')
    fakes.faults.clear()
    await press('Sign in one.csv')
    await expectPhase('one.csv', 'completed')
    await expectPhase('two.csv', 'completed')
    expect(onSignIn).toHaveBeenCalledOnce()
    expect(fakes.uploads.list()).toHaveLength(2)
  })

  it('leaves its button out where the app gives none', async () => {
    const { fakes, choose } = setUp()
    fakes.faults.add({ call: 'create', respond: { status: 401 } })
    await choose(makeFile('one.csv', 3000))
    await expectPhase('one.csv', 'failed')
    expect(screen.queryByRole('button', { name: /^Sign in/ })).toBeNull()
  })
})

describe('confirmCancel', () => {
  it('is asked before one and before all, and cancels nothing until it says yes', async () => {
    const confirmCancel = vi.fn(async () => false)
    const { fakes, choose } = setUp({ confirmCancel })
    fakes.faults.hold('addPart')
    fakes.faults.hold('addPart')
    await choose(makeFile('one.csv', 900), makeFile('two.csv', 900))
    await expectPhase('two.csv', 'uploading')
    await press('Cancel one.csv')
    await press('Cancel all')
    expect(confirmCancel.mock.calls.map(([uploads]: unknown[]) => (uploads as unknown[]).length)).toEqual([1, 2])
    expect(rowOf('one.csv').dataset['phase']).toBe('uploading')
    confirmCancel.mockResolvedValue(true)
    await press('Cancel all')
    await expectPhase('one.csv', 'cancelled')
    await expectPhase('two.csv', 'cancelled')
  })
})

it('Cancel keeps its place and says why it does nothing while the file is being finished', async () => {
  const { fakes, choose } = setUp()
  const held = fakes.faults.hold('complete')
  await choose(makeFile('one.csv', 900))
  await expectPhase('one.csv', 'completing')
  const button = within(rowOf('one.csv')).getByRole('button', { name: 'Cancel one.csv' })
  expect(button).toHaveAttribute('aria-disabled', 'true')
  expect(button).toHaveAccessibleDescription('Too late to cancel: the file is being finished.')
  await userEvent.click(button)
  held.release()
  await expectPhase('one.csv', 'completed')
})

it('a list to look at offers nothing but the id of its files', async () => {
  const file = {
    id: 'file-1',
    object: 'file' as const,
    bytes: 10,
    created_at: 0,
    filename: 'old.pdf',
    purpose: 'user_data',
  }
  render(
    <Root fetcher={createFakeUploads().fetcher} purpose="user_data" initialFiles={[file]} readOnly>
      <Dropzone>
        <Trigger />
      </Dropzone>
      <Trigger />
      <List item={Row} />
    </Root>,
  )
  expect(screen.getAllByRole('button')).toEqual([screen.getByRole('button', { name: 'Copy id old.pdf' })])
  expect(screen.queryByRole('group')).toBeNull()
})
