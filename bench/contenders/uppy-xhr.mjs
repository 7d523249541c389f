// Uppy with its XHR plugin: the whole file as a form, in one request.
import XHRUpload from '@uppy/xhr-upload'
import { uploadWithUppy } from './uppy.mjs'

export default (files, { base, concurrency }) =>
  uploadWithUppy(files, (uppy) => uppy.use(XHRUpload, { endpoint: `${base}/form`, limit: concurrency }))
