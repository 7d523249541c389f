import type { FileObject, RemoteUpload, UploadError, UploadErrorCode } from '../protocol/index.js'
import { completedProgress, initialProgress, type UploadProgress } from './progress.js'

// TYPES

/** Why nothing is being sent although the upload goes on by itself. */
export interface Wait {
  reason: 'backoff' | 'rate_limited'
  /** What went wrong, for words about it. */
  code: UploadErrorCode
  /** When the next try is due, in ms of `Date.now()`. */
  until: number
  /** How many tries in a row have failed. */
  attempt: number
}

/** `offline`, `restored` and `auth` are pauses that the engine made; `user` is the person's own. */
export type PauseReason = 'user' | 'offline' | 'restored' | 'auth'

/** Where one upload is: a single value, with the data that this place has and no other. */
export type UploadState = { progress: UploadProgress } & (
  | { status: 'queued'; remote: RemoteUpload | null }
  | { status: 'creating'; remote: null; wait: Wait | null }
  | { status: 'uploading'; remote: RemoteUpload; wait: Wait | null }
  | { status: 'paused'; reason: PauseReason; remote: RemoteUpload | null }
  | { status: 'completing'; remote: RemoteUpload; wait: Wait | null }
  | { status: 'cancelling'; remote: RemoteUpload | null; undoUntil: number | null }
  | { status: 'completed'; remote: RemoteUpload; fileObject: FileObject }
  | { status: 'cancelled'; remote: RemoteUpload | null }
  | { status: 'failed'; remote: RemoteUpload | null; error: UploadError }
  | { status: 'expired'; remote: RemoteUpload }
)

export type UploadStatus = UploadState['status']

/** Calls are made, or waited for: what fails now may be tried again. */
export type WorkingState = Extract<UploadState, { status: 'creating' | 'uploading' | 'completing' }>

/** What can happen to an upload: commands in the imperative, facts in the past tense. */
export type UploadEvent =
  | { type: 'pause'; reason: PauseReason }
  | { type: 'resume' }
  | { type: 'cancel'; undoUntil: number | null }
  | { type: 'undo_cancel' }
  | { type: 'retry' }
  | { type: 'slot_granted' }
  | { type: 'created'; remote: RemoteUpload }
  | { type: 'progressed'; progress: UploadProgress }
  | { type: 'wait_started'; wait: Wait }
  | { type: 'wait_ended' }
  | { type: 'parts_accepted' }
  | { type: 'completed'; remote: RemoteUpload; fileObject: FileObject }
  | { type: 'undo_elapsed' }
  | { type: 'cancelled'; confirmed: boolean }
  /** `remote`: what has become of the Upload meanwhile, if anything. */
  | { type: 'failed'; error: UploadError; remote?: RemoteUpload }
  | { type: 'expired' }
  | { type: 'discarded' }
  | { type: 'online' }

/** The local activity, for `data-phase`; OpenAI's own four words are `remote.status`, for `data-status`. */
export type UploadPhase = Exclude<UploadStatus, 'paused'> | 'paused' | 'offline' | 'interrupted' | 'retrying'

// DECISIONS

/** The state of an upload that was just added. */
export function initialState(bytesTotal: number): UploadState {
  return { status: 'queued', remote: null, progress: initialProgress(bytesTotal) }
}

/** Decides the next state; the very same object when the event means nothing here. */
export function transition(state: UploadState, event: UploadEvent): UploadState {
  // The table's types tie each entry to its state and event; the lookup alone cannot be told so.
  const decide = transitions[state.status][event.type] as ((s: UploadState, e: UploadEvent) => UploadState) | undefined
  return decide ? decide(state, event) : state
}

export function phaseOf(state: UploadState): UploadPhase {
  switch (state.status) {
    case 'paused':
      if (state.reason === 'offline') return 'offline'
      return state.reason === 'restored' ? 'interrupted' : 'paused'
    case 'creating':
    case 'uploading':
    case 'completing':
      return state.wait ? 'retrying' : state.status
    default:
      return state.status
  }
}

/** Tells whether nothing more happens unless someone asks for it. */
export function isSettled(state: UploadState): boolean {
  return ['completed', 'cancelled', 'failed', 'expired'].includes(state.status)
}

/** Tells whether it stays as it is until a person does something about it: the engine's own pauses end by themselves. */
export function waitsForPerson(state: UploadState): boolean {
  return isSettled(state) || (state.status === 'paused' && (state.reason === 'user' || state.reason === 'restored'))
}

/** Tells whether a retry goes on with the parts that were accepted, rather than from zero. */
export function keepsParts(state: UploadState): boolean {
  return state.status === 'failed' && state.remote !== null && !startsOver.has(state.error.code)
}

/** Failures after which the Upload on the server is of no more use. */
const startsOver: ReadonlySet<UploadErrorCode> = new Set<UploadErrorCode>([
  'integrity_failed', // some accepted part is wrong, and nobody knows which
  'outcome_unknown', // it may be closed already
  'not_found',
  'token_invalid',
  'invalid_request', // the same parts would be refused for the same reason
  'file_changed', // its parts belong to an older file
  'file_mismatch',
])

// THE TABLE

type StateIn<S extends UploadStatus> = Extract<UploadState, { status: S }>
type EventOf<T extends UploadEvent['type']> = Extract<UploadEvent, { type: T }>
type Transitions = {
  [S in UploadStatus]: { [T in UploadEvent['type']]?: (state: StateIn<S>, event: EventOf<T>) => UploadState }
}

type Somewhere = { remote: RemoteUpload | null; progress: UploadProgress }

const pause = ({ remote, progress }: Somewhere, { reason }: EventOf<'pause'>): UploadState => ({
  status: 'paused',
  reason,
  remote,
  progress: atRest(progress),
})

const cancel = ({ remote, progress }: Somewhere, { undoUntil }: EventOf<'cancel'>): UploadState => ({
  status: 'cancelling',
  undoUntil,
  remote,
  progress: atRest(progress),
})

const fail = ({ remote, progress }: Somewhere, { error, remote: latest }: EventOf<'failed'>): UploadState => ({
  status: 'failed',
  error,
  remote: latest ?? remote,
  progress: atRest(progress),
})

const expire = (state: Somewhere): UploadState =>
  // Without an Upload on the server there is nothing that could expire.
  state.remote
    ? { status: 'expired', remote: { ...state.remote, status: 'expired' }, progress: atRest(state.progress) }
    : (state as UploadState)

const complete = ({ progress }: Somewhere, { remote, fileObject }: EventOf<'completed'>): UploadState => ({
  status: 'completed',
  remote,
  fileObject,
  progress: completedProgress(progress),
})

const queue = ({ remote, progress }: Somewhere): UploadState => ({ status: 'queued', remote, progress })

const startOver = ({ progress }: Somewhere): UploadState => initialState(progress.bytesTotal)

const progressed = <S extends UploadState>(state: S, { progress }: EventOf<'progressed'>): UploadState => ({
  ...state,
  progress,
})

const waitStarted = <S extends WorkingState>(state: S, { wait }: EventOf<'wait_started'>): S => ({
  ...state,
  wait,
})

const waitEnded = <S extends WorkingState>(state: S): S => (state.wait ? { ...state, wait: null } : state)

const transitions: Transitions = {
  queued: {
    pause,
    cancel,
    failed: fail,
    expired: expire,
    slot_granted: ({ remote, progress }) =>
      remote
        ? { status: 'uploading', remote, progress, wait: null }
        : { status: 'creating', remote: null, progress, wait: null },
    // Answers that were still on their way: to a create when it was paused and resumed, to a complete when a cancel was undone.
    created: (state, { remote }) => ({ ...state, remote }),
    completed: complete,
  },
  creating: {
    pause,
    cancel,
    failed: fail,
    wait_started: waitStarted,
    wait_ended: waitEnded,
    created: ({ progress }, { remote }) => ({ status: 'uploading', remote, progress, wait: null }),
  },
  uploading: {
    pause,
    cancel,
    failed: fail,
    expired: expire,
    progressed,
    wait_started: waitStarted,
    wait_ended: waitEnded,
    // Parts whose answers were lost are in the way: it all goes again, into a new Upload.
    discarded: startOver,
    parts_accepted: ({ remote, progress }) => ({
      status: 'completing',
      remote,
      progress: atRest(progress),
      wait: null,
    }),
  },
  paused: {
    // The person's own pause outlasts the engine's: coming back online must not undo it.
    pause: (state, event) => (state.reason === 'user' ? state : pause(state, event)),
    resume: queue,
    online: (state) => (state.reason === 'offline' ? queue(state) : state),
    cancel,
    failed: fail,
    expired: expire,
    progressed,
    created: (state, { remote }) => ({ ...state, remote }),
    completed: complete,
  },
  completing: {
    // No pause by a person: the bytes are there, and a complete that was cut off leaves the outcome unknown.
    pause: (state, event) => (event.reason === 'auth' ? pause(state, event) : state),
    // What the server put together is not the file: it all goes again, into a new Upload.
    discarded: startOver,
    cancel,
    failed: fail,
    expired: expire,
    progressed,
    wait_started: waitStarted,
    wait_ended: waitEnded,
    completed: complete,
  },
  cancelling: {
    // Without an undo time the server has been told, or is about to be: too late.
    undo_cancel: (state) => (state.undoUntil === null ? state : queue(state)),
    undo_elapsed: (state) => (state.undoUntil === null ? state : { ...state, undoUntil: null }),
    cancel: (state, { undoUntil }) =>
      undoUntil === null && state.undoUntil !== null ? { ...state, undoUntil } : state,
    created: (state, { remote }) => ({ ...state, remote }),
    // The server decides the race between complete and cancel.
    completed: complete,
    cancelled: ({ remote, progress }, { confirmed }) => ({
      status: 'cancelled',
      // Unconfirmed: the copy on the server is still pending until its hour is over.
      remote: remote && confirmed ? { ...remote, status: 'cancelled' } : remote,
      progress: atRest(progress),
    }),
    failed: fail,
  },
  completed: {},
  cancelled: { retry: startOver },
  failed: {
    retry: (state) => (keepsParts(state) ? queue(state) : startOver(state)),
    cancel,
    // The file could not be read while its Upload was being made: kept, so that it can be used or cancelled.
    created: (state, { remote }) => ({ ...state, remote }),
    // Where a retry would start over, nothing is lost with the hour; and an unknown outcome may well be a completed one.
    expired: (state) => (keepsParts(state) ? expire(state) : state),
  },
  expired: { retry: startOver },
}

/** Nothing is on its way any more: only what was accepted stays drawn. */
function atRest(progress: UploadProgress): UploadProgress {
  return progress.sending.length === 0 && progress.bytesPerSecond === null
    ? progress
    : { ...progress, sending: [], bytesSent: progress.bytesAccepted, bytesPerSecond: null, secondsLeft: null }
}
