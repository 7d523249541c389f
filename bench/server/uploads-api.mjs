// The four calls of OpenAI's Uploads API.
import { readBody, readRun } from './arrivals.mjs'
import { readForm } from './form.mjs'

/** Routes below /v1/uploads; `answer` gets status and body. */
export function createUploadsRoutes(arrivals) {
  const uploads = new Map()
  let count = 0

  return async function route(request, path, answer) {
    const [id, call] = path.split('/').filter(Boolean)
    if (request.method !== 'POST') return answer(404, refusal('no such route'))
    if (!id) {
      const body = JSON.parse(await textOf(request))
      count += 1
      const now = Math.floor(Date.now() / 1000)
      const { filename, bytes, purpose } = body
      const head = { id: `upload_${count}`, object: 'upload', bytes, created_at: now, expires_at: now + 3600 }
      const upload = { ...head, filename, purpose, status: 'pending' }
      uploads.set(upload.id, { upload, runs: new Map() })
      return answer(200, upload)
    }
    const known = uploads.get(id)
    if (!known) return answer(404, refusal('no such upload'))
    if (call === 'parts') {
      const run = await readRun((take) => readForm(request, take))
      count += 1
      const part = { id: `part_${count}`, object: 'upload.part', created_at: known.upload.created_at, upload_id: id }
      known.runs.set(part.id, run)
      return answer(200, part)
    }
    if (call === 'cancel') {
      uploads.delete(id)
      return answer(200, { ...known.upload, status: 'cancelled' })
    }
    const { part_ids: partIds, md5 } = JSON.parse(await textOf(request))
    const runs = partIds.map((partId) => known.runs.get(partId))
    if (runs.includes(undefined)) return answer(400, refusal('no such part'))
    const problem = arrivals.complete(runs, md5)
    if (problem) return answer(400, refusal(problem))
    uploads.delete(id)
    const { bytes, created_at, filename, purpose } = known.upload
    const file = { id: `file-${count}`, object: 'file', bytes, created_at, filename, purpose, status: 'processed' }
    return answer(200, { ...known.upload, status: 'completed', file })
  }
}

const refusal = (message) => ({ error: { message, type: 'invalid_request_error', param: null, code: null } })

export async function textOf(request) {
  const chunks = []
  await readBody(request, (chunk) => chunks.push(chunk))
  return Buffer.concat(chunks).toString()
}
