'use client'

import type { QueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { UploadError, type Uploader } from '../core/index.js'
import type { MutationBridge } from './mutation-bridge.js'

/** What a provider gives to the hooks below it; it never changes while mounted, so it re-renders nobody. */
export interface UploadsContextValue {
  uploader: Uploader
  bridge: MutationBridge
  client: QueryClient
}

export const UploadsContext = createContext<UploadsContextValue | null>(null)

/** Throws `invalid_options` outside a provider. */
export function useUploadsContext(): UploadsContextValue {
  const context = useContext(UploadsContext)
  if (context) return context
  throw new UploadError(
    'invalid_options',
    'This hook has no uploader. Wrap the app in <UploadsProvider endpoint="/api/uploads">, or use it inside <Uploads.Root endpoint=…>.',
  )
}
