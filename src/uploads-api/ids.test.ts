import { expect, it } from 'vitest'
import { isPartId, isUploadId } from '../protocol/index.js'
import { randomIds } from './ids.js'

it('makes ids of the recorded shapes, and never the same twice', () => {
  const shapes = {
    upload: /^upload_[0-9a-f]{32}$/,
    part: /^part_[0-9a-f]{32}$/,
    file: /^file-[0-9A-Za-z]{22}$/,
    request: /^req_[0-9a-f]{32}$/,
  }
  for (const kind of ['upload', 'part', 'file', 'request'] as const) {
    const ids = Array.from({ length: 1000 }, () => randomIds[kind]())
    for (const id of ids) expect(id).toMatch(shapes[kind])
    expect(new Set(ids).size).toBe(ids.length)
  }
})

it('makes ids that the protocol takes for ids', () => {
  expect(isUploadId(randomIds.upload())).toBe(true)
  expect(isPartId(randomIds.part())).toBe(true)
})
