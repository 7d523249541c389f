import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { killAgainAndAgain } from './kills.test.kit.js'

// `npm run test:crash -- --kills 200` kills more often.
const kills = Number(process.env.CRASH_KILLS ?? 6)
const seed = Number(process.env.CRASH_SEED ?? 1)

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'uploads-kills-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

describe('a local server that is killed while it works', () => {
  it('loses nothing that was completed, and serves nothing half-written', {
    timeout: 60_000 + 3000 * kills,
  }, async () => {
    const { problems, ...figures } = await killAgainAndAgain({ kills, seed, dir })
    for (const [name, value] of Object.entries({ ...figures, problems: problems.length })) {
      console.log(`${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).padEnd(24)}${value}`)
    }
    expect(problems).toEqual([])
    expect(figures.kills).toBe(kills)
    expect(figures.completed).toBeGreaterThan(0)
    expect(figures.filesCompared).toBeGreaterThan(0)
  })
})
