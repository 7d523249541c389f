import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { elsewhere, keyInAnswer, keyInLog, strayHeader } from './answers.test.kit.js'
import {
  bodyBomb,
  brokenMultipart,
  guessedBoundary,
  hostileFilename,
  pollutedJson,
  slowest,
  slowPattern,
  smuggledHeader,
  spoofedType,
} from './bodies.test.kit.js'
import {
  foreignPage,
  foreignReader,
  foreignUpload,
  noMiddleware,
  openRelay,
  prototypeNames,
  tokenOracle,
  wanderingId,
} from './entrance.test.kit.js'
import { closeLocal, droppedConnection, exposedEmulator, greedyUser, replay, slowSender } from './limits.test.kit.js'
import { type Attack, type Figures, World } from './world.test.kit.js'

// `npm run test:hostile` fires many more; HOSTILE_SEED fires others.
const tries = Number(process.env.HOSTILE_TRIES ?? 40)
const seed = Number(process.env.HOSTILE_SEED ?? 1)

/** `times` more tries than most: where the bar asks for thousands. */
const rows: [row: string, promise: string, attack: Attack, times?: number][] = [
  ['S1', 'no answer, header or error holds the key, a secret or an account', keyInAnswer, 10],
  ['S2', 'no log holds them, nor a token, a person or a file name', keyInLog],
  ['S3', 'nothing but the five routes is served', openRelay],
  ['S4', 'nobody gets at another’s upload', foreignUpload],
  ['S5', 'names that every object has are names like others', prototypeNames],
  ['S6', 'no foreign page spends a user’s cookies', foreignPage],
  ['S7', 'no foreign page reads an answer', foreignReader],
  ['S8', 'no id leads elsewhere', wanderingId],
  ['S9', 'the key goes to one address', elsewhere],
  ['S10', 'no header of a browser reaches OpenAI', smuggledHeader],
  ['S11', 'no body is read further than it may be long', bodyBomb],
  ['S12', 'a browser that leaves leaves nothing behind', droppedConnection, 10],
  ['S13', 'multipart passes as it is or not at all', brokenMultipart],
  ['S14', 'nobody foresees a boundary', guessedBoundary],
  ['S15', 'nobody keeps a place by sending slowly', slowSender],
  ['S16', 'a file name is only a name', hostileFilename],
  ['S17', 'a type counts as what it is, not as what it looks like', spoofedType],
  ['S18', 'JSON is data, and only the known of it', pollutedJson],
  ['S19', 'no text takes long to look at', slowPattern],
  ['S20', 'nobody takes more than their quota', greedyUser],
  ['S21', 'what was done once is not done again', replay],
  ['S22', 'only known headers of OpenAI pass', strayHeader],
  ['S23', 'the handler itself asks who is there', noMiddleware],
  ['S24', 'every bad token gets the same answer', tokenOracle],
  ['S25', 'the API for demos answers this machine only', exposedEmulator],
]

const printed: unknown[][] = []
beforeEach(() => {
  for (const method of ['error', 'warn', 'log', 'info', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...args) => void printed.push(args))
  }
})

const figures: (Figures & { row: string })[] = []
afterAll(async () => {
  await closeLocal()
  const total = (name: keyof Figures) => figures.reduce((sum, row) => sum + row[name], 0)
  const line = (row: string, values: (string | number)[]) =>
    [row.padEnd(6), ...values.map((value) => String(value).padStart(16))].join('')
  const names = ['tries', 'searched', 'leaks', 'forbiddenCalls', 'wrong'] as const
  process.stdout.write(
    [
      line('row', ['tries', 'answers', 'leaks', 'forbidden calls', 'wrong answers']),
      ...figures.map((row) =>
        line(
          row.row,
          names.map((name) => row[name]),
        ),
      ),
      line('all', names.map(total)),
      `S19: the slowest took ${slowest.ms.toFixed(1)} ms, of texts up to 1 MB; it had ${slowest.characters} characters`,
      'Each row has further tests, named in SECURITY.md.',
      '',
    ].join('\n'),
  )
})

describe('whatever is fired at the handler', () => {
  it.each(rows)('%s: %s', { timeout: 120_000 }, async (row, _promise, attack, times = 1) => {
    const world = new World(seed * 1000 + Number(row.slice(1)), printed)
    for (; world.figures.tries < tries * times; world.figures.tries += 1) await attack(world)
    world.searchLogs()
    figures.push({ row, ...world.figures })
    expect(world.notes).toEqual([])
    const { searched } = world.figures
    expect(world.figures).toEqual({ tries: tries * times, searched, leaks: 0, forbiddenCalls: 0, wrong: 0 })
  })
})
