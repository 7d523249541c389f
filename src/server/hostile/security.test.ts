import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

// SECURITY.md is for people who want to check what it claims: each of its rows has to lead somewhere.

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'SECURITY.md'), 'utf8')
const rows = Array.from(page.matchAll(/^\| (S\d+) \| (.+) \|$/gm), ([, row = '', rest = '']) => ({ row, rest }))
const tests = rows.flatMap(({ row, rest }) => {
  const [, file, name] = /^`([^`]+)`: (.+)$/.exec(rest) ?? []
  return file && name ? [{ row, file, name }] : []
})
const all = Array.from({ length: 25 }, (_, index) => `S${index + 1}`)

describe('SECURITY.md', () => {
  it.each(tests)('$row is shown by a test that is there: $name', ({ file, name }) => {
    // A name with a quote in it is written with another around it.
    expect(readFileSync(join(root, file), 'utf8')).toContain(name)
  })

  it('has a measure and a test for every row, and tries at each in the hostile suite', () => {
    const suite = readFileSync(join(import.meta.dirname, 'hostile.test.ts'), 'utf8')
    expect(Array.from(suite.matchAll(/^ {2}\['(S\d+)'/gm), ([, row]) => row)).toEqual(all)
    expect([...new Set(tests.map(({ row }) => row))]).toEqual(all)
    const measures = rows.filter(({ rest }) => !rest.startsWith('`') && rest.includes(' | '))
    expect(measures.map(({ row }) => row)).toEqual(all)
  })
})
