// The `openai` package as its documentation uses it. It has no helper for files in a browser, so the loop over parts is
// what an app would write: one part after the other, or a pool. With `md5`, spark-md5 as its own documentation uses it:
// slices of 2 MiB on the main thread, beside the transfer.
import OpenAI from 'openai'
import SparkMD5 from 'spark-md5'
import { inParallel, slicesOf } from './parallel.mjs'

const HASHED_AT_ONCE = 2 * 2 ** 20

export default async function upload(files, { base, partBytes, concurrency, md5: wanted }) {
  const client = new OpenAI({ apiKey: 'bench', baseURL: `${base}/v1`, dangerouslyAllowBrowser: true })
  const alone = files.length === 1
  await inParallel(alone ? 1 : concurrency, files, async (file) => {
    const { id } = await client.uploads.create({
      filename: file.name,
      bytes: file.size,
      mime_type: 'application/octet-stream',
      purpose: 'user_data',
    })
    const hash = wanted ? md5Of(file) : undefined
    const parts = await inParallel(alone ? concurrency : 1, slicesOf(file, partBytes), (slice) =>
      // It takes a Blob for a file only if that has a name.
      client.uploads.parts.create(id, { data: slice === file ? file : new File([slice], file.name) }),
    )
    const md5 = await hash
    await client.uploads.complete(id, { part_ids: parts.map((part) => part.id), ...(md5 && { md5 }) })
  })
}

async function md5Of(file) {
  const spark = new SparkMD5.ArrayBuffer()
  for (let start = 0; start < file.size; start += HASHED_AT_ONCE) {
    spark.append(await file.slice(start, start + HASHED_AT_ONCE).arrayBuffer())
  }
  return spark.end()
}
