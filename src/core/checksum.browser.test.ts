import { expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { createChecksum } from './checksum.js'
import { md5OnPage } from './checksum-on-page.js'

const file = makeFile('a.bin', 3 * 2 ** 20 + 5)

it('a browser hashes in a worker, and comes to the same MD5 as the page', async () => {
  const { md5, where } = await createChecksum()(file)
  expect(where).toBe('worker')
  expect(md5).toBe(await md5OnPage(file, { yieldToPage: true }))
})

it('the MD5 of nothing is the one everybody knows', async () => {
  expect(await createChecksum()(new Blob([]))).toEqual({ md5: 'd41d8cd98f00b204e9800998ecf8427e', where: 'worker' })
})

it('a worker tells how far it is with a large file, and nothing of a small one', async () => {
  const checksum = createChecksum()
  const told: number[] = []
  const onProgress = (bytesHashed: number) => told.push(bytesHashed)
  await checksum(file, { onProgress })
  expect(told).toEqual([])
  expect(await checksum(makeFile('b.bin', 20 * 2 ** 20), { onProgress })).toMatchObject({ where: 'worker' })
  expect(told.map((bytesHashed) => Math.floor(bytesHashed / 2 ** 23))).toEqual([1, 2])
})

it('an abort reaches the worker, which hashes the next file', async () => {
  const checksum = createChecksum()
  const abort = new AbortController()
  const stopped = checksum(file, { signal: abort.signal })
  abort.abort()
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
  expect(await checksum(new Blob(['abc']))).toEqual({ md5: '900150983cd24fb0d6963f7d28e17f72', where: 'worker' })
})

it('where the worker script is lost, the page hashes by itself', async () => {
  const checksum = createChecksum({ createWorker: () => new Worker('/no-such-worker.js', { type: 'module' }) })
  expect(await checksum(new Blob(['abc']))).toEqual({ md5: '900150983cd24fb0d6963f7d28e17f72', where: 'main' })
})
