import { describe, expect, it } from 'vitest'
import type { SendingRange, UploadProgress, UploadSnapshot } from '../core/index.js'
import type { ByteRange } from '../protocol/index.js'
import { cellsOf, partMapOf } from './part-map.js'

interface Parts {
  total?: number
  size?: number | null
  accepted?: ByteRange[]
  sending?: SendingRange[]
}

const progressOf = ({ total = 1000, size = 100, accepted = [], sending = [] }: Parts) =>
  ({ bytesTotal: total, sending, parts: { accepted, size } }) as Partial<UploadProgress> as UploadProgress
const kinds = (parts: Parts) =>
  cellsOf(progressOf(parts))
    .map(({ kind }) => kind[0])
    .join('')
const range = (start: number, end: number): ByteRange => ({ start, end })
const equal = (count: number, size = 100) => Array.from({ length: count }, (_, i) => range(i * size, (i + 1) * size))
const map = (parts: Parts, state: object = { status: 'uploading', wait: null }) =>
  partMapOf({ ...state, progress: progressOf(parts) } as UploadSnapshot)

describe('cellsOf', () => {
  it('has one cell for each part, those that nobody has cut yet included', () => {
    expect(kinds({})).toBe('wwwwwwwwww')
    expect(kinds({ total: 1001 })).toHaveLength(11)
    expect(kinds({ accepted: [range(0, 100), range(300, 400)] })).toBe('awwawwwwww')
  })

  it('tells what is on its way from what is on its way once more', () => {
    const sending = [
      { start: 100, end: 200, sent: 25, attempt: 1 },
      { start: 300, end: 400, sent: 0, attempt: 2 },
    ]
    expect(kinds({ accepted: equal(1), sending })).toBe('aswrwwwwww')
    expect(cellsOf(progressOf({ sending }))[1]).toEqual({ kind: 'sending', sent: 0.25 })
  })

  it('shows parts as large as they are, also after the backend took no more of that size', () => {
    // Two parts of 400, and the rest is now cut into 100.
    expect(kinds({ accepted: [range(0, 400), range(400, 800)] })).toBe('aaww')
    expect(kinds({ accepted: [range(0, 400), range(500, 600)], size: 100 })).toBe('awawwww')
  })

  it('takes the parts of an earlier page for its measure, until there are new ones', () => {
    expect(kinds({ size: null, accepted: [range(0, 250)] })).toBe('awww')
    expect(kinds({ size: null })).toBe('')
  })
})

describe('partMapOf', () => {
  it('draws a run of cells as one line a row, each cell a dash of it', () => {
    const parts = map({ total: 6000, accepted: equal(50) })
    expect(parts).toMatchObject({ columns: 48, rows: 2, totalCount: 60, acceptedCount: 50 })
    expect(parts?.waiting).toBe('M2 1.4h10')
    expect(parts?.accepted).toBe('M0 0.4h48M0 1.4h2')
  })

  it('lets a cell on its way grow within its own place', () => {
    const sending = [
      { start: 0, end: 100, sent: 50, attempt: 1 },
      { start: 100, end: 200, sent: 100, attempt: 3 },
    ]
    const parts = map({ sending })
    expect(parts?.sending).toBe('M0 0.4h0.4M1 0.4h0.8')
    expect(parts?.retried).toBe('M1 0.4h1')
    expect(parts).toMatchObject({ sendingCount: 2, retriedCount: 1 })
  })

  it('is as short for 2,048 parts in a row as its rows are few, and never higher than an eighth of its width', () => {
    const parts = map({ total: 204_800, accepted: equal(2000) })
    expect(parts?.accepted.match(/M/g)).toHaveLength(parts?.rows ?? 0)
    expect(parts?.rows).toBe(16)
    expect(parts?.columns).toBe(128)
  })

  it('shows nothing once nothing is there: cancelled, expired, or failed for good', () => {
    const parts: Parts = { accepted: equal(3) }
    expect(map(parts, { status: 'completed' })?.acceptedCount).toBe(3)
    expect(map(parts, { status: 'cancelled' })).toBeNull()
    expect(map(parts, { status: 'expired' })).toBeNull()
    expect(map(parts, { status: 'failed', remote: null, error: { code: 'forbidden', details: {} } })).toBeNull()
    expect(map({ size: null })).toBeNull()
  })
})
