import { cleanup, render, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { Dropzone, Item, ItemCancel, ItemName, ItemRemove, List, Root, Trigger } from './index.js'
import type { RootProps } from './root.js'

afterEach(cleanup)

function setUp(props: Partial<RootProps> = {}) {
  const fakes = createFakeUploads({ clock: 'real' })
  render(
    <Root fetcher={fakes.fetcher} uploaderOptions={{ partSize: 1000, checksum: 'off' }} purpose="user_data" {...props}>
      <Dropzone>
        <p>Anything you like</p>
        <Trigger />
        <button type="button">Help</button>
      </Dropzone>
      <List>
        {(id) => (
          <Item id={id}>
            <ItemName />
            <ItemCancel undoFor={60_000} />
            <ItemRemove />
          </Item>
        )}
      </List>
    </Root>,
  )
  const zone = screen.getByRole('group', { name: 'File upload' })
  const input = zone.querySelector('input') as HTMLInputElement
  let opened = 0
  input.addEventListener('click', (event) => {
    // The real picker would wait for a person.
    event.preventDefault()
    opened += 1
  })
  return { fakes, zone, input, timesOpened: () => opened }
}

function dataOf(...files: File[]): DataTransfer {
  const data = new DataTransfer()
  for (const file of files) data.items.add(file)
  return data
}

function fire(zone: Element, type: string, data: DataTransfer) {
  zone.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer: data }))
}

const rowOf = (name: string) => screen.getByText(name).closest('li') as HTMLElement
const expectPhase = (name: string, phase: string) => waitFor(() => expect(rowOf(name).dataset['phase']).toBe(phase))

describe('Dropzone', () => {
  it('uploads what is dropped', async () => {
    const { zone } = setUp()
    fire(zone, 'drop', dataOf(makeFile('a.txt', 10), makeFile('b.txt', 10)))
    await waitFor(() => screen.getByText('b.txt'))
    await expectPhase('a.txt', 'completed')
  })

  it('uploads what is pasted while focus is in it, and leaves pasted text alone', async () => {
    setUp()
    const trigger = screen.getByRole('button', { name: 'Choose files' })
    trigger.focus()
    const paste = (clipboardData: DataTransfer) =>
      new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
    trigger.dispatchEvent(paste(dataOf(makeFile('shot.png', 10, { type: 'image/png' }))))
    await waitFor(() => screen.getByText('shot.png'))
    const text = new DataTransfer()
    text.setData('text/plain', 'words')
    const event = paste(text)
    trigger.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(false)
  })

  it('says while dragging only what it can know', async () => {
    const { zone } = setUp({ accept: 'image/*' })
    fire(zone, 'dragenter', dataOf(new File(['x'], 'a.csv', { type: 'text/csv' })))
    await waitFor(() => expect(zone.dataset['drag']).toBe('reject'))
    fire(zone, 'dragleave', dataOf())
    await waitFor(() => expect(zone.dataset['drag']).toBeUndefined())
    const mixed = dataOf(
      new File(['x'], 'a.csv', { type: 'text/csv' }),
      new File(['x'], 'b.png', { type: 'image/png' }),
    )
    fire(zone, 'dragenter', mixed)
    await waitFor(() => expect(zone.dataset['drag']).toBe('accept'))
    fire(zone, 'dragleave', dataOf())
    fire(zone, 'dragenter', dataOf(new File(['x'], 'c.png')))
    await waitFor(() => expect(zone.dataset['drag']).toBe('unknown'))
  })

  it('opens the picker from anywhere in it, once, and not from a control that is something else', async () => {
    const { timesOpened } = setUp()
    await userEvent.click(screen.getByText('Anything you like'))
    expect(timesOpened()).toBe(1)
    await userEvent.click(screen.getByRole('button', { name: 'Choose files' }))
    expect(timesOpened()).toBe(2)
    await userEvent.click(screen.getByRole('button', { name: 'Help' }))
    expect(timesOpened()).toBe(2)
  })

  it('takes the same file again once the first is done', async () => {
    const { input } = setUp()
    const file = makeFile('again.txt', 10)
    await userEvent.upload(input, file)
    await waitFor(() => screen.getByText('again.txt'))
    await expectPhase('again.txt', 'completed')
    await userEvent.click(screen.getByRole('button', { name: 'Choose files' }))
    await userEvent.upload(input, file)
    await waitFor(() => expect(screen.getAllByText('again.txt')).toHaveLength(2))
  })

  it('is one stop of the keyboard: its button', async () => {
    setUp()
    await userEvent.tab()
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Choose files' }))
    await userEvent.tab()
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Help' }))
  })
})

describe('focus', () => {
  it('goes from a removed row to the next, the previous, and the Trigger', async () => {
    const { zone } = setUp()
    fire(zone, 'drop', dataOf(...['one', 'two', 'three'].map((name) => makeFile(name, 10))))
    await waitFor(() => screen.getByText('three'))
    for (const name of ['one', 'two', 'three']) await expectPhase(name, 'completed')
    await userEvent.click(screen.getByRole('button', { name: 'Remove two' }))
    await waitFor(() => expect(document.activeElement).toBe(rowOf('three')))
    await userEvent.click(screen.getByRole('button', { name: 'Remove three' }))
    await waitFor(() => expect(document.activeElement).toBe(rowOf('one')))
    await userEvent.click(screen.getByRole('button', { name: 'Remove one' }))
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Choose files' })))
  })

  it('stays on the button that turns from Cancel into Undo and back', async () => {
    const { fakes, zone } = setUp()
    fakes.faults.hold('addPart')
    fire(zone, 'drop', dataOf(makeFile('held.bin', 3000)))
    await waitFor(() => screen.getByText('held.bin'))
    await expectPhase('held.bin', 'uploading')
    const button = screen.getByRole('button', { name: 'Cancel held.bin' })
    await userEvent.click(button)
    await expectPhase('held.bin', 'cancelling')
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Undo held.bin' }))
    expect(document.activeElement).toBe(button)
    await userEvent.keyboard('{Enter}')
    await expectPhase('held.bin', 'completed')
    await waitFor(() => expect(document.activeElement).toBe(rowOf('held.bin')))
  })
})
