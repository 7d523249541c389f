import type { RemoteUpload } from '../protocol/index.js'
import { type Completed, checkCancelled, checkCompleted, checkCreated, checkPart } from './answers.js'
import type { Call } from './call.js'
import { fileChanged, fileErrorOf } from './file-check.js'
import type { JournalEntry } from './resume/journal.js'
import { classify } from './retry.js'
import type { Sending, Transfer } from './transfer.js'
import type { UploadHost } from './upload-host.js'
import { createRequestOf, type UploadOptions } from './upload-options.js'

// The four calls of one upload, each with the check of its answer. They decide nothing: what an answer or a failure means
// for the upload is for upload.ts.

/** What the calls need to know of an upload. */
export interface Caller {
  readonly host: UploadHost
  readonly file: File
  readonly options: UploadOptions
  readonly transfer: Transfer
}

export interface Created {
  remote: RemoteUpload
  token: string | undefined
  /** Ms from create to expiry. */
  lifetime: number
  /** When its hour is over at the earliest, in ms of this device's clock. */
  expiresAt: number
  /** Null where nothing is remembered. */
  entry: JournalEntry | null
}

/** Creates the Upload, and begins its record before anything is sent into it. */
export async function createUpload(call: Call, { host, file, options, transfer }: Caller): Promise<Created> {
  const request = createRequestOf(file, options)
  const { metadata } = options
  const sentAt = host.environment.now()
  const policy = host.loadPolicy()
  const answer: { upload?: unknown; token?: unknown } | null | undefined = await call.run((signal) =>
    host.fetcher.create(request, { signal, key: transfer.createKey, ...(metadata && { metadata }) }),
  )
  const remote = checkCreated(answer?.upload, request)
  const token = typeof answer?.token === 'string' ? answer.token : undefined
  // Asked together with the create, and hardly ever later: it tells how large a part may be. A backend may take its time
  // to say what it allows; a create that failed need not wait for that.
  await policy
  // The span, not the date: clocks differ, an hour does not.
  const lifetime = (remote.expires_at - remote.created_at) * 1000
  const expiresAt = sentAt + lifetime
  const entry = (await host.journal?.begin({ file, options, remote, token, expiresAt })) ?? null
  // Destroyed while it was written down: the next page may have it.
  if (call.wasStopped) entry?.release()
  return { remote, token, lifetime, expiresAt, entry }
}

/** Sends one range, and notes how far it is; gives the id of the Part that it became. */
export async function sendPart(
  call: Call,
  { host, file, transfer }: Caller,
  remote: RemoteUpload,
  sending: Sending,
  onMoved: () => void,
): Promise<string> {
  const { range } = sending
  const size = range.end - range.start
  // A whole File goes out more than twice as fast as a slice of all its bytes.
  const body = size === file.size ? file : file.slice(range.start, range.end)
  const part = { uploadId: remote.id, ...tokenOf(transfer), range, bytesTotal: file.size, body }
  const onProgress = (bytesSent: number) => {
    // A fetcher that ignores its signal goes on telling.
    if (call.wasStopped) return
    sending.sent = Math.min(bytesSent, size)
    call.moved(sending.sent === size, host.limits.response)
    onMoved()
  }
  const answer = await call.run((signal) => host.fetcher.addPart(part, { signal, onProgress }))
  return checkPart(answer, remote.id).id
}

/** Completes the Upload with its parts in file order; a mismatch is explained before it is thrown. */
export async function completeUpload(
  call: Call,
  caller: Caller,
  remote: RemoteUpload,
  md5: string | null,
): Promise<Completed> {
  const { host, transfer } = caller
  const partIds = transfer.partIds() ?? []
  const request = { uploadId: remote.id, ...tokenOf(transfer), partIds, ...(md5 !== null && { md5 }) }
  try {
    return checkCompleted(await call.run((signal) => host.fetcher.complete(request, { signal })), remote)
  } catch (thrown) {
    const { code } = classify(thrown, 'complete', host.environment.now()).error
    throw code === 'integrity_failed' ? await explainMismatch(thrown, caller, md5) : thrown
  }
}

/** Cancels the Upload; an Upload that completed before is told as such, null that it is cancelled. */
export async function cancelUpload(
  call: Call,
  { host, transfer }: Pick<Caller, 'host' | 'transfer'>,
  remote: RemoteUpload,
): Promise<Completed | null> {
  const request = { uploadId: remote.id, ...tokenOf(transfer) }
  return checkCancelled(await call.run((signal) => host.fetcher.cancel(request, { signal })), remote)
}

/** The server has other bytes than our MD5 says: either they went wrong on the way, or the file is no longer the same. */
async function explainMismatch(thrown: unknown, { host, file }: Caller, md5: string | null): Promise<unknown> {
  try {
    const again = await host.checksum?.(file)
    return !again || again.md5 === md5 ? thrown : fileChanged(file.name, thrown)
  } catch (cause) {
    return fileErrorOf(file.name, cause)
  }
}

function tokenOf({ token }: Transfer): { token?: string } {
  return token === undefined ? {} : { token }
}
