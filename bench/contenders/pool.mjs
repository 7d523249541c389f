// What there is to gain: slices sent by XHR, so many at a time, and nothing else. No progress, no retry, no checksum.
import { inParallel, slicesOf } from './parallel.mjs'

export default async function upload(files, { base, partBytes, concurrency }) {
  const post = async (path, body) => {
    const response = await fetch(`${base}/v1/uploads${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(await response.text())
    return response.json()
  }
  const alone = files.length === 1
  await inParallel(alone ? 1 : concurrency, files, async (file) => {
    const { name: filename, size: bytes } = file
    const { id } = await post('', { filename, bytes, mime_type: 'application/octet-stream', purpose: 'user_data' })
    const partIds = await inParallel(alone ? concurrency : 1, slicesOf(file, partBytes), async (slice) => {
      const form = new FormData()
      form.append('data', slice, 'part')
      return (await send('POST', `${base}/v1/uploads/${id}/parts`, form)).id
    })
    await post(`/${id}/complete`, { part_ids: partIds })
  })
}

export function send(method, url, body) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    xhr.onload = () =>
      xhr.status === 200 ? resolve(JSON.parse(xhr.responseText)) : reject(new Error(xhr.responseText))
    xhr.onerror = () => reject(new Error(`no answer from ${url}`))
    xhr.open(method, url)
    xhr.send(body)
  })
}
