import { act, renderHook } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import { makeFile } from '../testing/index.js'
import { setTheStage } from './react.test.kit.js'
import { useUpload } from './use-upload.js'
import { useUploadPolicy } from './use-upload-policy.js'
import { useUploadSnapshot } from './use-upload-snapshot.js'
import { useOptionalUploader, useUploader } from './use-uploader.js'
import { useUploads } from './use-uploads.js'

describe('useUploader', () => {
  it('gives commands that may be taken out of their object', async () => {
    const { files, settle, uploader, wrapper } = setTheStage()
    const { result } = renderHook(() => useUploader(), { wrapper })
    const { add, run, remove, cancelAll, pauseAll, resumeAll, retryFailed, clearCompleted } = result.current
    let id = ''
    act(() => {
      id = add(makeFile('a.pdf', 250))
      add(makeFile('b.pdf', 50), { filename: 'shown.pdf' })
    })
    act(() => pauseAll())
    act(() => resumeAll())
    await settle()
    await expect(run(id)).resolves.toMatchObject({ filename: 'a.pdf' })
    expect(files.list().map(({ filename }) => filename)).toEqual(['a.pdf', 'shown.pdf'])
    act(() => {
      cancelAll()
      retryFailed()
      remove(id)
      clearCompleted()
    })
    expect(uploader.getSnapshot().ids).toEqual([])
  })

  it('pauses, resumes, cancels and takes back by id', async () => {
    const { faults, settle, uploader, wrapper } = setTheStage()
    const held = faults.hold('addPart')
    const { result } = renderHook(() => useUploader(), { wrapper })
    const { add, pause, resume, cancel, undoCancel, retry } = result.current
    let id = ''
    act(() => {
      id = add(makeFile('a.pdf', 250))
    })
    await act(() => held.reached)
    act(() => pause(id))
    expect(uploader.get(id)?.status).toBe('paused')
    const heldAgain = faults.hold('addPart')
    await act(() => resume(id))
    await act(() => heldAgain.reached)
    act(() => cancel(id, { undoFor: 1000 }))
    expect(uploader.get(id)?.status).toBe('cancelling')
    act(() => undoCancel(id))
    act(() => cancel(id))
    await settle()
    expect(uploader.get(id)?.status).toBe('cancelled')
    act(() => retry(id))
    await settle()
    expect(uploader.get(id)?.status).toBe('completed')
  })

  it('throws what add refuses', () => {
    const { wrapper } = setTheStage()
    const { result } = renderHook(() => useUploader(), { wrapper })
    expect(() => result.current.add(makeFile('empty.pdf', 0))).toThrow(expect.objectContaining({ code: 'file_empty' }))
  })

  it('leaves no failure unheard', async () => {
    const unheard = vi.fn()
    process.on('unhandledRejection', unheard)
    const { faults, settle, wrapper } = setTheStage()
    faults.add({ call: 'create', respond: { status: 403 } })
    const { result } = renderHook(() => useUploader(), { wrapper })
    act(() => void result.current.add(makeFile('a.pdf', 10)))
    await settle()
    process.off('unhandledRejection', unheard)
    expect(unheard).not.toHaveBeenCalled()
  })

  it('is the same object in every render', () => {
    const { wrapper } = setTheStage()
    const { result, rerender } = renderHook(() => useUploader(), { wrapper })
    const first = result.current
    rerender()
    expect(result.current).toBe(first)
  })
})

describe('useUploads', () => {
  it('re-renders only when what it picks changes', async () => {
    const { advance, settle, uploader, wrapper } = setTheStage({ fakes: { bytesPerSecond: 1000 } })
    let renders = 0
    const { result } = renderHook(
      () => {
        renders += 1
        return useUploads((uploads) => uploads.ids)
      },
      { wrapper },
    )
    expect(renders).toBe(1)
    act(() => void uploader.run(uploader.add(makeFile('a.pdf', 1000))))
    await settle()
    expect(result.current).toHaveLength(1)
    expect(renders).toBe(2)
    await advance(1200)
    expect(uploader.getSnapshot().summary.completed).toBe(1)
    expect(renders).toBe(2)
  })

  it('sees the sum of all uploads', async () => {
    const { settle, uploader, wrapper } = setTheStage()
    const { result } = renderHook(() => useUploads((uploads) => uploads.summary.completed), { wrapper })
    act(() => {
      for (const size of [10, 20]) void uploader.run(uploader.add(makeFile('a.pdf', size)))
    })
    await settle()
    expect(result.current).toBe(2)
  })
})

describe('useUploadSnapshot', () => {
  it('re-renders only when what it picks of its upload changes', async () => {
    const { advance, uploader, wrapper } = setTheStage({ fakes: { bytesPerSecond: 1000 } })
    const id = uploader.add(makeFile('a.pdf', 1000))
    const statuses: (string | undefined)[] = []
    renderHook(() => statuses.push(useUploadSnapshot(id, (upload) => upload.status)), { wrapper })
    act(() => void uploader.run(id))
    await advance(2000)
    expect(statuses.filter((status, index) => status === statuses[index - 1])).toEqual([])
    expect([statuses[0], statuses.at(-1)]).toEqual(['queued', 'completed'])
  })

  it('is not disturbed by other uploads', async () => {
    const { settle, uploader, wrapper } = setTheStage()
    const id = uploader.add(makeFile('a.pdf', 10))
    let renders = 0
    renderHook(
      () => {
        renders += 1
        return useUploadSnapshot(id)
      },
      { wrapper },
    )
    act(() => void uploader.run(uploader.add(makeFile('b.pdf', 500))))
    await settle()
    expect(renders).toBe(1)
  })

  it('is undefined once the upload was removed, and follows a change of id', async () => {
    const { settle, uploader, wrapper } = setTheStage()
    const [first, second] = [uploader.add(makeFile('a.pdf', 10)), uploader.add(makeFile('b.pdf', 10))] as const
    const { result, rerender } = renderHook(({ id }) => useUploadSnapshot(id)?.file.name, {
      wrapper,
      initialProps: { id: first },
    })
    expect(result.current).toBe('a.pdf')
    rerender({ id: second })
    expect(result.current).toBe('b.pdf')
    act(() => uploader.remove(second))
    await settle()
    expect(result.current).toBeUndefined()
  })
})

describe('useUploadPolicy', () => {
  it('is null until the backend has answered', async () => {
    const policy = { purposes: ['batch'], accept: null, maxBytes: 5, maxPartBytes: 5, concurrency: 1 }
    const { fetcher } = setTheStage()
    let asked = 0
    const { settle, wrapper } = setTheStage({
      fetcher: {
        ...fetcher,
        policy: async () => {
          asked += 1
          return policy
        },
      },
    })
    const { result, rerender } = renderHook(() => useUploadPolicy(), { wrapper })
    expect(result.current).toBeNull()
    await settle()
    expect(result.current).toEqual(policy)
    rerender()
    await settle()
    expect(asked).toBe(1)
  })
})

describe('outside a provider', () => {
  it.each<[string, () => unknown]>([
    ['useUpload', () => useUpload()],
    ['useUploader', () => useUploader()],
    ['useUploads', () => useUploads((uploads) => uploads.ids)],
    ['useUploadSnapshot', () => useUploadSnapshot('x')],
    ['useUploadPolicy', () => useUploadPolicy()],
  ])('%s says how to put it right', (_name, hook) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(() => renderHook(hook)).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: expect.stringContaining('<UploadsProvider') as string,
      }),
    )
  })

  it('useOptionalUploader is null, and inside one it is the commands', () => {
    expect(renderHook(() => useOptionalUploader()).result.current).toBeNull()
    const { uploader, wrapper } = setTheStage()
    expect(renderHook(() => useOptionalUploader(), { wrapper }).result.current?.uploader).toBe(uploader)
  })
})
