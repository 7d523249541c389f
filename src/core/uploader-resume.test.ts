import { describe, expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { crashAfterThreeParts, openBrowser } from './browser.test.kit.js'
import { createChecksum } from './checksum.js'
import type { FileHandle, ResumeHead } from './resume/resume-record.js'
import { createMemoryResumeStore, type ResumeStore } from './resume-store.js'
import type { Uploader } from './uploader.js'
import { expectSameBytes } from './uploader.test.kit.js'
import type { UploaderOptions } from './uploader-options.js'

const file = makeFile('thesis.pdf', 450, { type: 'application/pdf', lastModified: 1 })

async function reopen(browser: ReturnType<typeof openBrowser>, options?: Partial<UploaderOptions>) {
  const page = browser.openPage(options)
  await page.restore()
  const [id = ''] = page.getSnapshot().ids
  return { page, id }
}

const partsSent = ({ requests }: ReturnType<typeof openBrowser>) =>
  requests.filter(({ call }) => call === 'addPart').length

describe('after a crash', () => {
  it('shows an unfinished upload with what was accepted, and asks for its file', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const { page, id } = await reopen(browser)
    expect(page.get(id)).toMatchObject({
      status: 'paused',
      reason: 'restored',
      needsFile: true,
      file: { name: 'thesis.pdf', size: 450 },
      remote: { status: 'pending' },
      progress: { bytesAccepted: 300, percent: 66 },
    })
  })

  it('sends only what was not accepted once the same file is chosen again', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const before = partsSent(browser)
    const { page, id } = await reopen(browser)
    const ended = page.run(id)
    await page.resume(id, makeFile('thesis.pdf', 450, { type: 'application/pdf', lastModified: 1 }))
    await expectSameBytes(browser, await ended, file)
    expect(partsSent(browser) - before).toBe(2)
    expect(browser.uploads.list()).toHaveLength(1)
  })

  it('tells how far the checksum is, of which what was sent before is a part', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const checksum = createChecksum()
    const ranges: number[] = []
    let tell!: (bytesHashed: number) => void
    const { page, id } = await reopen(browser, {
      checksum: (blob, options) => {
        // The whole file is a File; its ranges and samples are not.
        if (!(blob instanceof File)) {
          options?.onProgress?.(50)
          if (options?.onProgress) ranges.push(page.get(id)?.checksumPercent ?? Number.NaN)
          return checksum(blob, options)
        }
        tell = options?.onProgress as typeof tell
        return new Promise(() => {})
      },
    })
    page.run(id).catch(() => {})
    await page.resume(id, file)
    await browser.settle()
    expect(page.get(id)).toMatchObject({ status: 'completing', checksum: 'hashing' })
    // 300 bytes that were sent, and then 450: 750 to read.
    expect(ranges).toEqual([6, 20, 33])
    tell(0)
    expect(page.get(id)?.checksumPercent).toBe(40)
    tell(225)
    expect(page.get(id)?.checksumPercent).toBe(70)
  })

  it.each([1, 70, 100, 130, 450])('goes on with parts of %i bytes', async (partSize) => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const { page, id } = await reopen(browser, { partSize })
    const ended = page.run(id)
    await page.resume(id, file)
    await expectSameBytes(browser, await ended, file)
  })

  it('goes on with parts that are no larger than the backend takes', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const policy = { purposes: ['user_data'], accept: null, maxBytes: 1000, maxPartBytes: 30, concurrency: null }
    const { page, id } = await reopen(browser, { fetcher: { ...browser.fetcher, policy: async () => policy } })
    const before = partsSent(browser)
    const ended = page.run(id)
    await page.resume(id, file)
    await expectSameBytes(browser, await ended, file)
    // The last 150 bytes.
    expect(partsSent(browser) - before).toBe(5)
  })

  it('takes the file by its handle, without asking for it', async () => {
    const browser = openBrowser()
    const handle: FileHandle = { getFile: async () => file, requestPermission: async () => 'granted' }
    await crashAfterThreeParts(browser, Object.assign(makeFile('thesis.pdf', 450), { handle }))
    const { page, id } = await reopen(browser)
    expect(page.get(id)).toMatchObject({ needsFile: true, canReopen: true })
    const ended = page.run(id)
    await page.resume(id)
    await expectSameBytes(browser, await ended, file)
  })

  it('asks for the file where leave to read it is denied', async () => {
    const browser = openBrowser()
    const handle: FileHandle = { getFile: async () => file, requestPermission: async () => 'denied' }
    await crashAfterThreeParts(browser, Object.assign(makeFile('thesis.pdf', 450), { handle }))
    const { page, id } = await reopen(browser)
    await expect(page.resume(id)).rejects.toMatchObject({ code: 'file_gone' })
    expect(page.get(id)).toMatchObject({ status: 'paused', canReopen: false })
  })

  it('leaves nothing to restore once it completed', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const { page, id } = await reopen(browser)
    const ended = page.run(id)
    await page.resume(id, file)
    await ended
    await browser.settle()
    expect(await browser.store.load()).toEqual([])
    expect(browser.environment.locks.size).toBe(0)
  })

  it('can cancel without the file', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const { page, id } = await reopen(browser)
    page.cancel(id)
    await browser.settle()
    expect(browser.uploads.list()).toMatchObject([{ status: 'cancelled' }])
    expect(await browser.store.load()).toEqual([])
  })

  it('does nothing on commands that need the file', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const { page, id } = await reopen(browser)
    page.resumeAll()
    page.retry(id)
    await expect(page.resume(id)).rejects.toMatchObject({ code: 'file_gone' })
    expect(page.get(id)).toMatchObject({ status: 'paused', reason: 'restored' })
  })

  it('forgets what the hour has ended', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    await browser.clock.advance(3_600_000)
    const { page } = await reopen(browser)
    expect(page.getSnapshot().ids).toEqual([])
    expect(await browser.store.load()).toEqual([])
  })
})

describe('another file', () => {
  const differsAt = (at: number) => {
    const bytes = Buffer.from(contents)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    return new File([bytes], 'thesis.pdf', { lastModified: 1 })
  }
  // Longer than all samples together, so that a difference can hide between them.
  const large = makeFile('thesis.pdf', 500_000, { lastModified: 1 })
  let contents: Uint8Array

  it('of another size is refused, and nothing changes', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const { page, id } = await reopen(browser)
    const before = page.get(id)
    await expect(page.resume(id, makeFile('thesis.pdf', 451))).rejects.toMatchObject({ code: 'file_mismatch' })
    expect(page.get(id)).toEqual(before)
  })

  it('of the same name, size and date is refused when its samples differ', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const { page, id } = await reopen(browser)
    const other = makeFile('thesis.pdf', 450, { seed: 2, lastModified: 1 })
    await expect(page.resume(id, other)).rejects.toMatchObject({ code: 'file_mismatch' })
  })

  it('that differs only in a part that was accepted is found out, and never mixed in', async () => {
    contents = new Uint8Array(await large.arrayBuffer())
    const browser = openBrowser()
    const page = browser.openPage({ partSize: 100_000 })
    const held = browser.faults.hold('addPart', { after: 3 })
    page.run(page.add(large)).catch(() => {})
    await held.reached
    await browser.settle()
    page.destroy()
    browser.faults.clear()

    const { page: next, id } = await reopen(browser, { partSize: 100_000 })
    const ended = next.run(id)
    await next.resume(id, differsAt(120_000))
    await expect(ended).rejects.toMatchObject({ code: 'file_mismatch' })
    expect(browser.files.list()).toEqual([])

    next.retry(id)
    await expectSameBytes(browser, await next.run(id), differsAt(120_000))
  })
})

describe('trouble with the storage', () => {
  const failing = (broken: Partial<ResumeStore>): ResumeStore => ({ ...createMemoryResumeStore(), ...broken })
  const quota = () => Promise.reject(new DOMException('Full.', 'QuotaExceededError'))

  it.each([
    ['cannot be written at all', failing({ saveHead: quota })],
    ['is full after the first record', failing({ savePart: quota })],
    ['cannot be cleaned', failing({ remove: quota })],
  ])('never stops an upload when it %s', async (_what, store) => {
    const browser = openBrowser({}, store)
    const page = browser.openPage()
    await expectSameBytes(browser, await page.run(page.add(file)), file)
    await browser.settle()
    expect(page.persistence).toBe('lost')
  })

  it('that hangs holds an upload up for seconds, not for good', async () => {
    const browser = openBrowser({}, failing({ saveHead: () => new Promise(() => {}) }))
    const page = browser.openPage()
    const ended = page.run(page.add(file))
    await browser.clock.advance(5000)
    await expectSameBytes(browser, await ended, file)
    expect(page.persistence).toBe('lost')
  })

  it('shows as an empty list when nothing can be read', async () => {
    const { page } = await reopen(openBrowser({}, failing({ load: quota })))
    expect(page.getSnapshot().ids).toEqual([])
  })

  it.each([
    ['is of another version', { version: 2 }],
    ['has no such size', { file: { name: 'x', size: -1, type: '', lastModified: 0 } }],
    ['has a size like infinity', { file: { name: 'x', size: Number.POSITIVE_INFINITY, type: '', lastModified: 0 } }],
    ['is about a finished Upload', { remote: { status: 'completed' } }],
    ['has an id that is a path', { remote: { id: 'upload_../..' } }],
    ['has options that cannot work', { options: { purpose: '' } }],
  ])('drops a record that %s', async (_what, change) => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const [record] = await browser.store.load()
    const head = record?.head as ResumeHead
    const remote = { ...head.remote, ...(change as Partial<ResumeHead>).remote }
    await browser.store.remove(head.remote.id)
    const { page } = await reopen(
      openBrowser(
        {},
        failing({ load: async () => [{ head: { ...head, ...change, remote }, parts: record?.parts ?? [] }] }),
      ),
    )
    expect(page.getSnapshot().ids).toEqual([])
  })

  it.each([
    ['overlaps another', { start: 50, end: 150, partId: 'part_x', digest: null }],
    ['ends behind the file', { start: 400, end: 451, partId: 'part_x', digest: null }],
    ['has no bytes', { start: 400, end: 400, partId: 'part_x', digest: null }],
    ['is named after the prototype', { start: 400, end: 450, partId: '__proto__', digest: null }],
  ])('drops a record with a part that %s', async (_what, part) => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const [record] = await browser.store.load()
    const tampered = { head: record?.head, parts: [...(record?.parts ?? []), part] }
    const { page } = await reopen(openBrowser({}, failing({ load: async () => [tampered] })))
    expect(page.getSnapshot().ids).toEqual([])
  })
})

it('writes a part down before it counts', async () => {
  const memory = createMemoryResumeStore()
  const seen: number[] = []
  let page: Uploader | null = null
  const store: ResumeStore = {
    ...memory,
    savePart: async (uploadId, part) => {
      // A page that crashed right here would have to send this part again, and no other.
      if (part.digest === null) seen.push(page?.getSnapshot().summary.bytesSent ?? -1)
      await memory.savePart(uploadId, part)
    },
  }
  const browser = openBrowser({}, store)
  page = browser.openPage()
  await page.run(page.add(file))
  expect(seen).toHaveLength(5)
  expect(seen.every((bytes, index) => bytes <= (index + 1) * 100)).toBe(true)
})

it('does not count a part that is still being written down: a crash right then would lose it', async () => {
  const memory = createMemoryResumeStore()
  let write!: () => void
  const written = new Promise<void>((resolve) => {
    write = resolve
  })
  let begin!: () => void
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const store: ResumeStore = {
    ...memory,
    savePart: async (uploadId, part) => {
      begin()
      await written
      await memory.savePart(uploadId, part)
    },
  }
  const browser = openBrowser({}, store)
  const page = browser.openPage()
  const small = makeFile('note.txt', 100)
  const id = page.add(small)
  const ended = page.run(id)
  await begun
  // Long enough for progress to be shown, and shorter than the patience with a storage.
  await browser.clock.advance(1000)
  expect(page.get(id)).toMatchObject({ status: 'uploading', progress: { bytesSent: 100, bytesAccepted: 0 } })
  write()
  await expectSameBytes(browser, await ended, small)
})

it('keeps no key of the person in the storage but the token of the Upload', async () => {
  const browser = openBrowser()
  await crashAfterThreeParts(browser, file)
  const [record] = await browser.store.load()
  expect(Object.keys(record?.head as object).toSorted()).toEqual(
    ['expiresAt', 'file', 'handle', 'options', 'remote', 'sample', 'token', 'version'].toSorted(),
  )
})
