import { describe, expect, it } from 'vitest'
import { type StageOptions, setTheStage } from './uploader.test.kit.js'

type Stage = ReturnType<typeof setTheStage>

const scenes: [string, StageOptions, (stage: Stage) => void | Promise<void>][] = [
  ['nothing was added', {}, () => {}],
  ['a create is under way', { fakes: { latency: 1000 } }, (stage) => void stage.start(100)],
  [
    'parts are under way',
    { fakes: { bytesPerSecond: 10 } },
    async (stage) => {
      stage.start(1000)
      await stage.clock.advance(1000)
    },
  ],
  [
    'a wait is under way',
    {},
    async (stage) => {
      stage.faults.add({ call: 'create', respond: { status: 429, headers: { 'retry-after': '60' } } })
      stage.start(100)
      await stage.settle()
    },
  ],
  [
    'an upload waits for its connection',
    {},
    async (stage) => {
      stage.faults.add({ call: 'create', lose: 'request' })
      stage.environment.setOnline(false)
      stage.start(100)
      await stage.settle()
    },
  ],
  [
    'a cancel can still be undone',
    {},
    async (stage) => {
      const held = stage.faults.hold('addPart')
      const { id } = stage.start(100)
      await held.reached
      stage.uploader.cancel(id, { undoFor: 5000 })
    },
  ],
  [
    'a removed upload is still being cancelled',
    {},
    async (stage) => {
      const held = stage.faults.hold('addPart')
      stage.faults.add({ call: 'cancel', respond: { status: 503 } })
      const { id } = stage.start(100)
      await held.reached
      stage.uploader.remove(id)
      await stage.settle()
    },
  ],
]

describe('destroy leaves no timer, no listener and no request when', () => {
  it.each(scenes)('%s', async (_what, options, play) => {
    const stage = setTheStage(options)
    await play(stage)
    stage.uploader.destroy()
    expect([stage.clock.pending, stage.environment.listeners]).toEqual([0, 0])
    const made = stage.requests.length
    await stage.clock.advance(4_000_000)
    expect(stage.requests).toHaveLength(made)
    expect([stage.clock.pending, stage.traffic.inFlight]).toEqual([0, 0])
  })

  it('the answer to create is there, but that about the policy is not', async () => {
    let tell!: () => void
    const policy = new Promise<never>((_resolve, reject) => {
      tell = () => reject(new Error('Stopped.'))
    })
    const stage = setTheStage({ between: () => ({ policy: () => policy }) })
    stage.start(100)
    await stage.settle()
    stage.uploader.destroy()
    tell()
    await stage.clock.advance(60_000)
    expect(stage.calls()).toEqual(['create'])
    expect(stage.clock.pending).toBe(0)
  })
})

it('destroy is without a word: nobody is called back', async () => {
  const stage = setTheStage()
  const held = stage.faults.hold('addPart')
  const { ended } = stage.start(100)
  await held.reached
  await stage.settle()
  const told: string[] = []
  stage.uploader.subscribe(() => told.push('changed'))
  stage.uploader.subscribeToEvents(() => told.push('event'))
  ended.then(
    () => told.push('resolved'),
    () => told.push('rejected'),
  )
  stage.uploader.destroy()
  held.release()
  await stage.clock.advance(60_000)
  expect(told).toEqual([])
})

describe('at rest nothing is left', () => {
  it('after complete, cancel and remove of a failed upload', async () => {
    const stage = setTheStage()
    await stage.start(300).ended
    const second = stage.start(310)
    stage.uploader.cancel(second.id)
    await stage.settle()
    stage.faults.add({ call: 'addPart', respond: { status: 403 } })
    const third = stage.start(320)
    await third.ended.catch(() => {})
    stage.uploader.remove(third.id)
    await stage.clock.advance(1000)
    expect(stage.settledEvents().slice(0, 2)).toEqual(['completed', 'cancelled'])
    expect([stage.clock.pending, stage.environment.listeners, stage.traffic.inFlight]).toEqual([0, 0, 0])
  })
})
