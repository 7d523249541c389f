import { describe, expect, it } from 'vitest'
import type { UploadSnapshot } from '../core/index.js'
import { countForm, type FormCounts, type FormRules, formMessageOf, validityOf } from './form-state.js'
import { createWording } from './wording.js'

const wording = createWording(undefined, 'en')
const nothing: FormCounts = { pending: 0, completed: 0, attention: 0 }
const validity = (counts: Partial<FormCounts>, rules: Partial<FormRules> = {}) =>
  validityOf({ ...nothing, ...counts }, { required: false, submitWhilePending: 'block', ...rules }, wording)

describe('countForm', () => {
  const count = (...states: object[]) => countForm(states as UploadSnapshot[])

  it('waits for what is under way or paused, and not for what an earlier page left behind or what is given up', () => {
    const underWay = [{ status: 'queued' }, { status: 'completing' }, { status: 'paused', reason: 'user' }]
    expect(count(...underWay).pending).toBe(3)
    expect(count({ status: 'paused', reason: 'restored' }, { status: 'cancelling' }, { status: 'failed' })).toEqual({
      pending: 0,
      completed: 0,
      attention: 1,
    })
  })
})

describe('validityOf', () => {
  it('asks for a file only where one is required and none is there', () => {
    expect(validity({})).toBe('')
    expect(validity({}, { required: true })).toBe('Choose a file.')
    expect(validity({ completed: 1 }, { required: true })).toBe('')
    expect(validity({ attention: 1 }, { required: true })).toBe('Choose a file.')
  })

  it('names what is still on its way, and leaves the form alone where it may wait or go without', () => {
    expect(validity({ pending: 2 })).toBe('Wait for 2 uploads to finish, or cancel them.')
    expect(validity({ pending: 1, completed: 3 }, { required: true })).toBe(
      'Wait for 1 upload to finish, or cancel it.',
    )
    expect(validity({ pending: 2 }, { submitWhilePending: 'wait' })).toBe('')
    expect(validity({ pending: 2 }, { submitWhilePending: 'wait', required: true })).toBe('')
  })

  it('does not take an upload on its way for a file where the form goes without it', () => {
    expect(validity({ pending: 1 }, { submitWhilePending: 'allow' })).toBe('')
    expect(validity({ pending: 1 }, { submitWhilePending: 'allow', required: true })).toBe('Choose a file.')
  })
})

describe('formMessageOf', () => {
  const rules: FormRules = { required: true, submitWhilePending: 'block' }
  const message = (
    ...[submission, counts, invalid]: [Parameters<typeof formMessageOf>[0], object?, (boolean | string)?]
  ) => formMessageOf(submission, { ...nothing, ...counts }, rules, invalid ?? false, wording)

  it('complains about nothing before someone has tried to submit', () => {
    expect(message('none')).toBeNull()
    expect(message('refused')).toEqual({ text: 'Choose a file.', tone: 'danger' })
    expect(message('refused', { completed: 1 })).toBeNull()
  })

  it('shows what the app has found, and what became of the submission before that', () => {
    expect(message('none', {}, 'The first page is missing.')?.text).toBe('The first page is missing.')
    expect(message('refused', {}, 'The first page is missing.')?.text).toBe('Choose a file.')
    expect(message('none', {}, true)).toBeNull()
  })

  it('is calm while a submission waits, and not when it was given up', () => {
    expect(message('held', { pending: 1 })).toEqual({
      text: 'Submits by itself once 1 upload has finished.',
      tone: 'neutral',
    })
    expect(message('stopped', { attention: 2 })).toEqual({
      text: 'Not submitted: 2 uploads stopped. Retry, or submit again without them.',
      tone: 'danger',
    })
  })
})
