/** Bytes of a part and requests at a time, for everyone who lets them be chosen. Ours chooses by itself. */
export const PART_BYTES = 16 * 2 ** 20
export const CONCURRENCY = 4

const ours = (options) => ({ module: 'ours', name: 'react-openai-uploads', ...options })

/**
 * Who is measured. `md5`: computes one, and the server has to have got it. `target`: the server that all upload to, our
 * handler in front of that, or the embedded API; each is asked what arrived.
 */
export const contenders = {
  ours: ours({ checksum: 'md5', md5: true }),
  'ours-plain': ours({ checksum: 'off' }),
  'ours-handler': ours({
    note: 'through our handler',
    checksum: 'md5',
    md5: true,
    target: 'handler',
    through: 'handler',
  }),
  'ours-handler-plain': ours({ note: 'through our handler', checksum: 'off', target: 'handler', through: 'handler' }),
  pool: { module: 'pool', name: 'bare pool of XHRs' },
  'single-xhr': { module: 'single-xhr', name: 'single XHR' },
  openai: { module: 'openai', name: 'openai', note: 'part by part' },
  'openai-pool': { module: 'openai', name: 'openai', note: 'pool of 4' },
  'openai-pool-md5': { module: 'openai', name: 'openai + spark-md5', note: 'pool of 4', md5: true },
  'uppy-s3': { module: 'uppy-s3', name: 'Uppy S3' },
  'uppy-xhr': { module: 'uppy-xhr', name: 'Uppy XHR' },
  tus: { module: 'tus', name: 'tus-js-client', note: '4 partial uploads' },
  uploady: { module: 'uploady', name: 'chunked-uploady' },
  'embedded-handler': ours({
    note: 'through our handler',
    checksum: 'md5',
    md5: true,
    target: 'embedded',
    through: 'handler',
  }),
  embedded: ours({ checksum: 'md5', md5: true, target: 'embedded' }),
  'embedded-pool': { module: 'pool', name: 'bare pool of XHRs', target: 'embedded' },
}
contenders.openai.concurrency = 1

/** Packages whose versions are told. */
export const packages = [
  'openai',
  'spark-md5',
  '@uppy/core',
  '@uppy/aws-s3',
  '@uppy/xhr-upload',
  'tus-js-client',
  '@rpldy/chunked-sender',
]
