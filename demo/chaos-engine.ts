import {
  createIndexedDbResumeStore,
  createProxyFetcher,
  createUploader,
  forgetUploads,
  type UploaderOptions,
} from '../src/core/index.js'
import { makeFile } from '../src/testing/index.js'

// The engine in a page without a user interface, for runs of many uploads. Only tests load it.

export interface ChaosFile {
  name: string
  bytes: number
  seed: number
}

/** How an upload ended, and what a test needs to compare it with what the API has. */
export interface ChaosOutcome {
  name: string
  /** `completed`, or the code of the error. */
  code: string
  fileId: string | null
  sha256: string
}

export interface ChaosOptions
  extends Pick<UploaderOptions, 'limits' | 'retry' | 'concurrency' | 'partSize' | 'minPartSize'> {
  /** Remembers uploads, under this key. */
  resumeKey?: string
  /** Sent with every call. */
  headers?: Record<string, string>
}

/** Uploads files whose bytes follow from their seeds; one bad end does not stop the others. */
async function upload(files: readonly ChaosFile[], options: ChaosOptions = {}): Promise<ChaosOutcome[]> {
  const uploader = engine(options)
  const outcomes = files.map(async ({ name, bytes, seed }) => {
    const file = fileOf(name, bytes, seed)
    const sha256 = await sha256Of(file)
    return uploader.run(uploader.add(file)).then(
      ({ id }) => ({ name, code: 'completed', fileId: id, sha256 }),
      (error: { code: string }) => ({ name, code: error.code, fileId: null, sha256 }),
    )
  })
  const done = await Promise.all(outcomes)
  uploader.destroy()
  return done
}

function engine({ resumeKey, headers, ...options }: ChaosOptions) {
  return createUploader({
    fetcher: createProxyFetcher({ endpoint: '/api/uploads', ...(headers && { headers }) }),
    defaults: { purpose: 'user_data' },
    retry: { baseDelay: 5, maxDelay: 100, giveUpAfter: 30_000 },
    ...(resumeKey !== undefined && { resumeStore: createIndexedDbResumeStore(resumeKey) }),
    ...options,
  })
}

/** A File that lives in the origin's own file system: its handle can be read after a reload without a prompt. */
async function fileWithHandle({ name, bytes, seed }: ChaosFile): Promise<File> {
  const folder = await navigator.storage.getDirectory()
  const handle = await folder.getFileHandle(name, { create: true })
  const writable = await handle.createWritable()
  await writable.write(fileOf(name, bytes, seed))
  await writable.close()
  return Object.assign(await handle.getFile(), { handle })
}

function fileOf(name: string, bytes: number, seed: number): File {
  return makeFile(name, bytes, { type: 'application/octet-stream', seed, lastModified: 1 })
}

async function sha256Of(file: File): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const chaos = { upload, engine, fileOf, fileWithHandle, forgetUploads, sha256Of }
export type ChaosPage = typeof chaos
Object.assign(globalThis, { chaos })
