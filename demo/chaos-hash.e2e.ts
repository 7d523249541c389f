import type { ChecksumAnswer } from '../src/core/checksum.worker.js'
import { expect, openEngine, test } from './chaos-bed.e2e.kit.js'

// Before streams were held on to, about nine of these never ended: Chromium had collected them.
test('every one of 2,000 checksums is answered', async ({ page }) => {
  await openEngine(page)
  const answered = page.evaluate(async (count) => {
    const worker = new Worker('/checksum.worker.ts', { type: 'module' })
    const waiting = new Map<number, () => void>()
    worker.onmessage = ({ data }: MessageEvent<ChecksumAnswer>) => waiting.get(data.id)?.()
    let next = 0
    let done = 0
    const lane = async () => {
      while (next < count) {
        const id = next
        next += 1
        await new Promise<void>((resolve) => {
          waiting.set(id, resolve)
          worker.postMessage({ type: 'hash', id, file: new File([new Uint8Array(2000).fill(id)], 'a.bin') })
        })
        done += 1
      }
    }
    await Promise.all([lane(), lane(), lane(), lane()])
    return done
  }, 2000)
  expect(await answered).toBe(2000)
})
