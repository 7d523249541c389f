import { describe, expect, it } from 'vitest'
import { Concurrency } from './concurrency.js'

/** A line that carries `rateOf(n)` bytes per ms with n requests under way, always full. */
function setUp({
  given = null as number | null,
  multiplexed = false,
  rateOf = (_requests: number): number => 1000,
} = {}) {
  const concurrency = new Concurrency(
    () => given,
    () => multiplexed,
  )
  let now = 0
  const BYTES = 1_000_000
  return {
    concurrency,
    now: () => now,
    wait: (ms: number) => {
      now += ms
    },
    /** So many requests go well, one after the other. */
    go: (requests: number) => {
      for (let request = 0; request < requests; request += 1) {
        now += BYTES / rateOf(concurrency.limit)
        concurrency.succeeded(BYTES, concurrency.limit, now)
      }
    },
    /** All requests that are under way lose their connection. */
    breakAll: () => {
      now += 1
      const since = now
      now += 100
      for (let request = concurrency.limit; request > 0; request -= 1) concurrency.broke(since, now)
    },
  }
}

describe('the number of requests', () => {
  it('is 4 to begin with', () => {
    expect(setUp().concurrency.limit).toBe(4)
  })

  it('grows to 6, all that a browser opens, on a line that is slow for each connection', () => {
    const { concurrency, go } = setUp({ rateOf: (requests) => 200 * requests })
    go(1000)
    expect(concurrency.limit).toBe(6)
  })

  it('grows to 8 where they share one connection', () => {
    const { concurrency, go } = setUp({ rateOf: (requests) => 200 * requests, multiplexed: true })
    go(1000)
    expect(concurrency.limit).toBe(8)
  })

  it('goes back to 4 where one more makes nothing faster, and tries again no sooner than a minute later', () => {
    const { concurrency, go, now } = setUp()
    const seen: [number, number][] = []
    while (now() < 150_000) {
      go(1)
      if (seen.at(-1)?.[0] !== concurrency.limit) seen.push([concurrency.limit, now()])
    }
    expect(seen.map(([limit]) => limit)).toEqual([4, 5, 4, 5, 4])
    const [, , [, back], [, again]] = seen as [[], [], [number, number], [number, number]]
    expect(again - back).toBeGreaterThanOrEqual(60_000)
  })

  it('stops growing where growing stops to pay', () => {
    const { concurrency, go } = setUp({ rateOf: (requests) => 200 * Math.min(requests, 5) })
    go(200)
    expect(concurrency.limit).toBe(5)
  })

  it('does not grow while there is a connection to spare', () => {
    const { concurrency, wait, now } = setUp()
    for (let request = 0; request < 1000; request += 1) {
      wait(100)
      concurrency.succeeded(1000, 3, now())
    }
    expect(concurrency.limit).toBe(4)
  })

  it.each([1, 3, 5, 64])('is %i where app or backend say so, and never more', (given) => {
    const { concurrency, go } = setUp({ given, rateOf: (requests) => 200 * requests, multiplexed: true })
    expect(concurrency.limit).toBe(given)
    go(1000)
    expect(concurrency.limit).toBe(given)
  })
})

describe('connections that break', () => {
  it('once, all together, are chance', () => {
    const { concurrency, breakAll } = setUp()
    breakAll()
    expect(concurrency.limit).toBe(4)
  })

  it('again and again halve the number each time, down to 2', () => {
    const { concurrency, breakAll } = setUp({ given: 12 })
    const limits = Array.from({ length: 5 }, () => {
      breakAll()
      return concurrency.limit
    })
    expect(limits).toEqual([12, 6, 3, 2, 2])
  })

  it('are not in a row when something went well in between', () => {
    const { concurrency, breakAll, go } = setUp()
    for (let time = 0; time < 10; time += 1) {
      breakAll()
      go(1)
    }
    expect(concurrency.limit).toBe(4)
  })

  it('leave one where there was one', () => {
    const { concurrency, breakAll } = setUp({ given: 1 })
    breakAll()
    breakAll()
    expect(concurrency.limit).toBe(1)
  })

  it('let it come back by one for each round that went well', () => {
    const { concurrency, breakAll, go } = setUp()
    breakAll()
    breakAll()
    const limits = Array.from({ length: 6 }, () => {
      go(1)
      return concurrency.limit
    })
    expect(limits).toEqual([2, 3, 3, 3, 4, 4])
  })
})

describe('a server that says it is too much', () => {
  it('is believed at once, and once for all that were told together', () => {
    const { concurrency, now, wait } = setUp({ given: 8 })
    const since = now()
    wait(50)
    for (let request = 0; request < 8; request += 1) concurrency.tooMany(since, now())
    expect(concurrency.limit).toBe(4)
    const later = now() + 1
    wait(50)
    concurrency.tooMany(later, now())
    expect(concurrency.limit).toBe(2)
  })

  it('takes back what growth had won', () => {
    const { concurrency, go, now, wait } = setUp({ rateOf: (requests) => 200 * requests })
    go(1000)
    const since = now() + 1
    wait(50)
    concurrency.tooMany(since, now())
    expect(concurrency.limit).toBe(3)
    go(3)
    expect(concurrency.limit).toBe(4)
  })
})
