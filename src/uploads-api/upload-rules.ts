import type { UploadsApiBehaviour } from './behaviour.js'
import { ApiError } from './errors.js'
import { statusAt, type UploadRecord } from './upload-record.js'

/** Bytes of each Part of one Upload, by id. */
export type PartSizes = ReadonlyMap<string, number>

/** Refuses unless the Upload is open at `now` (Unix seconds). */
export function assertPending(record: UploadRecord, now: number, behaviour: UploadsApiBehaviour): void {
  const status = statusAt(record, now)
  if (status === 'pending') return
  throw new ApiError(`Upload ${record.id} is not pending (status: ${status}).`, {
    status: status === 'expired' ? behaviour.expiredStatus : behaviour.closedStatus,
    param: 'id',
  })
}

/** Refuses one more Part when the Upload has all it may have. */
export function assertRoomForPart(parts: PartSizes, { maxParts }: UploadsApiBehaviour): void {
  if (parts.size >= maxParts) throw new ApiError(`An Upload takes at most ${maxParts} parts.`, { param: 'data' })
}

/** Refuses a Part of which `size` bytes have arrived, as soon as they are too many. */
export function assertPartFits(
  record: UploadRecord,
  parts: PartSizes,
  size: number,
  { maxPartBytes, partTooLargeStatus, overflow }: UploadsApiBehaviour,
): void {
  if (size > maxPartBytes) {
    const status = partTooLargeStatus
    throw new ApiError(`The part is too large: at most ${maxPartBytes} bytes are allowed.`, { status, param: 'data' })
  }
  if (overflow === 'off') return
  const total = size + (overflow === 'cumulative' ? sum(parts.values()) : 0)
  if (total <= record.bytes) return
  throw new ApiError(`The part exceeds the ${record.bytes} bytes that Upload ${record.id} declared.`, { param: 'data' })
}

/** Refuses a list of Parts that cannot be the declared file. */
export function assertPartsAreTheFile(
  record: UploadRecord,
  parts: PartSizes,
  partIds: readonly string[],
  { duplicatePartIds, orphanParts }: UploadsApiBehaviour,
): void {
  const refuse = (message: string) => new ApiError(message, { param: 'part_ids' })
  const unknown = partIds.find((id) => !parts.has(id))
  if (unknown !== undefined) throw refuse(`No such part in Upload ${record.id}: ${unknown}`)
  if (duplicatePartIds === 'refuse' && new Set(partIds).size < partIds.length) {
    throw refuse('A part is listed more than once in part_ids.')
  }
  const total = sum(orphanParts === 'count' ? parts.values() : partIds.map((id) => parts.get(id) ?? 0))
  if (total === record.bytes) return
  throw refuse(`The parts hold ${total} bytes, but Upload ${record.id} declared ${record.bytes} bytes.`)
}

function sum(sizes: Iterable<number>): number {
  let total = 0
  for (const size of sizes) total += size
  return total
}
