import { describe, expect, it } from 'vitest'
import type { SendingRange, UploadProgress, UploadSnapshot } from '../core/index.js'
import { type ByteRange, UploadError } from '../protocol/index.js'
import { ledgerOf, safePercentOf, stopsOf } from './ledger.js'

function stops(bytesTotal: number, accepted: ByteRange[], sending: SendingRange[] = [], shown = 0): string {
  const progress = { bytesTotal, accepted, sending } as Partial<UploadProgress> as UploadProgress
  return stopsOf(progress, shown).replaceAll(/var\(--ou-(\w+), (?:currentColor|color-mix\([^)]*\))\)/g, '$1')
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

  it('keeps what was on its way in the picture of a pause', () => {
    expect(
      stops(
        1000,
        [
          { start: 0, end: 300 },
          { start: 500, end: 600 },
        ],
        [],
        550,
      ),
    ).toBe('accepted 0% 30%, sending 30% 50%, accepted 50% 60%, transparent 60% 100%')
    expect(stops(1000, [{ start: 0, end: 300 }], [], 450)).toBe(
      'accepted 0% 30%, sending 30% 45%, transparent 45% 100%',
    )
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

describe('ledgerOf', () => {
  const half = { bytesTotal: 1000, bytesAccepted: 300, bytesSent: 300, fraction: 0.45, percent: 45 }
  const of = (state: object, progress: object = {}) =>
    ledgerOf({
      status: 'uploading',
      remote: {},
      wait: null,
      checksum: 'off',
      ...state,
      progress: { ...half, accepted: [{ start: 0, end: 300 }], sending: [], ...progress },
    } as unknown as UploadSnapshot)

  it('never falls when an upload comes to rest (P3)', () => {
    expect(of({})?.percent).toBe(45)
    for (const reason of ['user', 'offline', 'auth', 'restored'])
      expect(of({ status: 'paused', reason })?.percent).toBe(45)
    expect(of({ status: 'cancelling', undoUntil: null })?.percent).toBe(45)
    expect(of({ status: 'queued' })?.percent).toBe(45)
    expect(of({ status: 'failed', error: new UploadError('network', '') })?.percent).toBe(45)
  })

  it('tells a whole number from 0 to 99 before the file exists (P4, P5)', () => {
    expect(of({}, { percent: 45.9 })?.percent).toBe(45)
    expect(of({}, { percent: 100 })?.percent).toBe(99)
    expect(of({}, { percent: -3 })?.percent).toBe(0)
  })

  it('has no number while nobody knows how long it takes (P9)', () => {
    expect(of({ status: 'creating', remote: null })?.percent).toBeNull()
    expect(of({ status: 'completing' })?.percent).toBeNull()
    expect(of({ status: 'completing', checksum: 'hashing' }, { bytesAccepted: 1000 })?.percent).toBeNull()
    const stalled = ledgerOf(
      {
        status: 'uploading',
        wait: null,
        progress: { ...half, accepted: [], sending: [] },
      } as unknown as UploadSnapshot,
      true,
    )
    expect(stalled?.percent).toBeNull()
  })

  it('is gone once the upload is over (P20)', () => {
    expect(of({ status: 'completed' })).toBeNull()
    expect(of({ status: 'cancelled' })).toBeNull()
    expect(of({ status: 'expired' })).toBeNull()
    expect(of({ status: 'failed', error: new UploadError('forbidden', '') })).toBeNull()
  })

  it('starts a resumed upload where it was (P7)', () => {
    expect(of({ status: 'paused', reason: 'restored' }, { percent: 64, fraction: 0.64 })?.percent).toBe(64)
  })

  it('calls safe what the server has', () => {
    const upload = { progress: half } as unknown as UploadSnapshot
    expect(safePercentOf(upload)).toBe(30)
  })
})
