import { describe, expect, it } from 'vitest'
import { walk } from './folder-walk.js'

type Tree = { [name: string]: Tree | File | null }

/** What a browser says of a folder; null is a file that cannot be opened. */
function entryOf(name: string, content: Tree | File | null, batch = 2): FileSystemEntry {
  if (content === null || content instanceof File) {
    const file = (resolve: (file: File) => void, reject: (why: Error) => void) =>
      content ? resolve(content) : reject(new DOMException('No.', 'NotReadableError'))
    return { name, isFile: true, isDirectory: false, file } as unknown as FileSystemEntry
  }
  const children = Object.entries(content).map(([child, of]) => entryOf(child, of, batch))
  const createReader = () => {
    let read = 0
    return {
      readEntries: (resolve: (entries: FileSystemEntry[]) => void) => {
        resolve(children.slice(read, read + batch))
        read += batch
      },
    }
  }
  return { name, isFile: false, isDirectory: true, createReader } as unknown as FileSystemEntry
}

const file = (name: string) => new File(['x'], name)
const names = (files: readonly File[]) => files.map(({ name }) => name)
const never = new AbortController().signal

describe('walk', () => {
  it('finds every file however deep, in the order of the folders', async () => {
    const scans = {
      'a.png': file('a.png'),
      2025: { 'b.png': file('b.png'), deep: { 'c.png': file('c.png') } },
      'd.png': file('d.png'),
    }
    const { files } = await walk([entryOf('scans', scans), entryOf('e.png', file('e.png'))], () => {}, never)
    expect(names(files)).toEqual(['b.png', 'c.png', 'a.png', 'd.png', 'e.png'])
  })

  it('reads a folder to its end, though browsers list it in pieces', async () => {
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`f${index}`, file(`f${index}`)]))
    const counts: number[] = []
    const { files } = await walk([entryOf('many', many, 100)], (count) => counts.push(count), never)
    expect(files).toHaveLength(250)
    expect(counts).toEqual([0, 100, 200, 250])
  })

  it('leaves out what file managers keep for themselves', async () => {
    const { files } = await walk(
      [entryOf('scans', { '.DS_Store': file('.DS_Store'), 'a.png': file('a.png') })],
      () => {},
      never,
    )
    expect(names(files)).toEqual(['a.png'])
  })

  it('goes on past what cannot be opened, and says what it was', async () => {
    const { files, unreadable } = await walk(
      [entryOf('scans', { 'a.png': null, 'b.png': file('b.png') })],
      () => {},
      never,
    )
    expect(names(files)).toEqual(['b.png'])
    expect(unreadable).toEqual(['a.png'])
  })

  it('stops when it is told to', async () => {
    const stopped = new AbortController()
    const walking = walk(
      [entryOf('scans', { 'a.png': file('a.png'), 'b.png': file('b.png') })],
      () => stopped.abort(),
      stopped.signal,
    )
    await expect(walking).rejects.toMatchObject({ name: 'AbortError' })
  })
})
