import type { UploadErrorCode } from '../protocol/index.js'

/** A number to choose the plural by, and the same number as the reader's language writes it. */
export interface Count {
  count: number
  number: string
}

/** What an error text may mention, already in the reader's language; null where it is not known. */
export interface ErrorVariables {
  name: string
  size: string
  /** What kind of file it is, by its extension or its MIME type. */
  kind: string | null
  max: string
  min: string | null
  types: string | null
  maxFiles: string | null
  /** How much is safe on the server, when a retry goes on from there. */
  percent: string | null
  /** Until when it is safe. */
  until: string | null
  /** What the error itself says: for codes without a text of their own. */
  message: string
}

/** The same, for several files refused for one reason; `names` lists at most three of them. */
export interface RejectionVariables
  extends Omit<ErrorVariables, 'name' | 'size' | 'kind' | 'percent' | 'until'>,
    Count {
  names: string
}

/** What made an upload wait. */
export interface Trouble {
  code: UploadErrorCode
}

type ErrorMessages = { [Code in UploadErrorCode as `error_${Code}`]: string | ((error: ErrorVariables) => string) }

/** Every word the kit says. Keys starting with `announce` are heard, never seen. */
export interface Messages extends ErrorMessages {
  // dropzone
  dropzone: string
  labelRequired: (what: { label: string }) => string
  chooseFiles: string
  addMoreFiles: string
  orDrop: string
  drop: string
  dropCount: (files: Count) => string
  dropSome: (files: { fits: Count; all: Count }) => string
  dropUnknown: string
  dropRoom: (files: Count) => string
  dropRejected: (limits: { types: string | null }) => string
  full: (files: Count) => string
  reading: string
  readingFolder: (files: Count) => string
  stopReading: string
  folderEmpty: (folder: { name: string }) => string
  disabled: (why: { reason: string | null }) => string
  limits: (limits: { types: string | null; max: string; files: Count | null }) => string
  moreTypes: (types: Count) => string
  replaceFile: string
  orDropOne: string
  kindImage: string
  kindAudio: string
  kindVideo: string
  kindText: string

  // list
  list: string
  listOf: (files: { shown: Count; total: Count }) => string
  position: (at: { position: string; total: string }) => string
  statusWaiting: string
  statusPending: string
  statusCompleted: string
  statusCancelled: string
  statusExpired: string
  statusNotStarted: string

  // actions
  pause: string
  resume: string
  tryNow: string
  chooseFile: string
  chooseAgain: string
  signIn: string
  pauseOthers: string
  cancel: string
  cancelTooLate: string
  discard: string
  undo: string
  retry: string
  startAgain: string
  uploadAgain: string
  uploadAsNew: string
  uploadAnyway: string
  remove: string
  delete: string
  copyId: string
  copied: string
  details: string
  copyDetails: string
  detailCode: string
  detailStatus: string
  detailRequest: string
  detailUpload: string
  dismiss: string
  dismissOne: (file: { name: string }) => string
  showAll: (files: Count) => string
  showFewer: string

  // what a row is doing
  queued: string
  queuedBehind: (uploads: Count) => string
  queuedToContinue: (at: { percent: string }) => string
  creating: string
  /** The percentage where it is known, which it is of large files. */
  checking: (at: { percent: string | null }) => string
  bytes: (bytes: { sent: string; total: string }) => string
  timeLeft: (left: { duration: string }) => string
  fewSecondsLeft: string
  stalled: string
  expiresAt: (at: { time: string }) => string
  expiresIn: (left: { duration: string }) => string
  atRisk: (at: { time: string; duration: string }) => string
  paused: (at: { percent: string }) => string
  pausedForSignIn: (at: { percent: string; time: string | null }) => string
  offline: string
  interrupted: (at: { name: string; percent: string }) => string
  differentFile: (file: { name: string; sizes: { chosen: string; expected: string } | null }) => string
  retrying: (wait: Trouble & { seconds: string; attempt: string }) => string
  /** The server asked for this wait. */
  rateLimited: (wait: Trouble & { seconds: string }) => string
  completing: string
  stillCompleting: string
  cancelling: string
  /** Before all that is said of an upload that another tab sends. */
  inOtherTab: string
  cancelledAt: (at: { percent: string }) => string
  cancelUnconfirmed: (at: { time: string }) => string
  partMap: (parts: { accepted: string; total: Count; sending: Count; retried: Count }) => string
  tooSlow: (file: { speed: string; duration: string }) => string

  // refused files
  rejections: string
  rejectedMany: (files: RejectionVariables & { code: UploadErrorCode }) => string
  andMore: (files: Count) => string

  // forms
  formRequired: string
  formPending: (uploads: Count) => string
  formHeld: (uploads: Count) => string
  formStopped: (uploads: Count) => string

  // summary
  uploadingCount: (files: { current: string; total: Count }) => string
  uploadedAndAttention: (files: { uploaded: Count; attention: Count }) => string
  uploadedCount: (files: Count) => string
  cancelledCount: (files: Count) => string
  pausedCount: (files: Count) => string
  offlineCount: (files: Count) => string
  interruptedCount: (files: Count) => string
  reopenableCount: (files: Count) => string
  uploadedOf: (files: { uploaded: Count; total: Count }) => string
  overall: string
  pauseAll: string
  resumeAll: string
  cancelAll: string
  retryAll: (files: Count) => string
  clearFinished: string
  needsAttention: string
  showFinished: (files: Count) => string
  hideFinished: string
  discardAll: string
  noMatch: (file: { name: string }) => string

  // heard only
  announceDragOver: string
  announceDragLeft: string
  announceAdded: (files: { name: string } & Count) => string
  announceMilestone: (at: { name: string | null; percent: string }) => string
  announceCompleted: (files: { name: string; left: Count } & Count) => string
  announceCount: (files: { uploaded: Count; total: Count }) => string
  announceCancelled: (files: { name: string } & Count) => string
  announceFailed: (files: { text: string } & Count) => string
  announcePaused: (at: { name: string; percent: string }) => string
  announceRetrying: (file: Trouble & { name: string }) => string
  announceOnline: string
  announceCopied: string
  announceReading: string
  announceAtRisk: (file: { name: string; time: string }) => string
  announceFinishing: (file: { name: string }) => string
}

const files = ({ count, number }: Count) => `${number} ${count === 1 ? 'file' : 'files'}`
const uploads = ({ count, number }: Count) => `${number} ${count === 1 ? 'upload' : 'uploads'}`
const safe = ({ percent, until }: ErrorVariables) =>
  percent ? ` ${percent} is safe${until ? ` until ${until}` : ''}.` : ''
const unsent = (why: string) => (error: ErrorVariables) =>
  `Couldn’t send ${error.name}: ${why}.${safe(error) || ' Try again.'}`

/** What a wait is blamed on: the connection only where it was the connection. */
function trouble(code: UploadErrorCode): string {
  switch (code) {
    case 'network':
      return 'Connection lost'
    case 'timeout':
      return 'The connection is too slow right now'
    case 'server_error':
    case 'upstream_error':
      return 'The upload service had a problem'
    case 'bad_response':
      return 'The server sent an unexpected answer'
    case 'part_incomplete':
      return 'A piece arrived incomplete'
    case 'rate_limited':
      return 'Too many uploads at once'
    default:
      return 'Something went wrong'
  }
}

export const english: Messages = {
  dropzone: 'File upload',
  labelRequired: ({ label }) => `${label} (required)`,
  chooseFiles: 'Choose files',
  addMoreFiles: 'Add more files',
  orDrop: 'or drop them here',
  drop: 'Drop files here',
  dropCount: (count) => `Drop to add ${files(count)}`,
  dropSome: ({ fits, all }) => `Drop to add ${fits.number} of ${files(all)}`,
  dropUnknown: 'Drop to check these files',
  dropRoom: ({ count, number }) => `You can add ${number} more ${count === 1 ? 'file' : 'files'}.`,
  dropRejected: ({ types }) => `These can’t be added here.${types ? ` Allowed: ${types}.` : ''}`,
  full: (count) =>
    count.count === 1
      ? 'File added. Remove it to add another.'
      : `${count.number} of ${files(count)} added. Remove one to add another.`,
  reading: 'Reading files…',
  readingFolder: (count) => `Reading folder… ${files(count)} found`,
  stopReading: 'Stop',
  folderEmpty: ({ name }) => `There are no files in ${name}.`,
  disabled: ({ reason }) => `Uploads are turned off.${reason ? ` ${reason}` : ''}`,
  limits: ({ types, max, files: most }) =>
    `${types ? `${types}. ` : ''}Up to ${max} each${most ? `, ${files(most)}` : ''}.`,
  moreTypes: ({ number }) => `${number} more`,
  replaceFile: 'Replace file',
  orDropOne: 'or drop it here',
  kindImage: 'Images',
  kindAudio: 'Audio',
  kindVideo: 'Video',
  kindText: 'Text',

  list: 'Uploads',
  listOf: ({ shown, total }) =>
    shown.count === total.count ? `Uploads, ${files(total)}` : `Uploads, ${shown.number} of ${files(total)}`,
  position: ({ position, total }) => `${position} of ${total}`,
  statusWaiting: 'Waiting',
  statusPending: 'Pending',
  statusCompleted: 'Completed',
  statusCancelled: 'Cancelled',
  statusExpired: 'Expired',
  statusNotStarted: 'Not started',

  pause: 'Pause',
  resume: 'Resume',
  tryNow: 'Try now',
  chooseFile: 'Choose file',
  chooseAgain: 'Choose again',
  signIn: 'Sign in',
  pauseOthers: 'Pause other uploads',
  cancel: 'Cancel',
  cancelTooLate: 'Too late to cancel: the file is being finished.',
  discard: 'Discard',
  undo: 'Undo',
  retry: 'Retry',
  startAgain: 'Start again',
  uploadAgain: 'Upload again',
  uploadAsNew: 'Upload it as a new file',
  uploadAnyway: 'Upload anyway',
  remove: 'Remove',
  delete: 'Delete',
  copyId: 'Copy id',
  copied: 'Copied',
  details: 'Details',
  copyDetails: 'Copy',
  detailCode: 'Error code',
  detailStatus: 'HTTP status',
  detailRequest: 'Request id',
  detailUpload: 'Upload id',
  dismiss: 'Dismiss',
  dismissOne: ({ name }) => `Dismiss message about ${name}`,
  showAll: ({ number }) => `Show all ${number}`,
  showFewer: 'Show fewer',

  queued: 'Waiting to start',
  queuedBehind: ({ count, number }) => `Waiting for ${number} other ${count === 1 ? 'upload' : 'uploads'}`,
  queuedToContinue: ({ percent }) => `Waiting to continue from ${percent}`,
  creating: 'Starting',
  checking: ({ percent }) => `Checking the file${percent ? `, ${percent}` : ''}`,
  bytes: ({ sent, total }) => `${sent} of ${total}`,
  timeLeft: ({ duration }) => `about ${duration} left`,
  fewSecondsLeft: 'a few seconds left',
  stalled: 'Waiting for the connection',
  expiresAt: ({ time }) => `Expires at ${time}.`,
  expiresIn: ({ duration }) => `Expires in ${duration}.`,
  atRisk: ({ time, duration }) => `Expires at ${time}. At this speed it needs ${duration} more than that.`,
  paused: ({ percent }) => `Paused at ${percent}.`,
  pausedForSignIn: ({ percent, time }) =>
    `You’ve been signed out. Sign in to continue; ${percent} is safe${time ? ` until ${time}` : ''}.`,
  offline: 'You’re offline. Continues by itself.',
  interrupted: ({ name, percent }) => `Choose ${name} again to continue from ${percent}.`,
  differentFile: ({ name, sizes }) =>
    `That’s a different file${sizes ? ` (${sizes.chosen}, expected ${sizes.expected})` : ''}. Choose ${name}.`,
  retrying: ({ code, seconds, attempt }) => `${trouble(code)}. Trying again in ${seconds} (try ${attempt}).`,
  rateLimited: ({ code, seconds }) => `${trouble(code)}. Continuing in ${seconds}.`,
  completing: 'Finishing',
  stillCompleting: 'Still finishing. Large files can take a minute.',
  cancelling: 'Cancelling',
  inOtherTab: 'In another tab',
  cancelledAt: ({ percent }) => `Cancelled at ${percent}.`,
  cancelUnconfirmed: ({ time }) => `Cancelled here. The unfinished copy expires at ${time}.`,
  partMap: ({ accepted, total, sending, retried }) =>
    `${accepted} of ${total.number} ${total.count === 1 ? 'part' : 'parts'} accepted${
      sending.count > 0 ? `, ${sending.number} sending` : ''
    }${retried.count > 0 ? `, ${retried.number} of them once more` : ''}`,
  tooSlow: ({ speed, duration }) => `At ${speed} this file needs about ${duration}.`,

  rejections: 'Files that were not added',
  rejectedMany: ({ code, number, names, max, min, types, maxFiles, message }) => {
    switch (code) {
      case 'file_too_large':
        return `${number} files are too large: ${names}. The limit is ${max}.`
      case 'file_too_small':
        return `${number} files are too small: ${names}.${min ? ` At least ${min} is needed.` : ''}`
      case 'file_empty':
        return `${number} files are empty (0 bytes): ${names}.`
      case 'file_type_not_allowed':
        return `${number} files are of another kind: ${names}.${types ? ` Allowed: ${types}.` : ''}`
      case 'file_duplicate':
        return `${number} files are already in the list: ${names}.`
      case 'file_mismatch':
        return `${number} files are none of those that can continue: ${names}.`
      case 'too_many_files':
        return `You can add ${maxFiles} files. ${number} were not added: ${names}.`
      default:
        return `${number} files were not added: ${names}. ${message}`
    }
  },
  andMore: ({ number }) => `${number} more`,

  formRequired: 'Choose a file.',
  formPending: (count) => `Wait for ${uploads(count)} to finish, or cancel ${count.count === 1 ? 'it' : 'them'}.`,
  formHeld: (count) =>
    count.count === 0
      ? 'Submitting…'
      : `Submits by itself once ${uploads(count)} ${count.count === 1 ? 'has' : 'have'} finished.`,
  formStopped: (count) =>
    `Not submitted: ${uploads(count)} stopped. Retry, or submit again without ${count.count === 1 ? 'it' : 'them'}.`,

  uploadingCount: ({ current, total }) => `Uploading ${current} of ${files(total)}`,
  uploadedAndAttention: ({ uploaded, attention }) =>
    `${uploaded.number} uploaded, ${attention.number} ${attention.count === 1 ? 'needs' : 'need'} attention`,
  uploadedCount: (count) => `${files(count)} uploaded`,
  cancelledCount: (count) => `${uploads(count)} cancelled`,
  pausedCount: (count) => `${uploads(count)} paused`,
  offlineCount: (count) => `You’re offline. ${uploads(count)} ${count.count === 1 ? 'is' : 'are'} waiting.`,
  interruptedCount: (count) => `${uploads(count)} can continue. Choose the files again.`,
  reopenableCount: (count) => `${uploads(count)} can continue.`,
  uploadedOf: ({ uploaded, total }) => `${uploaded.number} of ${files(total)} uploaded`,
  overall: 'All uploads',
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
  cancelAll: 'Cancel all',
  retryAll: ({ number }) => `Retry ${number}`,
  clearFinished: 'Clear finished',
  needsAttention: 'Needs attention',
  showFinished: (count) => `Show ${count.number} uploaded ${count.count === 1 ? 'file' : 'files'}`,
  hideFinished: 'Hide uploaded files',
  discardAll: 'Discard all',
  noMatch: ({ name }) => `${name} is none of the files that can continue.`,

  announceDragOver: 'Files over the drop area. Drop to add.',
  announceDragLeft: 'Left the drop area.',
  announceAdded: ({ name, ...count }) => `${count.count === 1 ? name : files(count)} added.`,
  announceMilestone: ({ name, percent }) =>
    name ? `${name}: ${percent} uploaded.` : `${percent} of all files uploaded.`,
  announceCompleted: ({ name, left, ...count }) =>
    `${count.count === 1 ? name : files(count)} uploaded${left.count > 0 ? `, ${left.number} left` : ''}.`,
  announceCount: ({ uploaded, total }) => `${uploaded.number} of ${files(total)} uploaded.`,
  announceCancelled: ({ name, ...count }) =>
    count.count === 1 ? `Upload of ${name} cancelled.` : `${uploads(count)} cancelled.`,
  announceFailed: ({ text, ...count }) => (count.count === 1 ? text : `${uploads(count)} stopped and need attention.`),
  announcePaused: ({ name, percent }) => `${name} paused at ${percent}.`,
  announceRetrying: ({ code, name }) => `${trouble(code)}. Trying again with ${name}.`,
  announceOnline: 'You’re online again. Uploads continue.',
  announceCopied: 'File id copied.',
  announceReading: 'Reading files.',
  announceAtRisk: ({ name, time }) => `${name} may not be finished before it expires at ${time}.`,
  announceFinishing: ({ name }) => `${name} is being finished.`,

  error_file_empty: ({ name }) => `${name} is empty (0 bytes). Check the file and choose it again.`,
  error_file_too_small: ({ name, size, min }) =>
    `${name} is too small: ${size}.${min ? ` It needs at least ${min}.` : ''}`,
  error_file_too_large: ({ name, size, max }) => `${name} is too large: ${size}. The limit is ${max}.`,
  error_file_type_not_allowed: ({ name, kind, types }) =>
    types
      ? `${name} is ${kind ? `a ${kind} file` : 'of another kind'}. Allowed: ${types}.`
      : `OpenAI can’t use ${name} for this purpose${kind ? `: it is a ${kind} file` : ''}.`,
  error_too_many_files: ({ name, maxFiles }) =>
    `${name} was not added.${maxFiles ? ` You can add ${maxFiles}; remove one first.` : ''}`,
  error_file_duplicate: ({ name }) => `${name} is already in the list.`,
  error_file_rejected: ({ name }) => `${name} can’t be added here. Choose another file.`,
  error_file_unreadable: ({ name }) =>
    `The browser can’t open ${name}. It may be moved, protected or still syncing. Choose it again.`,
  error_file_changed: ({ name }) => `${name} changed after you chose it. Choose it again to upload the new version.`,
  error_file_gone: ({ name }) => `${name} is no longer there. Choose it again.`,
  error_file_mismatch: ({ name, size }) => `That’s a different file than the one begun. Choose ${name} (${size}).`,
  error_auth_required: ({ name, percent, until }) =>
    percent
      ? `You’ve been signed out. Sign in to continue; ${percent} of ${name} is safe${until ? ` until ${until}` : ''}.`
      : `You’ve been signed out. Sign in to upload ${name}.`,
  error_forbidden: ({ name }) => `You don’t have permission to upload ${name} here.`,
  error_token_invalid: ({ name }) => `The permission to upload ${name} is no longer valid. Upload it again.`,
  error_rate_limited: unsent('there are too many uploads at once'),
  error_quota_exceeded: ({ name }) => `The upload allowance for this account is used up. ${name} wasn’t uploaded.`,
  error_not_found: ({ name }) => `The server no longer knows this upload of ${name}. Upload it again.`,
  error_method_not_allowed: ({ name }) =>
    `${name} can’t be uploaded: uploads aren’t set up on this site. Tell the site owner.`,
  error_invalid_request: ({ name }) => `OpenAI didn’t accept ${name}. See Details.`,
  error_part_too_large: ({ name }) => `This site can’t accept files as large as ${name}. Tell the site owner.`,
  error_part_incomplete: unsent('a piece of it arrived incomplete'),
  error_upstream_auth: ({ name }) =>
    `${name} can’t be uploaded: uploads aren’t set up on this site. Tell the site owner.`,
  error_upstream_error: unsent('the upload service had a problem'),
  error_network: unsent('the connection was lost'),
  error_timeout: unsent('the connection is too slow right now'),
  error_server_error: unsent('the upload service had a problem'),
  error_bad_response: unsent('the server sent an unexpected answer'),
  error_integrity_failed: ({ name }) =>
    `The uploaded copy of ${name} doesn’t match your file, so it wasn’t kept. Upload it again.`,
  error_outcome_unknown: ({ name }) =>
    `The connection broke at the very end. ${name} may have arrived: check before you upload it again.`,
  error_expired: ({ name }) => `${name} wasn’t finished within 1 hour, so it was discarded. Start again.`,
  error_cancelled: ({ name }) => `The upload of ${name} was cancelled.`,
  error_invalid_options: ({ name }) =>
    `${name} can’t be uploaded: uploads aren’t set up correctly here. Tell the site owner.`,
  error_unknown: ({ name }) => `Something went wrong with ${name}. See Details.`,
}

/** The app's words over the English ones. */
export function withEnglish(messages: Partial<Messages> | undefined): Messages {
  return messages ? { ...english, ...messages } : english
}
