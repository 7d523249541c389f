import { describe, expect, it } from 'vitest'
import { acceptOfPurpose, extensionOf, isAccepted, mimeTypeOf, PURPOSES, usableBytesOfPurpose } from './purposes.js'

describe('purposes', () => {
  it('are the six of the API, in its order', () => {
    expect(PURPOSES).toEqual(['fine-tune', 'assistants', 'batch', 'user_data', 'vision', 'evals'])
  })

  it('take JSON lines only where OpenAI reads nothing else', () => {
    for (const purpose of ['fine-tune', 'batch', 'evals']) expect(acceptOfPurpose(purpose)).toEqual(['.jsonl'])
  })

  it('take anything where no list is documented, also when they are new', () => {
    for (const purpose of ['user_data', 'assistants', 'next_years_purpose']) expect(acceptOfPurpose(purpose)).toBeNull()
  })

  it('have a usable size where one is documented', () => {
    expect(usableBytesOfPurpose('batch')).toBe(200e6)
    expect(usableBytesOfPurpose('user_data')).toBe(512e6)
    expect(usableBytesOfPurpose('fine-tune')).toBeNull()
  })
})

describe('the extension', () => {
  it.each([
    ['a.pdf', '.pdf'],
    ['A.PDF', '.pdf'],
    ['archive.tar.gz', '.gz'],
    ['.gitignore', ''],
    ['README', ''],
    ['trailing.', ''],
    ['', ''],
  ])('of %j is %j', (name, extension) => {
    expect(extensionOf(name)).toBe(extension)
  })
})

describe('the declared MIME type', () => {
  it.each([
    ['data.jsonl', '', 'text/jsonl'],
    ['data.jsonl', 'application/octet-stream', 'text/jsonl'],
    ['notes.md', '', 'text/markdown'],
    ['main.ts', 'video/mp2t', 'application/typescript'],
    ['photo.heic', 'image/heic', 'image/heic'],
    ['unknown', '', 'application/octet-stream'],
    ['a.__proto__', '', 'application/octet-stream'],
  ])('of %s, which the browser calls %j, is %s', (name, browserType, expected) => {
    expect(mimeTypeOf(name, browserType)).toBe(expected)
  })
})

describe('an accept list', () => {
  it.each([
    [['.jsonl'], 'data.jsonl', ''],
    [['.JSONL'], 'DATA.jsonl', ''],
    [[' .pdf '], 'a.pdf', ''],
    [['text/jsonl'], 'data.jsonl', ''],
    [['image/*'], 'photo.png', ''],
    [['image/*'], 'photo', 'image/heic'],
    [['application/pdf'], 'renamed', 'application/pdf'],
    [['text/plain'], 'a', 'text/plain;charset=utf-8'],
    [['*/*'], 'anything', ''],
    [['*'], 'anything', ''],
    [['.png', '.pdf'], 'a.pdf', ''],
  ])('%j takes %s of type %j', (accept, name, type) => {
    expect(isAccepted(accept, name, type)).toBe(true)
  })

  it.each([
    [[], 'a.pdf', 'application/pdf'],
    [['.pdf'], 'a.pdf.exe', ''],
    [['.pdf'], 'pdf', ''],
    [['.pdf'], 'a.png', 'application/pdf'],
    [['image/*'], 'a', 'imagex/png'],
    [['image/png'], 'a.gif', 'image/gif'],
    [[''], 'README', ''],
  ])('%j refuses %s of type %j', (accept, name, type) => {
    expect(isAccepted(accept, name, type)).toBe(false)
  })
})
