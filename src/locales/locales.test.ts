import { describe, expect, it } from 'vitest'
import { errorText } from '../components/error-text.js'
import { english, type Messages } from '../components/messages.js'
import { rejectionTexts } from '../components/rejection-texts.js'
import { createWording } from '../components/wording.js'
import { UPLOAD_ERROR_CODES, UploadError, type UploadErrorCode } from '../protocol/index.js'
import { arabic } from './ar.js'
import { german } from './de.js'

const languages: [string, Messages][] = [
  ['en', english],
  ['de', german],
  ['ar', arabic],
]
const file = { name: 'report.pdf', size: 2_900_000_000, type: 'application/pdf' }
const limits = { max: 2e9, min: 100, accept: ['.csv', '.jsonl', 'image/*'], maxFiles: 5 }
const safe = [{ percent: '64%', until: '14:32' }, {}]
const hole = /undefined|null|NaN|Infinity|\[object|\s{2}|\s[.,](\s|$)/

describe.each(languages)('%s', (locale, messages) => {
  const wording = createWording(messages, locale)
  const count = (value: number) => ({ count: value, number: wording.measures.number(value) })

  it('has every word that English has', () => {
    expect(Object.keys(messages)).toEqual(Object.keys(english))
  })

  it.each(UPLOAD_ERROR_CODES)('%s: names the file, in at most 140 characters, without the code', (code) => {
    for (const more of safe) {
      // The words of `file_rejected` are the app's, where it has said any.
      const words = code === 'file_rejected' ? '' : 'raw words'
      const text = errorText(new UploadError(code, words), file, wording, { limits, ...more })
      expect(text).toContain('report.pdf')
      expect(text.length).toBeLessThanOrEqual(140)
      expect(text).toMatch(/[.!]$/)
      expect(text).not.toMatch(hole)
      expect(text).not.toContain('raw words')
      expect(text).not.toMatch(/_|application\//)
    }
  })

  it('leaves the app its own words for a file that it rejected', () => {
    const error = new UploadError('file_rejected', 'Ihr Tarif hat keinen Platz mehr.')
    expect(errorText(error, file, wording, { limits })).toBe('Ihr Tarif hat keinen Platz mehr.')
  })

  it.each(UPLOAD_ERROR_CODES)('%s: says why it tries again, and when', (code) => {
    for (const text of [
      messages.retrying({ code, seconds: '8 s', attempt: '2' }),
      messages.rateLimited({ code, seconds: '8 s' }),
    ]) {
      expect(text).toContain('8 s')
      expect(text).not.toMatch(hole)
    }
  })

  it('blames the connection only where it was the connection', () => {
    const said = (code: UploadErrorCode) => messages.retrying({ code, seconds: '8 s', attempt: '2' })
    const texts = new Set([said('network'), said('timeout'), said('server_error'), said('bad_response')])
    expect(texts.size).toBe(4)
    expect(said('upstream_error')).toBe(said('server_error'))
    expect(messages.rateLimited({ code: 'rate_limited', seconds: '8 s' })).not.toBe(
      messages.rateLimited({ code: 'server_error', seconds: '8 s' }),
    )
  })

  it.each(UPLOAD_ERROR_CODES)('%s: says it of several files', (code) => {
    const rejections = ['a.heic', 'b.heic', 'c.heic', 'd.heic', 'e.heic'].map((name) => ({
      file: new File([], name),
      error: new UploadError(code, 'App.'),
    }))
    const [text, ...others] = rejectionTexts(rejections, wording, limits)
    expect(others).toEqual([])
    expect(text).toContain('a.heic')
    expect(text).not.toContain('d.heic')
    expect(text).not.toMatch(hole)
  })

  it('says that it checks a file, and how far that is where it is known', () => {
    const percent = wording.measures.percent(0.43)
    const [known, unknown] = [messages.checking({ percent }), messages.checking({ percent: null })]
    expect(known.startsWith(unknown)).toBe(true)
    expect(known.endsWith(percent)).toBe(true)
    expect(unknown).not.toMatch(hole)
    expect(known).not.toMatch(hole)
  })

  it('has a plural for every number', () => {
    for (const value of [0, 1, 2, 3, 10, 11, 99, 100, 101, 1240]) {
      const texts = [
        messages.dropCount(count(value)),
        messages.dropSome({ fits: count(1), all: count(value) }),
        messages.dropRoom(count(value)),
        messages.full(count(value)),
        messages.readingFolder(count(value)),
        messages.limits({ types: 'PDF', max: '8 GB', files: count(value) }),
        messages.moreTypes(count(value)),
        messages.showAll(count(value)),
        messages.queuedBehind(count(value)),
        messages.andMore(count(value)),
        messages.uploadingCount({ current: '1', total: count(value) }),
        messages.uploadedAndAttention({ uploaded: count(value), attention: count(value) }),
        messages.uploadedCount(count(value)),
        messages.cancelledCount(count(value)),
        messages.pausedCount(count(value)),
        messages.offlineCount(count(value)),
        messages.interruptedCount(count(value)),
        messages.retryAll(count(value)),
        messages.announceAdded({ name: 'a.pdf', ...count(value) }),
        messages.announceCompleted({ name: 'a.pdf', left: count(value), ...count(value) }),
        messages.announceCancelled({ name: 'a.pdf', ...count(value) }),
        messages.announceFailed({ text: 'Why.', ...count(value) }),
      ]
      for (const text of texts) {
        expect(text).not.toMatch(hole)
        expect(text.trim()).not.toBe('')
      }
    }
  })
})

it('Arabic tells one, two, a few, many and others apart', () => {
  const { measures } = createWording(arabic, 'ar')
  const said = [0, 1, 2, 3, 11, 100].map((value) =>
    arabic.uploadedCount({ count: value, number: measures.number(value) }),
  )
  expect(new Set(said.map((text) => text.replace(/\d+/g, ''))).size).toBe(6)
})

it('keeps a name from turning the sentence around it, where their directions differ', () => {
  const say = (messages: Messages, name: string) =>
    errorText(new UploadError('file_gone', ''), { ...file, name }, createWording(messages, 'en'), { limits })
  expect(say(arabic, 'report.pdf')).toContain('\u2068report.pdf\u2069')
  expect(say(english, 'תקציר.pdf')).toContain('\u2068תקציר.pdf\u2069')
  expect(say(english, 'report.pdf')).not.toMatch(/[\u2068\u2069]/)
})

it('an override says one thing otherwise, and the rest in English', () => {
  const { messages, dir } = createWording({ chooseFiles: 'Pick' }, 'en')
  expect(messages.chooseFiles).toBe('Pick')
  expect(messages.cancel).toBe('Cancel')
  expect(dir).toBe('ltr')
})
