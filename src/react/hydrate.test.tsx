import { act } from '@testing-library/react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { UploadsProvider } from './uploads-provider.js'
import { type UseUploadResult, useUpload } from './use-upload.js'
import { useUploads } from './use-uploads.js'

it('what a server rendered is taken over without a mismatch, and works', async () => {
  const { clock, environment, fetcher } = createFakeUploads()
  let upload: UseUploadResult | null = null
  const Probe = () => {
    const result = useUpload({ purpose: 'user_data' })
    upload = result
    const total = useUploads((uploads) => uploads.summary.total)
    return <p>{`${result.status} ${result.progress.percent} ${total}`}</p>
  }
  const tree = (
    <UploadsProvider fetcher={fetcher} uploaderOptions={{ environment, checksum: 'off' }}>
      <Probe />
    </UploadsProvider>
  )
  const container = document.createElement('div')
  container.innerHTML = renderToString(tree)
  expect(container.textContent).toBe('idle 0 0')

  const mismatches: unknown[] = []
  const root = await act(async () =>
    hydrateRoot(container, tree, { onRecoverableError: (error) => mismatches.push(error) }),
  )
  expect(mismatches).toEqual([])
  act(() => upload?.start(makeFile('a.pdf', 10)))
  await act(() => clock.advance(0))
  expect(container.textContent).toBe('completed 100 1')
  act(() => root.unmount())
})
