import type { FileObject, Purpose, UploadCall, UploadErrorCode } from '../protocol/index.js'
import type { UploadsStore } from './store.js'

// What an app passes to createUploadsHandler(), and what its hooks are told.

/** A string, or a function that is asked on every request, so that a build without secrets works. */
export type Credential = string | (() => string | undefined | Promise<string | undefined>)

/** One secret, or several while one is being changed: the first signs, all verify. */
export type Secrets =
  | string
  | readonly string[]
  | (() => string | readonly string[] | undefined | Promise<string | readonly string[] | undefined>)

/** Who is asking, as the app knows them. */
export interface UploadsUser {
  /** Stays the same for one person across requests: an upload belongs to the id that created it. */
  userId: string
}

export interface UploadsHandlerOptions<User extends UploadsUser = UploadsUser> {
  /** OpenAI API key. It never leaves the backend. */
  apiKey: Credential
  /**
   * Signs upload tokens: at least 32 random bytes, the same on every instance, not the API key.
   * Of a list the first signs and all verify: put a new secret last everywhere, then first, then drop the old one.
   */
  secret: Secrets
  /** What files may be uploaded for. There is no default, since a purpose decides what a file can cost. */
  purposes: readonly Purpose[]
  /** Tells who is asking; null is 401, a thrown Response is the answer, any other throw is a logged 500. */
  authorize: (request: Request) => User | null | undefined | Promise<User | null | undefined>
  /**
   * Sees every upload before OpenAI does. It may return changes; to refuse, throw an UploadError, or a Response. The row
   * shows the message of `new UploadError('file_rejected', 'Your plan has no room for this file.')` as it is; for other
   * codes it has words of its own.
   */
  onCreate?: (
    upload: NewUpload<User>,
  ) => NewUploadChanges | null | undefined | void | Promise<NewUploadChanges | null | undefined | void>
  /**
   * Told about every file that OpenAI has made; the browser's answer waits for it up to ten seconds.
   * A throw goes to `onError`, and the upload stays complete. Without a `store` it may be told twice: go by the file's id.
   */
  onComplete?: (fileObject: FileObject, user: User, upload: CompletedUpload) => unknown
  /**
   * Path of the handler as the browser sees it.
   * @default '/api/uploads'
   */
  basePath?: string
  /**
   * Where the Uploads API lives: https, or http on this machine. A region (`https://eu.api.openai.com/v1`), or
   * Azure OpenAI (`https://NAME.openai.azure.com/openai/v1`). Fixed here: no request and no header can change it.
   * @default 'https://api.openai.com/v1'
   */
  baseURL?: string
  /**
   * Header that carries the key: Azure OpenAI takes its own keys as `api-key`, and Entra tokens as `authorization`.
   * @default 'authorization', as a bearer token
   */
  apiKeyHeader?: 'authorization' | 'api-key'
  /**
   * Sent as the query `api-version`, which Azure OpenAI asks for outside its `/v1`.
   * @default none
   */
  apiVersion?: string
  /** Sent as `OpenAI-Organization`. */
  organization?: string
  /** Sent as `OpenAI-Project`. */
  project?: string
  /**
   * Extensions (`.pdf`), MIME types (`text/csv`) or ranges (`image/*`) to take.
   * @default what OpenAI documents for each purpose
   */
  accept?: readonly string[]
  /**
   * Most bytes in one file. Above 8 GiB with a `baseURL` only.
   * @default 8 GiB, OpenAI's own limit
   */
  maxBytes?: number
  /**
   * Most bytes in one part; lower it to what the platform lets through. Above 64 MiB with a `baseURL` only.
   * @default 64 MiB, OpenAI's own limit
   */
  maxPartBytes?: number
  /**
   * Requests at a time that one browser should send.
   * @default the browser decides
   */
  concurrency?: number
  /**
   * Seconds after which OpenAI deletes the file: set on uploads that ask for none, and the most that one may ask for.
   * @default files are kept, unless the browser asks otherwise
   */
  expiresAfter?: number
  /**
   * What one user may do; 429 beyond it. Counted in the `store`.
   * @default no limits
   */
  quotas?: UploadsQuotas
  /**
   * Where instances remember together: quotas, bytes of each upload, revoked uploads, and the answers to create and complete.
   * @default none; with `quotas` the memory of this process
   */
  store?: UploadsStore
  /**
   * Further origins whose pages may call the handler, written exactly (`https://app.example.com`).
   * @default the handler's own origin only
   */
  allowedOrigins?: readonly string[]
  /**
   * How slowly a body may be sent before it is refused with 408.
   * @default 30 seconds without a byte, 1000 bytes per second, 15 minutes in all
   */
  senderLimits?: SenderLimits
  /**
   * Calls the Uploads API.
   * @default globalThis.fetch
   */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  /**
   * The server's clock, in milliseconds.
   * @default Date.now
   */
  now?: () => number
  /**
   * Runs `callback` once after `ms`; what it returns calls that off.
   * @default setTimeout
   */
  setTimer?: (callback: () => void, ms: number) => () => void
  /**
   * Told about every request once it is answered: allow-listed fields, none of them secret.
   * @default nobody
   */
  logger?: (entry: UploadsLogEntry) => void
  /**
   * Told about failures that are not the browser's fault: a throw in `authorize`, a refused key, an unreachable API.
   * @default one console.error line, without key, secret, token or stack
   */
  onError?: (error: unknown, request: Request) => void
}

/** What a user wants to upload, checked against the options: what `onCreate` decides about. */
export interface NewUpload<User extends UploadsUser = UploadsUser> {
  readonly user: User
  /** Without path and control characters. */
  readonly filename: string
  readonly bytes: number
  readonly mimeType: string
  readonly purpose: Purpose
  /** What the browser sent along; empty when it sent nothing. */
  readonly metadata: Metadata
  /** Seconds after which OpenAI deletes the file, null when it is kept. */
  readonly expiresAfter: number | null
  /** For its headers and cookies; the body has been read. */
  readonly request: Request
}

/** What `onCreate` may put in place of what was asked for. */
export interface NewUploadChanges {
  filename?: string
  /** Reaches `onComplete` instead of the browser's: at most 1024 bytes as JSON, signed but readable for the user. */
  metadata?: Metadata
  /** Seconds, 3600 to 2592000; null keeps the file. */
  expiresAfter?: number | null
}

/** What `onComplete` is told beside the file and its user. */
export interface CompletedUpload {
  readonly uploadId: string
  /** As `onCreate` left it; empty when there is none. */
  readonly metadata: Metadata
}

export type Metadata = Readonly<Record<string, string>>

/** What one user may do; what is left out has no limit. */
export interface UploadsQuotas {
  /** Uploads begun in a minute. */
  createsPerMinute?: number
  /** Uploads that are neither completed, cancelled nor an hour old. A browser that sends four files needs four. */
  openUploads?: number
  /** Bytes of the files begun in 24 hours, as declared. */
  bytesPerDay?: number
  /** Parts under way at the same time, over all tabs and devices. */
  partsAtOnce?: number
}

/** How slowly a body may be sent; only time spent waiting for the sender counts, but for `totalSeconds`. */
export interface SenderLimits {
  /** Seconds without a byte. @default 30 */
  idleSeconds?: number
  /** Bytes per second on average, once it was waited for `idleSeconds` in all. @default 1000 */
  bytesPerSecond?: number
  /** Seconds for a whole body. @default 900 */
  totalSeconds?: number
}

/**
 * What a logger is told about one request: these fields and no others, none of them secret.
 * Users and file names are hashes under the handler's secret: equal ones can be found, and none can be guessed.
 */
export interface UploadsLogEntry {
  /** Null when no route fits. */
  call: UploadCall | 'preflight' | null
  /** HTTP status of the answer. */
  status: number
  /** Code of the error that was answered. */
  code: UploadErrorCode | null
  /** Hash of the userId, null before `authorize` has let somebody in. */
  user: string | null
  uploadId: string | null
  purpose: string | null
  /** Of the file at create, of the part at addPart. */
  bytes: number | null
  /** Hash of the file name, at create. */
  filename: string | null
  /** OpenAI's `x-request-id`: what its support asks for. */
  requestId: string | null
  durationMs: number
}
