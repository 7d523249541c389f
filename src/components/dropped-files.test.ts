import type { DropEvent } from 'react-dropzone'
import { describe, expect, it, vi } from 'vitest'
import { filesOf } from './dropped-files.js'
import { RootStore } from './root-store.js'
import { createWording } from './wording.js'

/** A page that goes on by turns, and tells which files were measured so far. */
function open() {
  const store = new RootStore()
  const measured: string[] = []
  const takeIn = vi.fn<(files: readonly File[]) => void>()
  let due: (() => void)[] = []
  const clock = { setTimer: (callback: () => void) => (due.push(callback), () => {}) }
  const limits = { max: 1000, min: null, accept: null, maxFiles: null }
  const reader = { store, wording: createWording(undefined, 'en'), limits, takeIn }
  const choose = (count: number) => {
    const files = Array.from({ length: count }, (_, index) => {
      const file = new File(['x'], `${index}.txt`)
      Object.defineProperty(file, 'size', { get: () => measured.push(file.name) && 1 })
      return file
    })
    return { files, given: filesOf({ target: { files } } as unknown as DropEvent, reader, clock) }
  }
  const turn = async () => {
    const now = due
    due = []
    for (const callback of now) callback()
    // Whatever waits for promises alone is done when a real turn is over.
    await new Promise((resolve) => setImmediate(resolve))
    return now.length
  }
  return { store, measured, takeIn, choose, turn, reading: () => store.getState().reading }
}

describe('files that are chosen together', () => {
  it('are given at once while they are few', () => {
    const { choose, measured, takeIn, reading } = open()
    const { files, given } = choose(100)
    expect(given).toEqual(files)
    expect([measured, reading()]).toEqual([[], null])
    expect(takeIn).not.toHaveBeenCalled()
  })

  it('are measured a hundred in a turn when they are many, and taken in together, in their order', async () => {
    const { choose, measured, takeIn, turn, reading } = open()
    const { files, given } = choose(950)
    expect(given).toEqual([])
    expect([measured.length, reading()]).toEqual([100, { found: null }])
    for (let turns = 2; turns <= 10; turns += 1) {
      expect(takeIn).not.toHaveBeenCalled()
      await turn()
      expect(measured).toHaveLength(Math.min(950, turns * 100))
    }
    expect(measured).toEqual(files.map(({ name }) => name))
    expect(takeIn.mock.calls).toEqual([[files]])
    expect(reading()).toBeNull()
  })

  it('are not taken in when someone stops it half-way, and not looked at any further', async () => {
    const { choose, measured, takeIn, turn, store, reading } = open()
    choose(1000)
    store.stopReading()
    expect(await turn()).toBe(1)
    expect(await turn()).toBe(0)
    expect(measured).toHaveLength(100)
    expect(takeIn).not.toHaveBeenCalled()
    expect(reading()).toBeNull()
  })

  it('are all taken in when more come before the first are measured', async () => {
    const { choose, takeIn, turn, reading } = open()
    const [first, second] = [choose(250), choose(150)]
    expect(reading()).toEqual({ found: null })
    while ((await turn()) > 0);
    expect(takeIn.mock.calls.map(([files]) => files.length).sort()).toEqual([150, 250])
    expect(takeIn.mock.calls.flat()).toEqual(expect.arrayContaining([first.files, second.files]))
    expect(reading()).toBeNull()
  })
})
