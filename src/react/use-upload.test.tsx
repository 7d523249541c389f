import { act, renderHook } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { type StageOptions, setTheStage } from './react.test.kit.js'
import type { UseUploadOptions } from './single-upload.js'
import { useUpload } from './use-upload.js'

function renderUpload(options: UseUploadOptions = {}, stageOptions: StageOptions = {}) {
  const stage = setTheStage(stageOptions)
  const hook = renderHook((current: UseUploadOptions) => useUpload(current), {
    wrapper: stage.wrapper,
    initialProps: options,
  })
  return { ...stage, ...hook, upload: () => hook.result.current }
}

describe('useUpload', () => {
  it('is idle before the first file, with nothing to show', () => {
    const { upload } = renderUpload()
    expect(upload()).toMatchObject({
      status: 'idle',
      remote: null,
      error: null,
      progress: { percent: 0, bytesTotal: 0 },
    })
  })

  it('follows a file from start to completed', async () => {
    const { faults, settle, upload } = renderUpload()
    const held = faults.hold('addPart', { after: 1 })
    act(() => upload().start(makeFile('a.pdf', 250)))
    await act(() => held.reached)
    await settle()
    expect(upload()).toMatchObject({ status: 'uploading', remote: { status: 'pending' }, file: { name: 'a.pdf' } })
    held.release()
    await settle()
    expect(upload()).toMatchObject({
      status: 'completed',
      remote: { status: 'completed' },
      fileObject: { object: 'file', bytes: 250 },
      progress: { percent: 100 },
      error: null,
    })
  })

  it('resolves startAsync with the FileObject', async () => {
    const { settle, upload } = renderUpload()
    let ended: Promise<unknown> | null = null
    act(() => {
      ended = upload().startAsync(makeFile('a.pdf', 250))
    })
    await settle()
    await expect(ended).resolves.toMatchObject({ object: 'file', filename: 'a.pdf' })
  })

  it('rejects startAsync with the UploadError that it shows', async () => {
    const { faults, settle, upload } = renderUpload()
    faults.add({ call: 'create', respond: { status: 403 } })
    let error: unknown = null
    act(() => {
      upload()
        .startAsync(makeFile('a.pdf', 250))
        .catch((reason: unknown) => {
          error = reason
        })
    })
    await settle()
    expect(error).toMatchObject({ code: 'forbidden' })
    expect(upload()).toMatchObject({ status: 'failed', error })
  })

  it('pauses and resumes', async () => {
    const { faults, settle, upload } = renderUpload()
    const held = faults.hold('addPart', { after: 1 })
    act(() => upload().start(makeFile('a.pdf', 300)))
    await act(() => held.reached)
    act(() => upload().pause())
    await settle()
    expect(upload()).toMatchObject({ status: 'paused', reason: 'user', progress: { bytesAccepted: 100 } })
    await act(() => upload().resume())
    await settle()
    expect(upload().status).toBe('completed')
  })

  it('cancels, and tells who awaits it', async () => {
    const { faults, settle, upload, uploads } = renderUpload()
    const held = faults.hold('addPart')
    let code: unknown = null
    act(() => {
      upload()
        .startAsync(makeFile('a.pdf', 300))
        .catch((error: { code: string }) => {
          code = error.code
        })
    })
    await act(() => held.reached)
    act(() => upload().cancel())
    await settle()
    expect(upload()).toMatchObject({ status: 'cancelled', remote: { status: 'cancelled' } })
    expect(code).toBe('cancelled')
    expect(uploads.list()).toMatchObject([{ status: 'cancelled' }])
  })

  it('takes a cancel back', async () => {
    const { count, faults, settle, upload } = renderUpload()
    const held = faults.hold('addPart')
    act(() => upload().start(makeFile('a.pdf', 300)))
    await act(() => held.reached)
    act(() => upload().cancel({ undoFor: 5000 }))
    await settle()
    expect(upload().status).toBe('cancelling')
    act(() => upload().undoCancel())
    await settle()
    expect(upload().status).toBe('completed')
    expect(count('cancel')).toBe(0)
  })

  it('retries with the parts it has', async () => {
    const { count, faults, settle, upload } = renderUpload()
    faults.add({ call: 'addPart', after: 1, respond: { status: 403 } })
    act(() => upload().start(makeFile('a.pdf', 300)))
    await settle()
    expect(upload()).toMatchObject({ status: 'failed', error: { code: 'forbidden' } })
    act(() => upload().retry())
    await settle()
    expect(upload()).toMatchObject({ status: 'completed', error: null })
    expect(count('addPart')).toBe(4)
    expect(count('create')).toBe(1)
  })

  it('lets go of the upload by reset, and never cancels it', async () => {
    const { faults, files, settle, upload } = renderUpload()
    const held = faults.hold('addPart')
    act(() => upload().start(makeFile('a.pdf', 300)))
    await act(() => held.reached)
    act(() => upload().reset())
    expect(upload().status).toBe('idle')
    held.release()
    await settle()
    expect(upload().status).toBe('idle')
    expect(files.list()).toHaveLength(1)
  })

  it('lets the first upload finish when another file is started', async () => {
    const { faults, files, settle, upload } = renderUpload()
    const held = faults.hold('addPart')
    act(() => upload().start(makeFile('first.pdf', 300)))
    await act(() => held.reached)
    act(() => upload().start(makeFile('second.pdf', 100)))
    expect(upload()).toMatchObject({ file: { name: 'second.pdf' } })
    held.release()
    await settle()
    expect(upload()).toMatchObject({ status: 'completed', file: { name: 'second.pdf' } })
    expect(files.list()).toHaveLength(2)
  })

  it('never cancels by unmounting', async () => {
    const { faults, files, settle, unmount, upload } = renderUpload()
    const held = faults.hold('addPart')
    act(() => upload().start(makeFile('a.pdf', 300)))
    await act(() => held.reached)
    unmount()
    held.release()
    await settle()
    expect(files.list()).toHaveLength(1)
  })

  it('is idle again when its upload is removed elsewhere', async () => {
    const { settle, upload, uploader } = renderUpload()
    act(() => upload().start(makeFile('a.pdf', 100)))
    await settle()
    act(() => uploader.remove(uploader.getSnapshot().ids[0] as string))
    await settle()
    expect(upload().status).toBe('idle')
  })

  it('uses the newest options', async () => {
    const { rerender, settle, upload } = renderUpload({ purpose: 'assistants' })
    rerender({ purpose: 'vision' })
    act(() => upload().start(makeFile('a.png', 100)))
    await settle()
    expect(upload()).toMatchObject({ remote: { purpose: 'vision' } })
  })

  it('gives commands that stay the same, and work out of their object', async () => {
    const { settle, upload } = renderUpload()
    const { start, cancel, pause, resume, retry, reset, undoCancel, startAsync } = upload()
    act(() => start(makeFile('a.pdf', 100)))
    await settle()
    expect(upload()).toMatchObject({ start, cancel, pause, resume, retry, reset, undoCancel, startAsync })
  })

  it('does nothing where a command makes no sense', async () => {
    const { requests, settle, upload } = renderUpload()
    act(() => {
      upload().pause()
      upload().cancel()
      upload().undoCancel()
      upload().retry()
      upload().reset()
    })
    await act(() => upload().resume())
    await settle()
    expect(upload().status).toBe('idle')
    expect(requests).toEqual([])
  })
})

describe('a refused file', () => {
  it('shows as an error without any request', async () => {
    const { requests, settle, upload } = renderUpload()
    act(() => upload().start(makeFile('empty.pdf', 0)))
    await settle()
    expect(upload()).toMatchObject({ status: 'idle', error: { code: 'file_empty' } })
    expect(requests).toEqual([])
  })

  it('rejects startAsync', async () => {
    const { upload } = renderUpload({ maxSize: 10 })
    let error: unknown = null
    await act(async () => {
      await upload()
        .startAsync(makeFile('a.pdf', 11))
        .catch((reason: unknown) => {
          error = reason
        })
    })
    expect(error).toMatchObject({ code: 'file_too_large' })
    expect(upload().error).toBe(error)
  })

  it('is held against the rules of the hook', () => {
    const { upload } = renderUpload({ accept: ['.csv'], minSize: 5 })
    act(() => upload().start(makeFile('a.pdf', 11)))
    expect(upload().error?.code).toBe('file_type_not_allowed')
    act(() => upload().start(makeFile('a.csv', 4)))
    expect(upload().error?.code).toBe('file_too_small')
  })

  it('is forgotten by reset, and by the next file', async () => {
    const { settle, upload } = renderUpload()
    act(() => upload().start(makeFile('empty.pdf', 0)))
    act(() => upload().reset())
    expect(upload().error).toBeNull()
    act(() => upload().start(makeFile('empty.pdf', 0)))
    act(() => upload().start(makeFile('a.pdf', 10)))
    await settle()
    expect(upload()).toMatchObject({ status: 'completed', error: null })
  })
})
