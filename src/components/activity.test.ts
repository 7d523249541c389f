import { describe, expect, it } from 'vitest'
import {
  phaseOf,
  type UploadPhase,
  type UploadProgress,
  type UploadSnapshot,
  type UploadState,
  type Wait,
} from '../core/index.js'
import { arabic } from '../locales/ar.js'
import { german } from '../locales/de.js'
import { type RemoteUpload, UploadError } from '../protocol/index.js'
import { activityOf, activityText, statusText } from './activity.js'
import { type Pace, paceOf } from './pace.js'
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
    checksumPercent: null,
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

const wait = (change: Partial<Wait>): Wait => ({
  reason: 'backoff',
  code: 'network',
  until: NOW + 1000,
  attempt: 1,
  ...change,
})

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
    'retrying',
    upload({ status: 'uploading', remote: remote(), wait: wait({ until: NOW + 7400, attempt: 2 }) }),
    'Connection lost. Trying again in 8 sec (try 2).',
    'Pending',
  ],
  [
    'retrying',
    upload({
      status: 'completing',
      remote: remote(),
      wait: wait({ reason: 'rate_limited', code: 'rate_limited', until: NOW + 30_000 }),
    }),
    'Too many uploads at once. Continuing in 30 sec.',
    'Pending',
  ],
  [
    'retrying',
    upload({ status: 'creating', remote: null, wait: wait({ code: 'server_error', until: NOW - 10 }) }, none),
    'The upload service had a problem. Trying again in 1 sec (try 1).',
    'Waiting',
  ],
  [
    'retrying',
    upload({
      status: 'uploading',
      remote: remote(),
      wait: wait({ reason: 'rate_limited', code: 'upstream_error', until: NOW + 5000 }),
    }),
    'The upload service had a problem. Continuing in 5 sec.',
    'Pending',
  ],
  ['completing', upload({ status: 'completing', remote: remote(), wait: null }), 'Finishing', 'Pending'],
  [
    'paused',
    upload({ status: 'paused', reason: 'user', remote: remote() }),
    'Paused at 42%. Expires in 1 hr.',
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
    'You’re offline. Continues by itself. Expires in 1 hr.',
    'Pending',
  ],
  [
    'interrupted',
    upload({ status: 'paused', reason: 'restored', remote: remote() }),
    'Choose report.pdf again to continue from 42%. Expires in 1 hr.',
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
    `Couldn’t send report.pdf: the connection was lost. 42% is safe until ${clock(3600)}.`,
    'Pending',
  ],
  [
    'failed',
    upload({ status: 'failed', remote: null, error: new UploadError('network', '') }),
    'Couldn’t send report.pdf: the connection was lost. Try again.',
    'Not started',
  ],
  [
    'expired',
    upload({ status: 'expired', remote: remote('expired') }),
    'report.pdf wasn’t finished within 1 hour, so it was discarded. Start again.',
    'Expired',
  ],
]

describe('activityOf', () => {
  it.each(table)('%s: says what is going on', (phase, snapshot, text, badge) => {
    expect(phaseOf(snapshot)).toBe(phase)
    expect(activityText(activityOf(snapshot, wording, limits, NOW, { pace: paceOf(snapshot, NOW, null) }))).toBe(text)
    expect(statusText(snapshot, wording)).toBe(badge)
  })

  it('says that only the checksum is missing, once every byte is there', () => {
    const whole = { bytesAccepted: TOTAL, bytesSent: TOTAL, percent: 99, fraction: 0.99 }
    const hashing = {
      ...upload({ status: 'completing', remote: remote(), wait: null }, whole),
      checksum: 'hashing' as const,
    }
    const say = (checksumPercent: number | null, language = wording) =>
      activityText(activityOf({ ...hashing, checksumPercent }, language, limits, NOW))
    expect(say(null)).toBe('Checking the file')
    expect(say(0)).toBe('Checking the file, 0%')
    expect(say(43)).toBe('Checking the file, 43%')
    // Each language has its own way to write it.
    expect(say(43, createWording(german, 'de'))).toBe('Datei wird geprüft, 43\u00a0%')
    expect(say(43, createWording(arabic, 'ar-EG'))).toBe('جارٍ فحص الملف، ٤٣٪؜')
  })

  it('has only one percentage, that of the bytes, while hashing runs beside them', () => {
    const both = { ...sent, checksum: 'hashing' as const, checksumPercent: 17 }
    expect(activityOf(both, wording, limits, NOW)).toMatchObject({ percent: '42%' })
    expect(activityText(activityOf(both, wording, limits, NOW))).not.toContain('17%')
  })

  it('calls safe only what the server has, not what was on its way', () => {
    const failed = upload(
      { status: 'failed', remote: remote(), error: new UploadError('network', '') },
      { percent: 73, fraction: 0.73, bytesAccepted: TOTAL * 0.33 },
    )
    expect(activityText(activityOf(failed, wording, limits, NOW))).toContain('33% is safe')
  })

  const sent = upload({ status: 'uploading', remote: remote(), wait: null })
  const say = (snapshot: UploadSnapshot, seconds: number, pace: Partial<Pace>, more = {}) => {
    const now = NOW + seconds * 1000
    const all = { ...paceOf(snapshot, now, null), since: NOW, ...pace }
    return activityOf(snapshot, wording, limits, now, { pace: all, ...more })
  }

  it('says which uploads it waits for', () => {
    const queued = upload({ status: 'queued', remote: null }, none)
    expect(say(queued, 0, {}, { ahead: 2 }).text).toBe('Waiting for 2 other uploads')
    expect(say(queued, 0, {}, { ahead: 1 }).text).toBe('Waiting for 1 other upload')
  })

  it('says by how much an upload misses its hour, once that has been so for 15 seconds', () => {
    const late = { estimate: 4800, secondsLeft: 4800, lateSince: NOW }
    expect(say(sent, 14, late).tone).toBe('neutral')
    const warned = say(sent, 15, late)
    expect(warned.tone).toBe('warning')
    expect(activityText(warned)).toBe(`42% · Expires at ${clock(3600)}. At this speed it needs 20 min more than that.`)
  })

  it('warns in the last five minutes whatever the speed, also while it is paused', () => {
    expect(say(sent, 3299, {}).tone).toBe('neutral')
    expect(activityText(say(sent, 3301, {}))).toBe(`42% · Expires at ${clock(3600)}.`)
    const paused = upload({ status: 'paused', reason: 'user', remote: remote() })
    expect(say(paused, 3301, {})).toEqual({ tone: 'warning', text: 'Paused at 42%. Expires in 4 min.' })
  })

  it('has the connection to wait for in place of a time, after ten seconds without a byte', () => {
    const stalled = { bytesPerSecond: 8_400_000, secondsLeft: 200, movedAt: NOW }
    expect(activityText(say(sent, 10, stalled))).toContain('about 3 min left')
    expect(activityText(say(sent, 11, stalled))).toBe('42% · 1.2 of 2.9 GB · Waiting for the connection')
  })

  it('says that large files take their time, after ten seconds of finishing', () => {
    const completing = upload({ status: 'completing', remote: remote(), wait: null })
    expect(say(completing, 10, {}).text).toBe('Finishing')
    expect(say(completing, 11, {}).text).toBe('Still finishing. Large files can take a minute.')
  })

  it('says before a new start that the line is too slow for the hour', () => {
    const expired = upload({ status: 'expired', remote: remote('expired') })
    expect(say(expired, 0, { lastSpeed: 483_000 }).text).toContain('At 483 kB/s this file needs about 1 hr 40 min.')
    expect(say(expired, 0, { lastSpeed: 10_000_000 }).text).not.toContain('needs')
  })

  it('names both sizes when another file was chosen to continue with', () => {
    const restored = upload({ status: 'paused', reason: 'restored', remote: remote() })
    const chosen = { name: 'other.pdf', size: 2_100_000_000 }
    expect(say(restored, 0, {}, { chosen })).toEqual({
      tone: 'danger',
      text: 'That’s a different file (2.1 GB, expected 2.9 GB). Choose report.pdf.',
    })
    expect(say(restored, 0, {}, { chosen: { ...chosen, size: TOTAL } }).text).toBe(
      'That’s a different file. Choose report.pdf.',
    )
  })

  it('keeps a long name short in a sentence, with the ends that tell it apart', () => {
    const long = upload({ status: 'failed', remote: null, error: new UploadError('forbidden', '') })
    const name = `${'a'.repeat(60)} ${'b'.repeat(60)}.pdf`
    const text = say({ ...long, file: { ...long.file, name } }, 0, {}).text ?? ''
    expect(text.length).toBeLessThanOrEqual(140)
    expect(text).toContain('aaa…bbb')
    expect(text).toContain('b.pdf')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('shows no speed and no time when they are %s', (figure) => {
    const odd = upload(
      { status: 'uploading', remote: remote(), wait: null },
      { bytesPerSecond: figure, secondsLeft: figure },
    )
    const pace = paceOf(odd, NOW, null)
    expect(activityText(activityOf(odd, wording, limits, NOW, { pace }))).toBe('42% · 1.2 of 2.9 GB')
  })

  it('says first that another tab sends it, until it has ended there', () => {
    const there = { ...upload({ status: 'uploading', remote: remote(), wait: null }), inOtherTab: true }
    expect(activityText(activityOf(there, wording, limits, NOW))).toMatch(/^In another tab · 42%/)
    const done = { ...upload({ status: 'completed', remote: remote('completed'), fileObject }), inOtherTab: true }
    expect(activityText(activityOf(done, wording, limits, NOW))).toBe('file-abc123')
  })
})
