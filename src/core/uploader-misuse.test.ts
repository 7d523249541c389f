import { describe, expect, it } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { createUploader } from './uploader.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

// What the types forbid, and JavaScript, a form or a calculation brings all the same.

const refusal = expect.objectContaining({ code: 'invalid_options' }) as Error
const wrong = (value: unknown) => value as never
const file = makeFile('a.pdf', 100)

describe('an uploader is not made', () => {
  it.each([undefined, null, 5, 'x', []])('of %j', (options) => {
    expect(() => createUploader(wrong(options))).toThrow(refusal)
  })

  it.each([
    ['minPartSize', [null, Number.NaN, -1, 0, 1.5, '5']],
    ['progressInterval', [null, Number.NaN, -1, '5']],
    ['partSize', [null, '5', true, []]],
    ['checksum', [null, 'sha', {}]],
    ['retry', [null, 'x', { baseDelay: -1 }, { maxDelay: Number.NaN }, { giveUpAfter: '5' }]],
    ['limits', [null, 5, { stall: -1 }, { response: Number.NaN }, { complete: 'x' }]],
    ['defaults', [null, 'user_data']],
    ['rules', [null, '.pdf']],
    ['resumeStore', [null, 'mine']],
    ['environment', [null, 5]],
    ['createWorker', [null, 'worker.js']],
    ['onAuthRefresh', [null, '/login']],
  ])('with a wrong %s', (name, values) => {
    const { fetcher } = createFakeUploads()
    for (const value of values) expect(() => createUploader({ fetcher, [name]: wrong(value) })).toThrow(refusal)
  })

  it('without saying which option it is, and what to pass', () => {
    const { fetcher } = createFakeUploads()
    expect(() => createUploader({ fetcher, retry: { maxDelay: Number.NaN } })).toThrow(
      'maxDelay is NaN. Pass a number of milliseconds.',
    )
  })
})

describe('a file is not added', () => {
  it.each([undefined, null, 5, 'a.pdf', {}, [file], new Blob(['x'])])('that is %s', (what) => {
    const { uploader } = setTheStage()
    expect(() => uploader.add(wrong(what))).toThrow(refusal)
    expect(uploader.getSnapshot().ids).toEqual([])
  })

  it.each([null, 'batch', []])('with %j for options or rules', (what) => {
    const { uploader } = setTheStage()
    expect(() => uploader.add(file, wrong(what))).toThrow(refusal)
    expect(() => uploader.add(file, {}, wrong(what))).toThrow(refusal)
  })

  it.each([
    ['filename', [null, '', 5, {}, Symbol('x')]],
    ['mimeType', [null, 5, {}]],
    ['expiresAfter', [null, '3600', Symbol('x')]],
    ['metadata', [null, 5, 'x', ['a'], { a: 1 }, { a: null }, { a: {} }, new Map([['a', 'b']])]],
  ])('with a wrong %s', (name, values) => {
    const { uploader } = setTheStage()
    for (const value of values) expect(() => uploader.add(file, { [name]: wrong(value) })).toThrow(refusal)
  })

  it.each([
    ['accept', ['.pdf', null, 5, [5], [null]]],
    ['minSize', [null, Number.NaN, -1, '5']],
    ['maxSize', [null, Number.NaN, -1, '5']],
  ])('with a wrong %s, which would let everything in', (name, values) => {
    const { uploader } = setTheStage()
    for (const value of values) expect(() => uploader.add(file, {}, { [name]: wrong(value) })).toThrow(refusal)
  })
})

describe('a command', () => {
  it('to cancel within a time that is none cancels nothing', async () => {
    const stage = setTheStage()
    const { id, file: sent, ended } = stage.start(300)
    for (const undoFor of [Number.NaN, -1, '5000', null]) {
      expect(() => stage.uploader.cancel(id, { undoFor: wrong(undoFor) })).toThrow(refusal)
    }
    await expectSameBytes(stage, await ended, sent)
  })

  it('to resume with what is no file, such as the event of a click, changes nothing', async () => {
    const stage = setTheStage()
    const { id } = stage.start(300)
    stage.uploader.pause(id)
    await expect(stage.uploader.resume(id, wrong({ type: 'click' }))).rejects.toMatchObject({ code: 'invalid_options' })
    expect(stage.uploader.get(id)?.status).toBe('paused')
  })
})
