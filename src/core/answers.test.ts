import { describe, expect, it } from 'vitest'
import type { FileObject, RemoteUpload } from '../protocol/index.js'
import { checkCancelled, checkCompleted, checkCreated, checkPart } from './answers.js'

const request = { filename: 'a.pdf', bytes: 100, mime_type: 'application/pdf', purpose: 'user_data' }
const pending: RemoteUpload = {
  id: 'upload_1',
  object: 'upload',
  bytes: 100,
  created_at: 10,
  expires_at: 3610,
  filename: 'a.pdf',
  purpose: 'user_data',
  status: 'pending',
}
const file: FileObject = {
  id: 'file-1',
  object: 'file',
  bytes: 100,
  created_at: 10,
  expires_at: null,
  filename: 'a.pdf',
  purpose: 'user_data',
}
const completed = { ...pending, status: 'completed', file }
const refusalOf = (check: () => unknown) => {
  try {
    check()
  } catch (error) {
    return error
  }
  return null
}
const bad = (why: string) => ({ code: 'bad_response', hint: expect.stringContaining(why) as string })
const notJson: unknown[] = [undefined, null, '<html>Sign in</html>', [], {}, { object: 'list', data: [] }]

describe('the answer to create', () => {
  it('counts when it is a pending Upload of what we declared', () => {
    expect(checkCreated(pending, request)).toEqual(pending)
  })

  it('may hold a name that a backend made safe', () => {
    expect(checkCreated({ ...pending, filename: 'a_.pdf' }, request)).toMatchObject({ filename: 'a_.pdf' })
  })

  it.each<[string, object]>([
    ['status is completed', completed],
    ['status is cancelled', { ...pending, status: 'cancelled' }],
    ['declares 99 bytes, not 100', { ...pending, bytes: 99 }],
    ['purpose is batch', { ...pending, purpose: 'batch' }],
    ['no time left', { ...pending, expires_at: 10 }],
  ])('does not count when %s', (why, answer) => {
    expect(refusalOf(() => checkCreated(answer, request))).toMatchObject(bad(why))
  })
})

describe('the answer to a part', () => {
  const part = { id: 'part_1', object: 'upload.part', created_at: 10, upload_id: 'upload_1' }

  it('counts when it is a Part of this Upload', () => {
    expect(checkPart(part, 'upload_1')).toEqual(part)
  })

  it('does not count when it belongs to another Upload', () => {
    expect(refusalOf(() => checkPart({ ...part, upload_id: 'upload_2' }, 'upload_1'))).toMatchObject(
      bad('another Upload'),
    )
  })
})

describe('the answer to complete', () => {
  it('counts when this Upload is completed, and gives the File', () => {
    expect(checkCompleted(completed, pending)).toEqual({ remote: completed, fileObject: file })
  })

  it('counts when the File does not know its size yet', () => {
    expect(checkCompleted({ ...completed, file: { ...file, bytes: null } }, pending).fileObject.bytes).toBeNull()
  })

  it.each<[string, object]>([
    ['another Upload', { ...completed, id: 'upload_2' }],
    ['status is pending', pending],
    ['status is expired', { ...completed, status: 'expired' }],
    ['no file', { ...completed, file: null }],
    ['no file', { ...completed, file: { ...file, object: 'nonsense' } }],
  ])('does not count when it has or is %s', (why, answer) => {
    expect(refusalOf(() => checkCompleted(answer, pending))).toMatchObject(bad(why))
  })

  it('is a broken copy when the File has another size', () => {
    expect(refusalOf(() => checkCompleted({ ...completed, file: { ...file, bytes: 99 } }, pending))).toMatchObject({
      code: 'integrity_failed',
      details: { uploadId: 'upload_1' },
    })
  })
})

describe('the answer to cancel', () => {
  it('counts when this Upload is cancelled', () => {
    expect(checkCancelled({ ...pending, status: 'cancelled' }, pending)).toBeNull()
  })

  it('may be that it was completed before', () => {
    expect(checkCancelled(completed, pending)).toEqual(checkCompleted(completed, pending))
  })

  it.each<[string, object]>([
    ['another Upload', { ...pending, id: 'upload_2', status: 'cancelled' }],
    ['status is expired', { ...pending, status: 'expired' }],
  ])('does not count when %s', (why, answer) => {
    expect(refusalOf(() => checkCancelled(answer, pending))).toMatchObject(bad(why))
  })
})

it.each(notJson)('no call takes %j for its answer', (answer) => {
  for (const check of [
    () => checkCreated(answer, request),
    () => checkPart(answer, 'upload_1'),
    () => checkCompleted(answer, pending),
    () => checkCancelled(answer, pending),
  ]) {
    expect(refusalOf(check)).toMatchObject({ code: 'bad_response' })
  }
})
