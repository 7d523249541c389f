import { describe, expect, it } from 'vitest'
import { phaseOf, type UploadPhase, type UploadProgress, type UploadSnapshot, type UploadState } from '../core/index.js'
import { type RemoteUpload, UPLOAD_ERROR_CODES, UploadError } from '../protocol/index.js'
import { activityOf, activityText, statusText } from './activity.js'
import { createWording } from './wording.js'

const NOW = Date.UTC(2026, 0, 1, 12, 0, 0)
const wording = createWording(undefined, 'en-US')
const clock = (seconds: number) => wording.measures.clock(NOW + seconds * 1000)
const limits = { max: 8 * 2 ** 30, min: null, accept: null, maxFiles: null }
const TOTAL = 2_900_000_000

const remote = (status: RemoteUpload['status'] = 'pending'): RemoteUpload => ({
  id: 'upload_1',
  object: 'upload',
  bytes: TOTAL,
  created_at: NOW / 1000,
  expires_at: NOW / 1000 + 3600,
  filename: 'report.pdf',
  purpose: 'user_data',
  status,
})

const progress = (change: Partial<UploadProgress> = {}): UploadProgress => ({
  bytesTotal: TOTAL,
  bytesAccepted: 1_218_000_000,
  bytesSent: 1_218_000_000,
  fraction: 0.42,
  percent: 42,
  bytesPerSecond: 8_400_000,
  secondsLeft: 200,
  accepted: [{ start: 0, end: 1_218_000_000 }],
  sending: [],
  parts: { accepted: [], size: null },
  ...change,
})

type WithoutProgress<S> = S extends UploadState ? Omit<S, 'progress'> : never

function upload(state: WithoutProgress<UploadState>, change: Partial<UploadProgress> = {}): UploadSnapshot {
  return {
    id: 'one',
    file: { name: 'report.pdf', size: TOTAL, type: 'application/pdf', lastModified: 0 },
    options: { purpose: 'user_data' },
    checksum: 'off',
    warnings: [],
    expiresAt: null,
    willExpire: false,
    needsFile: false,
    canReopen: false,
    inOtherTab: false,
    progress: progress(change),
    ...state,
  } as UploadSnapshot
}

const fileObject = {
  id: 'file-abc123',
  object: 'file' as const,
  bytes: TOTAL,
  created_at: 0,
  filename: 'report.pdf',
  purpose: 'user_data',
}
const none = { percent: 0, fraction: 0, bytesAccepted: 0, bytesSent: 0 }

// Each phase: what the line says, and what the badge says.
const table: [UploadPhase, UploadSnapshot, string, string][] = [
  ['queued', upload({ status: 'queued', remote: null }, none), 'Waiting to start', 'Waiting'],
  ['queued', upload({ status: 'queued', remote: remote() }), 'Waiting to continue from 42%', 'Pending'],
  ['creating', upload({ status: 'creating', remote: null, wait: null }, none), 'Starting', 'Pending'],
  [
    'uploading',
    upload({ status: 'uploading', remote: remote(), wait: null }),
    '42% · 1.2 of 2.9 GB · 8.4 MB/s · about 3 min left',
    'Pending',
  ],
  [
    'uploading',
    upload({ status: 'uploading', remote: remote(), wait: null }, { bytesPerSecond: null, secondsLeft: null }),
    '42% · 1.2 of 2.9 GB',
    'Pending',
  ],
  [
    'uploading',
    upload({ status: 'uploading', remote: remote(), wait: null }, { secondsLeft: 4800 }),
    `42% · Expires at ${clock(3600)}. At this speed it needs 20 min more than that.`,
    'Pending',
  ],
  [
    'retrying',
    upload({ status: 'uploading', remote: remote(), wait: { reason: 'backoff', until: NOW + 7400, attempt: 2 } }),
    'Connection problem. Trying again in 8 sec (try 2).',
    'Pending',
  ],
  [
    'retrying',
    upload({
      status: 'completing',
      remote: remote(),
      wait: { reason: 'rate_limited', until: NOW + 30_000, attempt: 1 },
    }),
    'Too many uploads at once. Continuing in 30 sec.',
    'Pending',
  ],
  [
    'retrying',
    upload({ status: 'creating', remote: null, wait: { reason: 'backoff', until: NOW - 10, attempt: 1 } }, none),
    'Connection problem. Trying again in 1 sec (try 1).',
    'Waiting',
  ],
  ['completing', upload({ status: 'completing', remote: remote(), wait: null }), 'Finishing', 'Pending'],
  [
    'paused',
    upload({ status: 'paused', reason: 'user', remote: remote() }),
    `Paused at 42%. Expires at ${clock(3600)}.`,
    'Pending',
  ],
  ['paused', upload({ status: 'paused', reason: 'user', remote: null }, none), 'Paused at 0%.', 'Waiting'],
  [
    'paused',
    upload({ status: 'paused', reason: 'auth', remote: remote() }),
    `You’ve been signed out. Sign in to continue; 42% is safe until ${clock(3600)}.`,
    'Pending',
  ],
  [
    'offline',
    upload({ status: 'paused', reason: 'offline', remote: remote() }),
    `You’re offline. Continues by itself. Expires at ${clock(3600)}.`,
    'Pending',
  ],
  [
    'interrupted',
    upload({ status: 'paused', reason: 'restored', remote: remote() }),
    `Choose report.pdf again to continue from 42%. Expires at ${clock(3600)}.`,
    'Pending',
  ],
  ['cancelling', upload({ status: 'cancelling', remote: remote(), undoUntil: NOW + 5000 }), 'Cancelling', 'Pending'],
  ['cancelled', upload({ status: 'cancelled', remote: remote('cancelled') }), 'Cancelled at 42%.', 'Cancelled'],
  [
    'cancelled',
    upload({ status: 'cancelled', remote: remote('pending') }),
    `Cancelled here. The unfinished copy expires at ${clock(3600)}.`,
    'Cancelled',
  ],
  ['completed', upload({ status: 'completed', remote: remote('completed'), fileObject }), 'file-abc123', 'Completed'],
  [
    'failed',
    upload({ status: 'failed', remote: remote(), error: new UploadError('network', '') }),
    `Connection lost. 42% is safe until ${clock(3600)}.`,
    'Pending',
  ],
  [
    'failed',
    upload({ status: 'failed', remote: null, error: new UploadError('network', '') }),
    'Connection lost. Try again.',
    'Not started',
  ],
  [
    'expired',
    upload({ status: 'expired', remote: remote('expired') }),
    'report.pdf wasn’t finished within its hour, so it was discarded. Start again.',
    'Expired',
  ],
]

describe('activityOf', () => {
  it.each(table)('%s: says what is going on', (phase, snapshot, text, badge) => {
    expect(phaseOf(snapshot)).toBe(phase)
    expect(activityText(activityOf(snapshot, wording, limits, NOW))).toBe(text)
    expect(statusText(snapshot, wording)).toBe(badge)
  })

  it('says that only the checksum is missing, once every byte is there', () => {
    const whole = { bytesAccepted: TOTAL, bytesSent: TOTAL, percent: 99, fraction: 0.99 }
    const hashing = {
      ...upload({ status: 'uploading', remote: remote(), wait: null }, whole),
      checksum: 'hashing' as const,
    }
    expect(activityText(activityOf(hashing, wording, limits, NOW))).toBe('Checking the file')
  })

  it('calls safe only what the server has, not what was on its way', () => {
    const failed = upload(
      { status: 'failed', remote: remote(), error: new UploadError('network', '') },
      { percent: 73, fraction: 0.73, bytesAccepted: TOTAL * 0.33 },
    )
    expect(activityText(activityOf(failed, wording, limits, NOW))).toContain('33% is safe')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('shows no speed and no time when they are %s', (figure) => {
    const odd = upload(
      { status: 'uploading', remote: remote(), wait: null },
      { bytesPerSecond: figure, secondsLeft: figure },
    )
    expect(activityText(activityOf(odd, wording, limits, NOW))).toBe('42% · 1.2 of 2.9 GB')
  })

  it.each(UPLOAD_ERROR_CODES)('%s: has a text without a hole in it, and not too long', (code) => {
    const failed = upload({ status: 'failed', remote: remote(), error: new UploadError(code, 'x') })
    const text = activityText(activityOf(failed, wording, limits, NOW))
    expect(text).not.toMatch(/undefined|null|NaN|Infinity|\[object/)
    expect(text.length).toBeLessThanOrEqual(140)
    expect(text).toMatch(/[.!]$/)
  })
})
