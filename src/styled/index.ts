export { UploadDropzone, type UploadDropzoneProps } from './upload-dropzone.js'
