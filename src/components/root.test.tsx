import { render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { type ReactNode, StrictMode, useState } from 'react'
import { describe, expect, it, vi } from 'vitest'
import type { FileObject } from '../protocol/index.js'
import { UploadsProvider } from '../react/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import {
  Dropzone,
  Item,
  ItemCancel,
  ItemName,
  ItemPause,
  ItemProgress,
  ItemRemove,
  ItemRetry,
  List,
  Rejections,
  Root,
  Summary,
  Trigger,
} from './index.js'
import type { RootProps } from './root.js'
import type { UploadedFile } from './uploaded-file.js'

const Row = ({ id }: { id: string }) => (
  <Item id={id}>
    <ItemName />
    <ItemProgress />
    <ItemPause />
    <ItemCancel />
    <ItemRetry />
    <ItemRemove />
  </Item>
)

function setUp(props: Partial<RootProps> = {}, wrap: (list: ReactNode) => ReactNode = (list) => list) {
  const fakes = createFakeUploads({ clock: 'real' })
  const root = (
    <Root fetcher={fakes.fetcher} uploaderOptions={{ partSize: 1000, checksum: 'off' }} purpose="user_data" {...props}>
      <Dropzone>
        <Trigger />
      </Dropzone>
      <Summary />
      <Rejections />
      <List item={Row} />
    </Root>
  )
  const { container } = render(wrap(root))
  const input = container.querySelector('input[type="file"]') as HTMLInputElement
  const choose = (...files: File[]) => userEvent.upload(input, files, { applyAccept: false })
  return { fakes, choose, container, input }
}

const phaseOf = (name: string) => screen.getByText(name).closest('li')?.getAttribute('data-phase')
const expectPhase = (name: string, phase: string) => waitFor(() => expect(phaseOf(name)).toBe(phase))
const report = () => makeFile('report.pdf', 3000)

describe('Root', () => {
  it('opens the camera that it is told, where a phone has one', () => {
    const { input } = setUp({ capture: 'environment' })
    expect(input.getAttribute('capture')).toBe('environment')
    expect(setUp().input.hasAttribute('capture')).toBe(false)
  })

  it('uploads what is chosen and gives the file back, once', async () => {
    const [onAdd, onComplete, onValueChange] = [vi.fn(), vi.fn(), vi.fn()]
    const { choose, fakes } = setUp({ onAdd, onComplete, onValueChange }, (list) => <StrictMode>{list}</StrictMode>)
    await choose(report())
    await expectPhase('report.pdf', 'completed')
    expect(onAdd).toHaveBeenCalledTimes(1)
    expect(onComplete).toHaveBeenCalledTimes(1)
    const [fileObject, upload] = onComplete.mock.calls[0] as [FileObject, { status: string }]
    expect(fileObject.id).toBe(fakes.files.list()[0]?.id)
    expect(upload.status).toBe('completed')
    const { id, filename, bytes } = fileObject
    const uploadId = fakes.uploads.list()[0]?.id
    expect(onValueChange).toHaveBeenLastCalledWith([{ fileId: id, uploadId, name: filename, bytes }])
  })

  it('tells of a failure by onError, and of a cancel by onCancel only', async () => {
    const [onError, onCancel] = [vi.fn(), vi.fn()]
    const { choose, fakes } = setUp({ onError, onCancel })
    fakes.faults.add({ call: 'addPart', times: 1, respond: { status: 403 } })
    await choose(report())
    await expectPhase('report.pdf', 'failed')
    expect(onError).toHaveBeenCalledWith(
      expect.objectContaining({ code: 'forbidden' }),
      expect.objectContaining({ status: 'failed' }),
    )
    fakes.faults.hold('addPart')
    await choose(makeFile('other.pdf', 3000))
    await expectPhase('other.pdf', 'uploading')
    await userEvent.click(screen.getByRole('button', { name: 'Cancel other.pdf' }))
    await expectPhase('other.pdf', 'cancelled')
    expect(onCancel).toHaveBeenCalledTimes(1)
    expect(onError).toHaveBeenCalledTimes(1)
  })

  it('tells the developer what to change, once however many files it befell', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { choose, fakes } = setUp()
    fakes.faults.add({ call: 'create', respond: { status: 405 }, times: 2 })
    await choose(makeFile('one.pdf', 3000), makeFile('two.pdf', 3000))
    await expectPhase('two.pdf', 'failed')
    await expectPhase('one.pdf', 'failed')
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^react-openai-uploads: method_not_allowed\. Is the backend handler mounted/)],
    ])
  })

  it('refuses with the actual value and the limit, and takes the rest of the drop', async () => {
    const onReject = vi.fn()
    const { choose } = setUp({ onReject, maxSize: 5000, accept: '.pdf', locale: 'en-US' })
    await choose(report(), makeFile('big.pdf', 6000), makeFile('photo.heic', 10), makeFile('none.pdf', 0))
    await expectPhase('report.pdf', 'completed')
    const [rejections] = onReject.mock.calls[0] as [{ file: File; error: { code: string; message: string } }[]]
    expect(rejections.map(({ error }) => [error.code, error.message])).toEqual([
      ['file_too_large', 'big.pdf is too large: 6 kB. The limit is 5 kB.'],
      ['file_type_not_allowed', 'photo.heic is a .heic file. Allowed: PDF.'],
      ['file_empty', 'none.pdf is empty (0 bytes). Check the file and choose it again.'],
    ])
    expect(onReject).toHaveBeenCalledTimes(1)
    expect(screen.getAllByText(/big\.pdf is too large/).length).toBeGreaterThan(0)
  })

  it('takes as many files as there is room for, in their order', async () => {
    const onReject = vi.fn()
    const { choose } = setUp({ onReject, maxFiles: 2 })
    await choose(makeFile('a.txt', 10), makeFile('b.txt', 10), makeFile('c.txt', 10))
    await expectPhase('b.txt', 'completed')
    expect(onReject.mock.calls[0]?.[0]).toMatchObject([{ file: { name: 'c.txt' }, error: { code: 'too_many_files' } }])
    expect(screen.getByRole('button', { name: 'Choose files' })).toHaveAttribute('aria-disabled', 'true')
  })

  it('asks the app, also when the app takes its time, and shows its very words', async () => {
    const validate = (file: File) => Promise.resolve(file.name === 'secret.txt' ? 'That one stays here.' : null)
    const { choose } = setUp({ validate })
    await choose(makeFile('secret.txt', 10), makeFile('open.txt', 10))
    await expectPhase('open.txt', 'completed')
    expect(screen.getByRole('group', { name: 'Files that were not added' })).toHaveTextContent('That one stays here.')
  })

  it('takes options that differ by file', async () => {
    const { choose, fakes } = setUp({ getUploadOptions: ({ name }) => ({ filename: `team/${name}` }) })
    await choose(report())
    await expectPhase('team/report.pdf', 'completed')
    expect(fakes.files.list()[0]?.filename).toBe('team/report.pdf')
  })

  it('lists its own uploads only, where several share one provider', async () => {
    const fakes = createFakeUploads({ clock: 'real' })
    const list = (label: string) => (
      <Root purpose="user_data" aria-label={label} render={<section />}>
        <Dropzone />
        <List item={Row} />
      </Root>
    )
    render(
      <UploadsProvider fetcher={fakes.fetcher} uploaderOptions={{ checksum: 'off' }}>
        {list('left')}
        {list('right')}
      </UploadsProvider>,
    )
    const [left] = document.querySelectorAll<HTMLInputElement>('input[type="file"]')
    await userEvent.upload(left as HTMLInputElement, report())
    await expectPhase('report.pdf', 'completed')
    expect(screen.getByRole('region', { name: 'left' })).toHaveTextContent('report.pdf')
    expect(screen.getByRole('region', { name: 'right' })).not.toHaveTextContent('report.pdf')
  })

  it('begins with files that OpenAI already has, and lets go of them', async () => {
    const onValueChange = vi.fn()
    const old: FileObject = {
      id: 'file-old',
      object: 'file',
      bytes: 5,
      created_at: 1,
      filename: 'old.txt',
      purpose: 'user_data',
    }
    setUp({ initialFiles: [old], onValueChange })
    expect(phaseOf('old.txt')).toBe('completed')
    await userEvent.click(screen.getByRole('button', { name: 'Remove old.txt' }))
    expect(screen.queryByText('old.txt')).toBeNull()
    expect(onValueChange).toHaveBeenCalledWith([])
  })

  it('takes a row off when its file leaves the controlled value', async () => {
    function Form({ children }: { children: (props: Partial<RootProps>) => ReactNode }) {
      const [value, setValue] = useState<readonly UploadedFile[]>([])
      return (
        <>
          <button type="button" onClick={() => setValue([])}>
            Reset
          </button>
          {children({ value, onValueChange: setValue })}
        </>
      )
    }
    const fakes = createFakeUploads({ clock: 'real' })
    const { container } = render(
      <Form>
        {(props) => (
          <Root fetcher={fakes.fetcher} uploaderOptions={{ checksum: 'off' }} purpose="user_data" {...props}>
            <Dropzone />
            <List item={Row} />
          </Root>
        )}
      </Form>,
    )
    await userEvent.upload(container.querySelector('input') as HTMLInputElement, report())
    await expectPhase('report.pdf', 'completed')
    await userEvent.click(screen.getByRole('button', { name: 'Reset' }))
    await waitFor(() => expect(screen.queryByText('report.pdf')).toBeNull())
  })

  it('never posts the file itself with a form', () => {
    const { input } = setUp()
    expect(input).not.toHaveAttribute('name')
    expect(input).toHaveAttribute('aria-hidden', 'true')
    expect(input.style.display).toBe('none')
  })

  it('speaks the app’s words, and English where the app has none', () => {
    setUp({ messages: { chooseFiles: 'Dateien wählen' } })
    expect(screen.getByRole('button', { name: 'Dateien wählen' })).toBeInTheDocument()
    expect(screen.getByRole('group', { name: 'File upload' })).toBeInTheDocument()
  })

  it('has both live regions before there is anything to say', async () => {
    const { container, choose } = setUp()
    const regions = [...container.querySelectorAll('[aria-live]')]
    expect(regions.map((region) => [region.getAttribute('aria-live'), region.textContent])).toEqual([
      ['polite', ''],
      ['assertive', ''],
    ])
    await choose(report())
    await waitFor(() => expect(regions[0]).toHaveTextContent('report.pdf uploaded.'))
  })

  it('draws a new row when a file is added, and none of the others', async () => {
    const drawn: string[] = []
    const Counted = ({ id }: { id: string }) => {
      drawn.push(id)
      return (
        <Item id={id}>
          <ItemName />
        </Item>
      )
    }
    const fakes = createFakeUploads({ clock: 'real' })
    const { container } = render(
      <Root fetcher={fakes.fetcher} uploaderOptions={{ checksum: 'off' }} purpose="user_data">
        <Dropzone />
        <List item={Counted} />
      </Root>,
    )
    const input = container.querySelector('input') as HTMLInputElement
    await userEvent.upload(input, report())
    await expectPhase('report.pdf', 'completed')
    await userEvent.upload(input, makeFile('second.pdf', 3000))
    await expectPhase('second.pdf', 'completed')
    expect(drawn.length).toBe(new Set(drawn).size)
  })
})
