import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { createUploader } from './uploader.js'

it('sends every byte of a file in parallel parts and resolves with the File it became', async () => {
  const { fetcher, environment, files, requests, traffic } = createFakeUploads()
  const uploader = createUploader({ fetcher, environment, partSize: 1000 })
  const file = makeFile('thesis.pdf', 10_500)

  const id = uploader.add(file, { purpose: 'user_data' })
  const fileObject = await uploader.run(id)

  expect(fileObject).toMatchObject({ object: 'file', bytes: 10_500, filename: 'thesis.pdf', purpose: 'user_data' })
  const stored = await files.read(fileObject.id)
  const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
  expect(digest(stored)).toBe(digest(new Uint8Array(await file.arrayBuffer())))
  expect(uploader.get(id)).toMatchObject({ status: 'completed', checksum: 'done', remote: { status: 'completed' } })
  expect(requests.filter(({ call }) => call === 'addPart')).toHaveLength(11)
  expect(traffic).toEqual({ inFlight: 0, peak: 4 })
})
