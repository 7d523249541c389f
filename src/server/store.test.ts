import { expect, it } from 'vitest'
import { createMemoryStore } from './index.js'
import { storeContract } from './store-contract.test.kit.js'

storeContract('the memory store', async () => {
  const clock = { now: 1_000_000 }
  return {
    store: createMemoryStore({ now: () => clock.now }),
    advance: async (ms) => {
      clock.now += ms
    },
    drift: 0,
  }
})

it('the memory store finds nothing under the names that every object has, be it a number, a set or a text', async () => {
  const store = createMemoryStore()
  for (const key of ['__proto__', 'constructor', 'toString']) {
    expect(await store.get(key)).toBeNull()
    expect(await store.hold(key, '__proto__', 10)).toBe(1)
    expect((await store.count(key, 1, 10)).total).toBe(1)
  }
})
