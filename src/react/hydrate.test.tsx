import { act } from '@testing-library/react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { UploadsProvider } from './uploads-provider.js'
import { useUpload } from './use-upload.js'
import { useUploads } from './use-uploads.js'

it('what a server rendered is taken over without a mismatch, and works', async () => {
  const { clock, environment, fetcher } = createFakeUploads()
  const Probe = () => {
    const upload = useUpload({ purpose: 'user_data' })
    const total = useUploads((uploads) => uploads.summary.total)
    const start = () => upload.start(makeFile('a.pdf', 10))
    return <button type="button" onClick={start}>{`${upload.status} ${upload.progress.percent} ${total}`}</button>
  }
  const tree = (
    <UploadsProvider fetcher={fetcher} uploaderOptions={{ environment, checksum: 'off' }}>
      <Probe />
    </UploadsProvider>
  )
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = renderToString(tree)
  expect(container.textContent).toBe('idle 0 0')

  const mismatches: unknown[] = []
  const root = await act(async () =>
    hydrateRoot(container, tree, { onRecoverableError: (error) => mismatches.push(error) }),
  )
  expect(mismatches).toEqual([])
  act(() => container.querySelector('button')?.click())
  await act(() => clock.advance(0))
  expect(container.textContent).toBe('completed 100 1')
  act(() => root.unmount())
  container.remove()
})
