import { describe, expect, it } from 'vitest'
import { dragVerdict } from './drag-verdict.js'

const dragged = (...types: string[]) =>
  ({ items: types.map((type) => ({ kind: 'file', type })) }) as unknown as Pick<DataTransfer, 'items'>
const limits = { max: 1e9, min: null, accept: ['image/*'], maxFiles: null }

describe('dragVerdict', () => {
  it('promises what is certain', () => {
    expect(dragVerdict(dragged('image/png', 'image/gif'), limits, 0, false)).toEqual({
      drag: 'accept',
      count: 2,
      fits: 2,
    })
  })

  it('counts those that fit of a mixed drag', () => {
    expect(dragVerdict(dragged('image/png', 'text/csv'), limits, 0, false)).toEqual({
      drag: 'accept',
      count: 2,
      fits: 1,
    })
  })

  it('counts no more than there is room for', () => {
    const two = { ...limits, maxFiles: 3 }
    expect(dragVerdict(dragged('image/png', 'image/png', 'image/png'), two, 1, false).fits).toBe(2)
  })

  it('refuses what cannot be added for certain, and anything where the list is full', () => {
    expect(dragVerdict(dragged('text/csv'), limits, 0, false).drag).toBe('reject')
    expect(dragVerdict(dragged('image/png'), { ...limits, maxFiles: 1 }, 1, false).drag).toBe('reject')
  })

  it.each([
    ['the browser tells nothing', dragged(), limits, false],
    ['the browser knows no type', dragged(''), limits, false],
    ['an extension decides', dragged('text/plain'), { ...limits, accept: ['.jsonl'] }, false],
    ['the app checks for itself', dragged('image/png'), limits, true],
  ])('promises nothing where %s', (_, data, rules, validates) => {
    expect(dragVerdict(data, rules, 0, validates)).toMatchObject({ drag: 'unknown', fits: null })
  })
})
