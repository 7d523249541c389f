/**
 * Sums over things that change one at a time: a change costs the same however many things there are.
 * Shares have to be whole numbers: of those, taking away what was added leaves nothing over.
 */
export class RunningSums<Name extends string> {
  readonly #shares = new Map<string, Readonly<Record<Name, number>>>()
  readonly #sums: Record<Name, number>
  readonly #names: readonly Name[]

  constructor(names: readonly Name[]) {
    this.#names = names
    this.#sums = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>
  }

  /** How many things there are. */
  get size(): number {
    return this.#shares.size
  }

  /** What one thing adds to the sums from now on; null takes it out. */
  set(id: string, share: Readonly<Record<Name, number>> | null): void {
    const before = this.#shares.get(id)
    for (const name of this.#names) this.#sums[name] += (share?.[name] ?? 0) - (before?.[name] ?? 0)
    if (share) this.#shares.set(id, share)
    else this.#shares.delete(id)
  }

  read(): Readonly<Record<Name, number>> {
    return { ...this.#sums }
  }
}
