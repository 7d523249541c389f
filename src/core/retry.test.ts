import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type UploadCall, UploadError, type UploadErrorCode } from '../protocol/index.js'
import { FetcherError } from './fetcher.js'
import { backoff, classify, DEFAULT_RETRY, type Failure, nextStep, retryAfterOf } from './retry.js'

interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: unknown
}

const NOW = Date.UTC(2026, 0, 1)
const failed = ({ headers, ...answer }: Answer, call: UploadCall = 'addPart') =>
  classify(new FetcherError('Failed.', { ...answer, headers: new Headers(headers) }), call, NOW)
const envelope = (code: string | null, param: string | null = null, message = 'Said.') => ({
  error: { message, type: 'x', param, code },
})

describe('a failure is called', () => {
  it.each<[Answer, UploadErrorCode, 'again' | 'not again']>([
    // no answer
    [{}, 'network', 'again'],
    // an answer that is not the API's
    [{ status: 200, body: '<html>Sign in</html>' }, 'bad_response', 'again'],
    [{ status: 204, body: '' }, 'bad_response', 'again'],
    // refusals
    [{ status: 302 }, 'invalid_request', 'not again'],
    [{ status: 400 }, 'invalid_request', 'not again'],
    [{ status: 400, body: envelope(null, 'purpose') }, 'invalid_request', 'not again'],
    [{ status: 400, body: envelope(null, 'md5') }, 'integrity_failed', 'not again'],
    [{ status: 401 }, 'auth_required', 'not again'],
    [{ status: 403 }, 'forbidden', 'not again'],
    [{ status: 404 }, 'not_found', 'not again'],
    [{ status: 405 }, 'method_not_allowed', 'not again'],
    [{ status: 408 }, 'timeout', 'again'],
    [{ status: 410 }, 'invalid_request', 'not again'],
    [{ status: 413, body: '<html>nginx</html>' }, 'part_too_large', 'not again'],
    [{ status: 422 }, 'invalid_request', 'not again'],
    [{ status: 425 }, 'server_error', 'again'],
    [{ status: 429 }, 'rate_limited', 'again'],
    [{ status: 429, body: envelope('insufficient_quota') }, 'quota_exceeded', 'not again'],
    [{ status: 429, body: envelope('credit_balance_exhausted') }, 'quota_exceeded', 'not again'],
    // servers in trouble
    [{ status: 500 }, 'server_error', 'again'],
    [{ status: 501 }, 'server_error', 'not again'],
    [{ status: 502, body: '<html>' }, 'server_error', 'again'],
    [{ status: 503 }, 'server_error', 'again'],
    [{ status: 504 }, 'server_error', 'again'],
    [{ status: 505 }, 'server_error', 'not again'],
    [{ status: 529 }, 'server_error', 'again'],
    // our backend's own words come first
    [{ status: 400, body: envelope('part_incomplete') }, 'part_incomplete', 'again'],
    [{ status: 401, body: envelope('token_invalid') }, 'token_invalid', 'not again'],
    [{ status: 410, body: envelope('expired') }, 'expired', 'not again'],
    [{ status: 429, body: envelope('quota_exceeded') }, 'quota_exceeded', 'not again'],
    [{ status: 502, body: envelope('upstream_error') }, 'upstream_error', 'again'],
    [{ status: 502, body: envelope('upstream_auth') }, 'upstream_auth', 'not again'],
    // a foreign code is no word of ours
    [{ status: 400, body: envelope('invalid_api_key') }, 'invalid_request', 'not again'],
  ])('%j: %s, tried %s', (answer, code, again) => {
    const { error, retryable } = failed(answer)
    expect([error.code, retryable ? 'again' : 'not again']).toEqual([code, again])
  })

  it('network when anything but a FetcherError was thrown', () => {
    const thrown = new TypeError('Failed to fetch')
    expect(classify(thrown, 'create', NOW)).toMatchObject({
      error: { code: 'network', cause: thrown },
      retryable: true,
    })
  })

  it('what the engine found out itself, and only a bad answer is asked for again', () => {
    const wrong = new UploadError('bad_response', 'Wrong.')
    const corrupted = new UploadError('integrity_failed', 'Corrupted.')
    expect(classify(wrong, 'addPart', NOW)).toEqual({ error: wrong, retryable: true, retryAfter: null })
    expect(classify(corrupted, 'complete', NOW)).toEqual({ error: corrupted, retryable: false, retryAfter: null })
  })
})

describe('a conflict', () => {
  it.each<[UploadCall, boolean]>([
    ['create', true],
    ['addPart', true],
    ['complete', false],
    ['cancel', false],
  ])('in %s is tried again: %s', (call, again) => {
    // Only the call decides: 409 itself is in no list of codes.
    expect(failed({ status: 409 }, call).retryable).toBe(again)
  })
})

describe('x-should-retry', () => {
  it('is obeyed before anything else', () => {
    expect(failed({ status: 400, headers: { 'x-should-retry': 'true' } }).retryable).toBe(true)
    expect(failed({ status: 503, headers: { 'x-should-retry': 'false' } }).retryable).toBe(false)
  })

  it('says nothing when it is neither true nor false', () => {
    expect(failed({ status: 503, headers: { 'x-should-retry': 'maybe' } }).retryable).toBe(true)
  })
})

describe('an error tells', () => {
  it('the status and the request id that support asks for', () => {
    const { error } = failed({ status: 500, headers: { 'x-request-id': 'req_1' } })
    expect(error.details).toEqual({ status: 500, requestId: 'req_1' })
  })

  it('what the server said, where nothing better is known', () => {
    expect(failed({ status: 400, body: envelope(null, null, 'No such purpose.') }).error.message).toBe(
      'No such purpose.',
    )
    expect(failed({ status: 418 }).error.message).toContain('418')
  })

  it('the developer what to change', () => {
    expect(failed({ status: 413 }).error.hint).toContain('partSize')
    expect(failed({ status: 404 }, 'create').error.hint).toContain('mounted')
    expect(failed({}).error.hint).toContain('CORS')
  })

  it('nothing of a foreign page to the person', () => {
    expect(failed({ status: 200, body: '<html>secret</html>' }).error.message).not.toContain('<html>')
  })
})

describe('retry-after', () => {
  const after = (headers: Record<string, string>) => retryAfterOf(new Headers(headers), NOW)
  const later = (seconds: number) => new Date(NOW + seconds * 1000).toUTCString()

  it.each([
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': ' 3 ' }, 3000],
    [{ 'retry-after-ms': '250' }, 250],
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after-ms': 'soon', 'retry-after': '9' }, 9000],
    [{ 'retry-after': later(5) }, 5000],
    // against the answer's own clock: ours may be wrong
    [{ 'retry-after': later(3605), date: later(3600) }, 5000],
    [{ 'retry-after': later(-5) }, null],
    [{ 'retry-after': '' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{ 'retry-after': '-1' }, null],
    [{ 'retry-after': 'NaN' }, null],
    [{ 'retry-after': 'Infinity' }, null],
    [{ 'retry-after': '1e306' }, null],
    [{ 'retry-after': '9'.repeat(307) }, null],
    [{ 'retry-after-ms': '0xff', 'retry-after': '9' }, 9000],
    [{}, null],
  ])('%j is %s ms', (headers, ms) => {
    expect(after(headers as Record<string, string>)).toBe(ms)
  })

  it('is nothing or a time that can be waited for, whatever a server writes', () => {
    const text = fc.string({ unit: fc.constantFrom(...Array.from('0123456789.-+eE:,/ abGMTJanMon')) })
    fc.assert(
      fc.property(text, text, text, (seconds, ms, date) => {
        const wait = after({ 'retry-after': seconds, 'retry-after-ms': ms, date })
        expect(wait === null || (Number.isFinite(wait) && wait >= 0)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('backoff', () => {
  it('doubles up to its cap, and jitter only shortens it', () => {
    const longest = [1, 2, 3, 4, 5, 6, 7, 8, 50, 5000].map((attempt) => backoff(attempt, 1, DEFAULT_RETRY))
    expect(longest).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000])
    expect(backoff(3, 0, DEFAULT_RETRY)).toBe(0)
    expect(backoff(3, 0.5, DEFAULT_RETRY)).toBe(1000)
  })
})

describe('the next step', () => {
  const failure = (code: UploadErrorCode, more: Partial<Failure> = {}): Failure => ({
    error: new UploadError(code, 'Failed.'),
    retryable: true,
    retryAfter: null,
    ...more,
  })
  const calm = { attempt: 1, badResponses: 1, sinceProgress: 0, online: true, random: 0.5 }
  const step = (what: Failure, now: Partial<typeof calm> = {}) => nextStep(what, { ...calm, ...now }, DEFAULT_RETRY)

  it('is to fail when trying again cures nothing, also when the server gives a time', () => {
    expect(step(failure('forbidden', { retryable: false, retryAfter: 1000 }))).toEqual({ type: 'fail' })
  })

  it('is to wait, longer each time', () => {
    expect(step(failure('network'))).toEqual({ type: 'wait', delay: 250, held: false, reason: 'backoff' })
    expect(step(failure('server_error'), { attempt: 4 })).toMatchObject({ delay: 2000, held: false })
  })

  it('is to pause when the connection is gone and the browser knows it', () => {
    expect(step(failure('network'), { online: false })).toEqual({ type: 'pause_offline' })
    expect(step(failure('server_error'), { online: false })).toMatchObject({ type: 'wait' })
  })

  it('is to hold every request when the server asked for time, never a moment less', () => {
    expect(step(failure('rate_limited', { retryAfter: 2000 }))).toEqual({
      type: 'wait',
      delay: 2250,
      held: true,
      reason: 'rate_limited',
    })
    expect(step(failure('rate_limited', { retryAfter: 2000 }), { random: 0 })).toMatchObject({ delay: 2000 })
  })

  it('is to hold them a little longer each time', () => {
    expect(step(failure('rate_limited', { retryAfter: 0 }), { attempt: 4 })).toMatchObject({ delay: 2000, held: true })
  })

  it('is to say that the server is busy when it said so without a time', () => {
    expect(step(failure('rate_limited'))).toMatchObject({ reason: 'rate_limited', held: false })
  })

  it('is to fail once nothing was accepted for ten minutes', () => {
    expect(step(failure('network'), { sinceProgress: 599_750 })).toMatchObject({ type: 'wait' })
    expect(step(failure('network'), { sinceProgress: 599_751 })).toEqual({ type: 'fail' })
  })

  it('is to fail at the third answer in a row that is not the API’s', () => {
    expect(step(failure('bad_response'), { attempt: 9, badResponses: 2 })).toMatchObject({ type: 'wait' })
    expect(step(failure('bad_response'), { badResponses: 3 })).toEqual({ type: 'fail' })
  })
})
