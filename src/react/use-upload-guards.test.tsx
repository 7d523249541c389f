import { renderHook } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeFile } from '../testing/index.js'
import { setTheStage } from './react.test.kit.js'
import { type UploadGuards, useUploadGuards } from './use-upload-guards.js'
import { useUploader } from './use-uploader.js'

afterEach(() => vi.unstubAllGlobals())

/** Whether the browser would ask before the page is left. */
function asksToStay(): boolean {
  const event = new Event('beforeunload', { cancelable: true })
  window.dispatchEvent(event)
  return event.defaultPrevented
}

function stubWakeLock() {
  const locks: { release: () => Promise<void>; held: boolean }[] = []
  const request = async () => {
    const lock = {
      held: true,
      release: async () => {
        lock.held = false
      },
    }
    locks.push(lock)
    return lock
  }
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { wakeLock: { request } }))
  return { held: () => locks.filter((lock) => lock.held).length, asked: () => locks.length }
}

async function uploading(guards?: UploadGuards) {
  const stage = setTheStage()
  const held = stage.faults.hold('addPart')
  const { result, unmount } = renderHook(
    () => {
      useUploadGuards(guards)
      return useUploader()
    },
    { wrapper: stage.wrapper },
  )
  const start = async () => {
    result.current.add(makeFile('thesis.pdf', 100))
    await held.reached
    await stage.settle()
  }
  return { ...stage, held, start, unmount }
}

describe('useUploadGuards', () => {
  it('asks before the page is left only while something is sent', async () => {
    const { start, held, settle } = await uploading()
    expect(asksToStay()).toBe(false)
    await start()
    expect(asksToStay()).toBe(true)
    held.release()
    await settle()
    expect(asksToStay()).toBe(false)
  })

  it('keeps the screen awake as long, and lets it sleep afterwards', async () => {
    const wakeLock = stubWakeLock()
    const { start, held, settle } = await uploading()
    expect(wakeLock.asked()).toBe(0)
    await start()
    expect(wakeLock.held()).toBe(1)
    held.release()
    await settle()
    expect(wakeLock.held()).toBe(0)
  })

  it('leaves out what it is told to', async () => {
    const wakeLock = stubWakeLock()
    const { start } = await uploading({ leave: false, wakeLock: false })
    await start()
    expect(asksToStay()).toBe(false)
    expect(wakeLock.asked()).toBe(0)
  })

  it('guards nothing any more once it is unmounted, and cancels nothing', async () => {
    const { start, unmount, held, settle, files } = await uploading()
    await start()
    unmount()
    expect(asksToStay()).toBe(false)
    held.release()
    await settle()
    expect(files.list()).toHaveLength(1)
  })

  it('does without a wake lock where the browser has none, or gives none', async () => {
    vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { wakeLock: undefined }))
    const { start, held, settle, files } = await uploading()
    await start()
    held.release()
    await settle()
    expect(files.list()).toHaveLength(1)
  })
})
