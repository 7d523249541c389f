import { act, renderHook } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeFile } from '../testing/index.js'
import { type StageOptions, setTheStage } from './react.test.kit.js'
import { type UploadGuards, useUploadGuards } from './use-upload-guards.js'
import { useUploader } from './use-uploader.js'

afterEach(() => vi.unstubAllGlobals())

/** Whether the browser would ask before the page is left. */
function asksToStay(): boolean {
  const event = new Event('beforeunload', { cancelable: true })
  window.dispatchEvent(event)
  return event.defaultPrevented
}

/** A browser with wake locks, which it takes away while the page is hidden; `granted` holds its answers back. */
function stubWakeLock(granted: Promise<void> = Promise.resolve()) {
  const locks: { released: boolean; release: () => Promise<void> }[] = []
  let visibility: DocumentVisibilityState = 'visible'
  const request = vi.fn(async () => {
    await granted
    const lock = {
      released: false,
      release: async () => {
        lock.released = true
      },
    }
    locks.push(lock)
    return lock
  })
  stubNavigator({ request })
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility)
  const show = (next: DocumentVisibilityState) => {
    visibility = next
    if (next === 'hidden') for (const lock of locks) void lock.release()
    document.dispatchEvent(new Event('visibilitychange'))
  }
  return { show, held: () => locks.filter(({ released }) => !released).length, asked: () => request.mock.calls.length }
}

function stubNavigator(wakeLock: object | undefined) {
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator), { wakeLock }))
}

async function uploading(guards?: UploadGuards, options: StageOptions = {}) {
  const stage = setTheStage(options)
  const held = stage.faults.hold('addPart')
  const { result, unmount } = renderHook(
    () => {
      useUploadGuards(guards)
      return useUploader()
    },
    { wrapper: stage.wrapper },
  )
  const start = async () => {
    const id = result.current.add(makeFile('thesis.pdf', 100))
    await held.reached
    await stage.settle()
    return id
  }
  return { ...stage, held, start, unmount }
}

describe('the guard against leaving', () => {
  it('asks only while something is sent', async () => {
    const { start, held, settle } = await uploading()
    expect(asksToStay()).toBe(false)
    await start()
    expect(asksToStay()).toBe(true)
    held.release()
    await settle()
    expect(asksToStay()).toBe(false)
  })

  it('asks nobody who has paused or cancelled it', async () => {
    const { start, settle, uploader } = await uploading()
    const id = await start()
    act(() => uploader.pause(id))
    await settle()
    expect(asksToStay()).toBe(false)
    await act(() => uploader.resume(id))
    await settle()
    expect(uploader.get(id)?.status).toBe('completed')

    const second = await uploading()
    const other = await second.start()
    expect(asksToStay()).toBe(true)
    act(() => second.uploader.cancel(other, { undoFor: 5000 }))
    await second.settle()
    expect(asksToStay()).toBe(false)
  })

  it('asks while the connection is gone, as the upload goes on when it is back', async () => {
    const { environment, faults, held, start, settle, uploader } = await uploading()
    const id = await start()
    environment.setOnline(false)
    faults.add({ call: 'addPart', lose: 'request' })
    act(() => uploader.pause(id))
    await act(() => uploader.resume(id))
    await settle()
    expect(uploader.get(id)).toMatchObject({ status: 'paused', reason: 'offline' })
    expect(asksToStay()).toBe(true)
    held.release()
    act(() => environment.setOnline(true))
    await settle()
    expect(uploader.get(id)?.status).toBe('completed')
    expect(asksToStay()).toBe(false)
  })

  it('asks while the person has to sign in again', async () => {
    let signedIn!: () => void
    const signIn = new Promise<void>((resolve) => {
      signedIn = resolve
    })
    const { faults, held, start, settle, uploader } = await uploading({}, { onAuthRefresh: () => signIn })
    const id = await start()
    faults.add({ call: 'complete', respond: { status: 401 } })
    held.release()
    await settle()
    expect(uploader.get(id)).toMatchObject({ status: 'paused', reason: 'auth' })
    expect(asksToStay()).toBe(true)
    signedIn()
    await settle()
    expect(uploader.get(id)?.status).toBe('completed')
    expect(asksToStay()).toBe(false)
  })
})

describe('the wake lock', () => {
  it('keeps the screen awake as long as something is sent, and lets it sleep afterwards', async () => {
    const wakeLock = stubWakeLock()
    const { start, held, settle } = await uploading()
    expect(wakeLock.asked()).toBe(0)
    await start()
    expect(wakeLock.held()).toBe(1)
    held.release()
    await settle()
    expect(wakeLock.held()).toBe(0)
  })

  it('is taken again when the page can be seen again', async () => {
    const wakeLock = stubWakeLock()
    const { start, held, settle } = await uploading()
    await start()
    wakeLock.show('hidden')
    await settle()
    expect([wakeLock.asked(), wakeLock.held()]).toEqual([1, 0])
    wakeLock.show('visible')
    await settle()
    expect([wakeLock.asked(), wakeLock.held()]).toEqual([2, 1])
    held.release()
    await settle()
    expect(wakeLock.held()).toBe(0)
    wakeLock.show('hidden')
    wakeLock.show('visible')
    await settle()
    expect(wakeLock.asked()).toBe(2)
  })

  it('is one lock, however often the page comes back before the browser has answered', async () => {
    let grant!: () => void
    const wakeLock = stubWakeLock(
      new Promise((resolve) => {
        grant = resolve
      }),
    )
    const { start, unmount, settle } = await uploading()
    await start()
    wakeLock.show('hidden')
    wakeLock.show('visible')
    wakeLock.show('visible')
    grant()
    await settle()
    expect([wakeLock.asked(), wakeLock.held()]).toEqual([1, 1])
    unmount()
    await settle()
    expect(wakeLock.held()).toBe(0)
  })

  it('that is granted too late is given back at once', async () => {
    let grant!: () => void
    const wakeLock = stubWakeLock(
      new Promise((resolve) => {
        grant = resolve
      }),
    )
    const { start, held, settle } = await uploading()
    await start()
    held.release()
    await settle()
    grant()
    await settle()
    expect([wakeLock.asked(), wakeLock.held()]).toEqual([1, 0])
  })

  it.each<[string, object | undefined]>([
    ['has none', undefined],
    ['gives none', { request: () => Promise.reject(new DOMException('Battery saver.', 'NotAllowedError')) }],
  ])('is done without where the browser %s', async (_what, wakeLock) => {
    const unheard = vi.fn()
    process.on('unhandledRejection', unheard)
    stubNavigator(wakeLock)
    const { start, held, settle, files } = await uploading()
    await start()
    expect(asksToStay()).toBe(true)
    held.release()
    await settle()
    process.off('unhandledRejection', unheard)
    expect(unheard).not.toHaveBeenCalled()
    expect(files.list()).toHaveLength(1)
  })
})

describe('both guards', () => {
  it('leave out what they are told to', async () => {
    const wakeLock = stubWakeLock()
    const { start } = await uploading({ leave: false, wakeLock: false })
    await start()
    expect(asksToStay()).toBe(false)
    expect(wakeLock.asked()).toBe(0)
  })

  it('are gone once the hook is unmounted, which cancels nothing', async () => {
    const wakeLock = stubWakeLock()
    const { start, unmount, held, settle, files } = await uploading()
    await start()
    unmount()
    await settle()
    expect(asksToStay()).toBe(false)
    expect(wakeLock.held()).toBe(0)
    held.release()
    await settle()
    expect(files.list()).toHaveLength(1)
  })
})
