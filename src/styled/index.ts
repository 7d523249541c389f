export type { IconName } from './icons.js'
export type { Slot } from './look.js'
export { UploadDropzone, type UploadDropzoneProps } from './upload-dropzone.js'
