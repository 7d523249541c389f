import { describe, expect, it } from 'vitest'
import { PartQueue, type Sender } from './part-queue.js'

function setUp({ concurrency = 2 } = {}) {
  const settings = { concurrency, held: false }
  const queue = new PartQueue(
    () => settings.concurrency,
    () => settings.held,
  )
  const started: string[] = []
  const ends: (() => void)[] = []
  /** A sender with so many requests, each open until `endFirst`. */
  const sender = (name: string, requests: number): Sender => {
    let next = 0
    return {
      nextRequest: () => {
        if (next === requests) return null
        next += 1
        const request = `${name}${next}`
        return () => {
          started.push(request)
          return new Promise((resolve) => ends.push(resolve))
        }
      },
    }
  }
  const endFirst = async () => {
    ends.shift()?.()
    await Promise.resolve()
    await Promise.resolve()
  }
  return { queue, settings, started, ends, sender, endFirst }
}

describe('the line', () => {
  it('never has more requests under way than the budget, over all senders', async () => {
    const { queue, started, sender, endFirst } = setUp({ concurrency: 3 })
    queue.enqueue(sender('a', 2))
    queue.enqueue(sender('b', 2))
    queue.enqueue(sender('c', 2))
    expect(started).toEqual(['a1', 'a2', 'b1'])
    expect(queue.inFlight).toBe(3)
    await endFirst()
    expect(started).toEqual(['a1', 'a2', 'b1', 'b2'])
    expect(queue.inFlight).toBe(3)
  })

  it('serves who came first until it has nothing left, so that few Uploads burn their hour', async () => {
    const { queue, started, sender, endFirst } = setUp({ concurrency: 1 })
    queue.enqueue(sender('a', 3))
    queue.enqueue(sender('b', 1))
    for (let request = 0; request < 3; request += 1) await endFirst()
    expect(started).toEqual(['a1', 'a2', 'a3', 'b1'])
  })

  it('keeps the place of a sender that gets in line again', async () => {
    const { queue, started, sender, endFirst } = setUp({ concurrency: 1 })
    const a = sender('a', 2)
    queue.enqueue(a)
    queue.enqueue(sender('b', 1))
    queue.enqueue(a)
    await endFirst()
    expect(started).toEqual(['a1', 'a2'])
  })

  it('forgets a sender that leaves', async () => {
    const { queue, started, sender, endFirst } = setUp({ concurrency: 1 })
    const a = sender('a', 2)
    queue.enqueue(a)
    queue.enqueue(sender('b', 1))
    expect(queue.has(a)).toBe(true)
    queue.remove(a)
    expect(queue.has(a)).toBe(false)
    await endFirst()
    expect(started).toEqual(['a1', 'b1'])
  })

  it('uses a larger budget as soon as it is looked at again', () => {
    const { queue, settings, started, sender } = setUp({ concurrency: 1 })
    queue.enqueue(sender('a', 5))
    settings.concurrency = 3
    queue.pump()
    expect(started).toEqual(['a1', 'a2', 'a3'])
  })

  it('gives a connection back when its request ends', async () => {
    const { queue, sender, endFirst } = setUp({ concurrency: 1 })
    queue.enqueue(sender('a', 1))
    expect(queue.inFlight).toBe(1)
    await endFirst()
    expect(queue.inFlight).toBe(0)
  })

  it('asks again when a sender changes in the middle of a walk, without walking twice at a time', () => {
    const { queue, started, sender } = setUp({ concurrency: 4 })
    const inner = sender('a', 2)
    queue.enqueue({
      nextRequest: () => {
        queue.pump()
        return inner.nextRequest()
      },
    })
    expect(started).toEqual(['a1', 'a2'])
  })
})

describe('a sender that had nothing to send', () => {
  it('is asked again once it is woken, in its old place', async () => {
    const { queue, started, sender, endFirst } = setUp({ concurrency: 1 })
    let isReady = false
    const inner = sender('a', 2)
    const a = { nextRequest: () => (isReady ? inner.nextRequest() : null) }
    queue.enqueue(a)
    queue.enqueue(sender('b', 3))
    await endFirst()
    expect(started).toEqual(['b1', 'b2'])
    isReady = true
    queue.wake(a)
    await endFirst()
    await endFirst()
    await endFirst()
    expect(started).toEqual(['b1', 'b2', 'a1', 'a2', 'b3'])
  })

  it('is not brought back into the line by that', async () => {
    const { queue, started, sender, endFirst } = setUp({ concurrency: 1 })
    const a = sender('a', 1)
    queue.enqueue(sender('b', 2))
    queue.wake(a)
    await endFirst()
    await endFirst()
    expect([started, queue.has(a)]).toEqual([['b1', 'b2'], false])
  })

  it('costs nothing while others are served: a thousand that wait are asked as often as they send', async () => {
    const { queue, endFirst } = setUp({ concurrency: 4 })
    let asked = 0
    let ended = 0
    const ends: (() => void)[] = []
    // One request after the other, as a small file has: create, part, complete.
    const oneByOne = (): Sender => {
      let left = 3
      let isOpen = false
      return {
        nextRequest: () => {
          asked += 1
          if (left === 0 || isOpen) return null
          left -= 1
          isOpen = true
          return () =>
            new Promise((resolve) =>
              ends.push(() => {
                isOpen = false
                ended += 1
                resolve()
              }),
            )
        },
      }
    }
    const senders = Array.from({ length: 1000 }, oneByOne)
    for (const one of senders) queue.enqueue(one)
    while (ends.length > 0) {
      ends.shift()?.()
      await endFirst()
    }
    expect(ended).toBe(3000)
    expect(asked).toBeLessThan(3 * 3000)
  })

  it('costs no more when all of them are in a hurry', async () => {
    const { queue, endFirst } = setUp({ concurrency: 4 })
    let asked = 0
    const ends: (() => void)[] = []
    for (let at = 0; at < 1000; at += 1) {
      let isSent = false
      queue.hurry({
        nextRequest: () => {
          asked += 1
          if (isSent) return null
          isSent = true
          return () => new Promise((resolve) => ends.push(resolve))
        },
      })
    }
    while (ends.length > 0) {
      ends.shift()?.()
      await endFirst()
    }
    expect(asked).toBeLessThanOrEqual(3 * 1000)
  })
})

describe('while the line is held', () => {
  it('nothing starts, and everything goes on afterwards', () => {
    const { queue, settings, started, sender } = setUp()
    settings.held = true
    queue.enqueue(sender('a', 1))
    expect(started).toEqual([])
    settings.held = false
    queue.pump()
    expect(started).toEqual(['a1'])
  })

  it('who is in a hurry goes all the same', () => {
    const { queue, settings, started, sender } = setUp()
    settings.held = true
    queue.enqueue(sender('a', 1))
    queue.hurry(sender('b', 1))
    expect(started).toEqual(['b1'])
  })
})

describe('who is in a hurry', () => {
  it('goes before all others, within the budget', async () => {
    const { queue, started, sender, endFirst } = setUp({ concurrency: 1 })
    queue.enqueue(sender('a', 5))
    queue.hurry(sender('b', 1))
    expect(started).toEqual(['a1'])
    await endFirst()
    expect(started).toEqual(['a1', 'b1'])
  })

  it('is not put back in the line by getting in line again', async () => {
    const { queue, settings, started, sender, endFirst } = setUp({ concurrency: 1 })
    settings.held = true
    const b = sender('b', 2)
    queue.hurry(b)
    queue.enqueue(b)
    await endFirst()
    expect(started).toEqual(['b1', 'b2'])
    queue.remove(b)
    expect(queue.has(b)).toBe(false)
  })
})
