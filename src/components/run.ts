import { isSettled, phaseOf, type UploadSnapshot } from '../core/index.js'

// More than these are told about in numbers.
const FEW = 5
const COUNT_EVERY_MS = 10_000
// However long it takes, nobody hears more than this many numbers of one run.
const COUNTS = 8

type Member = 'open' | 'completed' | 'cancelled' | 'attention'

/** The uploads that are under way together, from the first one until none goes on any more. */
export class Run {
  readonly #members = new Map<string, Member>()
  readonly #sizes: Record<Member, number> = { open: 0, completed: 0, cancelled: 0, attention: 0 }
  #counted = { completed: 0, at: 0 }

  get size(): number {
    return this.#members.size
  }

  get open(): number {
    return this.#sizes.open
  }

  get completed(): number {
    return this.#sizes.completed
  }

  get attention(): number {
    return this.#sizes.attention
  }

  /** Those that are to be uploaded after all. */
  get wanted(): number {
    return this.size - this.#sizes.cancelled
  }

  /** So few that each is worth its name. */
  get isFew(): boolean {
    return this.size <= FEW
  }

  get isOver(): boolean {
    return this.size > 0 && this.open === 0
  }

  note(upload: UploadSnapshot, now: number): void {
    const member = memberOf(upload)
    if (member !== 'open' && !this.#members.has(upload.id)) return
    if (this.size === 0) this.#counted = { completed: 0, at: now }
    this.#set(upload.id, member)
  }

  leave(id: string): void {
    this.#set(id, null)
  }

  reset(): void {
    for (const id of [...this.#members.keys()]) this.#set(id, null)
  }

  /** Whether it is time for a number again; asked once, it is told. */
  takeCount(now: number): boolean {
    const { completed, at } = this.#counted
    if (this.completed - completed < Math.ceil(this.size / COUNTS) || now - at < COUNT_EVERY_MS) return false
    this.#counted = { completed: this.completed, at: now }
    return true
  }

  #set(id: string, member: Member | null): void {
    const before = this.#members.get(id)
    if (before) this.#sizes[before] -= 1
    if (member) this.#sizes[member] += 1
    if (member) this.#members.set(id, member)
    else this.#members.delete(id)
  }
}

function memberOf(upload: UploadSnapshot): Member | null {
  // It waits for a person, who may never come.
  if (phaseOf(upload) === 'interrupted') return null
  if (!isSettled(upload)) return 'open'
  return upload.status === 'completed' || upload.status === 'cancelled' ? upload.status : 'attention'
}
