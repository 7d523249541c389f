import { describe, expect, it } from 'vitest'
import { createMeasures } from './measures.js'

const { bytes, bytesOf, duration, either, percent, remaining, speed } = createMeasures('en-US')

describe('measures', () => {
  it.each([
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [999_960, '1 MB'],
    [25_000_000, '25 MB'],
    [2_900_000_000, '2.9 GB'],
    [8 * 2 ** 30, '8.6 GB'],
  ])('writes %d bytes as %s', (value, text) => expect(bytes(value)).toBe(text))

  it.each([
    [0, 2_900_000_000, '0.0 of 2.9 GB'],
    [12_340_000, 25_000_000, '12.3 of 25.0 MB'],
    [120_400_000, 250_000_000, '120 of 250 MB'],
    [500, 64_000, '1 of 64 kB'],
  ])('writes %d of %d in one unit', (sent, total, text) => {
    const pair = bytesOf(sent, total)
    expect(`${pair.sent} of ${pair.total}`).toBe(text)
  })

  it.each([
    [0, null],
    [4.9, null],
    [6, '10 sec'],
    [58, '1 min'],
    [200, '3 min'],
    [1500, '25 min'],
    [3600, '1 hr'],
    [4900, '1 hr 20 min'],
    [26 * 3600, '26 hr'],
  ])('says %d seconds as %s', (seconds, text) => expect(duration(seconds)).toBe(text))

  it.each([
    ['en-US', '9:05 AM'],
    ['en-GB', '09:05'],
    ['de', '09:05'],
    ['ar', '9:05 ص'],
  ])('tells the time of day as people of %s write it', (locale, text) =>
    expect(
      createMeasures(locale)
        .clock(new Date(2026, 0, 1, 9, 5).getTime())
        .replace('\u202f', ' '),
    ).toBe(text),
  )

  it.each([
    [59.9, '59 sec'],
    [119, '1 min'],
    [2339, '38 min'],
    [3600, '1 hr'],
    [0, '0 sec'],
  ])('never says that %d seconds are longer than they are: %s', (seconds, text) =>
    expect(remaining(seconds)).toBe(text),
  )

  it('lists what is allowed as a choice', () => {
    expect(either(['PDF'])).toBe('PDF')
    expect(either(['PDF', 'CSV'])).toBe('PDF or CSV')
  })

  it('never rounds up to done', () => {
    expect(percent(0.999)).toBe('99%')
    expect(percent(0.29)).toBe('29%')
  })

  it('writes speed with one decimal, and none where it would only jump', () => {
    expect(speed(8_400_000)).toBe('8.4 MB/s')
    expect(speed(420_000)).toBe('420 kB/s')
  })
})
