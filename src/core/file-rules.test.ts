import { describe, expect, it } from 'vitest'
import type { UploadPolicy } from '../protocol/index.js'
import { checkFile, type FileRules, warningsFor } from './file-rules.js'

const EIGHT_GIB = 8 * 1024 ** 3
const remote = {
  id: 'upload_a',
  object: 'upload' as const,
  bytes: 1,
  created_at: 1,
  expires_at: 3601,
  purpose: 'user_data',
  status: 'pending' as const,
}
const file = (name: string, size = 1, type = '') => ({ name, size, type })
const policy: UploadPolicy = {
  purposes: ['user_data'],
  accept: null,
  maxBytes: EIGHT_GIB,
  maxPartBytes: 100,
  concurrency: null,
}
const codeOf = (what: ReturnType<typeof file>, purpose = 'user_data', rules: FileRules = {}, allowed = policy) =>
  checkFile(what, purpose, rules, allowed)?.code ?? null

describe('the size', () => {
  it('of nothing is refused, whatever the rules say', () => {
    expect(codeOf(file('a.pdf', 0), 'user_data', { minSize: 0 })).toBe('file_empty')
  })

  it('may be 8 GiB exactly, and not a byte more', () => {
    expect(codeOf(file('a.pdf', EIGHT_GIB))).toBeNull()
    expect(codeOf(file('a.pdf', EIGHT_GIB + 1))).toBe('file_too_large')
  })

  it('cannot be allowed above 8 GiB by a rule, nor where no backend has said anything', () => {
    const rules = { maxSize: EIGHT_GIB * 2 }
    expect(codeOf(file('a.pdf', EIGHT_GIB + 1), 'user_data', rules)).toBe('file_too_large')
    expect(checkFile(file('a.pdf', EIGHT_GIB + 1), 'user_data', rules)?.code).toBe('file_too_large')
  })

  it('may be above 8 GiB where the backend says so, as before an API with a limit of its own', () => {
    const allowed = { ...policy, maxBytes: 9e9 }
    expect(codeOf(file('a.pdf', 9e9), 'user_data', {}, allowed)).toBeNull()
    expect(codeOf(file('a.pdf', 9e9 + 1), 'user_data', { maxSize: 1e10 }, allowed)).toBe('file_too_large')
    expect(codeOf(file('a.pdf', 9e9), 'user_data', { maxSize: 100 }, allowed)).toBe('file_too_large')
  })

  it.each([
    [{ maxSize: 100 }, EIGHT_GIB],
    [{ maxSize: 200 }, 100],
    [{}, 100],
  ])('is held against the lower of rule %j and policy %i', (rules, maxBytes) => {
    const allowed = { ...policy, maxBytes }
    expect(codeOf(file('a.pdf', 100), 'user_data', rules, allowed)).toBeNull()
    expect(codeOf(file('a.pdf', 101), 'user_data', rules, allowed)).toBe('file_too_large')
  })

  it('may have to reach a minimum', () => {
    expect(codeOf(file('a.pdf', 9), 'user_data', { minSize: 10 })).toBe('file_too_small')
    expect(codeOf(file('a.pdf', 10), 'user_data', { minSize: 10 })).toBeNull()
  })

  it('is said with the limit, in words for the person and in bytes for the developer', () => {
    const error = checkFile(file('film.mov', 5e6), 'user_data', { maxSize: 1.5e6 })
    expect(error?.message).toBe('film.mov is too large: 5 MB. The limit is 1.5 MB. Choose a smaller file.')
    expect(error?.hint).toBe('5000000 bytes; the limit is 1500000.')
  })

  it('just below a unit is not rounded into nonsense', () => {
    const error = checkFile(file('a.pdf', 999_999), 'user_data', { maxSize: 999 })
    expect(error?.message).toContain('999 bytes')
    expect(error?.message).not.toContain('NaN')
  })
})

describe('the type', () => {
  it('has to fit the purpose', () => {
    expect(codeOf(file('data.csv'), 'batch')).toBe('file_type_not_allowed')
    expect(codeOf(file('data.jsonl'), 'batch')).toBeNull()
    expect(codeOf(file('photo.PNG'), 'vision')).toBeNull()
    expect(codeOf(file('anything.xyz'), 'user_data')).toBeNull()
  })

  it('of .jsonl is known though browsers leave it empty', () => {
    expect(codeOf(file('data.jsonl', 1, ''), 'fine-tune')).toBeNull()
    expect(codeOf(file('data.jsonl', 1, ''), 'user_data', { accept: ['text/jsonl'] })).toBeNull()
  })

  it('is the app’s to decide: accept comes before the policy, the policy before the purpose', () => {
    expect(codeOf(file('data.csv'), 'batch', { accept: ['.csv'] })).toBeNull()
    expect(codeOf(file('data.jsonl'), 'batch', { accept: ['.csv'] })).toBe('file_type_not_allowed')
    const onlyText = { ...policy, accept: ['.txt'] }
    expect(codeOf(file('data.jsonl'), 'batch', {}, onlyText)).toBe('file_type_not_allowed')
    expect(codeOf(file('data.csv'), 'batch', { accept: ['.csv'] }, onlyText)).toBeNull()
  })

  it('is said with what is allowed', () => {
    const error = checkFile(file('photo.heic', 1, 'image/heic'), 'vision')
    expect(error?.message).toBe(
      'photo.heic is a .heic file. Allowed: .png, .jpg, .jpeg, .webp, .gif. Choose another file.',
    )
    expect(error?.hint).toContain('accept')
  })
})

describe('a warning', () => {
  it('is given above 8,000,000,000 bytes, which the API may mean by 8 GB', () => {
    expect(warningsFor(file('a.jsonl', 8e9), { purpose: 'fine-tune' })).toEqual([])
    expect(warningsFor(file('a.jsonl', 8e9 + 1), { purpose: 'fine-tune' })).toMatchObject([
      { code: 'above_decimal_limit' },
    ])
  })

  it('is given where the server knows the file by another name than it was sent', () => {
    const remoteOf = (filename: string) => ({ ...remote, filename })
    const options = { purpose: 'user_data', filename: 'caf\u00e9.pdf' } as const
    expect(warningsFor(file('a.pdf'), options, remoteOf('cafe\u0301.pdf'))).toEqual([])
    expect(warningsFor(file('a.pdf'), options, remoteOf('cafe.pdf'))).toMatchObject([{ code: 'filename_changed' }])
  })

  it('is given where the purpose cannot read that much', () => {
    expect(warningsFor(file('a.jsonl', 200e6), { purpose: 'batch' })).toEqual([])
    expect(warningsFor(file('a.jsonl', 200e6 + 1), { purpose: 'batch' })).toMatchObject([
      { code: 'above_purpose_limit', message: expect.stringContaining('200 MB') as string },
    ])
  })
})
