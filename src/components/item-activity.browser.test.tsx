import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import { createRef } from 'react'
import { afterEach, expect, it } from 'vitest'
import { type Checksum, createChecksum } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { Item, ItemActivity, ItemName, ItemProgress, List, Root } from './index.js'
import type { UploadsHandle } from './use-uploads-handle.js'

afterEach(cleanup)

// Whatever else the machine does meanwhile.
const patience = { timeout: 10_000 }

/** A checksum that gets as far as the test says. */
function heldChecksum() {
  let tell: ((bytesHashed: number) => void) | undefined
  let finish!: () => void
  const checksum: Checksum = async (file, options) => {
    tell = options?.onProgress
    await new Promise<void>((resolve) => {
      finish = resolve
    })
    return createChecksum()(file)
  }
  return { checksum, tell: (bytesHashed: number) => tell?.(bytesHashed), finish: () => finish() }
}

it('says how far the checksum is once only that is waited for, to the eye and not to the ear', {
  timeout: 60_000,
}, async () => {
  const { checksum, tell, finish } = heldChecksum()
  const handle = createRef<UploadsHandle>()
  const draws = { activity: 0, name: 0 }
  const count = (part: keyof typeof draws) => () => {
    draws[part] += 1
    return part
  }
  render(
    <Root
      ref={handle}
      fetcher={createFakeUploads({ clock: 'real' }).fetcher}
      uploaderOptions={{ checksum, progressInterval: 1 }}
      purpose="user_data"
      locale="en"
    >
      <List>
        {(id) => (
          <Item id={id}>
            <ItemName className={count('name')} />
            <ItemProgress />
            <ItemActivity className={count('activity')} />
          </Item>
        )}
      </List>
    </Root>,
  )
  act(() => (handle.current as UploadsHandle).addFiles([makeFile('report.pdf', 1000)]))
  await screen.findByText('Checking the file', undefined, patience)
  const row = screen.getByText('report.pdf').closest('li')
  const bar = screen.getByRole('progressbar', { name: 'report.pdf' })
  const before = { ...draws }

  // Of the same percent, nothing is drawn again.
  for (const bytesHashed of [120, 129, 430, 435, 439]) {
    tell(bytesHashed)
    await screen.findByText(`Checking the file, ${Math.floor(bytesHashed / 10)}%`, undefined, patience)
  }
  expect(draws).toEqual({ activity: before.activity + 2, name: before.name })
  // The bar is about the bytes that were sent: what the number is about is said in words.
  expect(bar).not.toHaveAttribute('aria-valuenow')
  expect(bar).toHaveAccessibleDescription('Checking the file, 43%')
  await waitFor(() => expect(screen.getAllByRole('log')[0]).toHaveTextContent('report.pdf added.'), patience)
  for (const log of screen.getAllByRole('log')) expect(log).not.toHaveTextContent('Checking')

  finish()
  await waitFor(() => expect(row?.dataset['phase']).toBe('completed'), patience)
  expect(row).not.toHaveTextContent('Checking')
})
