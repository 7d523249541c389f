import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { createRef } from 'react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeUploads } from '../testing/index.js'
import * as Uploads from './index.js'
import type { UploadsHandle } from './use-uploads-handle.js'

// File names, and texts of servers, are written by somebody else.

const run = vi.fn()
beforeEach(() => {
  run.mockReset()
  Object.assign(window, { run })
})
afterEach(cleanup)

const names = [
  '<img src=x onerror=run()>.txt',
  '"><script>run()</script>.txt',
  "' onfocus='run()' autofocus='.txt",
  '<svg onload=run()>.txt',
  'javascript:run()//.txt',
  '{{constructor.constructor("run()")()}}.txt',
  '&lt;img src=x onerror=run()&gt;.txt',
  '__proto__',
  '<style>*{display:none}</style>.txt',
]
const message = '<img src=x onerror=run()><a href="javascript:run()">Sign in again</a>'

function setUp() {
  const fakes = createFakeUploads({ clock: 'real' })
  const handle = createRef<UploadsHandle>()
  render(
    <Uploads.Root
      ref={handle}
      fetcher={fakes.fetcher}
      uploaderOptions={{ checksum: 'off', retry: { giveUpAfter: 0 } }}
      purpose="user_data"
      name="files"
      validate={(file) => (file.name.startsWith('rejected') ? message : undefined)}
    >
      <Uploads.Label>{message}</Uploads.Label>
      <Uploads.Dropzone>
        <Uploads.Trigger />
        <Uploads.DropHint />
        <Uploads.Limits />
      </Uploads.Dropzone>
      <Uploads.Rejections />
      <Uploads.FormError />
      <Uploads.OfflineBanner />
      <Uploads.RestoredBanner />
      <Uploads.Summary />
      <Uploads.SummaryProgress />
      <Uploads.SummaryFilter />
      <Uploads.Announcer />
      <Uploads.List>
        {(id) => (
          <Uploads.Item id={id}>
            <Uploads.ItemThumbnail />
            <Uploads.ItemName />
            <Uploads.ItemSize />
            <Uploads.ItemStatus />
            <Uploads.ItemProgress />
            <Uploads.ItemPartMap />
            <Uploads.ItemActivity />
            <Uploads.ItemError />
            <Uploads.ItemPause />
            <Uploads.ItemPauseOthers />
            <Uploads.ItemCancel />
            <Uploads.ItemRetry />
            <Uploads.ItemSignIn />
            <Uploads.ItemUploadNew />
            <Uploads.ItemCopyId />
            <Uploads.ItemDelete />
            <Uploads.ItemRemove />
          </Uploads.Item>
        )}
      </Uploads.List>
    </Uploads.Root>,
  )
  return { fakes, add: (...files: File[]) => act(() => handle.current?.addFiles(files)) }
}

const phaseOf = (name: string) => screen.getByText(name, { exact: true }).closest('li')?.dataset['phase']

/** What is on the page came from the components, not from a text. */
function expectNoMarkup() {
  expect(document.body.querySelectorAll('img, script, style, iframe, object, embed, a')).toHaveLength(0)
  expect(document.body.querySelector('[onerror], [onload], [onfocus], [autofocus]')).toBeNull()
  expect(run).not.toHaveBeenCalled()
}

describe('words of others are text in every part', () => {
  it('as names of files that arrive', async () => {
    const { add } = setUp()
    add(...names.map((name) => new File(['tale'], name)))
    for (const name of names) await waitFor(() => expect(phaseOf(name)).toBe('completed'))
    expectNoMarkup()
  })

  it('as errors of a server, in its body and in its headers', async () => {
    const { add, fakes } = setUp()
    for (const [index, name] of names.entries()) {
      const error = { message, type: message, param: message, code: index % 2 === 0 ? 'file_rejected' : message }
      fakes.faults.add({
        call: 'create',
        respond: { status: 422, headers: { 'x-request-id': '<img src=x onerror=run()>' }, body: { error } },
      })
      add(new File(['tale'], name))
      await waitFor(() => expect(phaseOf(name)).toBe('failed'))
    }
    expect(screen.getAllByText(message, { exact: false }).length).toBeGreaterThan(names.length / 2)
    for (const details of document.querySelectorAll('details')) act(() => details.querySelector('summary')?.click())
    expect(document.querySelector('details[open]')).toHaveTextContent('<img src=x onerror=run()>')
    expectNoMarkup()
  })

  it('as reasons to reject a file', async () => {
    const { add } = setUp()
    add(new File(['tale'], `rejected ${names[0]}`))
    await screen.findByText(message, { exact: false })
    expectNoMarkup()
  })

  it('as names that turn the reading direction: what is read is what is there', async () => {
    const { add } = setUp()
    add(new File(['tale'], 'invoice \u202Efdp.exe'), new File(['tale'], 'a\u2067b\u2066c\u200F.txt'))
    await waitFor(() => expect(phaseOf('invoice fdp.exe')).toBe('completed'))
    await waitFor(() => expect(phaseOf('abc.txt')).toBe('completed'))
    expect(document.body.textContent).not.toMatch(/[\u202A-\u202E\u2066\u2067]/)
  })
})
