import { describe, expect, it } from 'vitest'
import { createFakeUploads, makeFile } from '../testing/index.js'
import { summarize } from './summary.js'
import type { UploadSnapshot } from './upload-snapshot.js'
import { createUploader } from './uploader.js'

const upload = (status: string, size: number, progress: object = {}): UploadSnapshot =>
  ({
    status,
    progress: { bytesTotal: size, bytesSent: 0, fraction: 0, bytesPerSecond: null, ...progress },
  }) as UploadSnapshot

describe('the summary', () => {
  it('of nothing has no figure that cannot be drawn', () => {
    expect(summarize([])).toEqual({
      total: 0,
      waiting: 0,
      active: 0,
      completed: 0,
      cancelled: 0,
      failed: 0,
      expired: 0,
      bytesTotal: 0,
      bytesSent: 0,
      fraction: 0,
      bytesPerSecond: null,
      secondsLeft: null,
    })
  })

  it('counts every status once', () => {
    const statuses = ['queued', 'paused', 'creating', 'uploading', 'completing', 'completed', 'cancelling', 'cancelled']
    expect(summarize([...statuses, 'failed', 'expired'].map((status) => upload(status, 10)))).toMatchObject({
      total: 10,
      waiting: 2,
      active: 3,
      completed: 1,
      cancelled: 2,
      failed: 1,
      expired: 1,
    })
  })

  it('weighs by bytes, and leaves cancelled files out', () => {
    const summary = summarize([
      upload('completed', 100, { bytesSent: 100, fraction: 1 }),
      upload('uploading', 300, { bytesSent: 150, fraction: 0.5, bytesPerSecond: 10 }),
      upload('uploading', 0, {}),
      upload('cancelled', 1e9, { bytesSent: 5e8, fraction: 0.5, bytesPerSecond: 5 }),
    ])
    expect(summary).toMatchObject({
      bytesTotal: 400,
      bytesSent: 250,
      fraction: 0.625,
      bytesPerSecond: 10,
      secondsLeft: 15,
    })
  })

  it('says 1 only once everything completed', async () => {
    const { fetcher, environment } = createFakeUploads()
    const uploader = createUploader({ fetcher, environment, partSize: 10, checksum: 'off' })
    const seen: number[] = []
    uploader.subscribe(() => seen.push(uploader.getSnapshot().summary.fraction))
    const ids = [30, 50].map((size) => uploader.add(makeFile(`${size}.txt`, size), { purpose: 'user_data' }))
    await Promise.all(ids.map((id) => uploader.run(id)))
    await Promise.resolve()
    expect(uploader.getSnapshot().summary).toMatchObject({ total: 2, completed: 2, fraction: 1 })
    expect(seen.filter((fraction) => fraction === 1)).toHaveLength(1)
  })
})
