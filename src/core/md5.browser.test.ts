import { expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { createWasmHasher } from './hasher-wasm.js'
import { createMd5 } from './md5.js'

const md5Of = createMd5(createWasmHasher)

it('hashes many files at once, again and again, and loses none to the garbage collector', async () => {
  const files = Array.from({ length: 60 }, (_, index) => makeFile(`${index}`, 2000 + index, { seed: index + 1 }))
  const first = await Promise.all(files.map((file) => md5Of(file)))
  expect(new Set(first).size).toBe(files.length)
  // Each round leaves the memories of sixty hashers behind, so the collector comes by more than once.
  for (let round = 0; round < 8; round += 1) {
    expect(await Promise.all(files.map((file) => md5Of(file)))).toEqual(first)
  }
})
