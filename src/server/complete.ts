import { type CompleteUploadRequest, isPartId } from '../protocol/index.js'
import { Refusal } from './answer.js'
import { readJsonBody, refuseUnknownFields } from './json-body.js'
import type { Settings } from './settings.js'

/** 8 GiB in parts of 256 KiB is 32,768 ids of about 40 bytes. */
const MAX_COMPLETE_BYTES = 2 * 1024 * 1024

/** Reads the order of the parts, and builds anew what OpenAI will be asked. */
export async function readCompleteRequest(request: Request, settings: Settings): Promise<CompleteUploadRequest> {
  const body = await readJsonBody(request, MAX_COMPLETE_BYTES, settings)
  refuseUnknownFields(body, ['part_ids', 'md5'])
  const { part_ids, md5 } = body
  if (!Array.isArray(part_ids) || part_ids.length === 0 || !part_ids.every(isPartId)) {
    throw new Refusal(400, 'invalid_request', 'part_ids must be a list of part ids, in file order.', {
      param: 'part_ids',
    })
  }
  if (md5 === undefined || md5 === null) return { part_ids: [...part_ids] }
  if (typeof md5 !== 'string' || !/^(?:[0-9a-f]{32}|[A-Za-z0-9+/]{22}==)$/i.test(md5)) {
    throw new Refusal(400, 'invalid_request', 'md5 must be 32 hexadecimal digits.', { param: 'md5' })
  }
  // The API does not document an encoding; lower-case hex is what clients send, base64 differs by case.
  return { part_ids: [...part_ids], md5: md5.length === 32 ? md5.toLowerCase() : md5 }
}
