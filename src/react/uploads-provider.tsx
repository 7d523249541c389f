'use client'

import { QueryClient, QueryClientContext } from '@tanstack/react-query'
import { type ReactNode, useContext, useEffect, useInsertionEffect, useMemo, useState } from 'react'
import {
  createIndexedDbResumeStore,
  createProxyFetcher,
  createUploader,
  type Fetcher,
  type ProxyFetcherOptions,
  type Uploader,
  type UploaderOptions,
  type UploadOptions,
} from '../core/index.js'
import { bridgeOf } from './mutation-bridge.js'
import { UploadsContext } from './uploads-context.js'

type Headers = ProxyFetcherOptions['headers']

/** Where uploads go: the path of our handler, a fetcher of the app's own, or an uploader made elsewhere. */
export type UploadsConnection =
  | { endpoint: string; fetcher?: never; uploader?: never }
  | { fetcher: Fetcher; endpoint?: never; uploader?: never }
  | { uploader: Uploader; endpoint?: never; fetcher?: never }

export type UploadsProviderProps = UploadsConnection & {
  /** Sent with every call to `endpoint`; the newest value counts. */
  headers?: Headers
  /** Whether cookies go along with calls to `endpoint`. @default 'same-origin' */
  credentials?: RequestCredentials
  /** Options of every upload, where nothing else is said. */
  defaults?: Partial<UploadOptions>
  /**
   * Remembers uploads in this browser, so that they can go on after a reload or a crash: whose they are, for example the
   * user's id. Only providers with the same key see them. @default they are not remembered
   */
  resumeKey?: string
  /** Everything else about the engine: concurrency, part size, checksum, retry. */
  uploaderOptions?: Omit<UploaderOptions, 'fetcher' | 'defaults'>
  children?: ReactNode
}

/**
 * Gives the hooks below it an uploader. What it connects to is fixed when it mounts. Unmounting it cancels nothing: what is
 * under way in an uploader of its own goes on to its end, and then nothing of it is left. Throws `invalid_options`.
 */
export function UploadsProvider(props: UploadsProviderProps): ReactNode {
  const { headers, children } = props
  const [{ uploader, setHeaders, leave }] = useState(() => connectionOf(props))
  useEffect(() => setHeaders(headers), [setHeaders, headers])
  // Ends only with the provider itself; other effects end in StrictMode's rehearsal and in a hidden <Activity>, too.
  useInsertionEffect(() => leave, [leave])

  const appClient = useContext(QueryClientContext)
  const [ownClient] = useState(() => appClient ?? new QueryClient())
  const client = appClient ?? ownClient

  const context = useMemo(() => ({ uploader, client, bridge: bridgeOf(uploader, client) }), [uploader, client])
  useEffect(() => context.bridge.connect(), [context])
  useEffect(() => {
    void uploader.restore()
  }, [uploader])
  return <UploadsContext.Provider value={context}>{children}</UploadsContext.Provider>
}

interface Connection {
  uploader: Uploader
  setHeaders: (headers: Headers) => void
  /** Gives up an uploader that was made for this provider alone. */
  leave: () => void
}

function connectionOf(props: UploadsProviderProps): Connection {
  return props.uploader ? { uploader: props.uploader, setHeaders: () => {}, leave: () => {} } : createOwn(props)
}

function createOwn(props: UploadsProviderProps): Connection {
  const { endpoint, fetcher, credentials, defaults, resumeKey, uploaderOptions } = props
  let latest = props.headers
  const headers = () => (typeof latest === 'function' ? latest() : latest) ?? {}
  const connection = { endpoint: endpoint ?? '', headers, ...(credentials && { credentials }) }
  const uploader = createUploader({
    ...(resumeKey !== undefined && { resumeStore: createIndexedDbResumeStore(resumeKey) }),
    ...uploaderOptions,
    ...(defaults && { defaults }),
    fetcher: fetcher ?? createProxyFetcher(connection),
  })
  return {
    uploader,
    leave: () => uploader.retire(),
    setHeaders: (newest) => {
      latest = newest
    },
  }
}
