import { act, render, renderHook, screen } from '@testing-library/react'
import { type ReactNode, StrictMode } from 'react'
import { describe, expect, it, vi } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { setTheStage } from './react.test.kit.js'
import { UploadsProvider } from './uploads-provider.js'
import { useUpload } from './use-upload.js'
import { useUploader } from './use-uploader.js'

describe('the provider', () => {
  it('makes an uploader of its own for a fetcher, with its defaults and options', async () => {
    const { clock, environment, fetcher, requests } = createFakeUploads()
    const wrapper = ({ children }: { children: ReactNode }) => (
      <UploadsProvider
        fetcher={fetcher}
        defaults={{ purpose: 'assistants' }}
        uploaderOptions={{ environment, partSize: 10, checksum: 'off' }}
      >
        {children}
      </UploadsProvider>
    )
    const { result } = renderHook(() => useUpload(), { wrapper })
    act(() => result.current.start(makeFile('a.pdf', 30)))
    await act(() => clock.advance(0))
    expect(result.current).toMatchObject({ status: 'completed', remote: { purpose: 'assistants' } })
    expect(requests.filter(({ call }) => call === 'addPart')).toHaveLength(3)
  })

  it('keeps its uploader over renders', () => {
    const { fetcher } = createFakeUploads()
    const seen = new Set<unknown>()
    const Probe = () => {
      seen.add(useUploader().uploader)
      return null
    }
    const tree = () => (
      <UploadsProvider fetcher={{ ...fetcher }}>
        <Probe />
      </UploadsProvider>
    )
    const { rerender } = render(tree())
    rerender(tree())
    expect(seen.size).toBe(1)
  })

  it('refuses an endpoint that cannot be used', () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(() => render(<UploadsProvider endpoint="" />)).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  })

  it('sends the newest headers to its endpoint', async () => {
    const sent: (string | null)[] = []
    vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
      sent.push(new Headers(init.headers).get('authorization'))
      throw new TypeError('Failed to fetch')
    })
    const Ask = () => {
      const { uploader } = useUploader()
      return (
        <button type="button" onClick={() => void uploader.loadPolicy()}>
          Ask
        </button>
      )
    }
    const tree = (token: string) => (
      <UploadsProvider endpoint="/api/uploads" headers={{ authorization: token }}>
        <Ask />
      </UploadsProvider>
    )
    const ask = () => act(async () => screen.getByRole('button').click())
    const { rerender } = render(tree('first'))
    await ask()
    rerender(tree('second'))
    await ask()
    expect(sent).toEqual(['first', 'second'])
  })

  it('cancels nothing by unmounting', async () => {
    const { faults, files, settle, uploader, wrapper } = setTheStage()
    const held = faults.hold('addPart')
    const { result, unmount } = renderHook(() => useUploader(), { wrapper })
    act(() => void result.current.add(makeFile('a.pdf', 300)))
    await act(() => held.reached)
    unmount()
    held.release()
    await settle()
    expect(files.list()).toHaveLength(1)
    expect(uploader.getSnapshot().summary.completed).toBe(1)
  })
})

describe('in StrictMode', () => {
  it('one start is one create, and mounting twice cancels nothing', async () => {
    const { count, files, settle, wrapper } = setTheStage()
    const { result } = renderHook(() => useUpload(), {
      wrapper: ({ children }: { children: ReactNode }) => <StrictMode>{wrapper({ children })}</StrictMode>,
    })
    act(() => result.current.start(makeFile('a.pdf', 250)))
    await settle()
    expect(result.current.status).toBe('completed')
    expect(count('create')).toBe(1)
    expect(count('cancel')).toBe(0)
    expect(files.list()).toHaveLength(1)
  })

  it('a provider of its own works, too', async () => {
    const { clock, environment, fetcher, files } = createFakeUploads()
    const { result } = renderHook(() => useUpload({ purpose: 'user_data' }), {
      wrapper: ({ children }: { children: ReactNode }) => (
        <StrictMode>
          <UploadsProvider fetcher={fetcher} uploaderOptions={{ environment, checksum: 'off' }}>
            {children}
          </UploadsProvider>
        </StrictMode>
      ),
    })
    act(() => result.current.start(makeFile('a.pdf', 250)))
    await act(() => clock.advance(0))
    expect(result.current.status).toBe('completed')
    expect(files.list()).toHaveLength(1)
  })
})
