import type { FileObject } from '../protocol/index.js'
import { ApiError } from './errors.js'
import { type CompletedRecord, fileObjectOf } from './upload-record.js'

/** Answer of `GET /files`. */
export interface FileList {
  object: 'list'
  data: FileObject[]
  first_id: string | null
  last_id: string | null
  has_more: boolean
}

/** Source: the specification; at most 10,000 a page, newest first unless asked otherwise. */
const maxLimit = 10_000

/** One page of the Files, as the query asks. */
export function listFiles(records: readonly CompletedRecord[], query: URLSearchParams): FileList {
  const { limit, order, purpose, after } = parseQuery(query)
  const sign = order === 'asc' ? 1 : -1
  const files = records
    .map(fileObjectOf)
    .filter((file) => purpose === null || file.purpose === purpose)
    // The id settles the order of files of one second, so that pages never overlap.
    .sort((a, b) => sign * (a.created_at - b.created_at || (a.id < b.id ? -1 : 1)))
  const start = after === null ? 0 : files.findIndex((file) => file.id === after) + 1
  if (after !== null && start === 0) throw new ApiError(`No such File object: ${after}`, { param: 'after' })
  const data = files.slice(start, start + limit)
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + limit < files.length,
  }
}

function parseQuery(query: URLSearchParams) {
  const limit = query.get('limit') ?? String(maxLimit)
  if (!/^\d{1,5}$/.test(limit) || Number(limit) < 1 || Number(limit) > maxLimit) {
    throw new ApiError(`'limit' is not an integer from 1 to ${maxLimit}.`, { param: 'limit' })
  }
  const order = query.get('order') ?? 'desc'
  if (order !== 'asc' && order !== 'desc')
    throw new ApiError(`'order' is neither 'asc' nor 'desc'.`, { param: 'order' })
  return { limit: Number(limit), order, purpose: query.get('purpose'), after: query.get('after') }
}
