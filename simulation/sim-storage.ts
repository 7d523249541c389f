import type { ResumeHead, ResumePart, ResumeStore } from '../src/core/index.js'
import type { Page } from './world.js'

export type StoreCall = 'load' | 'saveHead' | 'savePart' | 'remove'

/** What goes wrong with the `n`th call of its kind, from 0. `done_and_throws`: it is written all the same. */
export interface StoreFault {
  call: StoreCall
  n: number
  how: 'throws' | 'throws_at_once' | 'done_and_throws' | 'hangs' | 'late'
}

/** How what is read differs from what was written: by another version, a broken disk, or a hostile page of the origin. */
export type Tampering =
  | 'other_version'
  | 'no_head'
  | 'text_head'
  | 'endless_size'
  | 'no_parts'
  | 'part_overlaps'
  | 'part_beyond'
  | 'part_prototype'
  | 'part_null'
  | 'entry_null'
  | 'not_a_list'
export const TAMPERINGS: readonly Tampering[] = [
  'other_version',
  'no_head',
  'text_head',
  'endless_size',
  'no_parts',
  'part_overlaps',
  'part_beyond',
  'part_prototype',
  'part_null',
  'entry_null',
  'not_a_list',
]

interface Stored {
  /** Null where a part was written after its record had been removed, as IndexedDB allows. */
  head: ResumeHead | null
  parts: Map<number, ResumePart>
}

interface StoreSchedule {
  storeFaults: readonly StoreFault[]
  /** The storage is full from this write on. */
  fullAfter: number
  /** Ms that a call takes. */
  latency: number
}

/** Who has to know what is written. */
export interface StorageWatch {
  storeAsked(page: Page, call: StoreCall): void
  wrote(page: Page, uploadId: string, what: ResumeHead | ResumePart): void
  storeFailed(page: Page, call: StoreCall, how: StoreFault['how'] | 'full'): void
}

// Longer than the engine has patience for.
const LATE_MS = 5000

/** The message of every error of the storage, by which it is known wherever it ends up. */
export const STORAGE_CANARY = 'storage-3Fk'

/** The storage of one browser: its pages share it, and it outlives them. */
export class SimStorage {
  readonly #schedule: StoreSchedule
  readonly #watch: StorageWatch
  readonly #faults = new Map<string, StoreFault['how']>()
  readonly #counts: Record<StoreCall, number> = { load: 0, saveHead: 0, savePart: 0, remove: 0 }
  // What each page has asked for that is not done yet, in its order.
  readonly #unflushed = new Map<Page, Set<() => void>>()
  #records = new Map<string, Stored>()
  #writes = 0
  #healed = false
  #wasWiped = false
  #tampering: Tampering | null = null

  constructor(schedule: StoreSchedule, watch: StorageWatch) {
    this.#schedule = schedule
    this.#watch = watch
    for (const { call, n, how } of schedule.storeFaults) this.#faults.set(`${call} ${n}`, how)
  }

  /** Ids of the Uploads that are remembered. */
  get uploadIds(): string[] {
    return Array.from(this.#records).flatMap(([uploadId, { head }]) => (head ? [uploadId] : []))
  }

  /** What is remembered of an Upload; null where nothing can be expected of it any more. */
  rangesOf(uploadId: string): readonly ResumePart[] | null {
    return this.#wasWiped ? null : [...(this.#records.get(uploadId)?.parts.values() ?? [])]
  }

  /** Everything is deleted, by the person or by the browser. */
  wipe(): void {
    this.#wasWiped = true
    this.#records = new Map()
  }

  /** From now on what is read differs from what was written; whoever reads it throws it away. */
  tamper(how: Tampering): void {
    this.#wasWiped = true
    this.#tampering = how
  }

  /** Nothing more can be written. */
  fill(): void {
    this.#writes = Number.MAX_SAFE_INTEGER
  }

  /** From now on it works. */
  heal(): void {
    this.#healed = true
    this.#tampering = null
  }

  /** The page is gone; `flushed`: what it had asked for is written all the same. */
  letGo(page: Page, flushed: boolean): void {
    const pending = this.#unflushed.get(page) ?? []
    this.#unflushed.delete(page)
    if (flushed) for (const write of pending) write()
  }

  open(page: Page): ResumeStore {
    const ask = <T>(call: StoreCall, work: () => T) => this.#ask(page, call, work)
    return {
      load: () => ask('load', () => this.#read()),
      saveHead: (head) => {
        this.#watch.wrote(page, head.remote.id, head)
        return ask('saveHead', () => {
          const parts = this.#records.get(head.remote.id)?.parts ?? new Map<number, ResumePart>()
          this.#records.set(head.remote.id, { head, parts })
        })
      },
      savePart: (uploadId, part) => {
        this.#watch.wrote(page, uploadId, part)
        return ask('savePart', () => {
          const record = this.#records.get(uploadId) ?? { head: null, parts: new Map<number, ResumePart>() }
          this.#records.set(uploadId, record)
          record.parts.set(part.start, part)
        })
      },
      remove: (uploadId) =>
        ask('remove', () => {
          this.#records.delete(uploadId)
        }),
    }
  }

  #ask<T>(page: Page, call: StoreCall, work: () => T): Promise<T> {
    this.#watch.storeAsked(page, call)
    const how = this.#troubleFor(call)
    const error = new DOMException(`${STORAGE_CANARY}: ${how}`, how === 'full' ? 'QuotaExceededError' : 'UnknownError')
    if (how) this.#watch.storeFailed(page, call, how)
    if (how === 'throws_at_once') throw error
    return new Promise((resolve, reject) => {
      const pending = this.#unflushed.get(page) ?? new Set()
      this.#unflushed.set(page, pending)
      const perform = () => {
        pending.delete(perform)
        if (page.gone) {
          if (!how) work()
          return
        }
        if (how === 'throws' || how === 'full') return reject(error)
        if (how === 'hangs') return
        const value = work()
        if (how === 'done_and_throws') reject(error)
        else resolve(value)
      }
      pending.add(perform)
      // What is to be removed is looked for first.
      const steps = call === 'remove' ? 2 : 1
      page.deliver(how === 'late' ? LATE_MS : steps * this.#schedule.latency, perform)
    })
  }

  #troubleFor(call: StoreCall): StoreFault['how'] | 'full' | null {
    const n = this.#counts[call]
    this.#counts[call] += 1
    if (this.#healed) return null
    if (call === 'saveHead' || call === 'savePart') {
      this.#writes += 1
      if (this.#writes > this.#schedule.fullAfter) return 'full'
    }
    return this.#faults.get(`${call} ${n}`) ?? null
  }

  #read(): Awaited<ReturnType<ResumeStore['load']>> {
    const stored = Array.from(this.#records.values(), ({ head, parts }) => ({
      head: head && { ...head },
      parts: Array.from(parts.values(), (part) => ({ ...part })),
    }))
    if (this.#tampering === 'not_a_list') return undefined as never
    if (this.#tampering === 'entry_null') return [null as never, ...stored]
    return stored.map((record) => tampered(record, this.#tampering)) as Awaited<ReturnType<ResumeStore['load']>>
  }
}

function tampered(record: { head: ResumeHead | null; parts: ResumePart[] }, how: Tampering | null): unknown {
  const { head, parts } = record
  if (!head) return record
  const withPart = (part: unknown) => ({ head, parts: [...parts, part] })
  const { size } = head.file
  const digest = null
  switch (how) {
    case 'other_version':
      return { head: { ...head, version: 2 }, parts }
    case 'no_head':
      return { head: null, parts }
    case 'text_head':
      return { head: 'head', parts }
    case 'endless_size':
      return { head: { ...head, file: { ...head.file, size: Number.POSITIVE_INFINITY } }, parts }
    case 'no_parts':
      return { head, parts: undefined }
    case 'part_overlaps':
      return { head, parts: [...parts, ...[1, 2].map((n) => ({ start: 0, end: 1, partId: `part_x${n}`, digest }))] }
    case 'part_beyond':
      return withPart({ start: size - 1, end: size + 1, partId: 'part_x', digest })
    case 'part_prototype':
      return withPart({ start: 0, end: size, partId: '__proto__', digest })
    case 'part_null':
      return withPart(null)
    default:
      return { head, parts }
  }
}
