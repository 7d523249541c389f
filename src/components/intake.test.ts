import { describe, expect, it } from 'vitest'
import { createUploader } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { type Intake, takeIn } from './intake.js'
import { type FileRejection, RootStore } from './root-store.js'
import { createWording } from './wording.js'

/** A list that takes files in, which count how often they are asked for what they are. */
function open(maxFiles: number | null = null) {
  const { fetcher, environment } = createFakeUploads()
  const uploader = createUploader({ fetcher, environment, checksum: 'off' })
  const store = new RootStore()
  const rejected: (readonly FileRejection[])[] = []
  let looks = 0
  const fileOf = (index: number) =>
    new Proxy(makeFile(`${index}.txt`, 100), {
      get: (file, key) => {
        looks += 1
        return Reflect.get(file, key, file)
      },
    })
  const intake: Intake = {
    store,
    uploader,
    add: (file, options, rules) => uploader.add(file, options, rules),
    options: { purpose: 'user_data' },
    rules: {},
    limits: { max: 1e9, min: null, accept: null, maxFiles },
    wording: createWording(undefined, 'en'),
    validate: undefined,
    getUploadOptions: undefined,
    remove: (id) => uploader.remove(id),
    onAdd: undefined,
    onReject: (rejections) => rejected.push(rejections),
  }
  const take = (count: number) => {
    const before = looks
    const files = Array.from({ length: count }, (_, index) => fileOf(index))
    takeIn(files, () => intake)
    return looks - before
  }
  return { store, rejected, take, codes: () => rejected.map((some) => some.map(({ error }) => error.code)) }
}

describe('a thousand files that are taken in', () => {
  it('are each looked at as often as each of ten', () => {
    const few = open().take(10)
    expect(few).toBeGreaterThan(0)
    expect(open().take(1000)).toBe(100 * few)
  })

  it('are each looked at as often when all are in the list already, and again when they were refused before', () => {
    const looksOf = (count: number) => {
      const { take, store, codes } = open()
      take(count)
      const looks = [take(count), take(count)]
      expect(codes()).toEqual([Array(count).fill('file_duplicate'), Array(count).fill('file_duplicate')])
      expect(store.getState().ids).toHaveLength(count)
      // The same refusal twice is one.
      expect(store.getState().rejections).toHaveLength(count)
      return looks
    }
    expect(looksOf(1000)).toEqual(looksOf(10).map((looks) => 100 * looks))
  })

  it('are refused together where there is no room for them', () => {
    const { take, store, codes } = open(10)
    take(1000)
    expect(store.getState().ids).toHaveLength(10)
    expect(codes()).toEqual([Array(990).fill('too_many_files')])
  })
})
