// Uppy with its S3 plugin. Its defaults: a single PUT up to 100 MB, parts above, one after the other within a file.
import AwsS3 from '@uppy/aws-s3'
import { uploadWithUppy } from './uppy.mjs'

export default (files, { base, partBytes, concurrency }) =>
  uploadWithUppy(files, (uppy) =>
    uppy.use(AwsS3, {
      limit: concurrency,
      getChunkSize: () => partBytes,
      // An app asks its backend here; that round trip is left out.
      signRequest: async ({ method, key, uploadId, partNumber }) => {
        const url = new URL(`${base}/s3/${key}`)
        if (uploadId) url.searchParams.set('uploadId', uploadId)
        else if (method === 'POST') url.searchParams.set('uploads', '')
        if (partNumber) url.searchParams.set('partNumber', partNumber)
        return { url: url.href }
      },
    }),
  )
