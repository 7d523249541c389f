import { describe, expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { FetcherError } from './fetcher.js'
import { expectSameBytes, setTheStage } from './uploader.test.kit.js'

/** A file that a browser refuses to read from some moment on, and requests that then fail as if the line were lost. */
function stageWithFile() {
  const file = makeFile('data.bin', 300)
  const trouble: { name: string | null; cutShort?: boolean } = { name: null }
  const slice = file.slice.bind(file)
  file.slice = (...range) => {
    const blob = slice(...range)
    const { name, cutShort } = trouble
    if (cutShort) blob.arrayBuffer = () => Promise.resolve(new ArrayBuffer(0))
    if (name) blob.arrayBuffer = () => Promise.reject(new DOMException('Not readable.', name))
    return blob
  }
  const stage = setTheStage({
    concurrency: 1,
    between: (fetcher) => ({
      addPart: async (part, options) => {
        if (trouble.name || trouble.cutShort) throw new FetcherError('No answer.')
        return fetcher.addPart(part, options)
      },
    }),
  })
  return { ...stage, file, trouble }
}

describe('a file that can no longer be read', () => {
  it.each([
    ['NotReadableError', 'file_changed'],
    ['NotFoundError', 'file_gone'],
  ])('with %s is told as %s, not as a lost connection', async (name, code) => {
    const stage = stageWithFile()
    const held = stage.faults.hold('addPart', { after: 1 })
    const id = stage.uploader.add(stage.file)
    const ended = stage.uploader.run(id)
    ended.catch(() => {})
    await held.reached
    stage.trouble.name = name
    held.release()
    await expect(ended).rejects.toMatchObject({ code, message: expect.stringContaining('data.bin') as string })
    expect(stage.clock.pending).toBeLessThanOrEqual(1)
  })

  it('that was cut short reads as nothing in Firefox, and is told as file_changed', async () => {
    const stage = stageWithFile()
    const held = stage.faults.hold('addPart', { after: 1 })
    const ended = stage.uploader.run(stage.uploader.add(stage.file))
    ended.catch(() => {})
    await held.reached
    stage.trouble.cutShort = true
    held.release()
    await expect(ended).rejects.toMatchObject({ code: 'file_changed' })
  })

  it('goes on with its parts once it is back where it was', async () => {
    const stage = stageWithFile()
    const held = stage.faults.hold('addPart', { after: 1 })
    const id = stage.uploader.add(stage.file)
    const ended = stage.uploader.run(id)
    ended.catch(() => {})
    await held.reached
    stage.trouble.name = 'NotFoundError'
    held.release()
    await expect(ended).rejects.toMatchObject({ code: 'file_gone' })
    stage.trouble.name = null
    stage.uploader.retry(id)
    await expectSameBytes(stage, await stage.uploader.run(id), stage.file)
    expect(stage.calls()).toEqual(['create', 'addPart', 'addPart', 'addPart', 'complete'])
  })
})
