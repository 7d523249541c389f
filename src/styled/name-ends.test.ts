import { describe, expect, it } from 'vitest'
import { endsOf } from './name-ends.js'

describe('a name in two', () => {
  it.each([
    ['annual-report-final.pdf', 'annual-report', '-final.pdf'],
    ['annual-report.final.version', 'annual-report', '.final.version'],
    ['a-folder-without-an-extension', 'a-folder-without-an-ext', 'ension'],
    ['notes.a-long-sentence-after-a-dot', 'notes.a-long-sentence-after', '-a-dot'],
    ['.gitignore-of-the-project', '.gitignore-of-the-p', 'roject'],
    ['a.pdf', '', 'a.pdf'],
    ['', '', ''],
  ])('%s keeps its extension and six letters', (name, start, end) => {
    expect(endsOf(name)).toEqual({ start, end })
  })

  it('cuts no letter in two', () => {
    const family = '👩‍👩‍👧'
    expect(endsOf(`holiday${family.repeat(8)}.jpg`)).toEqual({
      start: `holiday${family.repeat(2)}`,
      end: `${family.repeat(6)}.jpg`,
    })
  })
})
