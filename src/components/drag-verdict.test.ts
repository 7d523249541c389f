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
      room: null,
    })
  })

  it('counts those that fit of a mixed drag', () => {
    expect(dragVerdict(dragged('image/png', 'text/csv'), limits, 0, false)).toEqual({
      drag: 'accept',
      count: 2,
      fits: 1,
      room: null,
    })
  })

  it('counts no more than there is room for', () => {
    const two = { ...limits, maxFiles: 3 }
    expect(dragVerdict(dragged('image/png', 'image/png', 'image/png'), two, 1, false).fits).toBe(2)
  })

  const pictures = dragged('image/png', 'image/png', 'image/png')
  it.each([
    ['pictures, and certainly so', pictures, { maxFiles: 3 }, false, { drag: 'accept', fits: 2, room: 2 }],
    ['of no known type', dragged('', '', ''), { maxFiles: 3 }, false, { drag: 'unknown', fits: null, room: 2 }],
    ['for the app to check', pictures, { maxFiles: 2 }, true, { drag: 'unknown', fits: null, room: 1 }],
    ['as many as there is room for', pictures, { maxFiles: 4 }, false, { drag: 'accept', fits: 3, room: null }],
    ['too many, but not of those that fit', dragged('image/png', 'text/csv'), { maxFiles: 2 }, false, { room: null }],
    ['all of another kind', dragged('text/csv', 'text/csv'), { maxFiles: 2 }, false, { drag: 'reject', room: null }],
    ['in place of the only one', pictures, { maxFiles: 1 }, false, { room: null }],
    ['of a number not told', dragged(), { maxFiles: 2 }, false, { drag: 'unknown', count: null, room: null }],
  ])('tells the room only where more is dragged for certain: files that are %s', (_, data, rule, validates, told) => {
    const taken = rule.maxFiles === 1 ? 0 : 1
    expect(dragVerdict(data, { ...limits, ...rule }, taken, validates)).toMatchObject(told)
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
