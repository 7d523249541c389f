import { describe, expect, it } from 'vitest'
import { isUploadError, isUploadErrorCode, UPLOAD_ERROR_CODES, UploadError } from './errors.js'

describe('an UploadError', () => {
  it('keeps the word to branch on, the sentence, the advice and where it happened', () => {
    const cause = new Error('reset')
    const error = new UploadError('network', 'Lost.', { hint: 'CORS?', cause, status: 502, requestId: 'req_1' })
    expect(error).toMatchObject({ name: 'UploadError', code: 'network', message: 'Lost.', hint: 'CORS?', cause })
    expect(error.details).toEqual({ status: 502, requestId: 'req_1' })
  })

  it('has no cause where none was given', () => {
    expect('cause' in new UploadError('network', 'Lost.')).toBe(false)
  })

  it('is recognised when it comes from another copy of the package', () => {
    const foreign = Object.assign(new Error('Lost.'), { name: 'UploadError', code: 'network' })
    expect(isUploadError(foreign)).toBe(true)
  })

  it.each([
    ['another error', new Error('Lost.')],
    ['an error with a foreign code', Object.assign(new Error(), { name: 'UploadError', code: 'ENOENT' })],
    ['a plain object', { name: 'UploadError', code: 'network', message: '' }],
    ['nothing', undefined],
  ])('is not %s', (_what, value) => {
    expect(isUploadError(value)).toBe(false)
  })
})

it('every code is one snake_case word, once', () => {
  expect(new Set(UPLOAD_ERROR_CODES).size).toBe(UPLOAD_ERROR_CODES.length)
  for (const code of UPLOAD_ERROR_CODES) expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
})

it('an inherited name is no code', () => {
  for (const value of ['constructor', 'toString', '', null, 5]) expect(isUploadErrorCode(value)).toBe(false)
})
