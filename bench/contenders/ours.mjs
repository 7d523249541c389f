// This package, with the options that an app gets by giving none: it chooses part sizes and parallelism itself.
import { createProxyFetcher, createUploader } from 'react-openai-uploads/core'

const uploaders = new Map()

function uploaderFor({ base, checksum, through }) {
  const fetcher = createProxyFetcher(
    through === 'handler'
      ? { endpoint: `${base}/api/uploads` }
      : { endpoint: `${base}/v1/uploads`, partEncoding: 'multipart' },
  )
  return createUploader({ fetcher, checksum, defaults: { purpose: 'user_data' }, rules: { accept: ['.bin'] } })
}

export default async function upload(files, options) {
  const { checksum, through } = options
  const key = `${checksum} ${through}`
  // One for the page, as in an app.
  const uploader = uploaders.get(key) ?? uploaderFor(options)
  uploaders.set(key, uploader)
  await Promise.all(files.map((file) => uploader.run(uploader.add(file))))
  uploader.clearCompleted()
}
