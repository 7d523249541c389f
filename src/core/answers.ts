import {
  type CreateUploadRequest,
  type FileObject,
  parseRemoteUpload,
  parseUploadPart,
  type RemoteUpload,
  UploadError,
  type UploadPart,
} from '../protocol/index.js'

// An answer counts only once it was looked at: a login page, a foreign JSON or another upload's reply must never pass.

/** Checks the answer to create: a pending Upload, with what we declared where the API echoes it. */
export function checkCreated(answer: unknown, request: CreateUploadRequest): RemoteUpload {
  const upload = parseRemoteUpload(answer)
  if (!upload) throw badAnswer('create', 'it is not an Upload')
  if (upload.status !== 'pending') throw badAnswer('create', `its status is ${upload.status}`)
  if (upload.bytes !== request.bytes)
    throw badAnswer('create', `it declares ${upload.bytes} bytes, not ${request.bytes}`)
  if (upload.purpose !== request.purpose) throw badAnswer('create', `its purpose is ${upload.purpose}`)
  if (upload.expires_at <= upload.created_at) throw badAnswer('create', 'it has no time left')
  return upload
}

/** Checks the answer to a part: a Part of this very Upload. */
export function checkPart(answer: unknown, uploadId: string): UploadPart {
  const part = parseUploadPart(answer)
  if (!part) throw badAnswer('addPart', 'it is not a Part')
  if (part.upload_id !== uploadId) throw badAnswer('addPart', 'it belongs to another Upload')
  return part
}

/** The error of a part whose id was given to another range before. */
export function repeatedPart(partId: string): UploadError {
  return badAnswer('addPart', `part id ${partId} was given before`)
}

/** What an upload comes to. */
export interface Completed {
  remote: RemoteUpload
  fileObject: FileObject
}

/** Checks the answer to complete: this Upload, completed, with the File it became, of the right size. */
export function checkCompleted(answer: unknown, pending: RemoteUpload): Completed {
  const remote = checkSame('complete', answer, pending)
  if (remote.status !== 'completed') throw badAnswer('complete', `its status is ${remote.status}`)
  if (!remote.file) throw badAnswer('complete', 'it has no file')
  if (remote.file.bytes !== null && remote.file.bytes !== pending.bytes) {
    throw new UploadError('integrity_failed', 'The uploaded copy has the wrong size. Upload the file again.', {
      hint: `The File has ${remote.file.bytes} bytes, the Upload declared ${pending.bytes}.`,
      uploadId: pending.id,
    })
  }
  return { remote, fileObject: remote.file }
}

/** Checks the answer to cancel: this Upload, cancelled (null), or completed before the cancel came. */
export function checkCancelled(answer: unknown, pending: RemoteUpload): Completed | null {
  const remote = checkSame('cancel', answer, pending)
  if (remote.status === 'completed') return checkCompleted(answer, pending)
  if (remote.status !== 'cancelled') throw badAnswer('cancel', `its status is ${remote.status}`)
  return null
}

function checkSame(call: string, answer: unknown, pending: RemoteUpload): RemoteUpload {
  const remote = parseRemoteUpload(answer)
  if (!remote) throw badAnswer(call, 'it is not an Upload')
  if (remote.id !== pending.id) throw badAnswer(call, 'it is another Upload')
  return remote
}

function badAnswer(call: string, why: string): UploadError {
  return new UploadError('bad_response', 'The server sent an unexpected answer. Try again.', {
    hint: `The answer to ${call} does not count: ${why}.`,
  })
}
