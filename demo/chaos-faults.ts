import type { Head } from './chaos-message.js'

/** The calls that a rule can be about, the same before our handler and before the API itself. */
export type ChaosCall = 'policy' | 'create' | 'parts' | 'complete' | 'cancel' | 'other'

/** A place in a message. Negative counts from the end of its section, which a body has only where its length is announced. */
export interface Place {
  of: 'head' | 'body'
  at: number
}

export type Fault =
  /** Lets bytes pass up to a place, then resets both connections. */
  | { type: 'cut'; message: 'request' | 'reply'; place: Place }
  /** From a place on nothing moves any more, until the rule is released; `before` is not even a byte. */
  | { type: 'stall'; where: 'before' | 'after' | Place }
  /** The request arrives, and its reply does not: the connection is reset in its place. */
  | { type: 'swallow' }
  /** The request arrives twice, one after the other, and one of the replies comes back. */
  | { type: 'twice'; reply: 'first' | 'second' }
  /** One bit of the request's body is another one. */
  | { type: 'flip'; at: number; bit: number }
  /** What a reverse proxy with a small body limit does: 413 after a few bytes, then a reset. */
  | { type: 'too_large'; after: number; says: boolean }
  /** Somebody else answers, and the request never arrives. */
  | { type: 'page'; status: number; html: string }
  /** The reply is somebody else's, although the request arrived. */
  | { type: 'replace'; status: number; html: string }
  /** Ms before the request goes on. */
  | { type: 'delay'; ms: number }
  /** No fault: tells when a request gets to a place. */
  | { type: 'watch'; place: Place }

export interface Rule {
  on: ChaosCall
  /** Further conditions, asked once per request. */
  when?: (head: Head) => boolean
  /** Requests that pass before the first one is hit. @default 0 */
  skip?: number
  /** Requests that are hit. @default 1 */
  times?: number
  fault: Fault
}

/** A rule at work. */
export class ActiveRule {
  readonly fault: Fault
  /** Requests that were hit so far. */
  hits = 0
  /** Resolves once the fault has happened for the first time. */
  readonly reached: Promise<void>
  /** Lets everything go on that a stall holds. */
  readonly released: Promise<void>
  #matches = 0
  #reach = () => {}
  #release = () => {}
  readonly #rule: Rule

  constructor(rule: Rule) {
    this.#rule = rule
    this.fault = rule.fault
    this.reached = new Promise((resolve) => {
      this.#reach = resolve
    })
    this.released = new Promise((resolve) => {
      this.#release = resolve
    })
  }

  /** Whether this request is one to hit; counts it. */
  takes(call: ChaosCall, head: Head): boolean {
    const { on, when, skip = 0, times = 1 } = this.#rule
    if (call !== on || this.hits >= times || when?.(head) === false) return false
    this.#matches += 1
    if (this.#matches <= skip) return false
    this.hits += 1
    return true
  }

  happened(): void {
    this.#reach()
  }

  /** Ends the rule: what it holds goes on, and no further request is hit. */
  release(): void {
    this.#rule.times = 0
    this.#release()
  }
}

export function callOf({ line }: Head): ChaosCall {
  const [method = '', target = ''] = line.split(' ')
  const path = target.split('?')[0] ?? ''
  if (/\/uploads\/?$/.test(path)) return method === 'POST' ? 'create' : method === 'GET' ? 'policy' : 'other'
  const verb = /\/uploads\/[^/]+\/(parts|complete|cancel)$/.exec(path)?.[1]
  return method === 'POST' && verb ? (verb as ChaosCall) : 'other'
}
