import { cleanup, render, screen, waitFor, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { createUploader, type FileObject } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { UploadDropzone } from './index.js'
import './styles.css'

afterEach(cleanup)

const nameOf = (index: number) => `file-${String(index + 1).padStart(4, '0')}.csv`

function fileObjects(count: number): FileObject[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `file-${index}`,
    object: 'file',
    bytes: 1000,
    created_at: 1_767_225_600,
    filename: nameOf(index),
    purpose: 'user_data',
  }))
}

/** A list of files that are there already, none of them folded away. */
function setUp(count: number, dir = 'ltr') {
  const { fetcher, faults } = createFakeUploads({ clock: 'real' })
  const uploader = createUploader({ fetcher, checksum: 'off' })
  render(
    <div dir={dir} style={{ inlineSize: 600 }}>
      <UploadDropzone
        uploader={uploader}
        purpose="user_data"
        initialFiles={fileObjects(count)}
        foldAbove={5000}
        locale="en"
      />
    </div>,
  )
  const list = screen.getByRole('list', { name: /^Uploads/ })
  const drawn = () => within(list).queryAllByRole('listitem')
  const find = (name: string) => within(list).queryByText(name)?.closest('li') ?? null
  const rowOf = async (name: string) => {
    await waitFor(() => expect(find(name)).not.toBeNull())
    return find(name) as HTMLElement
  }
  const drop = (...files: File[]) => {
    const data = new DataTransfer()
    for (const file of files) data.items.add(file)
    const zone = screen.getByRole('group', { name: 'File upload' })
    zone.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }))
  }
  return { uploader, faults, list, drawn, find, rowOf, drop }
}

/** Whether all of a row can be seen in its list. */
function isInView(list: HTMLElement, row: HTMLElement): boolean {
  const [outer, inner] = [list.getBoundingClientRect(), row.getBoundingClientRect()]
  return inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
}

const frames = () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))

/** Rows are measured on the way there, so the end moves once or twice. */
async function scrollToEnd(list: HTMLElement, find: () => HTMLElement | null): Promise<HTMLElement> {
  await waitFor(async () => {
    list.scrollTop = list.scrollHeight
    await frames()
    expect(list.scrollTop + list.clientHeight).toBeGreaterThan(list.scrollHeight - 2)
    const row = find()
    expect(row && isInView(list, row)).toBe(true)
    const before = row?.previousElementSibling as HTMLElement
    expect(Number(before.dataset['index'])).toBe(Number(row?.dataset['index']) - 1)
  })
  return find() as HTMLElement
}

describe('a long list', () => {
  it('draws the rows in view, and says how many there are', async () => {
    const { list, drawn, rowOf } = setUp(1000)
    expect(list).toHaveAccessibleName('Uploads, 1,000 files')
    const first = await rowOf(nameOf(0))
    await waitFor(() => expect(drawn().length).toBeLessThan(40))
    expect(first).toHaveAttribute('aria-setsize', '1000')
    expect(first).toHaveAttribute('aria-posinset', '1')
    expect(first).toHaveAccessibleName(nameOf(0))
    expect(first).toHaveAccessibleDescription('1 of 1,000')
  })

  it('draws every row up to a hundred, and says nothing that the list says itself', async () => {
    const { list, drawn } = setUp(40)
    expect(list).toHaveAccessibleName('Uploads')
    expect(drawn()).toHaveLength(40)
    expect(drawn()[0]).not.toHaveAttribute('aria-setsize')
  })

  it.each(['ltr', 'rtl'])(
    'scrolls to its last row and back, without gaps or rows on top of each other (%s)',
    async (dir) => {
      const { list, drawn, find, rowOf } = setUp(1000, dir)
      await scrollToEnd(list, () => find(nameOf(999)))
      const boxes = drawn().map((row) => row.getBoundingClientRect())
      for (const [index, box] of boxes.slice(1).entries())
        expect(Math.abs(box.top - (boxes[index]?.bottom ?? 0))).toBeLessThan(1)
      expect(
        boxes.every(
          ({ left, right }) => left >= list.getBoundingClientRect().left && right <= list.getBoundingClientRect().right,
        ),
      ).toBe(true)
      list.scrollTop = 0
      const first = await rowOf(nameOf(0))
      await waitFor(() => expect(isInView(list, first)).toBe(true))
    },
  )

  it('measures rows that are taller than others', async () => {
    const { list, find, rowOf, drop } = setUp(200)
    const long = `${'a-very-long-name-that-needs-several-lines-'.repeat(8)}.txt`
    drop(makeFile(long, 10))
    const last = await scrollToEnd(list, () => find(long))
    const before = await rowOf(nameOf(199))
    expect(last.offsetHeight).toBeGreaterThan(before.offsetHeight)
    expect(Math.abs(last.getBoundingClientRect().top - before.getBoundingClientRect().bottom)).toBeLessThan(1)
  })

  it('scrolls by keyboard from one stop', async () => {
    const { list, rowOf } = setUp(1000)
    screen.getByRole('button', { name: 'Clear finished' }).focus()
    await userEvent.tab()
    expect(document.activeElement).toBe(list)
    // The browser scrolls to where the end is when the key is pressed.
    await frames()
    await frames()
    await userEvent.keyboard('{End}')
    await rowOf(nameOf(999))
    expect(document.activeElement).toBe(list)
    await userEvent.keyboard('{Home}')
    const first = await rowOf(nameOf(0))
    await waitFor(() => expect(isInView(list, first)).toBe(true))
  })

  it('lets a keyboard walk through its rows, which are drawn as it comes to them', async () => {
    const { list, rowOf } = setUp(150)
    await rowOf(nameOf(0))
    within(list)
      .getByRole('button', { name: `Copy id ${nameOf(0)}` })
      .focus()
    for (let row = 0; row < 25; row += 1) {
      expect(document.activeElement).toHaveAccessibleName(`Copy id ${nameOf(row)}`)
      await userEvent.tab()
      expect(document.activeElement).toHaveAccessibleName(`Remove ${nameOf(row)}`)
      await userEvent.tab()
    }
  })

  it('keeps the row that has focus when it is scrolled away, and what is active or needs attention', async () => {
    const { list, rowOf, find, drop, faults, drawn } = setUp(1000)
    const held = faults.hold('addPart')
    drop(makeFile('held.txt', 10))
    await held.reached
    faults.add({ call: 'create', respond: { status: 403 } })
    drop(makeFile('failed.txt', 10))
    // Both are the last of a thousand, far below what is in view.
    await rowOf('held.txt')
    await waitFor(() => expect(find('failed.txt')?.dataset['phase']).toBe('failed'))
    const button = within(await rowOf(nameOf(2))).getByRole('button', { name: /^Remove/ })
    button.focus()
    list.scrollTop = 30_000
    await waitFor(() => expect(find(nameOf(0))).toBeNull())
    expect(document.activeElement).toBe(button)
    expect(find('held.txt')).not.toBeNull()
    expect(find('failed.txt')).not.toBeNull()
    expect(drawn().length).toBeLessThan(50)
    held.release()
    await waitFor(() => expect(find('held.txt')).toBeNull())
  })

  it('passes focus on to the next row when the focused one is removed, also out of view', async () => {
    const { list, rowOf, find } = setUp(1000)
    const button = within(await rowOf(nameOf(2))).getByRole('button', { name: /^Remove/ })
    button.focus()
    list.scrollTop = 30_000
    await waitFor(() => expect(find(nameOf(0))).toBeNull())
    button.click()
    await waitFor(() => expect(document.activeElement).toBe(find(nameOf(3))))
    await waitFor(() => expect(isInView(list, find(nameOf(3)) as HTMLElement)).toBe(true))
  })

  it('keeps focus while it grows beyond what is drawn, and shrinks again', async () => {
    const { uploader, rowOf, drop, list, faults } = setUp(99)
    const button = within(await rowOf(nameOf(60))).getByRole('button', { name: /^Remove/ })
    button.focus()
    faults.hold('addPart')
    drop(makeFile('one.txt', 10), makeFile('two.txt', 10))
    await waitFor(() => expect(list).toHaveAccessibleName('Uploads, 101 files'))
    expect(document.activeElement).toBe(button)
    for (const id of uploader.getSnapshot().ids) uploader.remove(id)
    await waitFor(() => expect(list).toHaveAccessibleName('Uploads'))
    expect(document.activeElement).toBe(button)
  })
})
