import { describe, expect, it } from 'vitest'
import { secondsLeft, summarise, waitingOffline } from './summarise.js'
import { RunningTotals, type Totals } from './totals.js'
import { createWording } from './wording.js'

const nothing = new RunningTotals().read()
const wording = createWording(undefined, 'en-US')
const textOf = (totals: Partial<Totals>) => summarise({ ...nothing, ...totals }, wording).text

describe('the summary of a list', () => {
  it('counts the file that is on its way, the bytes of all, and the time that they need together', () => {
    const totals = { total: 12, completed: 3, active: 4, queued: 5, bytesTotal: 9.3e9, bytesSent: 5.1e9 }
    expect(textOf(totals)).toBe('Uploading 4 of 12 files · 5.1 of 9.3 GB')
    expect(textOf({ ...totals, bytesLeft: 4.2e9, bytesPerSecond: 1.2e7 })).toBe(
      'Uploading 4 of 12 files · 5.1 of 9.3 GB · about 6 min left',
    )
  })

  it('does not wait for what is paused or failed when it tells the time left', () => {
    expect(secondsLeft({ ...nothing, bytesTotal: 1000, bytesSent: 0, bytesLeft: 100, bytesPerSecond: 10 })).toBe(10)
    expect(secondsLeft({ ...nothing, bytesLeft: 100 })).toBeNull()
  })

  it.each([
    [{ total: 12, completed: 10, attention: 2, settled: 12 }, '10 uploaded, 2 need attention'],
    [{ total: 12, completed: 12, settled: 12 }, '12 files uploaded'],
    [{ total: 5, cancelled: 5, settled: 5 }, '5 uploads cancelled'],
    [{ total: 5, cancelled: 2, completed: 3, settled: 5 }, '3 files uploaded'],
    [{ total: 3, paused: 3 }, '3 uploads paused'],
  ])('says of %o: %s', (totals, text) => {
    expect(textOf(totals)).toBe(text)
  })

  it('says only how far it is where a banner says why it does not go on', () => {
    const bytes = { bytesTotal: 9.3e9, bytesSent: 5.1e9 }
    expect(textOf({ total: 4, completed: 1, offline: 2, queued: 1, ...bytes })).toBe(
      '1 of 4 files uploaded · 5.1 of 9.3 GB',
    )
    expect(textOf({ total: 2, interrupted: 2, ...bytes })).toBe('0 of 2 files uploaded · 5.1 of 9.3 GB')
  })

  it('is never at 100 % while anything is under way', () => {
    const totals = { ...nothing, total: 2, completed: 1, active: 1, bytesTotal: 1000, bytesShown: 1000 }
    expect(summarise(totals, wording).percent).toBe(99)
    expect(summarise({ ...totals, active: 0, completed: 2 }, wording).percent).toBeNull()
  })
})

describe('an outage', () => {
  it('makes everything wait that is not done, until bytes move', () => {
    expect(waitingOffline({ ...nothing, offline: 2, queued: 3, active: 1 })).toBe(6)
    expect(waitingOffline({ ...nothing, offline: 2, active: 1, bytesPerSecond: 5 })).toBe(0)
    expect(waitingOffline({ ...nothing, queued: 3, active: 1 })).toBe(0)
  })
})
