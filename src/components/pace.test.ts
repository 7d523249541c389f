import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createUploader, initialState, type UploadProgress, type UploadSnapshot } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { isStalled, type Pace, Paces, paceOf, riskOf } from './pace.js'

const HOUR = 3_600_000

function sending(progress: Partial<UploadProgress> = {}, change: Partial<UploadSnapshot> = {}): UploadSnapshot {
  const { progress: initial } = initialState(100)
  return {
    id: 'one',
    status: 'uploading',
    wait: null,
    remote: { status: 'pending' },
    expiresAt: HOUR,
    progress: { ...initial, ...progress },
    ...change,
  } as UploadSnapshot
}

/** Readings a second apart, each of them given by its time left. */
function readings(...secondsLeft: (number | null)[]): Pace[] {
  const paces: Pace[] = []
  for (const [index, left] of secondsLeft.entries())
    paces.push(paceOf(sending({ secondsLeft: left, bytesPerSecond: 10 }), index * 1000, paces.at(-1) ?? null))
  return paces
}

describe('the time that is left (P11)', () => {
  it('counts down between two readings', () => {
    expect(readings(100, 99, 98, 97).map((pace) => pace.secondsLeft)).toEqual([100, 99, 98, 97])
  })

  it('falls at once, and smoothly', () => {
    const [, second, third] = readings(100, 60, 60).map((pace) => pace.secondsLeft ?? Number.NaN)
    expect(second).toBeGreaterThan(60)
    expect(second).toBeLessThan(99)
    expect(third).toBeLessThan(second as number)
  })

  it('does not rise for a wobble', () => {
    const shown = readings(100, 99, 104, 103, 102, 101, 100, 99).map((pace) => pace.secondsLeft ?? Number.NaN)
    expect(shown.every((value, index) => index === 0 || value < (shown[index - 1] as number))).toBe(true)
  })

  it('rises by more than a tenth only once that has been so for three seconds', () => {
    const shown = readings(100, 300, 300, 300, 300, 300).map((pace) => pace.secondsLeft ?? Number.NaN)
    expect(shown.slice(0, 4)).toEqual([100, 99, 98, 97])
    expect(shown[4]).toBeGreaterThan(150)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('is not shown while it is %s (P12)', (left) => {
    expect(readings(left)[0]?.secondsLeft).toBeNull()
  })

  it('starts anew after a pause', () => {
    const first = paceOf(sending({ secondsLeft: 100 }), 0, null)
    const paused = paceOf({ ...sending(), status: 'paused', reason: 'user' } as UploadSnapshot, 1000, first)
    expect(paused.secondsLeft).toBeNull()
    expect(paceOf(sending({ secondsLeft: 500 }), 2000, paused).secondsLeft).toBe(500)
  })

  it('leaves the last speed behind, for the question whether an hour is enough', () => {
    const first = paceOf(sending({ bytesPerSecond: 10 }), 0, null)
    expect(paceOf({ ...sending(), status: 'expired' } as UploadSnapshot, 1000, first).lastSpeed).toBe(10)
  })
})

describe('a stall (P16)', () => {
  it('is ten seconds without a byte', () => {
    const first = paceOf(sending({ bytesSent: 10 }), 0, null)
    expect(isStalled(paceOf(sending({ bytesSent: 10 }), 10_000, first))).toBe(false)
    expect(isStalled(paceOf(sending({ bytesSent: 10 }), 10_001, first))).toBe(true)
    expect(isStalled(paceOf(sending({ bytesSent: 11 }), 10_001, first))).toBe(false)
  })

  it('is none while accepted parts come in, though nothing more can be sent', () => {
    const first = paceOf(sending({ bytesSent: 100, bytesAccepted: 10 }), 0, null)
    expect(isStalled(paceOf(sending({ bytesSent: 100, bytesAccepted: 20 }), 20_000, first))).toBe(false)
  })
})

describe('the risk of expiry', () => {
  const at = (upload: UploadSnapshot, ...times: number[]) => {
    let pace: Pace | null = null
    for (const time of times) pace = paceOf(upload, time, pace)
    return riskOf(upload, pace as Pace)
  }

  it('is spoken of once nine tenths of the hour are not enough for 15 seconds', () => {
    const late = sending({ secondsLeft: 4000, bytesPerSecond: 1 })
    expect(at(late, 0, 14_999)).toBeNull()
    expect(at(late, 0, 15_000)).toEqual({ lateBy: expect.closeTo(415, 0) })
    expect(at(sending({ secondsLeft: 3000, bytesPerSecond: 1 }), 0, 15_000)).toBeNull()
  })

  it('is there in the last five minutes, whatever the speed', () => {
    expect(at(sending(), HOUR - 300_000)).toBeNull()
    expect(at(sending(), HOUR - 299_000)).toEqual({ lateBy: 0 })
  })

  it('is over with the upload', () => {
    expect(at({ ...sending(), status: 'failed' } as UploadSnapshot, HOUR - 1000)).toBeNull()
  })
})

describe('Paces', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('reads once a second while somebody watches and something is under way, and not otherwise', async () => {
    const { fetcher, faults, environment } = createFakeUploads()
    const uploader = createUploader({ fetcher, environment, checksum: 'off', defaults: { purpose: 'user_data' } })
    const held = faults.hold('addPart')
    const paces = new Paces(uploader)
    const heard = vi.fn()
    const stop = paces.subscribe(heard)
    await vi.advanceTimersByTimeAsync(5000)
    expect(heard).not.toHaveBeenCalled()
    const id = uploader.add(makeFile('a.txt', 10))
    uploader.run(id).catch(() => {})
    await held.reached
    await vi.advanceTimersByTimeAsync(3000)
    expect(heard).toHaveBeenCalledTimes(3)
    stop()
    expect(vi.getTimerCount()).toBe(0)
    uploader.destroy()
  })
})
