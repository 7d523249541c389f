import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApiCaller, createTestClock } from './api-caller.test.kit.js'
import { disk, type Stop } from './stopping-disk.test.kit.js'
import { createDiskStorage } from './storage-disk.js'

vi.mock('node:fs/promises', async (original) => {
  const { stopping } = await import('./stopping-disk.test.kit.js')
  return stopping(await original())
})

let dir: string
let kept: string
beforeEach(async () => {
  void disk.begin(null)
  dir = await mkdtemp(join(tmpdir(), 'uploads-crash-'))
})
afterEach(async () => {
  void disk.begin(null)
  await rm(dir, { recursive: true, force: true })
})

type Fate = 'open' | 'completing' | 'completed' | 'cancelling' | 'cancelled' | 'deleting' | 'deleted' | 'expired'

/** What a client knows of an Upload: what it asked for, and what it was told. */
interface Known {
  id: string
  fate: Fate
  /** Parts that were acknowledged, and what is in them. */
  parts: Map<string, string>
  /** Everything that was sent. */
  texts: string[]
  /** Bytes of the File that was asked for. */
  content: string
  fileId: string
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')

type Clock = ReturnType<typeof createTestClock>

/** A process that does everything the API can do, in this order; what it was told stands in `known`. */
async function live(known: Known[], clock: Clock, onError: (error: unknown) => void): Promise<void> {
  const start = async () => {
    const caller = createApiCaller({ storage: createDiskStorage(kept, { onError }), onError, clock })
    await caller.api.load()
    const open = async (texts: string[], spare: string[] = [], fields = {}): Promise<Known> => {
      const content = texts.join('')
      const { id } = (await caller.create({ bytes: content.length, ...fields })).body
      const upload: Known = { id, fate: 'open', parts: new Map(), content, fileId: '', texts: [...texts, ...spare] }
      known.push(upload)
      for (const text of upload.texts) upload.parts.set((await caller.addPart(id, text)).body.id, text)
      return upload
    }
    const complete = async (upload: Known, count = upload.parts.size) => {
      upload.fate = 'completing'
      const partIds = [...upload.parts.keys()].slice(0, count)
      const { body } = await caller.complete(upload.id, partIds, md5(upload.content))
      Object.assign(upload, { fate: 'completed', fileId: body.file.id })
    }
    const cancel = async (upload: Known) => {
      upload.fate = 'cancelling'
      await caller.cancel(upload.id)
      upload.fate = 'cancelled'
    }
    const remove = async (upload: Known) => {
      upload.fate = 'deleting'
      await caller.call('DELETE', `/v1/files/${upload.fileId}`)
      upload.fate = 'deleted'
    }
    return { open, complete, cancel, remove }
  }

  const first = await start()
  await first.cancel(await first.open(['forgotten after a week']))
  const short = await first.open(['expires'], [], {
    expires_after: { anchor: 'created_at', seconds: 3600 + 8 * 86_400 },
  })
  await first.complete(short)
  clock.advance(3600 + 7 * 86_400)
  await first.complete(await first.open(['once ', 'upon ', 'a time'], ['a spare one']), 3)
  await first.cancel(await first.open(['never ', 'finished']))
  const unwanted = await first.open(['deleted'])
  await first.complete(unwanted)
  await first.remove(unwanted)
  clock.advance(86_400)
  short.fate = 'expired'
  const later = await first.open(['goes on ', 'after the restart'])

  const second = await start()
  await second.complete(later)
  await second.open(['still open'])
}

interface Life {
  known: readonly Known[]
  /** Stands where the process was stopped. */
  clock: Clock
  changes: readonly string[]
}

/** Everything below the folder, as paths in it. */
function filesKept(): string[] {
  if (!existsSync(kept)) return []
  return readdirSync(kept, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name).slice(kept.length + 1) + (entry.isDirectory() ? '/' : ''))
    .sort()
}

/** A new process on the folder: everything that was acknowledged is there, and nothing that was not whole. */
async function expectWhole({ known, clock }: Life): Promise<void> {
  const onError = vi.fn()
  const caller = createApiCaller({ storage: createDiskStorage(kept, { onError }), onError, clock })
  await caller.api.load()
  const listed = caller.api.files
  for (const { id, fate, fileId, content } of known) {
    const status = caller.api.uploads.find((upload) => upload.id === id)?.status
    const isListed = listed.some((file) => file.id === fileId)
    if (fate === 'completed') expect(isListed).toBe(true)
    if (fate === 'deleted' || fate === 'expired') expect(isListed).toBe(false)
    if (fate === 'cancelled') expect(['cancelled', undefined]).toContain(status)
    if (isListed) expect(Buffer.from(await caller.api.readFile(fileId)).toString()).toBe(content)
  }
  // A File that nobody was told of was asked for, and is whole.
  const contents = known.filter(({ fate }) => !['open', 'cancelled', 'cancelling'].includes(fate)).map((k) => k.content)
  for (const { id } of listed) expect(contents).toContain(Buffer.from(await caller.api.readFile(id)).toString())
  const expected = caller.api.uploads.flatMap(({ id, parts }) => [
    `${id}/`,
    `${id}/upload.json`,
    ...parts.map((part) => `${id}/${part.id}`),
  ])
  expect(filesKept()).toEqual(expected.sort())
  for (const { id, status, parts, bytes, file } of caller.api.uploads) {
    const isFile = listed.some((one) => one.id === file?.id)
    if (isFile) expect(parts.reduce((total, part) => total + part.bytes, 0)).toBe(bytes)
    else if (status !== 'pending') expect(parts).toEqual([])
    // Each Part is one that was sent, and all of it.
    const sizes = known.find((upload) => upload.id === id)?.texts.map((text) => text.length) ?? []
    for (const part of parts) expect(sizes).toContain(part.bytes)
  }
  // Those that were under way go on with the Parts that they were told of.
  for (const { id, fate, parts, content } of known) {
    if (fate !== 'open' || [...parts.values()].join('') !== content) continue
    const { status, body } = await caller.complete(id, [...parts.keys()], md5(content))
    expect(status).toBe(200)
    expect(Buffer.from(await caller.api.readFile(body.file.id)).toString()).toBe(content)
  }
  expect(onError).not.toHaveBeenCalled()
}

/** One life on a folder of its own, stopped there if anywhere; and what its client knows then. */
async function lifeUntil(stop: Stop | null): Promise<Life> {
  kept = join(dir, `${stop?.change ?? 'whole'}-${stop?.how ?? ''}`)
  const known: Known[] = []
  const clock = createTestClock()
  const stopped = disk.begin(stop)
  const onError = vi.fn()
  await Promise.race([stopped, live(known, clock, onError)])
  expect(onError).not.toHaveBeenCalled()
  return { known, clock, changes: disk.changes }
}

/** Starts anew on the folder, stopped at each change that a start makes, until one makes all of them. */
async function restartUntilItRuns({ clock }: Life, how: Stop['how']): Promise<number> {
  for (let change = 1; ; change += 1) {
    const stopped = disk.begin({ change, how })
    const { api } = createApiCaller({ storage: createDiskStorage(kept), clock })
    if ((await Promise.race([stopped, api.load()])) !== 'stopped') return change - 1
  }
}

describe('a process that ends between any two changes of the disk, or in the middle of one', () => {
  it('leaves everything that was acknowledged, and nothing half-written', { timeout: 60_000 }, async () => {
    const whole = await lifeUntil(null)
    const { changes } = whole
    void disk.begin(null)
    await expectWhole(whole)
    expect(new Set(changes)).toEqual(new Set(['mkdir', 'write', 'rename', 'open', 'rm', 'rmdir']))
    expect(changes.length).toBeGreaterThan(50)

    let mostOnRestart = 0
    for (const [index, word] of changes.entries()) {
      for (const how of word === 'write' ? (['before', 'halfway'] as const) : (['before'] as const)) {
        const life = await lifeUntil({ change: index + 1, how })
        mostOnRestart = Math.max(mostOnRestart, await restartUntilItRuns(life, how))
        void disk.begin(null)
        await expectWhole(life)
      }
    }
    // A restart has something to do, and is stopped in the middle of it, too.
    expect(mostOnRestart).toBeGreaterThan(2)
  })
})
