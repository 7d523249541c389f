import { EXPIRES_AFTER_SECONDS } from '../protocol/index.js'
import type { UploadsApiBehaviour } from './behaviour.js'
import { ApiError, missing } from './errors.js'

/** A JSON body may have this many bytes: room for the ids of 100,000 parts. */
const maxJsonBytes = 8 * 2 ** 20

export interface CreateBody {
  filename: string
  purpose: string
  bytes: number
  mimeType: string
  fileLifetime: number | null
}

export interface CompleteBody {
  partIds: string[]
  /** 32 lower-case hex digits. */
  md5: string | null
}

/** Reads a request's body as a JSON object. */
export async function readJsonObject(request: Request): Promise<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(await readText(request))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch (error) {
    if (error instanceof ApiError) throw error
  }
  throw new ApiError('The request body is not a JSON object.')
}

async function readText(request: Request): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = request.body?.getReader()
  let text = ''
  let bytes = 0
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    bytes += read.value.length
    if (bytes > maxJsonBytes) {
      void reader?.cancel()
      throw new ApiError('The request body is too large.')
    }
    text += decoder.decode(read.value, { stream: true })
  }
  return text + decoder.decode()
}

/** Checks the body of `POST /uploads`. Source: the specification; the purpose's message is a recorded one. */
export function parseCreateBody(body: Record<string, unknown>, behaviour: UploadsApiBehaviour): CreateBody {
  checkKeys(body, ['filename', 'purpose', 'bytes', 'mime_type', 'expires_after'], behaviour)
  const filename = requiredText(body, 'filename')
  const purpose = requiredText(body, 'purpose')
  if (!behaviour.purposes.includes(purpose)) {
    const allowed = behaviour.purposes.map((one) => `'${one}'`).join(', ')
    throw new ApiError(`'${purpose}' is not one of [${allowed}] - 'purpose'`, { param: 'purpose' })
  }
  const bytes = parseBytes(body.bytes, behaviour)
  const mimeType = requiredText(body, 'mime_type')
  return { filename, purpose, bytes, mimeType, fileLifetime: parseExpiresAfter(body.expires_after, behaviour) }
}

/** Checks the body of `POST /uploads/{id}/complete`. */
export function parseCompleteBody(body: Record<string, unknown>, behaviour: UploadsApiBehaviour): CompleteBody {
  checkKeys(body, ['part_ids', 'md5'], behaviour)
  const partIds = body.part_ids
  if (partIds === undefined) throw missing('part_ids')
  if (!Array.isArray(partIds) || !partIds.every((id) => typeof id === 'string')) {
    throw new ApiError('part_ids is not a list of part ids.', { param: 'part_ids' })
  }
  return { partIds, md5: parseMd5(body.md5) }
}

function checkKeys(body: object, known: readonly string[], { unknownFields }: UploadsApiBehaviour, prefix = ''): void {
  if (unknownFields === 'ignore') return
  const unknown = Object.keys(body).find((key) => !known.includes(key))
  if (unknown === undefined) return
  throw new ApiError(`Unknown parameter: '${prefix}${unknown}'.`, { param: `${prefix}${unknown}` })
}

function requiredText(body: Record<string, unknown>, param: string): string {
  const value = body[param]
  if (value === undefined || value === null) throw missing(param)
  if (typeof value === 'string' && value !== '') return value
  throw new ApiError(`'${param}' is not a non-empty string.`, { param })
}

function parseBytes(bytes: unknown, { maxUploadBytes, zeroBytes }: UploadsApiBehaviour): number {
  if (bytes === undefined || bytes === null) throw missing('bytes')
  const least = zeroBytes === 'allow' ? 0 : 1
  if (typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= least && bytes <= maxUploadBytes) return bytes
  throw new ApiError(`'bytes' is not an integer from ${least} to ${maxUploadBytes}.`, { param: 'bytes' })
}

/** Source: bounds and anchor are specified, and tested by others against the real API. */
function parseExpiresAfter(value: unknown, behaviour: UploadsApiBehaviour): number | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new ApiError(`'expires_after' is not an object.`, { param: 'expires_after' })
  }
  checkKeys(value, ['anchor', 'seconds'], behaviour, 'expires_after.')
  const { anchor, seconds } = value as Record<string, unknown>
  if (anchor !== 'created_at') {
    throw new ApiError(`Invalid anchor ${JSON.stringify(anchor)}: it must be 'created_at'.`, {
      param: 'expires_after.anchor',
    })
  }
  const { min, max } = EXPIRES_AFTER_SECONDS
  if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= min && seconds <= max) return seconds
  throw new ApiError(`seconds must be an integer from ${min} (1 hour) to ${max} (30 days).`, {
    param: 'expires_after.seconds',
  })
}

/** The encoding of `md5` is not documented, so both usual ones are read: hex, and base64 as in Content-MD5. */
function parseMd5(value: unknown): string | null {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') {
    if (/^[0-9a-f]{32}$/i.test(value)) return value.toLowerCase()
    if (/^[A-Za-z0-9+/]{22}==$/.test(value)) return hexOf(atob(value))
  }
  throw new ApiError('md5 is neither 32 hex digits nor 24 characters of base64.', { param: 'md5' })
}

function hexOf(binary: string): string {
  return Array.from(binary, (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('')
}
