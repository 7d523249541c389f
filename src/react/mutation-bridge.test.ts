import { QueryClient } from '@tanstack/react-query'
import { describe, expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { MutationBridge } from './mutation-bridge.js'
import { setTheStage } from './react.test.kit.js'

/** A bridge, and how many listen to the events of its uploader. */
function open() {
  const stage = setTheStage()
  const { uploader, clock } = stage
  let listening = 0
  const subscribe = uploader.subscribeToEvents.bind(uploader)
  uploader.subscribeToEvents = (listener) => {
    const stop = subscribe(listener)
    listening += 1
    return () => {
      listening -= 1
      stop()
    }
  }
  const client = new QueryClient()
  const bridge = new MutationBridge(uploader, client)
  const add = (count: number) => Array.from({ length: count }, (_, at) => uploader.add(makeFile(`${at}.pdf`, 100)))
  const mutations = () => client.getMutationCache().getAll()
  return { uploader, bridge, add, mutations, clock, faults: stage.faults, listening: () => listening }
}

describe('the runs of an uploader', () => {
  it('are watched by one listener, however many there are, and by none once they are over', async () => {
    const { bridge, add, clock, listening } = open()
    expect(listening()).toBe(0)
    const runs = add(100).map((id) => bridge.run(id))
    expect(listening()).toBe(1)
    await clock.advance(60_000)
    expect(await Promise.all(runs)).toHaveLength(100)
    await clock.advance(0)
    expect(listening()).toBe(0)
  })

  it('are one for each try, also when an app tries again the moment that it hears of the end', async () => {
    const { uploader, bridge, add, mutations, clock, faults } = open()
    faults.add({ call: 'create', respond: { status: 403 } })
    bridge.connect()
    uploader.subscribeToEvents(({ type, id, upload }) => {
      if (type === 'settled' && upload.status === 'failed') uploader.retry(id)
    })
    const [id] = add(1) as [string]
    bridge.run(id).catch(() => {})
    await clock.advance(0)
    const again = bridge.run(id)
    await clock.advance(60_000)
    expect(await again).toMatchObject({ object: 'file' })
    expect(mutations().map(({ state }) => state.status)).toEqual(['error', 'success'])
  })
})
