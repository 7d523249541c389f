import { MutationCache, QueryClient, QueryClientProvider, useIsMutating, useQuery } from '@tanstack/react-query'
import { act, render, renderHook } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { isUploadError } from '../core/index.js'
import { makeFile } from '../testing/index.js'
import { type StageOptions, setTheStage } from './react.test.kit.js'
import { uploadKeys } from './upload-keys.js'
import { UploadsProvider } from './uploads-provider.js'
import { useUpload } from './use-upload.js'
import { useUploader } from './use-uploader.js'

function renderWithClient(client = new QueryClient(), options: StageOptions = {}) {
  const stage = setTheStage({ ...options, client })
  const hook = renderHook(
    () => ({ ...useUploader(), mutating: useIsMutating({ mutationKey: uploadKeys.run }, client) }),
    {
      wrapper: stage.wrapper,
    },
  )
  const add = (size = 100) => {
    let id = ''
    act(() => {
      id = hook.result.current.add(makeFile('a.pdf', size))
    })
    return id
  }
  return { ...stage, ...hook, client, add, mutations: () => client.getMutationCache().getAll() }
}

describe('every run is a mutation of the app’s query client', () => {
  it('which knows the upload’s id and nothing of the file', async () => {
    const { add, mutations, settle } = renderWithClient()
    const id = add()
    expect(mutations().map(({ state }) => state.variables)).toEqual([{ uploadId: id }])
    expect(mutations()[0]?.options.mutationKey).toEqual(uploadKeys.run)
    await settle()
    expect(mutations().map(({ state }) => state.status)).toEqual(['success'])
    expect(mutations()[0]?.state.data).toMatchObject({ object: 'file' })
  })

  it('and is counted while it lasts, a pause included', async () => {
    const { add, faults, result, settle, uploader } = renderWithClient()
    const held = faults.hold('addPart')
    const id = add()
    await act(() => held.reached)
    await settle()
    expect(result.current.mutating).toBe(1)
    act(() => uploader.pause(id))
    await settle()
    expect(result.current.mutating).toBe(1)
    await act(() => uploader.resume(id))
    await settle()
    expect(result.current.mutating).toBe(0)
  })

  it('also when the engine itself runs it', async () => {
    const { mutations, settle, uploader } = renderWithClient()
    const id = uploader.add(makeFile('a.pdf', 100))
    act(() => void uploader.run(id))
    await settle()
    expect(mutations().map(({ state }) => [state.variables, state.status])).toEqual([[{ uploadId: id }, 'success']])
  })

  it('of its own for each retry', async () => {
    const { add, faults, mutations, settle, uploader } = renderWithClient()
    faults.add({ call: 'create', respond: { status: 403 } })
    const id = add()
    await settle()
    act(() => uploader.retry(id))
    await settle()
    expect(mutations().map(({ state }) => state.status)).toEqual(['error', 'success'])
  })

  it('also when the retry comes while the app still reports the failure', async () => {
    let reported!: () => void
    const report = new Promise<void>((resolve) => {
      reported = resolve
    })
    const client = new QueryClient({ mutationCache: new MutationCache({ onError: () => report }) })
    const { add, faults, mutations, settle, uploader } = renderWithClient(client)
    faults.add({ call: 'create', respond: { status: 403 } })
    const id = add()
    await settle()
    act(() => uploader.retry(id))
    await settle()
    expect(uploader.get(id)?.status).toBe('completed')
    reported()
    await settle()
    expect(mutations().map(({ state }) => state.status)).toEqual(['error', 'success'])
    expect(client.getQueriesData({ queryKey: uploadKeys.files })).toHaveLength(1)
  })

  it('that is tried once, as the engine retries by itself', async () => {
    const client = new QueryClient({ defaultOptions: { mutations: { retry: 3 } } })
    const { add, count, faults, mutations, settle } = renderWithClient(client)
    faults.add({ call: 'create', respond: { status: 403 } })
    add()
    await settle()
    expect(mutations()[0]?.state).toMatchObject({ status: 'error', failureCount: 1 })
    expect(count('create')).toBe(1)
  })

  it('one of them, however many providers share the uploader', async () => {
    const client = new QueryClient()
    const stage = setTheStage({ client })
    const seen: (() => void)[] = []
    const Probe = () => {
      const { add } = useUploader()
      seen.push(() => void add(makeFile('a.pdf', 100)))
      return null
    }
    render(
      <QueryClientProvider client={client}>
        <UploadsProvider uploader={stage.uploader}>
          <Probe />
        </UploadsProvider>
        <UploadsProvider uploader={stage.uploader}>
          <Probe />
        </UploadsProvider>
      </QueryClientProvider>,
    )
    act(() => seen[0]?.())
    await stage.settle()
    expect(client.getMutationCache().getAll()).toHaveLength(1)
    expect(stage.count('create')).toBe(1)
  })
})

describe('app-wide callbacks', () => {
  it('can tell a cancel from an error', async () => {
    const errors: [unknown, unknown][] = []
    const client = new QueryClient({
      mutationCache: new MutationCache({
        onError: (error, _variables, _context, mutation) => {
          errors.push([isUploadError(error) && error.code, mutation.meta])
        },
      }),
    })
    const { add, faults, settle, uploader } = renderWithClient(client)
    const held = faults.hold('addPart')
    const id = add()
    await act(() => held.reached)
    act(() => uploader.cancel(id))
    await settle()
    expect(errors).toEqual([['cancelled', { cancelledIsNotAnError: true }]])
  })
})

describe('a finished upload', () => {
  it('is in the cache as a file, and refreshes the lists of files', async () => {
    let fetched = 0
    const { client, uploader, ...stage } = renderWithClient()
    const list = {
      queryKey: uploadKeys.files,
      queryFn: async () => (fetched += 1),
      staleTime: Number.POSITIVE_INFINITY,
    }
    renderHook(() => useQuery(list, client))
    await stage.settle()
    expect(fetched).toBe(1)
    const id = stage.add()
    await stage.settle()
    const upload = uploader.get(id)
    const fileObject = upload?.status === 'completed' ? upload.fileObject : null
    expect(client.getQueryData(uploadKeys.file(fileObject?.id as string))).toEqual(fileObject)
    expect(fetched).toBe(2)
  })
})

describe('without a query client of the app', () => {
  it('the provider brings its own', async () => {
    const { settle, wrapper } = setTheStage()
    const { result } = renderHook(() => useUpload(), { wrapper })
    act(() => result.current.start(makeFile('a.pdf', 100)))
    await settle()
    expect(result.current.status).toBe('completed')
  })
})
