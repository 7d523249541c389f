import { describe, expect, it } from 'vitest'
import { fuzzMultipart } from './fuzz-multipart.test.kit.js'

// `npm run test:fuzz -- --bodies 100000` reads more; `--seed N` other ones.
const bodies = Number(process.env.FUZZ_BODIES ?? 3000)
const seed = Number(process.env.FUZZ_SEED ?? 1)

describe('a multipart body, whatever it is', () => {
  it('is read as by the platform, or refused', { timeout: 60_000 + 5 * bodies }, async () => {
    const { heap, rss, stricter, problems, ...figures } = await fuzzMultipart(bodies, seed)
    const lines: [string, string | number][] = [
      ...Object.entries(figures),
      ...Object.entries(stricter).map(([why, count]): [string, number] => [`stricter: ${why}`, count]),
      ['heap, MiB, at a tenth and at the end', `${heap.early} ${heap.late}`],
      ['resident memory, MiB', rss],
      ['problems', problems.length],
    ]
    for (const [name, value] of lines) console.log(`${name.padEnd(52)}${value}`)
    expect(problems.slice(0, 10)).toEqual([])
    expect(figures.crashes).toBe(0)
    expect(figures.tries).toBe(bodies)
    // Bodies that nobody takes, or everybody refuses, would prove nothing.
    expect(figures.agreements).toBeGreaterThan(bodies / 3)
    expect(heap.late - heap.early).toBeLessThan(32)
  })
})
