import { isUploadId } from './wire.js'

/** Headers of the kit's own wire, beside OpenAI's bodies; all lower case. */
export const HEADERS = {
  /** Marks a call as made by script: with the Origin check it keeps foreign pages out (CSRF). */
  client: 'x-uploads-client',
  /** The signed token that binds an Upload to its user; given by create, sent with every later call. */
  token: 'x-upload-token',
  /** `start-end/bytes`, inclusive: which bytes of the file a raw part holds. */
  range: 'x-upload-range',
  /** base64url of a JSON object of strings, for the backend's hooks. */
  metadata: 'x-upload-metadata',
  /** Random, the same for every try of one create: a backend with a store answers all of them with one Upload. */
  key: 'x-upload-key',
} as const

/** Whether a text can be a create's `x-upload-key`. */
export function isCreateKey(text: string): boolean {
  return /^[\w-]{16,64}$/.test(text)
}

/** The one field of a part's multipart body. Source: the API's specification. */
export const PART_FIELD = 'data'

/** Half-open range of a file's bytes: `start` included, `end` not. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/** Writes `x-upload-range`. */
export function formatRange(range: ByteRange, bytesTotal: number): string {
  return `${range.start}-${range.end - 1}/${bytesTotal}`
}

/** Reads `x-upload-range`; null unless it names at least one byte inside the file. */
export function parseRange(header: string): (ByteRange & { bytesTotal: number }) | null {
  const match = /^(\d{1,16})-(\d{1,16})\/(\d{1,16})$/.exec(header)
  if (!match) return null
  const [start, last, bytesTotal] = match.slice(1).map(Number) as [number, number, number]
  return start <= last && last < bytesTotal ? { start, end: last + 1, bytesTotal } : null
}

/** The calls of the API, as the kit names them. */
export type UploadCall = 'policy' | 'create' | 'addPart' | 'complete' | 'cancel'

export type Route = { call: 'policy' | 'create' } | { call: 'addPart' | 'complete' | 'cancel'; uploadId: string }

const verbs = { addPart: 'parts', complete: 'complete', cancel: 'cancel' } as const

/** Path of a call below its base (`/v1/uploads` at OpenAI, the endpoint at our backend). */
export function pathOf(call: keyof typeof verbs, uploadId: string): string {
  return `/${encodeURIComponent(uploadId)}/${verbs[call]}`
}

/** Which call a path below the base is; null for anything that is not exactly one of the five. */
export function routeOf(method: string, path: string): Route | null {
  if (path === '' || path === '/') {
    if (method === 'GET') return { call: 'policy' }
    return method === 'POST' ? { call: 'create' } : null
  }
  const [, uploadId, verb, ...rest] = path.split('/')
  if (method !== 'POST' || rest.length > 0 || !isUploadId(uploadId)) return null
  for (const call of ['addPart', 'complete', 'cancel'] as const) if (verbs[call] === verb) return { call, uploadId }
  return null
}

/** Writes `x-upload-metadata`: base64url keeps any text inside the ASCII that headers allow. */
export function encodeMetadata(metadata: Readonly<Record<string, string>>): string {
  const bytes = new TextEncoder().encode(JSON.stringify(metadata))
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Reads `x-upload-metadata`; null unless it is a JSON object of strings. */
export function decodeMetadata(header: string): Record<string, string> | null {
  try {
    const binary = atob(header.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
    const entries = Object.entries(value)
    return entries.every(([, text]) => typeof text === 'string')
      ? (Object.fromEntries(entries) as Record<string, string>)
      : null
  } catch {
    return null
  }
}
