import { createHash } from 'node:crypto'
import { expect, it, vi } from 'vitest'
import { makeFile } from '../testing/index.js'
import { createChecksum } from './checksum.js'

vi.mock('./checksum-on-page.js', () => {
  throw new TypeError('Failed to fetch dynamically imported module')
})

it('code that cannot be loaded is the line’s fault, not the file’s, and the next file asks for it again', async () => {
  const file = makeFile('a.bin', 1000)
  const md5 = createHash('md5')
    .update(new Uint8Array(await file.arrayBuffer()))
    .digest('hex')
  const worker = {
    postMessage: ({ id }: { id: number }) => worker.onmessage?.({ data: { id, md5 } }),
    onmessage: null as ((event: { data: object }) => void) | null,
    terminate: () => {},
  }
  const createWorker = vi
    .fn<() => Worker>()
    .mockImplementationOnce(() => {
      throw new Error('offline')
    })
    .mockReturnValueOnce(worker as unknown as Worker)
  const checksum = createChecksum({ createWorker })
  await expect(checksum(file)).rejects.toMatchObject({ code: 'network', hint: expect.stringContaining('deployed') })
  await expect(checksum(file)).resolves.toEqual({ md5, where: 'worker' })
})
