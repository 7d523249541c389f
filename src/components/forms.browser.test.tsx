import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { type ComponentProps, createRef, type FormEvent, type ReactNode, type Ref, StrictMode, useState } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createFakeUploads, type FakeUploads, makeFile } from '../testing/index.js'
import {
  Dropzone,
  FormError,
  Item,
  ItemCancel,
  ItemCopyId,
  ItemName,
  ItemRemove,
  List,
  Root,
  Trigger,
} from './index.js'
import type { RootProps } from './root.js'
import type { UploadedFile } from './uploaded-file.js'
import type { UploadsHandle } from './use-uploads-handle.js'

afterEach(cleanup)

type FieldProps = Partial<RootProps<boolean>> & { fakes: FakeUploads; handle?: Ref<UploadsHandle> }

const Row = ({ id }: { id: string }) => (
  <Item id={id}>
    <ItemName />
    <ItemCancel />
    <ItemCopyId />
    <ItemRemove />
  </Item>
)

function Field({ fakes, handle, ...props }: FieldProps) {
  return (
    <Root<boolean>
      fetcher={fakes.fetcher}
      uploaderOptions={{ partSize: 1000, checksum: 'off', retry: { baseDelay: 1, maxDelay: 2, giveUpAfter: 1 } }}
      purpose="user_data"
      name="fileIds"
      locale="en"
      {...(handle && { ref: handle })}
      {...props}
    >
      <Dropzone>
        <Trigger />
      </Dropzone>
      <FormError data-testid="message" />
      <List item={Row} />
    </Root>
  )
}

/** What each submission posted, as a backend would read it. */
function setUp(props: Partial<RootProps<boolean>> = {}, around: (field: ReactNode) => ReactNode = (field) => field) {
  const fakes = createFakeUploads({ clock: 'real' })
  const posted: [string, FormDataEntryValue][][] = []
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const { submitter } = event.nativeEvent as SubmitEvent
    posted.push([...new FormData(event.currentTarget, submitter)])
  }
  const handle = createRef<UploadsHandle>()
  const view = render(
    <StrictMode>
      <form id="the-form" onSubmit={onSubmit}>
        {around(<Field fakes={fakes} handle={handle} {...props} />)}
        <button type="submit">Send</button>
        <button type="submit" name="as" value="draft">
          Save
        </button>
        <button type="reset">Reset</button>
      </form>
    </StrictMode>,
  )
  const list = handle.current as UploadsHandle
  return { ...view, fakes, posted, list, choose: (...files: File[]) => act(() => list.addFiles(files)) }
}

const rowOf = (name: string) => screen.getByText(name).closest('li') as HTMLElement
const expectPhase = (name: string, phase: string) => waitFor(() => expect(rowOf(name).dataset['phase']).toBe(phase))
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))
const report = () => makeFile('report.pdf', 3000)
const old: UploadedFile = { fileId: 'file-old', uploadId: 'upload_old', name: 'old.txt', bytes: 5 }
/** Holds every part, until the returned function is called. */
function holdParts({ faults }: FakeUploads): () => void {
  let release = () => {}
  const until = new Promise<void>((resolve) => {
    release = resolve
  })
  faults.add({ call: 'addPart', until, times: Number.POSITIVE_INFINITY })
  return release
}

const idsOf = (fakes: FakeUploads) => fakes.files.list().map(({ id }) => ['fileIds', id])

describe('a form', () => {
  it('posts the id of each completed file, and nothing of the files themselves', async () => {
    const { choose, posted, fakes } = setUp()
    choose(report(), makeFile('notes.txt', 10))
    await expectPhase('report.pdf', 'completed')
    await expectPhase('notes.txt', 'completed')
    await press('Send')
    expect(posted[0]?.toSorted()).toEqual(idsOf(fakes).toSorted())
    await press('Remove notes.txt')
    await press('Send')
    expect(posted[1]).toHaveLength(1)
  })

  it('posts with the form that is named by its id, wherever that is', async () => {
    const fakes = createFakeUploads({ clock: 'real' })
    render(
      <>
        <form id="elsewhere" />
        <Field fakes={fakes} form="elsewhere" defaultValue={[old]} required />
      </>,
    )
    const form = document.getElementById('elsewhere') as HTMLFormElement
    expect([...new FormData(form)]).toEqual([['fileIds', 'file-old']])
    await press('Remove old.txt')
    await waitFor(() => expect(form.checkValidity()).toBe(false))
  })

  it('is not submitted without a required file: says so beside the button, and focuses it', async () => {
    const onInvalid = vi.fn()
    const { choose, posted } = setUp({ required: true, onInvalid })
    expect(screen.queryByTestId('message')).toBeNull()
    await press('Send')
    const trigger = screen.getByRole('button', { name: 'Choose files' })
    await waitFor(() => expect(screen.getByTestId('message')).toHaveTextContent('Choose a file.'))
    expect(document.activeElement).toBe(trigger)
    expect(trigger).toHaveAccessibleDescription('Choose a file.')
    expect(onInvalid).toHaveBeenCalledTimes(1)
    expect(posted).toEqual([])
    choose(report())
    await expectPhase('report.pdf', 'completed')
    expect(screen.queryByTestId('message')).toBeNull()
    await press('Send')
    expect(posted).toHaveLength(1)
  })

  it('has its turn among the other controls: the first problem gets the focus', async () => {
    setUp({ required: true }, (field) => (
      <>
        <input aria-label="Before" required />
        {field}
        <input aria-label="After" required />
      </>
    ))
    await press('Send')
    const before = screen.getByRole('textbox', { name: 'Before' })
    expect(document.activeElement).toBe(before)
    await userEvent.fill(before, 'x')
    await press('Send')
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Choose files' }))
  })

  it('leaves message and focus to an app that prevents the default', async () => {
    setUp({ required: true, onInvalid: (event) => event.preventDefault() })
    const send = screen.getByRole('button', { name: 'Send' })
    await userEvent.click(send)
    expect(document.activeElement).toBe(send)
    expect(screen.queryByTestId('message')).toBeNull()
  })

  it('is not submitted while uploads are under way, and says which way out there is', async () => {
    const { choose, posted, fakes } = setUp()
    const release = holdParts(fakes)
    choose(report(), makeFile('second.pdf', 3000))
    await expectPhase('second.pdf', 'uploading')
    await press('Send')
    expect(screen.getByTestId('message')).toHaveTextContent('Wait for 2 uploads to finish, or cancel them.')
    expect(posted).toEqual([])
    await press('Cancel second.pdf')
    await waitFor(() =>
      expect(screen.getByTestId('message')).toHaveTextContent('Wait for 1 upload to finish, or cancel it.'),
    )
    release()
    await expectPhase('report.pdf', 'completed')
    await waitFor(() => expect(screen.queryByTestId('message')).toBeNull())
    await press('Send')
    expect(posted).toEqual([idsOf(fakes)])
  })

  it('waits for a file that is still being checked', async () => {
    let allow: (verdict: null) => void = () => {}
    const { choose, posted } = setUp({ validate: () => new Promise((resolve) => (allow = resolve)) })
    choose(report())
    await press('Send')
    expect(posted).toEqual([])
    act(() => allow(null))
    await expectPhase('report.pdf', 'completed')
  })

  it('goes without what is under way where it may', async () => {
    const { choose, posted, fakes } = setUp({ submitWhilePending: 'allow', defaultValue: [old] })
    fakes.faults.hold('addPart')
    choose(report())
    await expectPhase('report.pdf', 'uploading')
    await press('Send')
    expect(posted).toEqual([[['fileIds', 'file-old']]])
  })
})

describe('a submission that waits', () => {
  it('goes by itself once all uploads have ended, once, by the button that was pressed', async () => {
    const { choose, posted, fakes } = setUp({ submitWhilePending: 'wait', required: true })
    const release = holdParts(fakes)
    choose(report(), makeFile('second.pdf', 3000))
    await expectPhase('second.pdf', 'uploading')
    await press('Send')
    await press('Save')
    expect(screen.getByTestId('message')).toHaveTextContent('Submits by itself once 2 uploads have finished.')
    expect(posted).toEqual([])
    release()
    await waitFor(() => expect(posted).toHaveLength(1))
    expect(posted[0]?.toSorted()).toEqual([...idsOf(fakes), ['as', 'draft']].toSorted())
    expect(screen.queryByTestId('message')).toBeNull()
  })

  it('is not sent without a file that failed meanwhile, until someone says so', async () => {
    const { choose, posted, fakes } = setUp({ submitWhilePending: 'wait' })
    const held = fakes.faults.hold('addPart')
    fakes.faults.add({ call: 'complete', times: 1, respond: { status: 403 } })
    choose(report())
    await expectPhase('report.pdf', 'uploading')
    await press('Send')
    held.release()
    await waitFor(() =>
      expect(screen.getByTestId('message')).toHaveTextContent(
        'Not submitted: 1 upload stopped. Retry, or submit again without it.',
      ),
    )
    expect(posted).toEqual([])
    await press('Send')
    expect(posted).toEqual([[]])
  })

  it('goes on without what the person cancels', async () => {
    const { choose, posted, fakes } = setUp({ submitWhilePending: 'wait', defaultValue: [old] })
    fakes.faults.hold('addPart')
    choose(report())
    await expectPhase('report.pdf', 'uploading')
    await press('Send')
    await press('Cancel report.pdf')
    await waitFor(() => expect(posted).toEqual([[['fileIds', 'file-old']]]))
  })
})

describe('reset', () => {
  it('leaves the list as it began: what was added goes, what was there comes back', async () => {
    const onValueChange = vi.fn()
    const { choose, fakes, list } = setUp({ defaultValue: [old], onValueChange, maxFiles: 3 })
    fakes.faults.hold('addPart')
    choose(report(), makeFile('empty.pdf', 0))
    await expectPhase('report.pdf', 'uploading')
    await press('Remove old.txt')
    await press('Reset')
    await waitFor(() => expect(list.getItems().map(({ file }) => file.name)).toEqual(['old.txt']))
    expect(rowOf('old.txt')).toBeInTheDocument()
    expect(onValueChange).toHaveBeenLastCalledWith([old])
    await waitFor(() => expect(fakes.uploads.list()[0]?.status).toBe('cancelled'))
  })

  it('does nothing that the app has prevented', async () => {
    const { list, container } = setUp({ defaultValue: [old] })
    container.querySelector('form')?.addEventListener('reset', (event) => event.preventDefault())
    await press('Remove old.txt')
    await press('Reset')
    expect(list.getItems()).toEqual([])
  })
})

describe('value', () => {
  function Controlled({ fakes, start }: { fakes: FakeUploads; start: readonly UploadedFile[] }) {
    const [value, setValue] = useState(start)
    return (
      <>
        <Field fakes={fakes} value={value} onValueChange={(files) => setValue(files as readonly UploadedFile[])} />
        <button type="button" onClick={() => setValue([old])}>
          Set
        </button>
        <output>{value.length}</output>
      </>
    )
  }

  it('brings a row for a file that joins it, and takes off the rows of those that leave it', async () => {
    const fakes = createFakeUploads({ clock: 'real' })
    const { container } = render(<Controlled fakes={fakes} start={[]} />)
    const input = container.querySelector('input[type="file"]') as HTMLInputElement
    await userEvent.upload(input, report())
    await expectPhase('report.pdf', 'completed')
    expect(screen.getByRole('status')).toHaveTextContent('1')
    await press('Set')
    await expectPhase('old.txt', 'completed')
    expect(screen.queryByText('report.pdf')).toBeNull()
    await press('Remove old.txt')
    expect(screen.getByRole('status')).toHaveTextContent('0')
  })

  it('is one file or null where there is room for one, and the next file takes its place', async () => {
    const onValueChange = vi.fn()
    const { choose, fakes, posted, list } = setUp({ multiple: false, defaultValue: old, onValueChange })
    expect(screen.getByRole('button', { name: 'Replace file' })).toBeEnabled()
    choose(report())
    expect(onValueChange).toHaveBeenCalledWith(null)
    await expectPhase('report.pdf', 'completed')
    expect(list.getItems()).toHaveLength(1)
    const [fileObject] = fakes.files.list()
    expect(onValueChange).toHaveBeenLastCalledWith(
      expect.objectContaining({ fileId: fileObject?.id, name: 'report.pdf', bytes: 3000 }),
    )
    await press('Send')
    expect(posted).toEqual([idsOf(fakes)])
  })

  it('keeps the file that is there when the next one is refused', async () => {
    const { choose, list } = setUp({ multiple: false, defaultValue: old, accept: '.pdf' })
    choose(makeFile('photo.heic', 10))
    expect(list.getItems().map(({ file }) => file.name)).toEqual(['old.txt'])
  })
})

describe('a Root that is turned off', () => {
  it('follows the fieldset around it, and posts nothing then', async () => {
    const field = (off: boolean) => (
      <form>
        <fieldset disabled={off}>
          <Field fakes={fakes} defaultValue={[old]} required />
        </fieldset>
      </form>
    )
    const fakes = createFakeUploads({ clock: 'real' })
    const { container, rerender } = render(field(true))
    const root = container.querySelector('[data-slot="upload-root"]') as HTMLElement
    const posted = () => [...new FormData(container.querySelector('form') as HTMLFormElement)]
    await waitFor(() => expect(root.dataset['disabled']).toBe(''))
    expect(screen.getByRole('group', { name: 'File upload (required)' }).dataset['disabled']).toBe('')
    expect(posted()).toEqual([])
    rerender(field(false))
    await waitFor(() => expect(root.dataset['disabled']).toBeUndefined())
    expect(posted()).toEqual([['fileIds', 'file-old']])
  })

  it('posts nothing and asks for nothing when it is disabled', () => {
    const { container, list, choose } = setUp({ disabled: true, defaultValue: [old], required: true })
    const form = container.querySelector('form') as HTMLFormElement
    expect([...new FormData(form)]).toEqual([])
    expect(form.checkValidity()).toBe(true)
    choose(report())
    expect(list.getItems()).toHaveLength(1)
  })

  it('shows and posts its files when it is read-only, and offers nothing that changes them', async () => {
    const { container } = setUp({ readOnly: true, defaultValue: [old] })
    expect([...new FormData(container.querySelector('form') as HTMLFormElement)]).toEqual([['fileIds', 'file-old']])
    expect(screen.queryByRole('group', { name: 'File upload' })).toBeNull()
    const names = [...rowOf('old.txt').querySelectorAll('button')].map(({ textContent }) => textContent)
    expect(names).toEqual(['Copy id'])
  })

  it('shows what the app says is wrong, and describes the button by it', () => {
    const { container } = setUp({ invalid: 'The first page is missing.' })
    expect(screen.getByTestId('message')).toHaveTextContent('The first page is missing.')
    expect(screen.getByRole('button', { name: 'Choose files' })).toHaveAccessibleDescription(
      'The first page is missing.',
    )
    expect((container.querySelector('[data-slot="upload-root"]') as HTMLElement).dataset['invalid']).toBe('')
    expect((container.querySelector('form') as HTMLFormElement).checkValidity()).toBe(true)
  })
})

describe('the handle', () => {
  it('commands its own list and no other', async () => {
    const fakes = createFakeUploads({ clock: 'real' })
    const [left, right] = [createRef<UploadsHandle>(), createRef<UploadsHandle>()]
    const { uploader } = await uploaderOf(fakes)
    const shared: ComponentProps<typeof Field> = { fakes, fetcher: undefined, uploader }
    render(
      <>
        <Field {...shared} handle={left} />
        <Field {...shared} handle={right} />
      </>,
    )
    const [a, b] = [left.current as UploadsHandle, right.current as UploadsHandle]
    fakes.faults.hold('addPart')
    act(() => {
      a.addFiles([report()])
      b.addFiles([makeFile('other.pdf', 3000)])
    })
    await expectPhase('other.pdf', 'uploading')
    await expectPhase('report.pdf', 'uploading')
    const [[mine], [theirs]] = [a.getItems(), b.getItems()]
    act(() => {
      a.cancel(theirs?.id ?? '')
      a.remove(theirs?.id ?? '')
      a.cancelAll()
    })
    await expectPhase('report.pdf', 'cancelled')
    await expectPhase('other.pdf', 'uploading')
    act(() => a.remove(mine?.id ?? ''))
    await waitFor(() => expect(screen.queryByText('report.pdf')).toBeNull())
  })

  it('opens the picker, focuses the button, and tries what failed again', async () => {
    const { container, choose, list, fakes } = setUp()
    const opened = vi.fn((event: Event) => event.preventDefault())
    container.querySelector('input[type="file"]')?.addEventListener('click', opened)
    list.open()
    expect(opened).toHaveBeenCalledTimes(1)
    list.focus()
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Choose files' }))
    expect(list.element?.dataset['slot']).toBe('upload-root')
    fakes.faults.add({ call: 'complete', times: 1, respond: { status: 403 } })
    choose(report())
    await expectPhase('report.pdf', 'failed')
    const [failed] = list.getItems()
    act(() => list.retry(failed?.id ?? ''))
    await expectPhase('report.pdf', 'completed')
  })
})

async function uploaderOf({ fetcher }: FakeUploads) {
  const { createUploader } = await import('../core/index.js')
  return { uploader: createUploader({ fetcher, partSize: 1000, checksum: 'off' }) }
}
