import { inspect } from 'node:util'
import { Random } from '../../../simulation/random.js'
import { API_KEY, type Backend, ORGANIZATION, type PostOptions, SECRET } from '../fixture.test.support.js'

/** What no answer, header or log line may hold: the credentials, and what they would be known by when cut short. */
const CANARIES = [API_KEY, 'canary-9f27c1d0', SECRET, 'canary-secret', ORGANIZATION, 'canary5d1e']
/** Belongs into answers now and then, but never into a log. */
export const PERSON = 'canary-person@example.com'
export const FILENAME = 'canary-file.txt'

export interface Figures {
  tries: number
  /** Answers that were searched for canaries, each with its headers. */
  searched: number
  /** Times a canary was found. */
  leaks: number
  /** Calls to OpenAI where there may be none. */
  forbiddenCalls: number
  /** Anything else that is not as it should be. */
  wrong: number
}

/** One hostile call, or a few that belong together. */
export type Attack = (world: World) => Promise<void>

export interface Reply {
  status: number
  code: string | null
  headers: Headers
  text: string
  /** Calls that OpenAI got meanwhile. */
  calls: number
}

/** Chooses what is fired, and watches what comes of it. */
export class World {
  readonly random: Random
  readonly figures: Figures = { tries: 0, searched: 0, leaks: 0, forbiddenCalls: 0, wrong: 0 }
  /** The first few things that went wrong, in words. */
  readonly notes: string[] = []
  readonly printed: unknown[][]
  readonly #secrets: string[] = [...CANARIES]

  constructor(seed: number, printed: unknown[][]) {
    this.random = new Random(seed)
    this.printed = printed
  }

  /** Takes a token for as secret as a key, in logs. */
  guard(token: string): string {
    this.#secrets.push(token)
    return token
  }

  /** Sends one request; `none` says that OpenAI may not hear of it. */
  async fire(made: Backend, path: string, options: PostOptions, upstream: 'none' | 'any'): Promise<Reply> {
    const before = made.seen.length
    let response: Response
    try {
      response = await made.post(path, options)
    } catch (error) {
      this.expect(false, `the handler threw ${String(error)}`)
      response = new Response(null, { status: 599 })
    }
    const text = await response.text()
    const calls = made.seen.length - before
    this.figures.searched += 1
    this.search(text, CANARIES)
    this.search(JSON.stringify([...response.headers]), CANARIES)
    this.expect(!/ {4}at |node_modules/.test(text), 'a stack was answered')
    if (upstream === 'none' && calls > 0) {
      this.figures.forbiddenCalls += calls
      this.#note(`${calls} forbidden calls after ${path.slice(0, 60)}`)
    }
    made.seen.length = 0
    return { status: response.status, code: codeOf(text), headers: response.headers, text, calls }
  }

  /** Looks for canaries in what was printed or logged since the last look. */
  searchLogs(entries: unknown[] = []): void {
    // As a console prints it: with stacks, causes and what is not enumerable.
    const text = inspect([this.printed.splice(0), entries.splice(0)], { depth: null, maxStringLength: null })
    this.search(text, [...this.#secrets, PERSON, FILENAME])
  }

  search(text: string, secrets: readonly string[]): void {
    for (const secret of secrets) {
      if (!text.includes(secret)) continue
      this.figures.leaks += 1
      this.#note(`'${secret.slice(0, 12)}…' in ${text.slice(0, 200)}`)
    }
  }

  expect(condition: boolean, otherwise: string): void {
    if (condition) return
    this.figures.wrong += 1
    this.#note(otherwise)
  }

  #note(text: string): void {
    if (this.notes.length < 5) this.notes.push(text)
  }
}

function codeOf(text: string): string | null {
  try {
    return (JSON.parse(text) as { error?: { code?: string } }).error?.code ?? null
  } catch {
    return null
  }
}

/** The text with a few characters changed, doubled or gone. */
export function mutate(random: Random, text: string): string {
  const characters = text.split('')
  for (let changes = random.int(1, 3); changes > 0; changes -= 1) {
    const at = random.int(0, characters.length)
    const odd = random.pick(['\u0000', '%', '.', '/', '\\', ' ', '"', 'é', 'A', '0', '_', ';', '\u202e', '{'])
    characters.splice(at, random.int(0, 1), ...(random.chance(0.7) ? [odd] : []))
  }
  return characters.join('')
}

export const TRAPS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  'isPrototypeOf',
  '__defineGetter__',
  '__lookupSetter__',
  'toLocaleString',
]
