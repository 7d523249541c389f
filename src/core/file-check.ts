import { type ByteRange, isUploadError, UploadError } from '../protocol/index.js'
import type { FileInfo } from './file-rules.js'

/**
 * Tells a file that can no longer be read from a connection that was lost: browsers report both as the same network
 * error. Null when the last byte of the range can be read.
 */
export async function findFileError(file: File, { end }: ByteRange): Promise<UploadError | null> {
  try {
    const { byteLength } = await file.slice(end - 1, end).arrayBuffer()
    // Firefox reads a file that was cut short as far as it goes, without an error.
    return byteLength === 1 ? null : fileChanged(file.name, null)
  } catch (cause) {
    return fileErrorOf(file.name, cause)
  }
}

/** What a failed read of a file means, `wasRead` telling whether it could be read before. */
export function fileErrorOf(name: string, cause: unknown, wasRead = true): UploadError {
  if (isUploadError(cause)) return cause
  const kind = cause instanceof DOMException ? cause.name : ''
  if (kind === 'NotFoundError') {
    const message = `${name} is no longer where it was. Put it back and retry, or choose it again.`
    return new UploadError('file_gone', message, { cause })
  }
  if (kind === 'NotReadableError' && wasRead) {
    // Browsers refuse to read on once the size or date differ from when the file was chosen.
    const message = `${name} changed after you chose it. Choose it again to upload the new version.`
    return new UploadError('file_changed', message, { cause })
  }
  const message = `The browser cannot read ${name}. It may have been moved, changed or protected. Choose it again.`
  return new UploadError('file_unreadable', message, { cause })
}

/** The file was read twice with different bytes, and none of the two reads failed. */
export function fileChanged(name: string, cause: unknown): UploadError {
  const message = `${name} changed while it was uploaded. Choose it again to upload the new version.`
  return new UploadError('file_changed', message, { cause })
}

/** It looks like the file that was begun, but some of what was sent before is not in it. */
export function fileMismatch(name: string): UploadError {
  const message = `${name} is not the file that was begun: what was sent before is different. Upload it again from the beginning.`
  return new UploadError('file_mismatch', message)
}

/** Another file was chosen than the one that has to go on. */
export function fileNotExpected({ name, size }: Pick<FileInfo, 'name' | 'size'>, chosen: File): UploadError {
  const message = `That is a different file: ${chosen.name} (${chosen.size} bytes), expected ${name} (${size} bytes). Choose ${name}.`
  return new UploadError('file_mismatch', message)
}
