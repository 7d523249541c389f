import { type QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act } from '@testing-library/react'
import type { ReactNode } from 'react'
import { createUploader, type UploaderOptions } from '../core/index.js'
import type { UploadCall } from '../protocol/index.js'
import { createFakeUploads, type FakeUploadsOptions } from '../testing/index.js'
import { UploadsProvider } from './uploads-provider.js'

export interface StageOptions extends Partial<UploaderOptions> {
  fakes?: FakeUploadsOptions
  /** The app's own query client. */
  client?: QueryClient
}

/** A provider in front of the Uploads API in memory: parts of 100 bytes, one connection, no checksum. */
export function setTheStage({ fakes: fakesOptions, client, ...options }: StageOptions = {}) {
  const fakes = createFakeUploads(fakesOptions)
  const uploader = createUploader({
    fetcher: fakes.fetcher,
    environment: fakes.environment,
    partSize: 100,
    concurrency: 1,
    checksum: 'off',
    defaults: { purpose: 'user_data' },
    ...options,
  })
  const wrapper = ({ children }: { children: ReactNode }) => {
    const provider = <UploadsProvider uploader={uploader}>{children}</UploadsProvider>
    return client ? <QueryClientProvider client={client}>{provider}</QueryClientProvider> : provider
  }
  return {
    ...fakes,
    uploader,
    wrapper,
    count: (call: UploadCall) => fakes.requests.filter((request) => request.call === call).length,
    /** Lets time pass, and React with it. */
    advance: (ms: number) => act(() => fakes.clock.advance(ms)),
    settle: () => act(() => fakes.clock.advance(0)),
  }
}
