import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { arabic } from '../locales/ar.js'
import { german } from '../locales/de.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { DropHint, Dropzone, Root } from './index.js'
import type { RootProps } from './root.js'

afterEach(cleanup)

const dataOf = (types: readonly string[]) => ({
  types: ['Files'],
  items: types.map((type) => ({ kind: 'file', type })),
})
const three = ['', '', ''] as const

/** A list of three that has one file already. */
async function setUp(props: Partial<RootProps> = {}) {
  const { fetcher } = createFakeUploads({ clock: 'real' })
  const onAdd = vi.fn()
  render(
    <Root
      fetcher={fetcher}
      uploaderOptions={{ checksum: 'off' }}
      purpose="user_data"
      maxFiles={3}
      onAdd={onAdd}
      {...props}
    >
      <Dropzone data-testid="zone">
        <DropHint data-testid="hint" />
      </Dropzone>
    </Root>,
  )
  const zone = screen.getByTestId('zone')
  const [, assertive] = screen.getAllByRole('log')
  fireEvent.drop(zone, {
    dataTransfer: { types: ['Files'], files: [makeFile('first.png', 10, { type: 'image/png' })] },
  })
  await waitFor(() => expect(onAdd).toHaveBeenCalled())
  const drag = (type: 'dragEnter' | 'dragLeave', ...types: string[]) =>
    fireEvent[type](zone, { relatedTarget: document.body, dataTransfer: dataOf(types) })
  const hint = () => screen.getByTestId('hint').textContent
  const heard = () => [...(assertive?.children ?? [])].map(({ textContent }) => textContent)
  return { zone, drag, hint, heard }
}

it('says how many more can be added while too many are dragged, aloud once for each time they come', async () => {
  const { zone, drag, hint, heard } = await setUp()
  drag('dragEnter', ...three)
  await waitFor(() => expect(hint()).toBe('You can add 2 more files.'))
  // Two of them will be added, which is no refusal.
  expect(zone.dataset['drag']).toBe('accept')
  drag('dragLeave', ...three)
  await waitFor(() => expect(hint()).toBe('or drop them here'))
  drag('dragEnter', ...three)
  await waitFor(() => expect(zone.dataset['drag']).toBe('accept'))
  // On to the words in it, which is still over the zone.
  fireEvent.dragEnter(screen.getByTestId('hint'), { dataTransfer: dataOf(three) })
  expect(heard()).toEqual(['You can add 2 more files.', 'Left the drop area.', 'You can add 2 more files.'])
})

it('says of one place that it is one', async () => {
  const { drag, hint } = await setUp({ maxFiles: 2 })
  drag('dragEnter', ...three)
  await waitFor(() => expect(hint()).toBe('You can add 1 more file.'))
})

it.each([
  ['German', german, 'Sie können noch 2 Dateien hinzufügen.'],
  ['Arabic', arabic, 'بقي مكان لإضافة ملفين.'],
])('says so in %s', async (_, messages, text) => {
  const { drag, hint, heard } = await setUp({ messages })
  drag('dragEnter', ...three)
  await waitFor(() => expect(hint()).toBe(text))
  expect(heard()).toEqual([text])
})

it('does not ask aloud for a drop of what cannot be added', async () => {
  const { drag, hint, heard } = await setUp({ accept: 'image/*' })
  drag('dragEnter', 'text/csv')
  const text = 'These can’t be added here. Allowed: Images.'
  await waitFor(() => expect(hint()).toBe(text))
  drag('dragLeave', 'text/csv')
  drag('dragEnter', 'image/png')
  expect(heard()).toEqual([text, 'Left the drop area.', 'Files over the drop area. Drop to add.'])
})
