import { expect, it } from 'vitest'
import type { UploadSnapshot } from '../core/index.js'
import { makeFile } from '../testing/index.js'
import { matchFiles } from './match-files.js'

const upload = (id: string, name: string, size: number, lastModified = 1) =>
  ({ id, file: { name, size, type: '', lastModified } }) as UploadSnapshot

const idsByName = (files: File[], uploads: UploadSnapshot[]) => {
  const { matches, strangers } = matchFiles(files, uploads)
  return [matches.map(({ file, upload: { id } }) => `${file.name} ${id}`), strangers.map(({ name }) => name)]
}

it('finds each file its upload, whatever the order, and tells which belong to none', () => {
  const files = [makeFile('c.txt', 3), makeFile('a.txt', 1, { lastModified: 1 }), makeFile('b.txt', 99)]
  const uploads = [upload('A', 'a.txt', 1), upload('B', 'b.txt', 2), upload('C', 'c.txt', 3)]
  expect(idsByName(files, uploads)).toEqual([['a.txt A', 'c.txt C'], ['b.txt']])
})

it('tells files of one name and size apart by their last change', () => {
  const files = [makeFile('a.txt', 1, { lastModified: 2 }), makeFile('a.txt', 1, { lastModified: 1 })]
  const { matches } = matchFiles(files, [upload('one', 'a.txt', 1, 1), upload('two', 'a.txt', 1, 2)])
  expect(matches.map(({ file, upload: { id } }) => [id, file.lastModified])).toEqual([
    ['two', 2],
    ['one', 1],
  ])
})

it('gives no upload two files', () => {
  const copies = [makeFile('a.txt', 1, { lastModified: 5 }), makeFile('a.txt', 1, { lastModified: 6 })]
  expect(idsByName(copies, [upload('one', 'a.txt', 1)])).toEqual([['a.txt one'], ['a.txt']])
})
