import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FileObject, type RemoteUpload, UPLOAD_ERROR_CODES, UploadError } from '../protocol/index.js'
import { initialProgress, type UploadProgress } from './progress.js'
import {
  initialState,
  isSettled,
  keepsParts,
  type PauseReason,
  phaseOf,
  transition,
  type UploadEvent,
  type UploadState,
  type Wait,
} from './upload-state.js'

const BYTES = 1000
const remote: RemoteUpload = {
  id: 'upload_1',
  object: 'upload',
  bytes: BYTES,
  created_at: 0,
  expires_at: 3600,
  filename: 'a.pdf',
  purpose: 'user_data',
  status: 'pending',
}
const fileObject: FileObject = {
  id: 'file-1',
  object: 'file',
  bytes: BYTES,
  created_at: 0,
  filename: 'a.pdf',
  purpose: 'user_data',
}
const completedRemote: RemoteUpload = { ...remote, status: 'completed', file: fileObject }
const wait: Wait = { reason: 'backoff', code: 'network', until: 5, attempt: 1 }
const longerWait: Wait = { reason: 'rate_limited', code: 'rate_limited', until: 9, attempt: 2 }
const lost = new UploadError('network', 'Lost.')
const corrupted = new UploadError('integrity_failed', 'Corrupted.')
const refused = new UploadError('forbidden', 'Refused.')

/** Half of it accepted, a part on its way. */
const busy: UploadProgress = {
  bytesTotal: BYTES,
  bytesAccepted: 500,
  bytesSent: 600,
  fraction: 0.59,
  percent: 59,
  bytesPerSecond: 50,
  secondsLeft: 8,
  accepted: [{ start: 0, end: 500 }],
  parts: { accepted: [], size: null },
  sending: [{ start: 500, end: 700, sent: 100, attempt: 1 }],
}
/** The same with nothing on its way any more: the bar stays where it was. */
const resting: UploadProgress = { ...busy, bytesSent: 500, bytesPerSecond: null, secondsLeft: null, sending: [] }
const done: UploadProgress = {
  ...initialProgress(BYTES),
  bytesAccepted: BYTES,
  bytesSent: BYTES,
  fraction: 1,
  percent: 100,
  accepted: [{ start: 0, end: BYTES }],
}
const zero = initialProgress(BYTES)
const newer: UploadProgress = { ...busy, bytesSent: 650 }

const events = {
  'pause by user': { type: 'pause', reason: 'user' },
  'pause by offline': { type: 'pause', reason: 'offline' },
  'pause by restored': { type: 'pause', reason: 'restored' },
  'pause by auth': { type: 'pause', reason: 'auth' },
  resume: { type: 'resume' },
  cancel: { type: 'cancel', undoUntil: null },
  'cancel with undo': { type: 'cancel', undoUntil: 7 },
  undo_cancel: { type: 'undo_cancel' },
  retry: { type: 'retry' },
  slot_granted: { type: 'slot_granted' },
  created: { type: 'created', remote },
  progressed: { type: 'progressed', progress: newer },
  wait_started: { type: 'wait_started', wait: longerWait },
  wait_ended: { type: 'wait_ended' },
  parts_accepted: { type: 'parts_accepted' },
  completed: { type: 'completed', remote: completedRemote, fileObject },
  undo_elapsed: { type: 'undo_elapsed' },
  'cancelled, confirmed': { type: 'cancelled', confirmed: true },
  'cancelled, unconfirmed': { type: 'cancelled', confirmed: false },
  failed: { type: 'failed', error: refused },
  expired: { type: 'expired' },
  discarded: { type: 'discarded' },
  online: { type: 'online' },
} as const satisfies Record<string, UploadEvent>
type EventName = keyof typeof events

// Complete by its type: an event that is added has to be added here, too.
const everyType: Record<UploadEvent['type'], true> = {
  pause: true,
  resume: true,
  cancel: true,
  undo_cancel: true,
  retry: true,
  slot_granted: true,
  created: true,
  progressed: true,
  wait_started: true,
  wait_ended: true,
  parts_accepted: true,
  completed: true,
  undo_elapsed: true,
  cancelled: true,
  failed: true,
  expired: true,
  discarded: true,
  online: true,
}

/** What each event leads to; an event that is not listed leaves the very same object. */
interface Row {
  state: UploadState
  to: Partial<Record<EventName, UploadState>>
}

const none = null
const completed: UploadState = { status: 'completed', remote: completedRemote, fileObject, progress: done }
const startedOver: UploadState = { status: 'queued', remote: none, progress: zero }
const expiredFrom = (progress: UploadProgress): UploadState => ({
  status: 'expired',
  remote: { ...remote, status: 'expired' },
  progress,
})
const failedWith = (error: UploadError, at: RemoteUpload | null, progress: UploadProgress): UploadState => ({
  status: 'failed',
  error,
  remote: at,
  progress,
})
const cancelling = (undoUntil: number | null, at: RemoteUpload | null, progress: UploadProgress): UploadState => ({
  status: 'cancelling',
  undoUntil,
  remote: at,
  progress,
})
const pausedBy = (reason: PauseReason, at: RemoteUpload | null, progress: UploadProgress): UploadState => ({
  status: 'paused',
  reason,
  remote: at,
  progress,
})
const queued = (at: RemoteUpload | null, progress: UploadProgress): UploadState => ({
  status: 'queued',
  remote: at,
  progress,
})

const anyPause = (at: RemoteUpload | null, progress: UploadProgress) => ({
  'pause by user': pausedBy('user', at, progress),
  'pause by offline': pausedBy('offline', at, progress),
  'pause by restored': pausedBy('restored', at, progress),
  'pause by auth': pausedBy('auth', at, progress),
})
const anyCancel = (at: RemoteUpload | null, progress: UploadProgress) => ({
  cancel: cancelling(null, at, progress),
  'cancel with undo': cancelling(7, at, progress),
})

const rows: Record<string, Row> = {
  'queued without an Upload': {
    state: queued(none, zero),
    to: {
      ...anyPause(none, zero),
      ...anyCancel(none, zero),
      slot_granted: { status: 'creating', remote: none, wait: none, progress: zero },
      created: queued(remote, zero),
      completed,
      failed: failedWith(refused, none, zero),
    },
  },
  'queued with its Upload': {
    state: queued(remote, resting),
    to: {
      ...anyPause(remote, resting),
      ...anyCancel(remote, resting),
      slot_granted: { status: 'uploading', remote, wait: none, progress: resting },
      created: queued(remote, resting),
      completed,
      failed: failedWith(refused, remote, resting),
      expired: expiredFrom(resting),
    },
  },
  creating: {
    state: { status: 'creating', remote: none, wait: none, progress: zero },
    to: {
      ...anyPause(none, zero),
      ...anyCancel(none, zero),
      created: { status: 'uploading', remote, wait: none, progress: zero },
      wait_started: { status: 'creating', remote: none, wait: longerWait, progress: zero },
      failed: failedWith(refused, none, zero),
    },
  },
  'creating, waiting': {
    state: { status: 'creating', remote: none, wait, progress: zero },
    to: {
      ...anyPause(none, zero),
      ...anyCancel(none, zero),
      created: { status: 'uploading', remote, wait: none, progress: zero },
      wait_started: { status: 'creating', remote: none, wait: longerWait, progress: zero },
      wait_ended: { status: 'creating', remote: none, wait: none, progress: zero },
      failed: failedWith(refused, none, zero),
    },
  },
  uploading: {
    state: { status: 'uploading', remote, wait: none, progress: busy },
    to: {
      discarded: startedOver,
      ...anyPause(remote, resting),
      ...anyCancel(remote, resting),
      progressed: { status: 'uploading', remote, wait: none, progress: newer },
      wait_started: { status: 'uploading', remote, wait: longerWait, progress: busy },
      parts_accepted: { status: 'completing', remote, wait: none, progress: resting },
      failed: failedWith(refused, remote, resting),
      expired: expiredFrom(resting),
    },
  },
  'uploading, waiting': {
    state: { status: 'uploading', remote, wait, progress: busy },
    to: {
      discarded: startedOver,
      ...anyPause(remote, resting),
      ...anyCancel(remote, resting),
      progressed: { status: 'uploading', remote, wait, progress: newer },
      wait_started: { status: 'uploading', remote, wait: longerWait, progress: busy },
      wait_ended: { status: 'uploading', remote, wait: none, progress: busy },
      parts_accepted: { status: 'completing', remote, wait: none, progress: resting },
      failed: failedWith(refused, remote, resting),
      expired: expiredFrom(resting),
    },
  },
  'paused by the person': {
    state: pausedBy('user', remote, resting),
    to: {
      resume: queued(remote, resting),
      ...anyCancel(remote, resting),
      created: pausedBy('user', remote, resting),
      progressed: pausedBy('user', remote, newer),
      completed,
      failed: failedWith(refused, remote, resting),
      expired: expiredFrom(resting),
    },
  },
  'paused by the person before it had an Upload': {
    state: pausedBy('user', none, zero),
    to: {
      resume: queued(none, zero),
      ...anyCancel(none, zero),
      created: pausedBy('user', remote, zero),
      progressed: pausedBy('user', none, newer),
      completed,
      failed: failedWith(refused, none, zero),
    },
  },
  'paused offline': {
    state: pausedBy('offline', remote, resting),
    to: {
      ...anyPause(remote, resting),
      resume: queued(remote, resting),
      online: queued(remote, resting),
      ...anyCancel(remote, resting),
      created: pausedBy('offline', remote, resting),
      progressed: pausedBy('offline', remote, newer),
      completed,
      failed: failedWith(refused, remote, resting),
      expired: expiredFrom(resting),
    },
  },
  'paused after a restore': {
    state: pausedBy('restored', remote, resting),
    to: {
      ...anyPause(remote, resting),
      resume: queued(remote, resting),
      ...anyCancel(remote, resting),
      created: pausedBy('restored', remote, resting),
      progressed: pausedBy('restored', remote, newer),
      completed,
      failed: failedWith(refused, remote, resting),
      expired: expiredFrom(resting),
    },
  },
  'paused until someone signs in': {
    state: pausedBy('auth', remote, resting),
    to: {
      ...anyPause(remote, resting),
      resume: queued(remote, resting),
      ...anyCancel(remote, resting),
      created: pausedBy('auth', remote, resting),
      progressed: pausedBy('auth', remote, newer),
      completed,
      failed: failedWith(refused, remote, resting),
      expired: expiredFrom(resting),
    },
  },
  completing: {
    state: { status: 'completing', remote, wait: none, progress: resting },
    to: {
      ...anyCancel(remote, resting),
      'pause by auth': pausedBy('auth', remote, resting),
      discarded: startedOver,
      progressed: { status: 'completing', remote, wait: none, progress: newer },
      wait_started: { status: 'completing', remote, wait: longerWait, progress: resting },
      completed,
      failed: failedWith(refused, remote, resting),
      expired: expiredFrom(resting),
    },
  },
  'completing, waiting': {
    state: { status: 'completing', remote, wait, progress: resting },
    to: {
      ...anyCancel(remote, resting),
      'pause by auth': pausedBy('auth', remote, resting),
      discarded: startedOver,
      progressed: { status: 'completing', remote, wait, progress: newer },
      wait_started: { status: 'completing', remote, wait: longerWait, progress: resting },
      wait_ended: { status: 'completing', remote, wait: none, progress: resting },
      completed,
      failed: failedWith(refused, remote, resting),
      expired: expiredFrom(resting),
    },
  },
  cancelling: {
    state: cancelling(null, remote, resting),
    to: {
      created: cancelling(null, remote, resting),
      completed,
      'cancelled, confirmed': { status: 'cancelled', remote: { ...remote, status: 'cancelled' }, progress: resting },
      'cancelled, unconfirmed': { status: 'cancelled', remote, progress: resting },
      failed: failedWith(refused, remote, resting),
    },
  },
  'cancelling before it had an Upload': {
    state: cancelling(null, none, zero),
    to: {
      created: cancelling(null, remote, zero),
      completed,
      'cancelled, confirmed': { status: 'cancelled', remote: none, progress: zero },
      'cancelled, unconfirmed': { status: 'cancelled', remote: none, progress: zero },
      failed: failedWith(refused, none, zero),
    },
  },
  'cancelling, to be undone': {
    state: cancelling(4, remote, resting),
    to: {
      cancel: cancelling(null, remote, resting),
      undo_cancel: queued(remote, resting),
      undo_elapsed: cancelling(null, remote, resting),
      created: cancelling(4, remote, resting),
      completed,
      'cancelled, confirmed': { status: 'cancelled', remote: { ...remote, status: 'cancelled' }, progress: resting },
      'cancelled, unconfirmed': { status: 'cancelled', remote, progress: resting },
      failed: failedWith(refused, remote, resting),
    },
  },
  completed: { state: completed, to: {} },
  cancelled: {
    state: { status: 'cancelled', remote: { ...remote, status: 'cancelled' }, progress: resting },
    to: { retry: startedOver },
  },
  'cancelled before it had an Upload': {
    state: { status: 'cancelled', remote: none, progress: zero },
    to: { retry: startedOver },
  },
  'failed with its Upload': {
    state: failedWith(lost, remote, resting),
    to: {
      retry: queued(remote, resting),
      ...anyCancel(remote, resting),
      created: failedWith(lost, remote, resting),
      expired: expiredFrom(resting),
    },
  },
  'failed before it had an Upload': {
    state: failedWith(lost, none, zero),
    to: { retry: startedOver, ...anyCancel(none, zero), created: failedWith(lost, remote, zero) },
  },
  'failed with parts that cannot be trusted': {
    state: failedWith(corrupted, remote, resting),
    to: {
      retry: startedOver,
      ...anyCancel(remote, resting),
      created: failedWith(corrupted, remote, resting),
    },
  },
  expired: { state: expiredFrom(resting), to: { retry: startedOver } },
}

describe('the table', () => {
  it('has a row for every status and an event of every type', () => {
    expect(new Set(Object.values(rows).map(({ state }) => state.status))).toEqual(
      new Set([
        'queued',
        'creating',
        'uploading',
        'paused',
        'completing',
        'cancelling',
        'completed',
        'cancelled',
        'failed',
        'expired',
      ]),
    )
    expect(new Set(Object.values(events).map(({ type }) => type))).toEqual(new Set(Object.keys(everyType)))
  })

  describe.each(Object.entries(rows))('%s', (_name, { state, to }) => {
    it.each(Object.keys(events) as EventName[])('%s', (name) => {
      const next = transition(state, events[name])
      const expected = to[name]
      if (expected) expect(next).toEqual(expected)
      else expect(next).toBe(state)
    })
  })
})

describe('the phase', () => {
  const waitless = { remote, wait: null, progress: busy }
  it.each<[UploadState, string]>([
    [queued(none, zero), 'queued'],
    [{ ...waitless, status: 'creating', remote: null }, 'creating'],
    [{ ...waitless, status: 'creating', remote: null, wait }, 'retrying'],
    [{ ...waitless, status: 'uploading' }, 'uploading'],
    [{ ...waitless, status: 'uploading', wait }, 'retrying'],
    [{ ...waitless, status: 'completing' }, 'completing'],
    [{ ...waitless, status: 'completing', wait }, 'retrying'],
    [pausedBy('user', remote, resting), 'paused'],
    [pausedBy('auth', remote, resting), 'paused'],
    [pausedBy('offline', remote, resting), 'offline'],
    [pausedBy('restored', remote, resting), 'interrupted'],
    [cancelling(null, remote, resting), 'cancelling'],
    [cancelling(7, remote, resting), 'cancelling'],
    [completed, 'completed'],
    [{ status: 'cancelled', remote, progress: resting }, 'cancelled'],
    [failedWith(lost, remote, resting), 'failed'],
    [expiredFrom(resting), 'expired'],
  ])('of %o is %s', (state, phase) => {
    expect(phaseOf(state)).toBe(phase)
  })
})

it('settled is what waits for a person: completed, cancelled, failed, expired', () => {
  const settled = Object.values(rows).filter(({ state }) => isSettled(state))
  expect(new Set(settled.map(({ state }) => state.status))).toEqual(
    new Set(['completed', 'cancelled', 'failed', 'expired']),
  )
})

describe('a retry keeps the accepted parts', () => {
  const startsOver = [
    'integrity_failed',
    'outcome_unknown',
    'not_found',
    'token_invalid',
    'invalid_request',
    'file_changed',
    'file_mismatch',
  ]
  it.each(UPLOAD_ERROR_CODES)('after %s exactly when they may still be used', (code) => {
    expect(keepsParts(failedWith(new UploadError(code, ''), remote, resting))).toBe(!startsOver.includes(code))
  })

  it('never without an Upload, nor from any other state', () => {
    expect(keepsParts(failedWith(lost, none, zero))).toBe(false)
    const others = Object.values(rows).filter(({ state }) => state.status !== 'failed')
    for (const { state } of others) expect(keepsParts(state)).toBe(false)
  })
})

describe('whatever happens, in whatever order', () => {
  const event = fc.constantFrom<UploadEvent>(
    ...Object.values(events),
    { type: 'failed', error: corrupted },
    { type: 'failed', error: lost },
  )

  it('an upload is in a known state, with the data that this state has', () => {
    const fields: Record<UploadState['status'], string[]> = {
      queued: [],
      creating: ['wait'],
      uploading: ['wait'],
      paused: ['reason'],
      completing: ['wait'],
      cancelling: ['undoUntil'],
      completed: ['fileObject'],
      cancelled: [],
      failed: ['error'],
      expired: [],
    }
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (sequence) => {
        let state = initialState(BYTES)
        for (const one of sequence) {
          state = transition(state, one)
          const expected = ['progress', 'remote', 'status', ...fields[state.status]].sort()
          expect(Object.keys(state).sort()).toEqual(expected)
          if (['uploading', 'completing', 'completed', 'expired'].includes(state.status)) {
            expect(state.remote).not.toBeNull()
          }
        }
      }),
    )
  })

  it('a completed upload stays completed, as the very same object', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (sequence) => {
        let state = initialState(BYTES)
        for (const one of sequence) {
          const next = transition(state, one)
          if (state.status === 'completed') expect(next).toBe(state)
          state = next
        }
      }),
    )
  })

  it('no state is changed in place', () => {
    const freeze = (state: UploadState) => Object.freeze({ ...state, progress: Object.freeze(state.progress) })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (sequence) => {
        let state: UploadState = freeze(initialState(BYTES))
        for (const one of sequence) {
          const next = transition(state, one)
          state = next === state ? state : freeze(next)
        }
        expect(state).toBeDefined()
      }),
    )
  })
})
