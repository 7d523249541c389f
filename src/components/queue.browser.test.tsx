import { cleanup, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { browserEnvironment, createMemoryResumeStore, createUploader, type UploaderOptions } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import {
  Dropzone,
  Item,
  ItemCancel,
  ItemName,
  ItemPause,
  ItemRemove,
  ItemRetry,
  List,
  OfflineBanner,
  OfflineTry,
  Rejections,
  RestoredBanner,
  RestoredDiscard,
  RestoredResume,
  Root,
  Summary,
  SummaryCancel,
  SummaryClear,
  SummaryFilter,
  SummaryFold,
  SummaryPause,
  SummaryRetry,
  Trigger,
} from './index.js'
import type { RootProps } from './root.js'

afterEach(cleanup)

const engine = { partSize: 1000, concurrency: 1, defaults: { purpose: 'user_data' } } satisfies Partial<UploaderOptions>

function setUp(props: Partial<RootProps> = {}, fakes = createFakeUploads({ clock: 'real' })) {
  render(
    <Root fetcher={fakes.fetcher} uploaderOptions={{ ...engine, checksum: 'off' }} purpose="user_data" {...props}>
      <Dropzone>
        <Trigger />
      </Dropzone>
      <Rejections />
      <OfflineBanner data-testid="offline">
        {(text) => (
          <>
            {text} <OfflineTry />
          </>
        )}
      </OfflineBanner>
      <RestoredBanner data-testid="restored">
        {(text) => (
          <>
            {text} <RestoredResume /> <RestoredDiscard />
          </>
        )}
      </RestoredBanner>
      <Summary data-testid="summary">
        {({ text }) => (
          <>
            {text} <SummaryRetry /> <SummaryPause /> <SummaryCancel undoFor={60_000} /> <SummaryClear />{' '}
            <SummaryFilter /> <SummaryFold />
          </>
        )}
      </Summary>
      <List>
        {(id) => (
          <Item id={id}>
            <ItemName />
            <ItemRetry />
            <ItemPause />
            <ItemCancel undoFor={60_000} />
            <ItemRemove />
          </Item>
        )}
      </List>
    </Root>,
  )
  return fakes
}

function drop(...files: File[]) {
  const data = new DataTransfer()
  for (const file of files) data.items.add(file)
  const zone = screen.getByRole('group', { name: 'File upload' })
  zone.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }))
}

const some = (...names: string[]) => names.map((name) => makeFile(name, 3000, { lastModified: 1 }))
const rowOf = (name: string) => screen.getByText(name).closest('li') as HTMLElement
const expectPhase = (name: string, phase: string) => waitFor(() => expect(rowOf(name).dataset['phase']).toBe(phase))
const press = (name: string) => userEvent.click(screen.getByRole('button', { name }))
const expectFocus = (find: () => HTMLElement) => waitFor(() => expect(document.activeElement).toBe(find()))
const trigger = () => screen.getByRole('button', { name: 'Choose files' })
const summary = () => screen.getByTestId('summary')

/** Answers the picker that something opens next. */
function answerPicker(...files: File[]) {
  const { click } = HTMLInputElement.prototype
  HTMLInputElement.prototype.click = function answer() {
    HTMLInputElement.prototype.click = click
    const data = new DataTransfer()
    for (const file of files) data.items.add(file)
    this.files = data.files
    this.dispatchEvent(new Event('change'))
  }
}

/** A page that was closed while each of these was on its way. */
async function closedPage(...names: string[]) {
  const fakes = createFakeUploads({ clock: 'real' })
  const resumeStore = createMemoryResumeStore()
  const page = createUploader({ ...engine, concurrency: names.length, fetcher: fakes.fetcher, resumeStore })
  const held = names.map(() => fakes.faults.hold('addPart', { after: names.length }))
  for (const file of some(...names)) page.run(page.add(file)).catch(() => {})
  await held.at(-1)?.reached
  page.destroy()
  fakes.faults.clear()
  return { ...fakes, uploader: createUploader({ ...engine, fetcher: fakes.fetcher, resumeStore }) }
}

describe('focus in a queue', () => {
  it('goes to the summary when a button of the whole list has done its work, and never to the body', async () => {
    const { faults } = setUp()
    faults.hold('addPart')
    drop(...some('one', 'two'))
    await expectPhase('one', 'uploading')
    await press('Cancel all')
    await expectFocus(summary)
    expect(summary()).toHaveTextContent(/^2 uploads cancelled/)
  })

  it('stays on the button that turns from Pause all into Resume all and back', async () => {
    const { faults } = setUp()
    // Those of the second time, too: what is done has nothing to pause.
    faults.add({ call: 'addPart', until: new Promise(() => {}), times: Number.POSITIVE_INFINITY })
    drop(...some('one', 'two'))
    await expectPhase('one', 'uploading')
    await press('Pause all')
    await expectFocus(() => screen.getByRole('button', { name: 'Resume all' }))
    await userEvent.keyboard('{Enter}')
    await expectFocus(() => screen.getByRole('button', { name: 'Pause all' }))
  })

  it('goes to the summary after Clear finished while there are other rows, and to Choose files when there are none', async () => {
    const { faults } = setUp()
    drop(...some('done'))
    await expectPhase('done', 'completed')
    const held = faults.hold('addPart')
    drop(...some('held'))
    await expectPhase('held', 'uploading')
    await press('Clear finished')
    await expectFocus(summary)
    expect(screen.queryByText('done')).toBeNull()
    held.release()
    await expectPhase('held', 'completed')
    await press('Clear finished')
    await expectFocus(trigger)
  })

  it('goes to the row when its Retry has done its work', async () => {
    const { faults } = setUp({ uploaderOptions: { ...engine, checksum: 'off', retry: { giveUpAfter: 1 } } })
    faults.add({ call: 'addPart', respond: { status: 500 } })
    drop(...some('one'))
    await expectPhase('one', 'failed')
    await press('Retry one')
    await expectPhase('one', 'completed')
    await expectFocus(() => rowOf('one'))
  })

  it('goes to the next row when the focused one completes and is folded away', async () => {
    const { faults } = setUp({ foldAbove: 1 })
    const held = faults.hold('complete')
    drop(...some('one', 'two'))
    await held.reached
    faults.hold('addPart')
    within(rowOf('one')).getByRole('button', { name: 'Cancel one' }).focus()
    held.release()
    await waitFor(() => expect(screen.queryByText('one')).toBeNull())
    await expectFocus(() => rowOf('two'))
    expect(screen.getByRole('button', { name: 'Show 1 uploaded file' })).toBeInTheDocument()
  })

  it('goes to Choose files when refused files are dismissed', async () => {
    setUp()
    drop(makeFile('empty.txt', 0))
    const dismiss = 'Dismiss message about empty.txt'
    await waitFor(() => screen.getByRole('button', { name: dismiss }))
    await press(dismiss)
    await expectFocus(trigger)
  })

  it('goes to the list itself where there is nothing to choose with', async () => {
    const { fetcher } = createFakeUploads({ clock: 'real' })
    const kept = {
      id: 'file-1',
      object: 'file',
      bytes: 1,
      created_at: 1,
      filename: 'old.txt',
      purpose: 'user_data',
    } as const
    render(
      <Root fetcher={fetcher} purpose="user_data" initialFiles={[kept]} data-testid="root">
        <List>
          {(id) => (
            <Item id={id}>
              <ItemName />
              <ItemRemove />
            </Item>
          )}
        </List>
      </Root>,
    )
    await press('Remove old.txt')
    await expectFocus(() => screen.getByTestId('root'))
  })
})

describe('resuming a queue', () => {
  it('goes on in the order in which the files were added', async () => {
    const { faults } = setUp()
    const held = faults.hold('addPart')
    drop(...some('one', 'two', 'three'))
    await held.reached
    await press('Pause all')
    await expectPhase('three', 'paused')
    faults.hold('complete')
    await press('Resume all')
    await expectPhase('one', 'completing')
    expect(rowOf('three').dataset['phase']).toBe('queued')
  })
})

describe('the banner of an outage', () => {
  it('counts what is waiting, and is gone once it goes on', async () => {
    let online = false
    const environment = { ...browserEnvironment(), isOnline: () => online }
    const { faults } = setUp({ uploaderOptions: { ...engine, checksum: 'off', environment } })
    const over = faults.add({ lose: 'request', times: Number.POSITIVE_INFINITY })
    drop(...some('one', 'two', 'three'))
    await waitFor(() =>
      expect(screen.getByTestId('offline')).toHaveTextContent('You’re offline. 3 uploads are waiting.'),
    )
    over()
    online = true
    await press('Try now')
    for (const name of ['one', 'two', 'three']) await expectPhase(name, 'completed')
    expect(screen.queryByTestId('offline')).toBeNull()
    expect(document.activeElement).not.toBe(document.body)
  })
})

describe('the banner of what an earlier page left behind', () => {
  it('gives each file that is chosen to its own row, and says which belongs to none', async () => {
    const { uploader } = await closedPage('one', 'two')
    setUp({ uploader })
    await uploader.restore()
    await waitFor(() =>
      expect(screen.getByTestId('restored')).toHaveTextContent('2 uploads can continue. Choose the files again.'),
    )
    answerPicker(...some('two', 'stranger', 'one'))
    const banner = within(screen.getByTestId('restored'))
    await userEvent.click(banner.getByRole('button', { name: 'Choose files' }))
    await expectPhase('one', 'completed')
    await expectPhase('two', 'completed')
    expect(screen.queryByTestId('restored')).toBeNull()
    expect(screen.getByRole('group', { name: 'Files that were not added' })).toHaveTextContent(
      'stranger is none of the files that can continue.',
    )
    await expectFocus(summary)
  })

  it('discards all of it at once, and keeps focus', async () => {
    const { uploader } = await closedPage('one', 'two')
    setUp({ uploader })
    await uploader.restore()
    await waitFor(() => screen.getByTestId('restored'))
    await press('Discard all')
    await expectPhase('one', 'cancelled')
    await expectPhase('two', 'cancelled')
    await expectFocus(summary)
  })
})
