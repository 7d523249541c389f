import type { UploadSnapshot } from '../core/index.js'
import type { FileObject } from '../protocol/index.js'

/** A completed file as a form's value: plain data, to keep in a form library, post or store. */
export interface UploadedFile {
  /** OpenAI's id of the File: what other calls of the API take. */
  readonly fileId: string
  /** OpenAI's id of the Upload it came from; null where nobody remembers. */
  readonly uploadId: string | null
  readonly name: string
  /** Null where nobody knows. */
  readonly bytes: number | null
}

/** A list of files, or the one file (null without one) where there is only room for one. */
export type FormValue<Multiple extends boolean> = Multiple extends true ? readonly UploadedFile[] : UploadedFile | null

/** Either form of a value as a list; undefined stays, as it means "uncontrolled". */
export function listOf(value: FormValue<boolean> | undefined): readonly UploadedFile[] | undefined {
  if (value === undefined) return undefined
  if (value === null) return []
  return 'fileId' in value ? [value] : value
}

export function uploadedFileOf(fileObject: FileObject, upload?: UploadSnapshot): UploadedFile {
  const { id, filename, bytes } = fileObject
  return { fileId: id, uploadId: upload?.remote?.id ?? null, name: filename, bytes: bytes ?? upload?.file.size ?? null }
}
