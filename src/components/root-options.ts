import type { UploadOptions, UploadSnapshot } from '../core/index.js'
import type { FileObject, UploadError } from '../protocol/index.js'
import type { UploadsProviderProps } from '../react/index.js'
import type { Verbosity } from './announcer.js'
import type { Validate } from './intake.js'
import type { Messages } from './messages.js'
import type { FileRejection } from './root-store.js'

/** Where uploads go; without one of the first three, the UploadsProvider above decides. */
export type Connection = {
  [Key in 'endpoint' | 'fetcher' | 'uploader' | 'headers' | 'credentials' | 'resumeKey' | 'uploaderOptions']?:
    | UploadsProviderProps[Key]
    | undefined
}

export interface RootOptions extends Connection {
  /** What OpenAI will use the files for; needed here or in the provider's defaults. */
  purpose?: UploadOptions['purpose'] | undefined
  /** Seconds until OpenAI deletes the files: 3600 to 2592000. */
  expiresAfter?: number | undefined
  /** For the backend's hooks; never sent to OpenAI. */
  metadata?: UploadOptions['metadata'] | undefined
  /** Options that differ by file; they win over the ones above. */
  getUploadOptions?: ((file: File) => Partial<UploadOptions>) | undefined
  /** Extensions (`.pdf`), MIME types or ranges (`image/*`): a list, or one string as for an input. @default what the purpose takes */
  accept?: string | readonly string[] | undefined
  /** Bytes. */
  minSize?: number | undefined
  /** Bytes; never above the 8 GiB of the API. */
  maxSize?: number | undefined
  /** Most files in the list; cancelled and expired ones do not count. */
  maxFiles?: number | undefined
  /** Whether more than one file can be in the list. @default true */
  multiple?: boolean | undefined
  disabled?: boolean | undefined
  /** Why, in a sentence for the person. */
  disabledReason?: string | undefined
  /** A list to look at: nothing can be added, and no row offers more than its file id. @default false */
  readOnly?: boolean | undefined
  /** What is wrong with the list, in a sentence for the person; `true` only marks it. */
  invalid?: boolean | string | undefined
  /** Says that a file is needed; a form has to enforce it. @default false */
  required?: boolean | undefined
  /** What the files are, as a form would ask for them; names the dropzone. @default messages.dropzone */
  label?: string | undefined
  /** The app's own check, also async: a sentence for the person refuses the file. */
  validate?: Validate | undefined
  /** Files that OpenAI already has, as rows to begin with. */
  initialFiles?: readonly FileObject[] | undefined
  /** Completed files, controlled: a file that is left out leaves the list. */
  value?: readonly FileObject[] | undefined
  defaultValue?: readonly FileObject[] | undefined
  onValueChange?: ((value: readonly FileObject[]) => void) | undefined
  onAdd?: ((uploads: readonly UploadSnapshot[]) => void) | undefined
  onReject?: ((rejections: readonly FileRejection[]) => void) | undefined
  onProgress?: ((upload: UploadSnapshot) => void) | undefined
  onComplete?: ((fileObject: FileObject, upload: UploadSnapshot) => void) | undefined
  /** Failed or expired; `cancelled` is not an error. */
  onError?: ((error: UploadError, upload: UploadSnapshot) => void) | undefined
  onCancel?: ((upload: UploadSnapshot) => void) | undefined
  /** Asked before anything is cancelled; a cancel can be undone as well, see `undoFor`. @default no question */
  confirmCancel?: ((uploads: readonly UploadSnapshot[]) => boolean | Promise<boolean>) | undefined
  /** Signs the person in again: adds a button for it, after which the uploads that waited for it go on. */
  onSignIn?: (() => void | Promise<void>) | undefined
  /** Deletes a finished file at OpenAI: adds a button for it, after which the row leaves the list. */
  onDelete?: ((fileObject: FileObject, upload: UploadSnapshot) => void | Promise<void>) | undefined
  /** The app's words over the English ones. Keep it outside the component, or every row draws again. */
  messages?: Partial<Messages> | undefined
  /** Language of numbers and times, as a BCP 47 tag. @default the page's `lang`, then the browser's */
  locale?: string | undefined
  /** What is said to screen readers; `off` leaves it to an `Uploads.Announcer` of your own. @default 'milestones' */
  announcements?: Verbosity | 'off' | undefined
}
