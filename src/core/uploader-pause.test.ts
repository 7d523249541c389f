import { describe, expect, it } from 'vitest'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

describe('pause', () => {
  it('stops the requests at once and keeps what was accepted', async () => {
    const stage = setTheStage({ concurrency: 2 })
    const held = stage.faults.hold('addPart', { after: 3 })
    const { id, file, ended } = stage.start(1000)
    await held.reached
    stage.uploader.pause(id)
    const sent = stage.count('addPart')
    await stage.clock.advance(60_000)
    expect(stage.count('addPart')).toBe(sent)
    expect(stage.traffic.inFlight).toBe(0)
    const accepted = stage.uploads.list()[0]?.parts.length as number
    expect(stage.uploader.get(id)).toMatchObject({
      status: 'paused',
      reason: 'user',
      remote: { status: 'pending' },
      progress: { bytesAccepted: accepted * 100, sending: [] },
    })

    await stage.uploader.resume(id)
    await expectSameBytes(stage, await ended, file)
    expect(stage.count('addPart')).toBe(sent + (10 - accepted))
    expect(stage.count('create')).toBe(1)
  })

  it('gives the connection to the next file', async () => {
    const stage = setTheStage({ concurrency: 1 })
    const held = stage.faults.hold('addPart')
    const first = stage.start(200)
    const second = stage.start(100)
    await held.reached
    stage.uploader.pause(first.id)
    await second.ended
    expect(stage.uploader.get(first.id)?.status).toBe('paused')
  })

  it('takes no part that is answered afterwards: its range is sent again', async () => {
    let answerLate!: () => void
    const late = new Promise<void>((resolve) => {
      answerLate = resolve
    })
    const deaf = new AbortController().signal
    let calls = 0
    const stage = setTheStage({
      concurrency: 1,
      between: (fetcher) => ({
        // Goes on, whatever its signal says.
        addPart: async (part, options) => {
          calls += 1
          const answer = await fetcher.addPart(part, { ...options, signal: deaf })
          if (calls === 1) await late
          return answer
        },
      }),
    })
    const { id, file, ended } = stage.start(200)
    await stage.settle()
    stage.uploader.pause(id)
    answerLate()
    await stage.settle()
    expect(stage.uploader.get(id)?.progress.bytesAccepted).toBe(0)
    await stage.uploader.resume(id)
    await expectSameBytes(stage, await ended, file)
    expect(calls).toBe(3)
  })

  it('does not count as a slow line afterwards', async () => {
    const stage = setTheStage({ concurrency: 1, fakes: { bytesPerSecond: 50 } })
    const { id } = stage.start(1000)
    await stage.clock.advance(5000)
    expect(stage.uploader.get(id)?.progress.bytesPerSecond).toBeCloseTo(50, -1)
    stage.uploader.pause(id)
    await stage.clock.advance(600_000)
    await stage.uploader.resume(id)
    await stage.clock.advance(1000)
    expect(stage.uploader.get(id)?.progress.bytesPerSecond).toBeNull()
  })

  it('while the Upload is being made keeps it for later', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('create')
    const { id, file, ended } = stage.start(250)
    await held.reached
    stage.uploader.pause(id)
    held.release()
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'paused', remote: { status: 'pending' } })
    await stage.uploader.resume(id)
    await expectSameBytes(stage, await ended, file)
    expect(stage.count('create')).toBe(1)
  })

  it('and resume while the Upload is being made creates no second one', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('create')
    const { id, ended } = stage.start(250)
    await held.reached
    stage.uploader.pause(id)
    await stage.uploader.resume(id)
    await stage.settle()
    held.release()
    await ended
    expect(stage.count('create')).toBe(1)
  })

  it('does nothing while completing: the bytes are there', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('complete')
    const { id, ended } = stage.start(100)
    await held.reached
    stage.uploader.pause(id)
    expect(stage.uploader.get(id)?.status).toBe('completing')
    held.release()
    await expect(ended).resolves.toMatchObject({ object: 'file' })
  })

  it('during a backoff leaves no timer behind', async () => {
    const stage = setTheStage()
    stage.faults.add({ call: 'create', respond: { status: 503 } })
    const { id } = stage.start(100)
    await stage.settle()
    expect(stage.uploader.get(id)).toMatchObject({ status: 'creating', wait: { reason: 'backoff', attempt: 1 } })
    stage.uploader.pause(id)
    expect(stage.clock.pending).toBe(0)
  })

  it('of all, and resume of all, is one thing each', async () => {
    const stage = setTheStage({ concurrency: 2 })
    const held = stage.faults.hold('addPart')
    const uploads = [stage.start(200), stage.start(300), stage.start(400)]
    await held.reached
    stage.uploader.pauseAll()
    await stage.clock.advance(60_000)
    expect(uploads.map(({ id }) => stage.uploader.get(id)?.status)).toEqual(['paused', 'paused', 'paused'])
    stage.uploader.resumeAll()
    for (const { ended, file } of uploads) await expectSameBytes(stage, await ended, file)
  })

  it('and resume do not start a file that nobody has run', async () => {
    const stage = setTheStage()
    const { file, ended } = stage.start(100)
    await ended
    const id = stage.uploader.add(file)
    stage.uploader.pauseAll()
    stage.uploader.resumeAll()
    await stage.clock.advance(1000)
    expect(stage.uploader.get(id)?.status).toBe('queued')
    expect(stage.count('create')).toBe(1)
    await expectSameBytes(stage, await stage.uploader.run(id), file)
  })
})

describe('resume with a file', () => {
  it('goes on with a new handle of the same file', async () => {
    const stage = setTheStage()
    const held = stage.faults.hold('addPart', { after: 1 })
    const { id, file, ended } = stage.start(300)
    await held.reached
    stage.uploader.pause(id)
    await stage.uploader.resume(id, new File([file], file.name))
    await expectSameBytes(stage, await ended, file)
  })

  it.each([
    ['size', 'file-300.bin', 299],
    ['name', 'other.bin', 300],
  ])('refuses one of another %s, and changes nothing', async (_what, name, size) => {
    const stage = setTheStage()
    const held = stage.faults.hold('addPart')
    const { id } = stage.start(300)
    await held.reached
    stage.uploader.pause(id)
    const before = stage.uploader.get(id)
    const other = new File([new Uint8Array(size)], name)
    await expect(stage.uploader.resume(id, other)).rejects.toMatchObject({
      code: 'file_mismatch',
      message: expect.stringContaining('file-300.bin') as string,
    })
    expect(stage.uploader.get(id)).toBe(before)
  })

  it('of an unknown upload does nothing', async () => {
    await expect(setTheStage().uploader.resume('nobody')).resolves.toBeUndefined()
  })
})
