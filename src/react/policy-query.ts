import { queryOptions } from '@tanstack/react-query'
import type { Uploader } from '../core/index.js'
import { uploadKeys } from './upload-keys.js'

/** Options of the query for what the backend allows; it answers with the protocol's own limits where there is no policy. */
export function uploadPolicyQuery(uploader: Uploader) {
  return queryOptions({
    queryKey: uploadKeys.policy(numberOf(uploader)),
    queryFn: () => uploader.loadPolicy(),
    // A policy changes with a deployment, not while a page is open.
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    networkMode: 'always' as const,
  })
}

// Two uploaders may have two backends, and a key can hold no object.
const numbers = new WeakMap<Uploader, number>()
let count = 0

function numberOf(uploader: Uploader): number {
  const known = numbers.get(uploader)
  if (known !== undefined) return known
  count += 1
  numbers.set(uploader, count)
  return count
}
