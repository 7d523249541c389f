import { cleanup, render, screen, waitFor } from '@testing-library/react'
import { UploadsProvider } from 'react-openai-uploads'
import { createFakeUploads, makeFile } from 'react-openai-uploads/testing'
import { afterEach, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { ArticleForm, type ArticleState, type Publish } from './app/article-form.js'

afterEach(cleanup)

/** The form in plain React 19; `answer` is what its action answers with. */
function setUp(answer: (title: string) => ArticleState | Promise<ArticleState>) {
  const fakes = createFakeUploads({ clock: 'real' })
  const posted: [string, FormDataEntryValue][][] = []
  const publish: Publish = (_, form) => {
    posted.push([...form])
    return Promise.resolve(answer(form.get('title') as string))
  }
  const { container } = render(
    <UploadsProvider fetcher={fakes.fetcher} uploaderOptions={{ checksum: 'off' }}>
      <ArticleForm publish={publish} />
    </UploadsProvider>,
  )
  const input = container.querySelector('input[type="file"]') as HTMLInputElement
  return {
    fakes,
    posted,
    choose: (name: string) => userEvent.upload(input, makeFile(name, 3000)),
    enterTitle: (title: string) => userEvent.fill(screen.getByRole('textbox', { name: 'Title' }), title),
    press: () => userEvent.click(screen.getByRole('button', { name: 'Publish' })),
  }
}

const published = (title: string): ArticleState => ({ title: '', files: [], message: `Published ${title}.` })

it('posts the ids once the upload that it waits for has ended, and is empty afterwards', async () => {
  const { choose, enterTitle, press, posted, fakes } = setUp(published)
  const held = fakes.faults.hold('addPart')
  await enterTitle('Tides')
  await choose('tides.pdf')
  await held.reached
  await press()
  const trigger = screen.getByRole('button', { name: 'Add more files' })
  expect(trigger).toHaveAccessibleDescription(/^Submits by itself once 1 upload has finished\./)
  expect(posted).toEqual([])
  held.release()
  await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('Published Tides.'))
  expect(posted).toEqual([
    [
      ['title', 'Tides'],
      ['fileIds', fakes.files.list()[0]?.id],
    ],
  ])
  await waitFor(() => expect(screen.queryByText('tides.pdf')).toBeNull())
  expect(screen.getByRole('textbox', { name: 'Title' })).toHaveValue('')
})

it('keeps title and files when the action says that something is wrong', async () => {
  const { choose, enterTitle, press, fakes, posted } = setUp((title) => ({
    title,
    files: fakes.files.list().map(({ id, filename, bytes }) => ({ fileId: id, uploadId: null, name: filename, bytes })),
    error: 'The title is too short for these files.',
  }))
  await enterTitle('A')
  await choose('tides.pdf')
  await waitFor(() => expect(screen.getByText('tides.pdf').closest('li')?.dataset['phase']).toBe('completed'))
  await press()
  await screen.findByText('The title is too short for these files.')
  expect(screen.getByRole('textbox', { name: 'Title' })).toHaveValue('A')
  expect(screen.getByText('tides.pdf')).toBeVisible()
  await press()
  await waitFor(() => expect(posted).toHaveLength(2))
  expect(posted[1]).toEqual(posted[0])
})

it('is not posted without a file', async () => {
  const { enterTitle, press, posted } = setUp(published)
  await enterTitle('Tides')
  await press()
  expect(screen.getByText('Choose a file.')).toBeVisible()
  expect(posted).toEqual([])
})
