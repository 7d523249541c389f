import { describe, expect, it } from 'vitest'
import type { SendingRange, UploadProgress } from '../core/index.js'
import type { ByteRange } from '../protocol/index.js'
import { stopsOf } from './ledger.js'

function stops(bytesTotal: number, accepted: ByteRange[], sending: SendingRange[] = []): string {
  const progress = { bytesTotal, accepted, sending } as Partial<UploadProgress> as UploadProgress
  return stopsOf(progress).replaceAll(/var\(--ou-(\w+), (?:currentColor|color-mix\([^)]*\))\)/g, '$1')
}

describe('stopsOf', () => {
  it('draws what is accepted, what is on its way and what is left', () => {
    expect(stops(1000, [{ start: 0, end: 400 }], [{ start: 400, end: 600, sent: 100, attempt: 1 }])).toBe(
      'accepted 0% 40%, sending 40% 50%, transparent 50% 100%',
    )
  })

  it('keeps parts that came out of order where they are', () => {
    expect(
      stops(1000, [
        { start: 0, end: 100 },
        { start: 500, end: 600 },
      ]),
    ).toBe('accepted 0% 10%, transparent 10% 50%, accepted 50% 60%, transparent 60% 100%')
  })

  it('marks a range that is sent once more', () => {
    expect(stops(1000, [], [{ start: 0, end: 500, sent: 250, attempt: 2 }])).toBe(
      'sending 0% 25%, retried 25% 50%, transparent 50% 100%',
    )
  })

  it('ends at 100 %, also when more was sent than there is', () => {
    expect(stops(1000, [{ start: 0, end: 1000 }])).toBe('accepted 0% 100%')
    expect(stops(1000, [], [{ start: 500, end: 1000, sent: 700, attempt: 1 }])).toBe(
      'transparent 0% 50%, sending 50% 100%',
    )
  })

  it('is no longer for 2,048 scattered parts than its resolution allows', () => {
    const accepted = Array.from({ length: 1024 }, (_, index) => ({ start: index * 2000, end: index * 2000 + 1000 }))
    expect(stops(2_048_000, accepted).split(',').length).toBeLessThanOrEqual(1001)
  })
})
