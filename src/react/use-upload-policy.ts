'use client'

import { useQuery } from '@tanstack/react-query'
import type { UploadPolicy } from '../core/index.js'
import { uploadPolicyQuery } from './policy-query.js'
import { useUploadsContext } from './uploads-context.js'

/** What the backend allows, null until it has answered. Throws `invalid_options` outside a provider. */
export function useUploadPolicy(): UploadPolicy | null {
  const { uploader, client } = useUploadsContext()
  return useQuery(uploadPolicyQuery(uploader), client).data ?? null
}
