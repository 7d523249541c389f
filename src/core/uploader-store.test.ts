import { describe, expect, it } from 'vitest'
import { createFakeUploads } from '../testing/index.js'
import { collectReported, setTheStage } from './uploader.test.kit.js'

describe('a snapshot', () => {
  it('is the very same object until something changed, and so is each upload in it', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const held = stage.faults.hold('addPart')
    const first = stage.start(200)
    const second = stage.start(300)
    await held.reached
    await stage.settle()
    const before = stage.uploader.getSnapshot()
    expect(stage.uploader.getSnapshot()).toBe(before)
    expect(stage.uploader.get(first.id)).toBe(before.uploads.get(first.id))

    stage.uploader.cancel(first.id)
    const after = stage.uploader.getSnapshot()
    expect(after).not.toBe(before)
    expect(after.ids).toBe(before.ids)
    expect(after.uploads.get(first.id)).not.toBe(before.uploads.get(first.id))
    expect(after.uploads.get(second.id)).toBe(before.uploads.get(second.id))
  })

  it('is not replaced by commands that mean nothing here', async () => {
    const stage = setTheStage({ fakes: { bytesPerSecond: 1000 } })
    const { id } = stage.start(1000)
    await stage.clock.advance(250)
    const before = stage.uploader.getSnapshot()
    const upload = stage.uploader.get(id)
    stage.uploader.resumeAll()
    stage.uploader.undoCancel(id)
    stage.uploader.retry(id)
    expect(stage.uploader.getSnapshot()).toBe(before)
    expect(stage.uploader.get(id)).toBe(upload)
  })

  it('keeps what it said when the upload goes on', async () => {
    const stage = setTheStage()
    const { id, ended } = stage.start(300)
    const queued = stage.uploader.get(id)
    await ended
    expect(queued?.status).not.toBe('completed')
    expect(stage.uploader.get(id)?.status).toBe('completed')
  })

  it('tells what was declared of the file', async () => {
    const stage = setTheStage()
    const { id } = stage.start(300)
    expect(stage.uploader.get(id)).toMatchObject({
      id,
      file: { name: 'file-300.bin', size: 300, type: '', lastModified: 0 },
      options: { purpose: 'user_data' },
      checksum: 'off',
      warnings: [],
    })
  })
})

describe('listeners', () => {
  it('hear of hundreds of files at most twenty times a second, and of each in the end', {
    timeout: 30_000,
  }, async () => {
    const stage = setTheStage({ concurrency: 4, fakes: { latency: 5 } })
    const uploads = Array.from({ length: 120 }, () => stage.start(100))
    const told: number[] = []
    const heard = new Map<string, string | undefined>()
    stage.uploader.subscribe((changed) => {
      told.push(stage.clock.now())
      for (const id of changed) heard.set(id, stage.uploader.get(id)?.status)
    })
    await stage.clock.advance(2000)
    const distances = told.slice(1).map((at, index) => at - (told[index] ?? 0))
    expect(told.length).toBeGreaterThan(5)
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(50)
    expect(uploads.map(({ id }) => heard.get(id))).toEqual(Array(120).fill('completed'))
  })

  it('need not have heard of it for a snapshot of hundreds of files to be of this moment', async () => {
    const stage = setTheStage({ concurrency: 1, fakes: { latency: 5 } })
    const uploads = Array.from({ length: 120 }, () => stage.start(100))
    await stage.clock.advance(1000)
    for (const { id } of uploads) {
      stage.uploader.pause(id)
      expect(stage.uploader.getSnapshot().uploads.get(id)?.status).not.toMatch(/queued|uploading/)
    }
  })

  it('hear of hundreds of files at once where the page is hidden, as its timers are late', async () => {
    const fakes = createFakeUploads({ latency: 5 })
    const environment = { ...fakes.environment, isVisible: () => false }
    const stage = setTheStage({ concurrency: 1, environment, between: () => fakes.fetcher })
    const uploads = Array.from({ length: 200 }, () => stage.start(100))
    await fakes.clock.advance(1)
    let told = 0
    stage.uploader.subscribe(() => {
      told += 1
    })
    for (const { id } of uploads.slice(0, 5)) {
      stage.uploader.remove(id)
      await Promise.resolve()
    }
    expect(told).toBe(5)
  })

  it('are told once about everything that happens in one turn', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const held = stage.faults.hold('create')
    const uploads = Array.from({ length: 100 }, () => stage.start(100))
    await held.reached
    await stage.settle()
    let told = 0
    stage.uploader.subscribe(() => {
      told += 1
    })
    stage.uploader.pauseAll()
    expect(told).toBe(0)
    await Promise.resolve()
    expect(told).toBe(1)
    expect(uploads).toHaveLength(100)
  })

  it('of one upload hear nothing of the others, and of its removal', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const held = stage.faults.hold('create')
    const first = stage.start(100)
    const second = stage.start(200)
    await held.reached
    await stage.settle()
    let told = 0
    const stop = stage.uploader.subscribeTo(second.id, () => {
      told += 1
    })
    stage.uploader.pause(first.id)
    await stage.settle()
    expect(told).toBe(0)
    stage.uploader.remove(second.id)
    expect(told).toBeGreaterThan(0)
    stop()
  })

  it('hear nothing any more once they unsubscribed', async () => {
    const stage = setTheStage()
    const told: string[] = []
    const held = stage.faults.hold('create')
    const { id } = stage.start(100)
    await held.reached
    const stops = [
      stage.uploader.subscribe(() => told.push('all')),
      stage.uploader.subscribeTo(id, () => told.push('one')),
      stage.uploader.subscribeToEvents(() => told.push('event')),
    ]
    for (const stop of stops) stop()
    stage.uploader.cancel(id)
    held.release()
    await stage.settle()
    expect(told).toEqual([])
  })

  it('that throw stop neither the upload nor the other listeners, and are reported as the app’s bug', async () => {
    const reported = collectReported()
    const stage = setTheStage()
    const bug = new Error('A bug in the app.')
    const crash = () => {
      throw bug
    }
    let told = 0
    stage.uploader.subscribe(crash)
    stage.uploader.subscribeToEvents(crash)
    stage.uploader.subscribe(() => {
      told += 1
    })
    const { id, ended } = stage.start(300)
    stage.uploader.subscribeTo(id, crash)
    await expect(ended).resolves.toMatchObject({ object: 'file' })
    await stage.settle()
    expect(told).toBeGreaterThan(0)
    expect(reported.length).toBeGreaterThan(2)
    expect(new Set(reported)).toEqual(new Set([bug]))
  })

  it('may give commands while they are told', async () => {
    const stage = setTheStage()
    const { id, ended } = stage.start(300)
    stage.uploader.subscribeToEvents(({ type }) => {
      if (type === 'settled') stage.uploader.remove(id)
    })
    await ended
    await stage.settle()
    expect(stage.uploader.getSnapshot().ids).toEqual([])
  })
})

describe('events', () => {
  it('tell each milestone of each upload once, in order', async () => {
    const stage = setTheStage()
    const { id, ended } = stage.start(300)
    await ended
    stage.uploader.remove(id)
    expect(stage.events.map(({ type }) => type)).toEqual(['added', 'started', 'settled', 'removed'])
    expect(stage.events.every((event) => event.id === id)).toBe(true)
    expect(stage.events.at(-1)?.upload).toMatchObject({ status: 'completed' })
  })

  it('tell of every retry that it started', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'create', respond: { status: 403 } })
    const { id, ended } = stage.start(300)
    await ended.catch(() => {})
    stage.uploader.retry(id)
    await stage.uploader.run(id)
    expect(stage.events.map(({ type }) => type)).toEqual(['added', 'started', 'settled', 'started', 'settled'])
  })

  it('of a failed upload that is removed do not end it a second time', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'addPart', respond: { status: 403 } })
    const { id, ended } = stage.start(300)
    await ended.catch(() => {})
    stage.uploader.remove(id)
    await stage.settle()
    expect(stage.uploads.list()).toMatchObject([{ status: 'cancelled' }])
    expect(stage.settledEvents()).toEqual(['failed'])
  })
})

describe('progress', () => {
  it('is reported at most once per interval, however many parts report it', async () => {
    const stage = setTheStage({ fakes: { bytesPerSecond: 100 }, progressInterval: 500 })
    const { id } = stage.start(10_000)
    await stage.clock.advance(500)
    let told = 0
    const percents: number[] = []
    stage.uploader.subscribe(() => {
      told += 1
      percents.push(stage.uploader.get(id)?.progress.bytesSent as number)
    })
    await stage.clock.advance(2500)
    expect(told).toBeGreaterThanOrEqual(4)
    expect(told).toBeLessThanOrEqual(6)
    expect(percents).toEqual(percents.toSorted((a, b) => a - b))
  })

  it('is 200 ms apart when nobody says otherwise', async () => {
    const stage = setTheStage({ fakes: { bytesPerSecond: 100 } })
    stage.start(10_000)
    await stage.clock.advance(500)
    let told = 0
    stage.uploader.subscribe(() => {
      told += 1
    })
    await stage.clock.advance(1000)
    expect(told).toBeGreaterThanOrEqual(4)
    expect(told).toBeLessThanOrEqual(6)
  })

  it('shows the bytes that left, the speed and the time that is left', async () => {
    const stage = setTheStage({ fakes: { bytesPerSecond: 50 }, concurrency: 2 })
    const { id } = stage.start(2000)
    await stage.clock.advance(5000)
    const progress = stage.uploader.get(id)?.progress
    expect(progress).toMatchObject({ bytesTotal: 2000, bytesAccepted: 400 })
    expect(progress?.bytesSent).toBeGreaterThan(450)
    expect(progress?.bytesPerSecond).toBeCloseTo(100, -1)
    expect(progress?.secondsLeft).toBeCloseTo(15, -1)
  })

  it('never goes backwards, never passes 99 % before the end, and ends at 100', async () => {
    const stage = setTheStage({ fakes: { bytesPerSecond: 500 } })
    stage.faults.add({ call: 'addPart', after: 3, respond: { status: 503 }, times: 3 })
    const { id, ended } = stage.start(3000)
    const seen: number[] = []
    stage.uploader.subscribe(() => seen.push(stage.uploader.get(id)?.progress.fraction as number))
    await stage.clock.advance(120_000)
    await ended
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(1)
    expect(seen.filter((fraction) => fraction > 0.99)).toEqual([1])
  })
})
