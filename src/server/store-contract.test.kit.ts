import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UploadsCount, UploadsStore } from './store.js'

/** An empty store of some kind, and the time in it. */
export interface StoreUnderTest {
  store: UploadsStore
  /** Lets `ms` go by for everything that is in there. */
  advance(ms: number): Promise<void>
  /** Ms that its clock may run on by itself during a test. */
  drift: number
  close?(): Promise<void>
}

const MINUTE = 60_000

/** What every UploadsStore promises, whatever it is made of. */
export function storeContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name}, like every store,`, () => {
    let test: StoreUnderTest
    beforeEach(async () => {
      test = await open()
    })
    afterEach(() => test.close?.())

    const expectCount = ({ total, resetsIn }: UploadsCount, expected: UploadsCount) => {
      expect(total).toBe(expected.total)
      expect(resetsIn).toBeLessThanOrEqual(expected.resetsIn)
      expect(resetsIn).toBeGreaterThanOrEqual(expected.resetsIn - test.drift)
    }

    it('forgets a number a window after its first addition, not after its last', async () => {
      const { store, advance } = test
      expectCount(await store.count('a', 2, 600), { total: 2, resetsIn: 10 * MINUTE })
      await advance(8 * MINUTE)
      expectCount(await store.count('a', 3, 600), { total: 5, resetsIn: 2 * MINUTE })
      expectCount(await store.count('b', -1, 600), { total: -1, resetsIn: 10 * MINUTE })
      await advance(2 * MINUTE)
      expectCount(await store.count('a', 1, 600), { total: 1, resetsIn: 10 * MINUTE })
    })

    it('adds up bytes of any day exactly, and takes them back', async () => {
      const { store } = test
      expect((await store.count('day', 2 ** 50 + 1, 86_400)).total).toBe(2 ** 50 + 1)
      expect((await store.count('day', -(2 ** 50), 86_400)).total).toBe(1)
    })

    it('loses no addition of many at once', async () => {
      const { store } = test
      const totals = await Promise.all(Array.from({ length: 200 }, () => store.count('a', 1, 600)))
      expect(totals.map(({ total }) => total).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 200 }, (_, i) => i + 1),
      )
    })

    it('counts each member of a set once, for its own time', async () => {
      const { store, advance } = test
      expect(await store.hold('a', 'one', 600)).toBe(1)
      expect(await store.hold('a', 'one', 600)).toBe(1)
      expect(await store.hold('a', 'two', 1200)).toBe(2)
      await store.release('a', 'nobody')
      await store.release('nothing', 'one')
      await advance(10 * MINUTE)
      expect(await store.hold('a', 'three', 600)).toBe(2)
      await store.release('a', 'three')
      expect(await store.hold('a', 'four', 600)).toBe(2)
      await advance(5 * MINUTE)
      // Held again, it stays for longer.
      expect(await store.hold('a', 'four', 600)).toBe(2)
      await advance(6 * MINUTE)
      expect(await store.hold('a', 'five', 600)).toBe(2)
    })

    it('gives each of many that come at once a place of its own', async () => {
      const { store } = test
      const places = await Promise.all(Array.from({ length: 100 }, (_, i) => store.hold('a', `member-${i}`, 600)))
      expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
    })

    it('keeps the first text until its time is over or it is deleted', async () => {
      const { store, advance } = test
      expect(await store.get('a')).toBeNull()
      expect(await store.put('a', 'first', 600)).toBe(true)
      expect(await store.put('a', 'second', 600)).toBe(false)
      expect(await store.get('a')).toBe('first')
      await advance(10 * MINUTE)
      expect(await store.get('a')).toBeNull()
      expect(await store.put('a', 'third', 600)).toBe(true)
      await store.delete('a')
      await store.delete('nothing')
      expect(await store.get('a')).toBeNull()
    })

    it('keeps the text of one of many that come at once', async () => {
      const { store } = test
      const kept = await Promise.all(Array.from({ length: 100 }, (_, i) => store.put('a', `text-${i}`, 600)))
      expect(kept.filter(Boolean)).toHaveLength(1)
      expect(await store.get('a')).toBe(`text-${kept.indexOf(true)}`)
    })

    it('gives back every text as it was', async () => {
      const { store } = test
      for (const text of ['', '0', '{"a":["ü","\u{1f469}"]}', '\r\n\u0000 $5', 'x'.repeat(20_000)]) {
        expect(await store.put('a', text, 600)).toBe(true)
        expect(await store.get('a')).toBe(text)
        await store.delete('a')
      }
    })

    it('takes keys and members of two hundred characters', async () => {
      const { store } = test
      const long = 'aZ0:_-'.padEnd(200, 'x')
      expect(await store.hold(long, long, 600)).toBe(1)
      await store.release(long, long)
      expect((await store.count(`c${long.slice(1)}`, 1, 600)).total).toBe(1)
      expect(await store.put(`t${long.slice(1)}`, long, 600)).toBe(true)
    })

    it('finds nothing under the names that every object has', async () => {
      const { store } = test
      for (const key of ['__proto__', 'constructor', 'toString']) {
        expect(await store.get(key)).toBeNull()
        expect(await store.hold(`${key}:set`, '__proto__', 600)).toBe(1)
        expect((await store.count(`${key}:number`, 1, 600)).total).toBe(1)
      }
    })
  })
}
