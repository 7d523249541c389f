// tus-js-client: a large file as so many partial uploads side by side, and without a chunk size, as its documentation advises.
import { Upload } from 'tus-js-client'
import { inParallel } from './parallel.mjs'

export default async function upload(files, { base, concurrency }) {
  const alone = files.length === 1
  await inParallel(
    alone ? 1 : concurrency,
    files,
    (file) =>
      new Promise((onSuccess, onError) => {
        const options = { endpoint: `${base}/tus/`, metadata: { filename: file.name }, onSuccess, onError }
        new Upload(file, { ...options, ...(alone && { parallelUploads: concurrency }) }).start()
      }),
  )
}
