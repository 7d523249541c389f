/**
 * What the instances of a handler remember together: quotas, and how uploads ended.
 * Five short-lived things that any key-value store has. `count` is one call of a rate limiter with fixed windows (such
 * as `penalty` and `reward` of rate-limiter-flexible), `hold` a sorted set by expiry, the rest plain keys.
 * Keys are made of ASCII letters, digits and `:_-`, below 200 characters; each is used for one kind of thing only.
 */
export interface UploadsStore {
  /**
   * Adds `amount`, which may be negative, to the number under `key`, as one step.
   * A number begins at 0, and is forgotten `seconds` after its first addition.
   */
  count(key: string, amount: number, seconds: number): Promise<UploadsCount>
  /** Puts `member` into the set under `key` for `seconds`, and tells how many are in it then, this one included. */
  hold(key: string, member: string, seconds: number): Promise<number>
  /** Takes `member` out of the set under `key`. */
  release(key: string, member: string): Promise<void>
  /** The text under `key`, null when there is none. */
  get(key: string): Promise<string | null>
  /** Keeps a text for `seconds`, as one step; false when there is one already, which then stays as it is. */
  put(key: string, text: string, seconds: number): Promise<boolean>
  delete(key: string): Promise<void>
}

export interface UploadsCount {
  /** The number after the addition. */
  total: number
  /** Ms until it is forgotten. */
  resetsIn: number
}

export interface MemoryStoreOptions {
  /** The clock, in ms. @default Date.now */
  now?: () => number
}

/** Calls between two looks through everything for what is over. */
const SWEEP_EVERY = 1000

/** A store for one process; instances side by side each have their own, so their quotas add up. */
export function createMemoryStore({ now = Date.now }: MemoryStoreOptions = {}): UploadsStore {
  const counts = new Map<string, { total: number; until: number }>()
  const sets = new Map<string, Map<string, number>>()
  const texts = new Map<string, { text: string; until: number }>()
  let calls = 0

  /** Keeps the maps as small as what is going on: whoever comes once must not stay for ever. */
  const tick = (): number => {
    const time = now()
    calls += 1
    if (calls % SWEEP_EVERY === 0) {
      for (const [key, { until }] of counts) if (until <= time) counts.delete(key)
      for (const [key, { until }] of texts) if (until <= time) texts.delete(key)
      for (const [key, members] of sets) dropOver(key, members, time)
    }
    return time
  }
  const dropOver = (key: string, members: Map<string, number>, time: number) => {
    for (const [member, until] of members) if (until <= time) members.delete(member)
    if (members.size === 0) sets.delete(key)
  }
  const read = (key: string, time: number): string | null => {
    const kept = texts.get(key)
    return kept && kept.until > time ? kept.text : null
  }

  return {
    async count(key, amount, seconds) {
      const time = tick()
      const known = counts.get(key)
      const count = known && known.until > time ? known : { total: 0, until: time + seconds * 1000 }
      count.total += amount
      counts.set(key, count)
      return { total: count.total, resetsIn: count.until - time }
    },
    async hold(key, member, seconds) {
      const time = tick()
      const members = sets.get(key) ?? new Map<string, number>()
      dropOver(key, members, time)
      members.set(member, time + seconds * 1000)
      sets.set(key, members)
      return members.size
    },
    async release(key, member) {
      const time = tick()
      const members = sets.get(key)
      if (!members) return
      members.delete(member)
      dropOver(key, members, time)
    },
    async get(key) {
      return read(key, tick())
    },
    async put(key, text, seconds) {
      const time = tick()
      if (read(key, time) !== null) return false
      texts.set(key, { text, until: time + seconds * 1000 })
      return true
    },
    async delete(key) {
      tick()
      texts.delete(key)
    },
  }
}
