import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { createPlainHasher } from './hasher-plain.js'
import { createWasmHasher } from './hasher-wasm.js'
import { createMd5 } from './md5.js'

const MIB = 2 ** 20
const sizes = [
  0,
  1,
  55,
  56,
  57,
  63,
  64,
  65,
  127,
  128,
  1000,
  2 ** 18 - 1,
  2 ** 18 + 1,
  MIB - 1,
  MIB,
  MIB + 1,
  3 * MIB + 7,
]

const expected = async (blob: Blob) =>
  createHash('md5')
    .update(new Uint8Array(await blob.arrayBuffer()))
    .digest('hex')

const md5Of = createMd5(createWasmHasher)

describe.each([
  ['with WebAssembly', createWasmHasher],
  ['in plain JavaScript', createPlainHasher],
])('%s', (_how, createHasher) => {
  const md5Of = createMd5(createHasher)

  it.each(sizes)('the MD5 of %i bytes is the MD5', async (size) => {
    const blob = makeFile('a.bin', size)
    expect(await md5Of(blob)).toBe(await expected(blob))
  })

  it.each(sizes)('the MD5 of %i bytes is the same in slices that let a page breathe', async (size) => {
    const blob = makeFile('a.bin', size)
    expect(await md5Of(blob, { yieldToPage: true })).toBe(await expected(blob))
  })

  it('the MD5 of a slice is that of its bytes only', async () => {
    const slice = makeFile('a.bin', 3000).slice(1000, 2000)
    expect(await md5Of(slice)).toBe(await expected(slice))
  })
})

it('is the same where streams cannot fill a buffer of ours', async () => {
  const blob = makeFile('a.bin', 2 * MIB + 5)
  const old = Object.assign(new Blob([blob]), {
    stream: () => {
      throw new TypeError('No byte streams here.')
    },
  })
  expect(await md5Of(old)).toBe(await expected(blob))
})

it('two files hashed at a time do not mix', async () => {
  const files = [
    makeFile('a', MIB + 1, { seed: 1 }),
    makeFile('b', MIB + 1, { seed: 2 }),
    makeFile('c', 5, { seed: 3 }),
  ]
  const hashes = await Promise.all(files.map((file) => md5Of(file, { yieldToPage: true })))
  expect(hashes).toEqual(await Promise.all(files.map(expected)))
})

describe('how far it is', () => {
  /** A Blob as large as it says, without the memory; read in slices. */
  function blobOf(size: number): Blob {
    const piece = new ArrayBuffer(MIB)
    return {
      size,
      slice: (start: number, end: number) => ({
        arrayBuffer: async () => (end <= size ? piece : piece.slice(0, size - start)),
      }),
    } as unknown as Blob
  }
  const md5Of = createMd5(async () => ({ init() {}, update() {}, digest: () => 'md5' }))

  async function toldOf(size: number, options = {}): Promise<number[]> {
    const told: number[] = []
    await md5Of(blobOf(size), { ...options, onProgress: (bytesHashed) => told.push(bytesHashed / MIB) })
    return told
  }

  it('is told every 8 MiB', async () => {
    expect(await toldOf(20 * MIB)).toEqual([8, 16])
    expect(await toldOf(20 * MIB, { yieldToPage: true })).toEqual([8, 16])
  })

  it('is not told of a small file', async () => {
    expect(await toldOf(8 * MIB - 1)).toEqual([])
  })

  it('is told at most once for each percent of a large one', async () => {
    const told = await toldOf(8192 * MIB)
    expect(told.length).toBeLessThanOrEqual(100)
    expect(told.slice(0, 2)).toEqual([82, 164])
  })
})

describe('a hash is not told', () => {
  it('of a file that ended early without an error', async () => {
    const short = Object.assign(new Blob([new Uint8Array(1000)]), {
      stream: () => new Blob([new Uint8Array(400)]).stream(),
    })
    await expect(md5Of(short)).rejects.toMatchObject({ name: 'NotReadableError', message: 'Read 400 of 1000 bytes.' })
  })

  it('of a file that cannot be read', async () => {
    const gone = Object.assign(new Blob([new Uint8Array(10)]), {
      stream: () =>
        new ReadableStream({
          type: 'bytes',
          start: (controller) => controller.error(new DOMException('Gone.', 'NotFoundError')),
        }),
    })
    await expect(md5Of(gone)).rejects.toMatchObject({ name: 'NotFoundError' })
  })

  it('once nobody wants it any more', async () => {
    const abort = new AbortController()
    abort.abort(new DOMException('Stopped.', 'AbortError'))
    await expect(md5Of(makeFile('a', 10), { signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })
})
