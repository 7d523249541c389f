import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completedProgress, initialProgress, ProgressMeter, type SendingRange } from './progress.js'

const accepted = (end: number) => (end > 0 ? [{ start: 0, end }] : [])
const sending = (start: number, end: number, sent: number): SendingRange => ({ start, end, sent, attempt: 1 })

describe('the bar', () => {
  it('counts what was sent for less than what was accepted', () => {
    const meter = new ProgressMeter(1000)
    expect(meter.read(accepted(100), [sending(100, 200, 100)], 0)).toMatchObject({
      bytesAccepted: 100,
      bytesSent: 200,
      fraction: 0.19,
      percent: 19,
    })
  })

  it('never moves backwards when a part has to be sent again, though the bytes do', () => {
    const meter = new ProgressMeter(1000)
    const before = meter.read(accepted(100), [sending(100, 500, 400)], 0)
    const after = meter.read(accepted(100), [sending(100, 500, 0)], 100)
    expect(after.fraction).toBe(before.fraction)
    expect(after.bytesSent).toBe(100)
  })

  it('stays at 99 % when every byte was accepted, as the file does not exist yet', () => {
    expect(new ProgressMeter(1000).read(accepted(1000), [], 0)).toMatchObject({ fraction: 0.99, percent: 99 })
  })

  it('says 100 % once completed', () => {
    expect(completedProgress(initialProgress(1000))).toMatchObject({
      fraction: 1,
      percent: 100,
      bytesAccepted: 1000,
      bytesSent: 1000,
      accepted: [{ start: 0, end: 1000 }],
      sending: [],
      bytesPerSecond: null,
      secondsLeft: null,
    })
  })
})

describe('the speed', () => {
  /** Reads once a second, with so many more bytes accepted each time. */
  function readings(meter: ProgressMeter, gains: number[], from = { bytes: 0, at: 0 }) {
    let { bytes, at } = from
    return gains.map((gain) => {
      bytes += gain
      const progress = meter.read(accepted(bytes), [], at)
      at += 1000
      return progress
    })
  }

  it('is not shown before three seconds and two samples', () => {
    const shown = readings(new ProgressMeter(1e6), [0, 100, 100, 100, 100]).map(({ bytesPerSecond }) => bytesPerSecond)
    expect(shown).toEqual([null, null, null, 100, 100])
  })

  it('tells the seconds that are left', () => {
    const last = readings(new ProgressMeter(1000), [0, 100, 100, 100]).at(-1)
    expect(last).toMatchObject({ bytesPerSecond: 100, secondsLeft: 7 })
  })

  it('follows a change half the way in three seconds', () => {
    const gains = [0, 100, 100, 100, 300, 300, 300]
    expect(readings(new ProgressMeter(1e6), gains).at(-1)?.bytesPerSecond).toBeCloseTo(200)
  })

  it('is never negative: bytes that are sent again are measured from where they fell back to', () => {
    const meter = new ProgressMeter(1e6)
    readings(meter, [0, 100, 100, 100])
    const fallen = meter.read(accepted(200), [], 4000)
    const again = meter.read(accepted(300), [], 5000)
    expect(fallen.bytesPerSecond).toBe(100)
    expect(again.bytesPerSecond).toBeGreaterThan(0)
    expect(again.bytesPerSecond).toBeLessThanOrEqual(100)
  })

  it('is forgotten over a pause', () => {
    const meter = new ProgressMeter(1e6)
    readings(meter, [0, 100, 100, 100])
    meter.rest()
    const after = readings(meter, [0, 50, 50, 50], { bytes: 300, at: 1_000_000 })
    expect(after.map(({ bytesPerSecond }) => bytesPerSecond)).toEqual([null, null, null, 50])
  })
})

it('every figure is a number that can be drawn, whatever the readings and the clock do', () => {
  const total = 1000
  const reading = fc.record({
    acceptedEnd: fc.integer({ min: 0, max: total }),
    sent: fc.integer({ min: 0, max: total }),
    elapsed: fc.integer({ min: -5000, max: 10_000 }),
    rest: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 30 }), (readings) => {
      const meter = new ProgressMeter(total)
      let now = 0
      let fraction = 0
      for (const { acceptedEnd, sent, elapsed, rest } of readings) {
        now += elapsed
        if (rest) meter.rest()
        const onTheWay = Math.min(sent, total - acceptedEnd)
        const progress = meter.read(accepted(acceptedEnd), [sending(acceptedEnd, total, onTheWay)], now)
        expect(progress.fraction).toBeGreaterThanOrEqual(fraction)
        expect(progress.fraction).toBeLessThanOrEqual(0.99)
        expect(Number.isInteger(progress.percent)).toBe(true)
        for (const figure of [progress.bytesPerSecond, progress.secondsLeft]) {
          expect(figure === null || (Number.isFinite(figure) && figure >= 0)).toBe(true)
        }
        fraction = progress.fraction
      }
    }),
  )
})
