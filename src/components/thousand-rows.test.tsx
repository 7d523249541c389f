import { act, render, waitFor } from '@testing-library/react'
import { Profiler } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { createUploader, type Fetcher, type UploadSnapshot } from '../core/index.js'
import { createFakeUploads, makeFile } from '../testing/index.js'
import {
  Announcer,
  Dropzone,
  Item,
  ItemActivity,
  ItemName,
  ItemProgress,
  List,
  Root,
  Summary,
  Trigger,
} from './index.js'

const drawn = new Map<string, number>()
// Of the list with all that is in it.
let listDraws = 0
const count = (name: string) => drawn.set(name, (drawn.get(name) ?? 0) + 1)

// A Profiler tells of every time that something in it was drawn.
const Row = ({ id }: { id: string }) => {
  count(`row ${id}`)
  return (
    <Profiler id={id} onRender={count}>
      <Item id={id}>
        <ItemName />
        <ItemProgress />
        <ItemActivity />
      </Item>
    </Profiler>
  )
}

/** A list with six uploads on their way, of which a test decides how far they are. */
async function open(files: number) {
  const { fetcher, clock, environment } = createFakeUploads()
  const report = new Map<string, (bytes: number) => void>()
  const held: Fetcher = {
    ...fetcher,
    addPart: ({ uploadId }, { onProgress }) => {
      report.set(uploadId, onProgress)
      return new Promise(() => {})
    },
  }
  const uploader = createUploader({
    fetcher: held,
    environment,
    checksum: 'off',
    concurrency: 6,
  })
  const told: number[] = []
  uploader.subscribe((changed) => told.push(changed.size))
  const onAdd = vi.fn<(uploads: readonly UploadSnapshot[]) => void>()
  drawn.clear()
  listDraws = 0
  const { container } = render(
    <Root uploader={uploader} purpose="user_data" announcements="off" onAdd={onAdd}>
      <Profiler id="dropzone" onRender={count}>
        <Dropzone>
          <Trigger />
        </Dropzone>
      </Profiler>
      <Profiler id="summary" onRender={count}>
        <Summary />
      </Profiler>
      <Profiler id="list" onRender={() => (listDraws += 1)}>
        <List item={Row} />
      </Profiler>
      <Announcer />
    </Root>,
  )
  const input = container.querySelector('input[type="file"]') as HTMLInputElement
  const chosen = Array.from({ length: files }, (_, index) => makeFile(`${index}.txt`, index < 6 ? 1_000_000 : 1000))
  await act(async () => {
    Object.defineProperty(input, 'files', { value: chosen, configurable: true })
    input.dispatchEvent(new Event('change', { bubbles: true }))
  })
  // Many are measured first, in turns of the page.
  await waitFor(() => expect(container.querySelectorAll('li')).toHaveLength(files), { timeout: 30_000 })
  await act(() => clock.advance(1000))
  const rows = [...container.querySelectorAll('li')]
  const phases = (phase: string) => rows.filter((row) => row.dataset['phase'] === phase).length
  const progress = async (bytes: number, ms = 250) => {
    await act(async () => {
      for (const tell of report.values()) tell(bytes)
      await clock.advance(ms)
    })
  }
  return { uploader, rows, phases, progress, told, onAdd }
}

describe('a thousand rows, six of them active', { timeout: 60_000 }, () => {
  it('draw the six that moved, the summary, and nothing else', async () => {
    const { uploader, rows, phases, progress } = await open(1000)
    expect(rows).toHaveLength(1000)
    expect([phases('uploading'), phases('queued')]).toEqual([6, 994])
    drawn.clear()
    await progress(500_000)
    const active = uploader.getSnapshot().ids.slice(0, 6)
    expect([...drawn.keys()].sort()).toEqual([...active, 'summary'].sort())
    expect([...drawn.values()]).toEqual(Array(7).fill(1))
  })

  it('are added in no more draws and reports than ten, and told to the app in one', async () => {
    const added = async (files: number) => {
      const { uploader, told, onAdd } = await open(files)
      const { ids } = uploader.getSnapshot()
      expect(onAdd.mock.calls.map(([uploads]) => uploads.map(({ id }) => id))).toEqual([ids])
      return { told, draws: listDraws, farBack: ids.slice(100).map((id) => drawn.get(id)) }
    }
    const few = await added(10)
    expect(few.told).toEqual([10, 6, 6])
    // Created and begun at the same time, which of so many is told as one. Those that begin soon say how many are before them.
    expect(await added(1000)).toEqual({ told: [1000, 6], draws: few.draws, farBack: Array(900).fill(1) })
  })

  it('draw nothing when what they show stays the same', async () => {
    const { progress } = await open(100)
    await progress(500_000)
    drawn.clear()
    await progress(500_000)
    expect([...drawn.keys()]).toEqual([])
  })

  it('draw four times a second, however often bytes are reported', async () => {
    const { uploader, progress } = await open(6)
    drawn.clear()
    // Two seconds, with a hundred reports in each.
    for (let at = 1; at <= 200; at += 1) await progress(at * 4000, 10)
    for (const id of [...uploader.getSnapshot().ids, 'summary']) {
      expect(drawn.get(id)).toBeGreaterThanOrEqual(6)
      expect(drawn.get(id)).toBeLessThanOrEqual(8)
    }
    expect(drawn.has('dropzone')).toBe(false)
  })
})
