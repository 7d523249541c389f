import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseResumeRecord } from './resume-record.js'

// What other code of the same origin may have put into the storage.

const record = () => ({
  head: {
    version: 1,
    file: { name: 'thesis.pdf', size: 400, type: 'application/pdf', lastModified: 1 },
    sample: '400-0',
    options: { purpose: 'user_data', metadata: { topic: 'bees' } },
    remote: {
      id: 'upload_abc',
      object: 'upload',
      bytes: 400,
      created_at: 1,
      expires_at: 3601,
      filename: 'thesis.pdf',
      purpose: 'user_data',
      status: 'pending',
    },
    token: 'token',
    expiresAt: 3_600_000,
    handle: null,
  },
  parts: [
    { start: 0, end: 100, partId: 'part_a', digest: null },
    { start: 200, end: 300, partId: 'part_b', digest: 'd'.repeat(32) },
  ],
})

/** The record with something else at one place, as a storage would hold it. */
function changed(path: readonly (string | number)[], value: unknown): unknown {
  const whole: unknown = record()
  const holder = path.slice(0, -1).reduce((at, key) => (at as Record<string, unknown>)[key], whole)
  Object.defineProperty(holder, path.at(-1) as string, { value, enumerable: true, configurable: true, writable: true })
  return whole
}

/** Whatever is taken from a storage can be acted upon: it leads to one Upload, and to bytes of its file. */
function expectSafe(stored: unknown): void {
  const parsed = parseResumeRecord(stored)
  if (parsed === null) return
  const { head, ledger } = parsed
  expect(head.version).toBe(1)
  expect(head.remote.id).toMatch(/^upload_[\w-]{1,128}$/)
  expect(head.remote).toMatchObject({ status: 'pending', bytes: head.file.size })
  expect(Number.isSafeInteger(head.file.size)).toBe(true)
  expect(Number.isFinite(head.expiresAt)).toBe(true)
  let end = 0
  for (const part of ledger) {
    expect(part.partId).toMatch(/^part_[\w-]+$/)
    expect(part.start).toBeGreaterThanOrEqual(end)
    expect(part.end).toBeGreaterThan(part.start)
    end = part.end
  }
  expect(end).toBeLessThanOrEqual(head.file.size)
  expect(Object.getPrototypeOf(head.options)).toBe(Object.prototype)
}

const paths = [
  ['head'],
  ['parts'],
  ...['version', 'file', 'sample', 'options', 'remote', 'token', 'expiresAt', 'handle'].map((key) => ['head', key]),
  ...['name', 'size', 'type', 'lastModified'].map((key) => ['head', 'file', key]),
  ...['id', 'object', 'bytes', 'expires_at', 'status', 'filename', '__proto__'].map((key) => ['head', 'remote', key]),
  ...['purpose', 'filename', 'metadata', 'expiresAfter', '__proto__'].map((key) => ['head', 'options', key]),
  ...['start', 'end', 'partId', 'digest', '__proto__'].map((key) => ['parts', 1, key]),
]
const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    Number('1e309'),
    -1,
    0.5,
    2 ** 53,
    Number.NaN,
    '../../files/file-1',
    'upload_../x',
    'upload_abc/complete?',
    'part_../x',
    '__proto__',
    'constructor',
    '',
    '\u0000',
    [],
    JSON.parse('{"__proto__": {"isAdmin": true}}'),
    { toString: 1, valueOf: 1 },
  ),
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true }),
)

describe('a record from storage', () => {
  it('is taken as it was written', () => {
    expect(parseResumeRecord(record())?.ledger.map(({ partId }) => partId)).toEqual(['part_a', 'part_b'])
  })

  it('of any shape is dropped, and nothing is thrown', () => {
    fc.assert(fc.property(fc.anything(), (value) => parseResumeRecord(value) === null))
  })

  it('with anything in the place of any part of it is dropped, or leads to its own Upload and bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), hostile, (path, value) => expectSafe(changed(path, value))),
      { numRuns: 5000 },
    )
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
  })

  it.each<[string, readonly (string | number)[], unknown]>([
    ['of another version', ['head', 'version'], 2],
    ['of an Upload whose id leads elsewhere', ['head', 'remote', 'id'], 'upload_../../files'],
    ['of an Upload that is over', ['head', 'remote', 'status'], 'completed'],
    ['of an Upload of another size', ['head', 'remote', 'bytes'], 401],
    ['of an infinite file', ['head', 'file', 'size'], Number('1e309')],
    ['that never expires', ['head', 'expiresAt'], Number('1e309')],
    ['with a token that is none', ['head', 'token'], {}],
    ['with parts that overlap', ['parts', 1, 'start'], 99],
    ['with a part beyond the file', ['parts', 1, 'end'], 401],
    ['with a part backwards', ['parts', 1, 'end'], 200],
    ['with one part twice', ['parts', 1, 'partId'], 'part_a'],
    ['with a part whose id leads elsewhere', ['parts', 1, 'partId'], 'part_../x'],
    ['with a digest that is none', ['parts', 1, 'digest'], 'D'.repeat(32)],
  ])('%s is dropped as a whole', (_, path, value) => {
    expect(parseResumeRecord(changed(path, value))).toBeNull()
  })

  it('of a million parts costs no time', () => {
    const size = 2 ** 33
    const head = {
      ...record().head,
      file: { ...record().head.file, size },
      remote: { ...record().head.remote, bytes: size },
    }
    const partsOf = (count: number, step: number) =>
      Array.from({ length: count }, (_, n) => ({
        start: n * step,
        end: n * step + 1,
        partId: `part_${n}`,
        digest: null,
      }))
    expect(parseResumeRecord({ head, parts: partsOf(1_000_000, 2) })).toBeNull()
    // Each alone, with a gap after it: no upload comes to that.
    expect(parseResumeRecord({ head, parts: partsOf(50_000, 2) })).toBeNull()
    expect(parseResumeRecord({ head, parts: partsOf(50_000, 1) })?.ledger).toHaveLength(50_000)
  })
})
