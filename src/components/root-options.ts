import type { FormEventHandler } from 'react'
import type { UploadOptions, UploadSnapshot } from '../core/index.js'
import type { FileObject, UploadError } from '../protocol/index.js'
import type { UploadsProviderProps } from '../react/index.js'
import type { Verbosity } from './announcements.js'
import type { SubmitWhilePending } from './form-state.js'
import type { Validate } from './intake.js'
import type { Messages } from './messages.js'
import type { FileRejection } from './root-store.js'
import type { FormValue } from './uploaded-file.js'

/** Where uploads go; without one of the first three, the UploadsProvider above decides. */
export type Connection = {
  [Key in 'endpoint' | 'fetcher' | 'uploader' | 'headers' | 'credentials' | 'resumeKey' | 'uploaderOptions']?:
    | UploadsProviderProps[Key]
    | undefined
}

/** What a form asks of any control. `Multiple` is false for the one file of `multiple={false}`. */
export interface FormOptions<Multiple extends boolean = true> {
  /** Whether the list takes more than one file; without, the next file replaces the last and the value is one file or null. @default true */
  multiple?: Multiple | undefined
  /** Completed files, controlled: a file that is left out leaves the list, one that is new joins it. */
  value?: FormValue<Multiple> | undefined
  /** Completed files to begin with, and what a reset of the form goes back to. */
  defaultValue?: FormValue<Multiple> | undefined
  onValueChange?: ((value: FormValue<Multiple>) => void) | undefined
  /** Posts the id of each completed file with the form under this name; never the file itself. */
  name?: string | undefined
  /** Id of the form it belongs to. @default the form around it */
  form?: string | undefined
  /** The form is not submitted without a completed file. @default false */
  required?: boolean | undefined
  /** No more files, no buttons, and nothing is posted; uploads under way go on. So does a `<fieldset disabled>` around it. */
  disabled?: boolean | undefined
  /** The list as it is: no dropzone and nothing to press but what copies; files are posted. */
  readOnly?: boolean | undefined
  /** The app's own verdict on the value; a sentence is shown beside the dropzone. @default false */
  invalid?: boolean | string | undefined
  /** The form was refused because of this list; `preventDefault()` leaves the message and the focus to the app. */
  onInvalid?: FormEventHandler<HTMLInputElement> | undefined
  /** A submission while uploads are under way is refused, waits until they end, or goes without them. @default 'block' */
  submitWhilePending?: SubmitWhilePending | undefined
}

export interface RootOptions<Multiple extends boolean = true> extends Connection, FormOptions<Multiple> {
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
  /** Which camera a phone opens in place of its picker, as for an input. @default the picker */
  capture?: 'user' | 'environment' | undefined
  /** Bytes. */
  minSize?: number | undefined
  /** Bytes; never above the 8 GiB of the API. */
  maxSize?: number | undefined
  /** Most files in the list; cancelled and expired ones do not count. With 1, the next file replaces the last. */
  maxFiles?: number | undefined
  /** Most files of which the completed ones are listed unasked; above, `Uploads.SummaryFold` brings them out. @default Infinity; 50 in UploadDropzone */
  foldAbove?: number | undefined
  /** Why it is disabled, in a sentence for the person. */
  disabledReason?: string | undefined
  /** What the files are, as a form would ask for them; names the dropzone. @default messages.dropzone */
  label?: string | undefined
  /** The app's own check, also async: a sentence for the person refuses the file. */
  validate?: Validate | undefined
  /** Files that OpenAI already has, as rows to begin with: `defaultValue` in the API's own words. */
  initialFiles?: readonly FileObject[] | undefined
  onAdd?: ((uploads: readonly UploadSnapshot[]) => void) | undefined
  onReject?: ((rejections: FileRejection[]) => void) | undefined
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
