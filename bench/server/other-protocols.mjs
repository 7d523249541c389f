// What the alternatives speak, as far as they use it: a PUT, a form, forms with a range, S3's multipart, tus.
import { readBody, readRun } from './arrivals.mjs'
import { readForm } from './form.mjs'
import { textOf } from './uploads-api.mjs'

/** PUT of the whole file. */
export function createPutRoute(arrivals) {
  return async (request, path, answer) => {
    const problem = arrivals.complete([await readRun((take) => readBody(request, take))])
    answer(problem ? 400 : 200, { problem })
  }
}

/** POST of a form: the whole file, or with `Content-Range` a piece of it. */
export function createFormRoute(arrivals) {
  const pieces = new Map()
  return async (request, path, answer) => {
    const run = await readRun((take) => readForm(request, take))
    const [, start, end, bytes] = /bytes (\d+)-(\d+)\/(\d+)/.exec(request.headers['content-range'] ?? '') ?? []
    if (bytes === undefined) {
      const problem = arrivals.complete([run])
      return answer(problem ? 400 : 200, { problem })
    }
    if (run.problem || run.start !== Number(start) || run.end !== Number(end) + 1) {
      return answer(400, { problem: run.problem ?? `bytes from ${run.start} declared as from ${start}` })
    }
    const runs = [...(pieces.get(run.fileId) ?? []), run].sort((a, b) => a.start - b.start)
    const isWhole = runs.reduce((sum, one) => sum + one.end - one.start, 0) === Number(bytes)
    if (isWhole) pieces.delete(run.fileId)
    else pieces.set(run.fileId, runs)
    const problem = isWhole ? arrivals.complete(runs) : null
    answer(problem ? 400 : 200, { problem })
  }
}

/** S3: PUT of an object, or a multipart upload. */
export function createS3Route(arrivals) {
  const uploads = new Map()
  let count = 0
  return async (request, path, answer) => {
    const { pathname, searchParams } = new URL(path, 'http://s3')
    const uploadId = searchParams.get('uploadId')
    if (request.method === 'PUT') {
      const run = await readRun((take) => readBody(request, take))
      count += 1
      const partNumber = searchParams.get('partNumber')
      if (uploadId && partNumber) uploads.get(uploadId).set(Number(partNumber), run)
      const problem = uploadId ? run.problem : arrivals.complete([run])
      return answer(problem ? 400 : 200, problem ?? '', { etag: `"${count}"` })
    }
    if (!uploadId) {
      count += 1
      uploads.set(String(count), new Map())
      const xml = `<InitiateMultipartUploadResult><UploadId>${count}</UploadId></InitiateMultipartUploadResult>`
      return answer(200, xml, { 'content-type': 'application/xml' })
    }
    const numbers = [...(await textOf(request)).matchAll(/<PartNumber>(\d+)</g)].map(([, number]) => Number(number))
    const parts = uploads.get(uploadId)
    const problem = arrivals.complete(numbers.map((number) => parts.get(number)))
    uploads.delete(uploadId)
    const body = `<Location>${pathname}</Location><Key>${pathname.slice(1)}</Key><ETag>"${count}"</ETag>`
    const xml = `<CompleteMultipartUploadResult>${body}</CompleteMultipartUploadResult>`
    answer(problem ? 400 : 200, problem ?? xml, { 'content-type': 'application/xml' })
  }
}

/** tus 1.0.0 with the extensions creation and concatenation. */
export function createTusRoute(arrivals) {
  const uploads = new Map()
  const version = { 'tus-resumable': '1.0.0' }
  return async (request, path, answer) => {
    const id = path.split('/').filter(Boolean)[0]
    if (request.method === 'POST') {
      await textOf(request)
      const concat = request.headers['upload-concat'] ?? ''
      const newId = String(uploads.size + 1)
      uploads.set(newId, { length: Number(request.headers['upload-length']), offset: 0, runs: [], concat })
      if (concat.startsWith('final;')) {
        const partials = concat.slice(6).trim().split(' ')
        const runs = partials.flatMap((url) => uploads.get(url.split('/').at(-1)).runs)
        const problem = arrivals.complete(runs)
        if (problem) return answer(400, problem, version)
      }
      return answer(201, '', { ...version, location: `http://${request.headers.host}/tus/${newId}` })
    }
    const upload = uploads.get(id)
    if (!upload) return answer(404, '', version)
    if (request.method === 'HEAD') {
      return answer(200, '', { ...version, 'upload-offset': upload.offset, 'upload-length': upload.length })
    }
    if (Number(request.headers['upload-offset']) !== upload.offset) return answer(409, '', version)
    const run = await readRun((take) => readBody(request, take))
    upload.runs.push(run)
    upload.offset += run.end - run.start
    const isWhole = upload.offset === upload.length && upload.concat === ''
    const problem = isWhole ? arrivals.complete(upload.runs) : run.problem
    answer(problem ? 400 : 204, problem ?? '', { ...version, 'upload-offset': upload.offset })
  }
}
