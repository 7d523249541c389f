import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Checksum, createUploader, type UploaderOptions, type UploadSnapshot } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { activityOf, activityText } from './activity.js'
import { ledgerOf, percentOf } from './ledger.js'
import { summarise } from './summarise.js'
import { RunningTotals } from './totals.js'
import { createWording } from './wording.js'

const wording = createWording(undefined, 'en-US')
const limits = { max: 8e9, min: null, accept: null, maxFiles: null }

function setUp(options: Partial<UploaderOptions> = {}) {
  const fakes = createFakeUploads()
  const { fetcher, environment } = fakes
  const all = { partSize: 100, concurrency: 1, checksum: 'off' as const, defaults: { purpose: 'user_data' } }
  const uploader = createUploader({ ...all, ...options, fetcher, environment })
  const start = (name: string, size: number) => {
    const file = makeFile(name, size)
    const id = uploader.add(file)
    uploader.run(id).catch(() => {})
    return { id, file }
  }
  return { ...fakes, uploader, start, get: (id: string) => uploader.get(id) as UploadSnapshot }
}

describe('progress is set back (P6)', () => {
  it('for one upload only where it starts again, into another Upload', async () => {
    const { clock, faults, uploader, start, get } = setUp()
    faults.add({ call: 'addPart', after: 3, respond: { status: 404 } })
    const { id } = start('a.bin', 500)
    await clock.advance(60_000)
    const before = get(id)
    expect(before).toMatchObject({ status: 'failed', error: { code: 'not_found' } })
    expect(percentOf(before)).toBe(60)
    uploader.retry(id)
    expect(percentOf(get(id))).toBe(0)
    await clock.advance(60_000)
    expect(get(id).status).toBe('completed')
    expect(get(id).remote?.id).not.toBe(before.remote?.id)
  })

  it('and not where a retry or a pause goes on with the same Upload', async () => {
    const { clock, faults, uploader, start, get } = setUp()
    faults.add({ call: 'addPart', after: 3, respond: { status: 403 } })
    const { id } = start('a.bin', 500)
    await clock.advance(60_000)
    const before = get(id)
    expect(before).toMatchObject({ status: 'failed', error: { code: 'forbidden' } })
    const seen: number[] = []
    uploader.subscribe(() => seen.push(percentOf(get(id))))
    const hold = faults.hold('addPart')
    uploader.retry(id)
    await clock.advance(1000)
    uploader.pause(id)
    void uploader.resume(id)
    hold.release()
    await clock.advance(60_000)
    expect(get(id)).toMatchObject({ status: 'completed', remote: { id: before.remote?.id } })
    expect(seen.length).toBeGreaterThan(4)
    expect(seen).toEqual([...seen].sort((a, b) => a - b))
    expect(seen[0]).toBeGreaterThanOrEqual(percentOf(before))
  })

  it('for all of them where a person adds a file, and the words then tell of one file more', async () => {
    const { clock, faults, start, get } = setUp()
    faults.hold('addPart', { after: 3 })
    const totals = new RunningTotals()
    const first = start('a.bin', 500)
    await clock.advance(1000)
    totals.set(first.id, get(first.id))
    const before = summarise(totals.read(), wording)
    const second = start('b.bin', 500)
    totals.set(second.id, get(second.id))
    const after = summarise(totals.read(), wording)
    expect(after.percent).toBeLessThan(before.percent ?? 0)
    expect([before.text, after.text].map((text) => text.split(' · ')[0])).toEqual([
      'Uploading 1 of 1 file',
      'Uploading 1 of 2 files',
    ])
  })
})

it('a checksum that is waited for has no share of the bar, and is called what it is (P8)', async () => {
  let hashed!: (answer: Awaited<ReturnType<Checksum>>) => void
  let tell!: (bytesHashed: number) => void
  const { clock, start, get } = setUp({
    checksum: (_file, options) => {
      tell = options?.onProgress as typeof tell
      return new Promise((resolve) => {
        hashed = resolve
      })
    },
  })
  const { id, file } = start('a.bin', 500)
  await clock.advance(60_000)
  expect(get(id)).toMatchObject({ status: 'completing', checksum: 'hashing' })
  const say = () => activityText(activityOf(get(id), wording, limits, clock.now()))
  expect(say()).toBe('Checking the file')
  tell(215)
  expect(say()).toBe('Checking the file, 43%')
  // All of the bar was for the bytes that were sent: what comes after them is not counted in it.
  expect(percentOf(get(id))).toBe(99)
  expect(ledgerOf(get(id))?.percent).toBeNull()
  const md5 = createHash('md5').update(Buffer.from(await file.arrayBuffer()))
  hashed({ md5: md5.digest('hex'), where: 'main' })
  await clock.advance(60_000)
  expect(get(id).status).toBe('completed')
})
