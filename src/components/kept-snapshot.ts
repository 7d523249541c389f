import type { UploadSnapshot } from '../core/index.js'
import type { FileObject } from '../protocol/index.js'
import type { UploadedFile } from './uploaded-file.js'

/** A row for a file that OpenAI already has; `fileObject` where the app knows more of it than its value says. */
export function keptSnapshot(
  file: UploadedFile,
  purpose: string,
  fileObject = fileObjectOf(file, purpose),
): UploadSnapshot {
  const bytes = file.bytes ?? 0
  return {
    id: file.fileId,
    file: { name: file.name, size: bytes, type: '', lastModified: fileObject.created_at * 1000 },
    options: { purpose: fileObject.purpose },
    checksum: 'off',
    checksumPercent: null,
    warnings: [],
    expiresAt: null,
    willExpire: false,
    needsFile: false,
    canReopen: false,
    inOtherTab: false,
    status: 'completed',
    fileObject,
    remote: {
      id: file.uploadId ?? file.fileId,
      object: 'upload',
      bytes,
      created_at: fileObject.created_at,
      expires_at: fileObject.created_at,
      filename: file.name,
      purpose: fileObject.purpose,
      status: 'completed',
      file: fileObject,
    },
    progress: {
      bytesTotal: bytes,
      bytesAccepted: bytes,
      bytesSent: bytes,
      fraction: 1,
      percent: 100,
      bytesPerSecond: null,
      secondsLeft: null,
      accepted: [{ start: 0, end: bytes }],
      sending: [],
      parts: { accepted: [], size: null },
    },
  }
}

function fileObjectOf({ fileId, name, bytes }: UploadedFile, purpose: string): FileObject {
  return { id: fileId, object: 'file', bytes, created_at: 0, filename: name, purpose }
}
