import type { Uploads } from '../../src/index.js'

export interface PartTexts {
  /** The element, and its role where that is another one. */
  element: string
  purpose: string
  /** Attributes to style by, beside `data-slot`. */
  attributes?: Record<string, string>
  /** Beside those of its element and those of every part: type, and what it does. */
  props?: Record<string, [type: string, text: string]>
  keyboard?: string
  announced?: string
  /** Further `data-slot`s in it, variables, and what else there is to hold on to. */
  slots?: string
}

const row = {
  'data-phase':
    'what goes on here: queued, creating, uploading, retrying, paused, offline, interrupted, completing, cancelling, completed, cancelled, failed, expired',
  'data-status': 'OpenAI’s word: pending, completed, cancelled, expired; absent before the Upload exists',
}
const action = (words: string) => ({ ...row, 'data-action': words })
const press = 'Enter or Space. Where the button goes away, focus goes to its row, never to the page.'
const named = ' Its name is its words and the file’s name: keep an ItemName in the row.'
const list = 'Enter or Space. Where the button goes away, focus goes to the Summary.'
const text = { children: ['(text) => ReactNode', 'draws the words itself'] } satisfies PartTexts['props']
const undo = { undoFor: ['number', 'ms during which it can be undone, 0'] } satisfies PartTexts['props']

/** What the docs page of each part says; the stories hold the attributes against the page. */
export const PART_TEXTS: Record<keyof typeof Uploads, PartTexts> = {
  Root: {
    element: 'div',
    purpose: 'Holds a list of uploads and everything that decides over it; the parts in it show that list.',
    attributes: {
      'data-disabled': 'nothing can be added',
      'data-readonly': 'a list to look at',
      'data-invalid': 'the app says that it is wrong',
    },
    props: {
      endpoint: ['string', 'the backend; or `fetcher`, or `uploader`, or none inside an UploadsProvider'],
      purpose: ['string', 'what the files are for, as OpenAI takes it'],
      maxFiles: ['number', 'how many files there may be'],
      disabled: ['boolean', 'nothing can be added'],
      readOnly: ['boolean', 'the files, and nothing that changes them'],
    },
    keyboard: 'No stop of its own. Its ref is an UploadsHandle, with focus() for an error summary.',
    announced: 'By the Announcer that it brings along.',
  },
  Label: {
    element: 'span',
    purpose: 'The `label` of the Root, with “(required)” where it is; it names the dropzone.',
    attributes: {
      'data-required': 'the form needs a file',
      'data-invalid': 'the form was refused because of this list',
    },
  },
  Dropzone: {
    element: 'div, role group',
    purpose: 'Takes what is dropped, pasted or pressed, folders too.',
    attributes: {
      'data-drag': 'accept, reject (only when that is certain) or unknown, while files are over it',
      'data-dragging': 'files are dragged somewhere over the page',
      'data-reading': 'files are read or checked',
      'data-full': 'there is no room',
      'data-disabled': 'nothing can be added',
      'data-invalid': 'the form was refused because of this list',
      'data-required': 'the form needs a file',
    },
    props: { children: ['(state) => ReactNode', 'with count, fits, room and found beside the state'] },
    keyboard: 'No stop: its Trigger is one. Ctrl+V or Cmd+V inside it adds the files of the clipboard.',
    announced: 'Assertively, once as files come over it and once as they leave.',
  },
  Trigger: {
    element: 'button',
    purpose: 'Opens the file picker, inside a Dropzone or without one.',
    attributes: {
      'data-disabled': 'nothing can be added',
      'data-full': 'there is no room',
      'data-invalid': 'the form was refused because of this list',
    },
    keyboard:
      'The one stop of an empty dropzone. Enter or Space. Stays a stop, with the reason, where the list is full.',
  },
  DropHint: {
    element: 'span',
    purpose: 'What a drop would do, that a folder is read, that the list is full, or why it is disabled.',
    attributes: {
      'data-idle': 'only an invitation, which means nothing to fingers',
      'data-drag': 'as of the Dropzone',
    },
  },
  StopReading: {
    element: 'button',
    purpose: 'Stops reading a folder or checking files; nothing of it is added.',
    keyboard: press,
  },
  Limits: {
    element: 'p',
    purpose: 'What can be added, out of the very numbers that are enforced; describes the Trigger.',
  },
  FormError: {
    element: 'p',
    purpose: 'Why the form was not submitted, or what it waits for; describes the Trigger.',
    attributes: { 'data-tone': 'danger, or neutral while the form waits' },
    props: { children: ['(message) => ReactNode', 'draws the words itself'] },
  },
  Rejections: {
    element: 'div, role group',
    purpose: 'Files that were not added and why, one sentence a reason, until somebody dismisses it.',
    props: { children: ['(rejections, dismiss) => ReactNode', 'draws it all itself'] },
    keyboard: 'Its buttons are stops; after Dismiss, focus goes to the Trigger.',
    announced: 'Assertively, one message for a drop, with three names at most.',
  },
  OfflineBanner: {
    element: 'div',
    purpose: 'How many uploads wait for the connection, while none can go on.',
    props: text,
    announced: 'Once each way, politely.',
  },
  OfflineTry: { element: 'button', purpose: 'Tries at once whether the connection is back.', keyboard: list },
  RestoredBanner: {
    element: 'div',
    purpose: 'How many uploads an earlier page left behind.',
    props: text,
    announced: 'Once, politely.',
  },
  RestoredResume: {
    element: 'button',
    purpose:
      'Lets several files be chosen at once, of which each finds its row; Resume all where the browser kept them.',
    attributes: { 'data-action': 'choose or resume' },
    keyboard: list,
  },
  RestoredDiscard: {
    element: 'button',
    purpose: 'Gives up everything that an earlier page left behind.',
    keyboard: list,
  },
  Summary: {
    element: 'div',
    purpose: 'The whole list in one line; nothing while the list is empty.',
    attributes: {
      'data-busy': 'something is in line, on its way or paused',
      'data-attention': 'something failed or expired',
    },
    props: { children: ['(summary) => ReactNode', 'draws the figures itself'] },
    keyboard: 'No stop, but takes focus when its own button has gone.',
    announced: 'At 25, 50 and 75 percent of all, 15 seconds apart at least, and how it ended.',
  },
  SummaryProgress: {
    element: 'div, role progressbar',
    purpose: 'How far all of it is, by bytes; gone once nothing is under way.',
    slots: '`--ou-progress`: 0 to 1.',
  },
  SummaryPause: {
    element: 'button',
    purpose: 'Pause all, or Resume all once nothing is running.',
    attributes: { 'data-action': 'pause or resume' },
    keyboard: list,
  },
  SummaryCancel: {
    element: 'button',
    purpose: 'Cancels everything that is not finished.',
    props: undo,
    keyboard: list,
  },
  SummaryRetry: {
    element: 'button',
    purpose: 'Tries everything again that failed, or uploads everything again once all was cancelled.',
    attributes: { 'data-action': 'retry or again' },
    keyboard: list,
  },
  SummaryClear: { element: 'button', purpose: 'Takes completed rows off the list.', keyboard: list },
  SummaryFilter: {
    element: 'button, pressed or not',
    purpose: 'Shows only the rows that need attention, and all of them again.',
    attributes: { 'data-pressed': 'only these are shown' },
    keyboard: list,
  },
  SummaryFold: {
    element: 'button, expanded or not',
    purpose: 'Shows the completed rows of a list longer than `foldAbove`, and folds them away again.',
    attributes: { 'data-open': 'they are shown' },
    keyboard: list,
  },
  List: {
    element: 'ul',
    purpose: 'One row for each upload of this Root.',
    attributes: { 'data-empty': 'there is none' },
    props: {
      item: ['ComponentType<{ id }>', 'the row, as a component'],
      children: ['(id) => ReactNode', 'the row, as a function'],
      ids: ['string[]', 'which rows to draw: for a virtual list of your own'],
    },
  },
  Item: {
    element: 'li',
    purpose: 'One upload; the parts in it show that upload.',
    attributes: row,
    props: { id: ['string', 'which upload'] },
    keyboard:
      'No stop, but takes focus when its own button has gone. After Remove: the next row, the previous one, the Trigger.',
    slots: 'In a List that draws only what is in view: `upload-item-position`, “37 of 1,000” for those who listen.',
  },
  ItemName: {
    element: 'span',
    purpose: 'The file’s name, in its own direction; names the progress bar and the buttons of the row.',
    attributes: row,
  },
  ItemSize: { element: 'span', purpose: 'How large the file is.', attributes: row },
  ItemStatus: { element: 'span', purpose: 'OpenAI’s word for the upload, in the reader’s language.', attributes: row },
  ItemThumbnail: {
    element: 'span, decorative',
    purpose: 'A small picture of a raster image, drawn once it is about to be seen. What a file is, its bytes say.',
    attributes: { ...row, 'data-drawn': 'the picture is there; before, the children are' },
  },
  ItemProgress: {
    element: 'div, role progressbar',
    purpose: 'How far the upload is; gone once nothing is under way.',
    attributes: {
      ...row,
      'data-indeterminate': 'nobody knows for how long',
      'data-late': 'its hour may not be enough',
    },
    announced: 'Never by itself: milestones go through the Announcer. A whole number from 0 to 100, named by the file.',
    slots: '`--ou-progress`: 0 to 1. `--ou-ledger`: the colour stops of the byte ranges, for a `linear-gradient`.',
  },
  ItemPartMap: {
    element: 'div, role img',
    purpose: 'Every part of the file as a cell, with a sentence for those who listen.',
    attributes: row,
    slots:
      '`data-part="waiting retried accepted sending"`; `--ou-waiting`, `--ou-sending`, `--ou-retried`, `--ou-accepted`.',
  },
  ItemActivity: {
    element: 'div',
    purpose:
      'What the upload is doing, in one line; describes the progress bar and what is left to press after a failure.',
    attributes: { ...row, 'data-tone': 'neutral, warning or danger' },
    slots: 'Pieces, from the right the first to go: `data-piece="where percent bytes speed time text fileId"`.',
  },
  ItemPause: {
    element: 'button',
    purpose:
      'Pause and Resume; Try now between two tries; Choose file or Choose again for a file that is lost.' + named,
    attributes: action('pause, resume, try, choose or replace'),
    keyboard: press,
  },
  ItemCancel: {
    element: 'button',
    purpose:
      'Cancel, and Undo for as long as `undoFor` lasts; keeps its place while the file is being finished.' + named,
    attributes: action('cancel, discard or undo'),
    props: undo,
    keyboard: press,
  },
  ItemRetry: {
    element: 'button',
    purpose: 'Retry (goes on with what is safe), Start again, Upload again.' + named,
    attributes: row,
    keyboard: press,
  },
  ItemSignIn: {
    element: 'button',
    purpose: 'Signs in by the Root’s `onSignIn`; then every upload that waited for it goes on.' + named,
    attributes: row,
    keyboard: press,
  },
  ItemUploadNew: {
    element: 'button',
    purpose: 'Uploads the file that was chosen by mistake to continue another one with.' + named,
    attributes: row,
    keyboard: press,
  },
  ItemPauseOthers: {
    element: 'button',
    purpose: 'Where the hour may not be enough: leaves the line to this upload.' + named,
    attributes: row,
    keyboard: press,
  },
  ItemRemove: {
    element: 'button',
    purpose: 'Takes the row off the list; the file at OpenAI stays.' + named,
    attributes: row,
    keyboard: 'Enter or Space. Focus goes to the next row, the previous one, or the Trigger.',
  },
  ItemDelete: {
    element: 'button',
    purpose: 'Deletes the finished file by the Root’s `onDelete`, and takes its row off.' + named,
    attributes: { ...row, 'data-deleting': 'it is being deleted' },
    keyboard: press,
  },
  ItemCopyId: {
    element: 'button',
    purpose: 'Copies the id of the finished file.' + named,
    attributes: { ...row, 'data-copied': 'just now' },
    keyboard: press,
    announced: '“File id copied.”',
  },
  ItemError: {
    element: 'details',
    purpose: 'Code, HTTP status, request id and upload id of a failure, to copy.',
    attributes: row,
    keyboard: 'Its summary is a stop, and so is Copy once it is open.',
    slots: '`upload-item-error-summary`, `upload-item-error-list`, `upload-item-error-copy`.',
  },
  Announcer: {
    element: 'div',
    purpose: 'Two live regions, polite and assertive, there before there is anything to say. A Root brings one along.',
    props: { verbosity: ['milestones | outcomes', 'how much is said'] },
  },
}
