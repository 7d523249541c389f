import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UploadError } from '../../protocol/index.js'
import { initialProgress } from '../progress.js'
import type { UploadSnapshot } from '../upload-snapshot.js'
import type { UploadState } from '../upload-state.js'
import { parseTabMessage, type TabMessage, tellingOf, toWire } from './tab-messages.js'

const remote = {
  id: 'upload_abc',
  object: 'upload' as const,
  bytes: 450,
  created_at: 1,
  expires_at: 3601,
  filename: 'thesis.pdf',
  purpose: 'user_data',
  status: 'pending' as const,
}
const progress = {
  ...initialProgress(450),
  bytesAccepted: 100,
  bytesSent: 150,
  fraction: 0.3,
  percent: 30,
  bytesPerSecond: 12.5,
  secondsLeft: 24,
  accepted: [{ start: 0, end: 100 }],
  sending: [{ start: 100, end: 200, sent: 50, attempt: 2 }],
}
const fileObject = {
  id: 'file-1',
  object: 'file' as const,
  bytes: 450,
  created_at: 1,
  expires_at: null,
  filename: 'thesis.pdf',
  purpose: 'user_data',
}
const error = new UploadError('network', 'Connection lost.', { hint: 'Check CORS.', status: 502, requestId: 'req_1' })

const states: UploadState[] = [
  { status: 'queued', remote, progress },
  { status: 'uploading', remote, progress, wait: null },
  { status: 'uploading', remote, progress, wait: { reason: 'backoff', code: 'network', until: 5, attempt: 2 } },
  { status: 'paused', remote, progress, reason: 'auth' },
  { status: 'completing', remote, progress, wait: null },
  { status: 'cancelling', remote, progress, undoUntil: 17 },
  { status: 'completed', remote: { ...remote, status: 'completed' }, progress, fileObject },
  { status: 'cancelled', remote, progress },
  { status: 'failed', remote, progress, error },
  { status: 'expired', remote, progress },
]

const snapshotOf = (state: UploadState): UploadSnapshot => ({
  ...state,
  id: 'upload-1',
  file: { name: 'thesis.pdf', size: 450, type: '', lastModified: 1 },
  options: { purpose: 'user_data', metadata: { secret: 'not for other tabs' } },
  checksum: 'hashing',
  checksumPercent: 43,
  warnings: [],
  expiresAt: 3_601_000,
  willExpire: false,
  needsFile: false,
  canReopen: false,
  inOtherTab: false,
})

const shared = (change: object) => {
  const wire = told({}) as { shared: object }
  return { ...wire, shared: { ...wire.shared, ...change } }
}

const told = (change: object) => {
  const state: UploadState = { status: 'queued', remote, progress: { ...progress, ...change } }
  return toWire(tellingOf(remote.id, snapshotOf(state)))
}

const travel = (message: TabMessage) => parseTabMessage(structuredClone(toWire(message)))

describe('a message between tabs', () => {
  it.each(states)('carries an upload that is $status', (state) => {
    const message = tellingOf(remote.id, snapshotOf(state))
    const { shared } = travel(message) as Extract<TabMessage, { type: 'told' }>
    if (state.status !== 'failed') expect(shared.state).toEqual(state)
    expect(shared).toMatchObject({ checksum: 'hashing', checksumPercent: 43, expiresAt: 3_601_000, needsFile: false })
  })

  it('carries an error with its code, hint and details', () => {
    const message = tellingOf(remote.id, snapshotOf({ status: 'failed', remote, progress, error }))
    expect(travel(message)).toMatchObject({
      shared: {
        state: { error: { code: 'network', message: 'Connection lost.', hint: 'Check CORS.', details: error.details } },
      },
    })
  })

  it('says nothing of the options of an upload', () => {
    for (const state of states) {
      expect(JSON.stringify(toWire(tellingOf(remote.id, snapshotOf(state))))).not.toContain('not for other tabs')
    }
  })

  it.each<TabMessage>([
    { type: 'asked', uploadId: remote.id },
    { type: 'commanded', uploadId: remote.id, command: 'hand_over' },
    { type: 'commanded', uploadId: remote.id, command: { cancel: { undoFor: 5000 } } },
  ])('carries %j', (message) => {
    expect(travel(message)).toEqual(message)
  })

  it('that is about another Upload than it says is dropped', () => {
    expect(travel(tellingOf('upload_other', snapshotOf(states[0] as UploadState)))).toBeNull()
  })

  it.each([
    ['more bytes than the file', { accepted: [{ start: 0, end: 451 }] }],
    [
      'ranges that overlap',
      {
        accepted: [
          { start: 0, end: 100 },
          { start: 50, end: 150 },
        ],
      },
    ],
    ['a percent above 100', { percent: 101 }],
    ['a size that is not the Upload’s', { bytesTotal: 451 }],
    ['no number', { bytesSent: Number.NaN }],
    ['an infinite speed', { bytesPerSecond: Number.POSITIVE_INFINITY }],
    ['more sent than there is', { sending: [{ start: 100, end: 200, sent: 101, attempt: 1 }] }],
  ])('with %s is dropped', (_what, change) => {
    const message = tellingOf(remote.id, snapshotOf({ status: 'queued', remote, progress: { ...progress, ...change } }))
    expect(travel(message)).toBeNull()
  })

  it.each<[string, unknown]>([
    ['an id that leads elsewhere', { type: 'commanded', uploadId: 'upload_../../files', command: 'pause' }],
    ['a command of no kind', { type: 'commanded', uploadId: remote.id, command: '__proto__' }],
    [
      'a cancel at no time',
      { type: 'commanded', uploadId: remote.id, command: { cancel: { undoFor: Number('1e309') } } },
    ],
    ['a checksum of more than all', shared({ checksumPercent: 101 })],
    ['a checksum that is no number', shared({ checksumPercent: '43' })],
    ['a type of no kind', { type: 'constructor', uploadId: remote.id }],
    ['a million ranges that overlap', told({ accepted: Array(1_000_000).fill({ start: 0, end: 100 }) })],
    [
      'a prototype in the place of its fields',
      JSON.parse(`{"type":"told","uploadId":"${remote.id}","__proto__":{"shared":{}}}`),
    ],
  ])('with %s is dropped', (_what, message) => {
    expect(parseTabMessage(message)).toBeNull()
  })

  it('of any other shape is dropped, whatever it is', () => {
    fc.assert(fc.property(fc.anything(), (value) => parseTabMessage(value) === null))
  })

  it('with any part of it replaced by anything is dropped or makes a state of the same Upload', () => {
    const paths = ['status', 'remote', 'progress', 'wait', 'reason', 'undoUntil', 'fileObject', 'error'] as const
    fc.assert(
      fc.property(fc.constantFrom(...states), fc.constantFrom(...paths), fc.anything(), (state, path, value) => {
        const wire = toWire(tellingOf(remote.id, snapshotOf(state))) as { shared: { state: Record<string, unknown> } }
        const message = { ...wire, shared: { ...wire.shared, state: { ...wire.shared.state, [path]: value } } }
        const parsed = parseTabMessage(message)
        if (parsed?.type === 'told') expect(parsed.shared.state.remote?.id).toBe(remote.id)
      }),
    )
  })
})
