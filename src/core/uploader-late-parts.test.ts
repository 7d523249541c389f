import { expect, it } from 'vitest'
import { createMemoryResumeStore } from './resume-store.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

/** An uploader whose first part is accepted by the API, and is still being written down. */
function whileWriting(concurrency: number) {
  const memory = createMemoryResumeStore()
  const writing = signal()
  const written = signal()
  let parts = 0
  const stage = setTheStage({
    concurrency,
    resumeStore: {
      ...memory,
      savePart: async (uploadId, part) => {
        if (part.digest === null) parts += 1
        if (parts === 1) {
          writing.give()
          await written.given
        }
        await memory.savePart(uploadId, part)
      },
    },
  })
  return { ...stage, writing: writing.given, finishWriting: written.give }
}

function signal() {
  let give!: () => void
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give }
}

it('a part that is being written down when its upload is paused is not sent again', async () => {
  const stage = whileWriting(4)
  const { id, file, ended } = stage.start(300)
  await stage.writing
  await stage.settle()
  stage.uploader.pause(id)
  await stage.uploader.resume(id)
  await stage.settle()
  stage.finishWriting()
  await expectSameBytes(stage, await ended, file)
  expect(stage.count('addPart')).toBe(3)
})

it('a part of an Upload that was given up meanwhile does not count for the next', async () => {
  const stage = whileWriting(2)
  stage.faults.add({ call: 'addPart', after: 1, delay: 500, respond: { status: 404 } })
  const { id, file, ended } = stage.start(200)
  await stage.writing
  await stage.clock.advance(500)
  await expect(ended).rejects.toMatchObject({ code: 'not_found' })
  const held = stage.faults.hold('addPart')
  stage.uploader.retry(id)
  const again = stage.uploader.run(id)
  await held.reached
  stage.finishWriting()
  await stage.settle()
  expect(stage.uploader.get(id)).toMatchObject({ status: 'uploading', progress: { bytesAccepted: 0 } })
  held.release()
  await expectSameBytes(stage, await again, file)
  expect(stage.uploads.list().map(({ parts }) => parts.length)).toEqual([1, 2])
})
