import { describe, expect, it } from 'vitest'
import { createMemoryStore } from './index.js'

const made = () => {
  const clock = { now: 1_000_000 }
  return { clock, store: createMemoryStore({ now: () => clock.now }) }
}

describe('the memory store', () => {
  it('forgets a number a window after its first addition, not after its last', async () => {
    const { clock, store } = made()
    expect(await store.count('a', 2, 60)).toEqual({ total: 2, resetsIn: 60_000 })
    clock.now += 59_000
    expect(await store.count('a', 3, 60)).toEqual({ total: 5, resetsIn: 1000 })
    expect(await store.count('b', -1, 60)).toEqual({ total: -1, resetsIn: 60_000 })
    clock.now += 1000
    expect(await store.count('a', 1, 60)).toEqual({ total: 1, resetsIn: 60_000 })
  })

  it('counts each member of a set once, for its own time', async () => {
    const { clock, store } = made()
    expect(await store.hold('a', 'one', 10)).toBe(1)
    expect(await store.hold('a', 'one', 10)).toBe(1)
    expect(await store.hold('a', 'two', 20)).toBe(2)
    await store.release('a', 'nobody')
    await store.release('nothing', 'one')
    clock.now += 10_000
    expect(await store.hold('a', 'three', 10)).toBe(2)
    await store.release('a', 'three')
    expect(await store.hold('a', 'four', 10)).toBe(2)
  })

  it('keeps the first text until its time is over or it is deleted', async () => {
    const { clock, store } = made()
    expect(await store.get('a')).toBeNull()
    expect(await store.put('a', 'first', 10)).toBe(true)
    expect(await store.put('a', 'second', 10)).toBe(false)
    expect(await store.get('a')).toBe('first')
    clock.now += 10_000
    expect(await store.get('a')).toBeNull()
    expect(await store.put('a', 'third', 10)).toBe(true)
    await store.delete('a')
    expect(await store.get('a')).toBeNull()
  })

  it('finds nothing under the names that every object has', async () => {
    const { store } = made()
    for (const key of ['__proto__', 'constructor', 'toString']) {
      expect(await store.get(key)).toBeNull()
      expect(await store.hold(key, '__proto__', 10)).toBe(1)
      expect((await store.count(key, 1, 10)).total).toBe(1)
    }
  })
})
