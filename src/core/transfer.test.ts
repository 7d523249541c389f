import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Sending, Transfer } from './transfer.js'

afterEach(() => vi.restoreAllMocks())

/** Counts the entries of every list that is sorted from now on: all walks over parts begin with one. */
function countWalked() {
  const count = { entries: 0 }
  const { sort } = Array.prototype
  vi.spyOn(Array.prototype, 'sort').mockImplementation(function (this: unknown[], compare) {
    count.entries += this.length
    return sort.call(this, compare)
  })
  return count
}

describe('a file of 32,768 parts', () => {
  const PARTS = 32_768

  it('costs the same for its last part as for its first', () => {
    const transfer = new Transfer(PARTS * 10)
    const walked = countWalked()
    const inFlight: Sending[] = []
    // Counted, as an assertion for each part takes longer than the part.
    let misnamed = 0
    let early = 0
    for (let part = 0; part < PARTS; part += 1) {
      while (inFlight.length < 6) {
        const sending = transfer.take(10)
        if (!sending) break
        inFlight.push(sending)
      }
      // The second of six: nothing arrives in order.
      const [sending] = inFlight.splice(Math.min(1, inFlight.length - 1), 1) as [Sending]
      if (!transfer.name(sending, `part_${sending.range.start}`)) misnamed += 1
      transfer.accept(sending)
      if (part < PARTS - 1 && transfer.partIds()) early += 1
    }
    expect({ misnamed, early }).toEqual({ misnamed: 0, early: 0 })
    expect(walked.entries).toBeLessThan(20 * PARTS)
    expect(transfer.partIds()).toHaveLength(PARTS)
  })

  it('is listed when somebody looks, once for all that look', () => {
    const transfer = new Transfer(20)
    const sending = transfer.take(10) as Sending
    transfer.name(sending, 'part_a')
    transfer.accept(sending)
    const { parts } = transfer.progress(0)
    expect(parts.accepted).toEqual([{ start: 0, end: 10, partId: 'part_a' }])
    expect(transfer.progress(1).parts).toBe(parts)
  })
})

describe('ranges that fail while others are accepted', () => {
  it('come last, but for all beyond sixteen: each leaves a gap, and a record of very many is dropped', () => {
    const transfer = new Transfer(400)
    const takeAll = () => {
      const taken: Sending[] = []
      for (let next = transfer.take(10); next; next = transfer.take(10)) taken.push(next)
      return taken
    }
    const sendings = takeAll()
    const failing = sendings.filter((_, index) => index % 2 === 0).map(({ range }) => range.start)
    for (const sending of sendings) if (failing.includes(sending.range.start)) transfer.giveBack(sending)
    for (let round = 2; round <= 3; round += 1) for (const sending of takeAll()) transfer.giveBack(sending)
    for (const sending of sendings) {
      if (failing.includes(sending.range.start)) continue
      transfer.name(sending, `part_${sending.range.start}`)
      transfer.accept(sending)
    }
    expect(takeAll().map(({ range }) => range.start)).toEqual([...failing.slice(16), ...failing.slice(0, 16)])
  })
})
