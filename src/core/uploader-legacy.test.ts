import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { crashAfterThreeParts, openBrowser } from './browser.test.kit.js'
import { type Checksum, createChecksum } from './checksum.js'
import { createMemoryResumeStore, type ResumeStore } from './resume-store.js'
import { expectSameBytes } from './uploader.test.kit.js'

// What an earlier page leaves behind, and how it may mislead the next.

const file = makeFile('thesis.pdf', 450, { type: 'application/pdf', lastModified: 1 })

type Browser = ReturnType<typeof openBrowser>

async function reopen(browser: Browser) {
  const page = browser.openPage()
  await page.restore()
  const [id = ''] = page.getSnapshot().ids
  return { page, id }
}

/** A page that is gone while the API carries its complete out. */
async function crashDuringComplete(browser: Browser) {
  const page = browser.openPage()
  const complete = browser.faults.hold('complete')
  page.run(page.add(file)).catch(() => {})
  await complete.reached
  const [upload] = browser.uploads.list()
  page.destroy()
  browser.faults.clear()
  if (!upload) throw new Error('nothing was created')
  const partIds = upload.parts.map(({ id }) => id)
  await browser.fetcher.complete({ uploadId: upload.id, partIds }, { signal: new AbortController().signal })
}

function held() {
  let release!: () => void
  const until = new Promise<void>((resolve) => {
    release = resolve
  })
  return { until, release }
}

describe('an upload whose page went while it was completing', () => {
  it('is not said to be cancelled when the person cancels it: it may have been completed', async () => {
    const browser = openBrowser()
    await crashDuringComplete(browser)
    const { page, id } = await reopen(browser)
    page.cancel(id)
    await browser.clock.advance(60_000)
    expect(page.get(id)).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } })
    expect(browser.files.list()).toHaveLength(1)
  })

  it('is not said to have expired once its hour is over', async () => {
    const browser = openBrowser()
    await crashDuringComplete(browser)
    const { page, id } = await reopen(browser)
    await browser.clock.advance(3_700_000)
    expect(page.get(id)).toMatchObject({ status: 'failed', error: { code: 'outcome_unknown' } })
  })
})

it('begins again by itself where parts of an earlier page are in the way', async () => {
  const browser = openBrowser({ behaviour: { orphanParts: 'count', overflow: 'cumulative' } })
  const page = browser.openPage()
  const second = browser.faults.hold('addPart', { after: 2 })
  browser.faults.add({ call: 'addPart', after: 1, lose: 'reply' })
  page.run(page.add(file)).catch(() => {})
  await browser.clock.advance(1000)
  await second.reached
  page.destroy()
  browser.faults.clear()
  const { page: next, id } = await reopen(browser)
  const ended = next.run(id)
  await next.resume(id, file)
  await browser.clock.advance(1000)
  await expectSameBytes(browser, await ended, file)
  expect(browser.uploads.list()).toHaveLength(2)
})

describe('a record', () => {
  it('never names a part twice, whatever the server answers', async () => {
    const memory = createMemoryResumeStore()
    const written: string[] = []
    const store: ResumeStore = {
      ...memory,
      savePart: (uploadId, part) => {
        if (part.digest === null) written.push(part.partId)
        return memory.savePart(uploadId, part)
      },
    }
    const browser = openBrowser({}, store)
    let cached: Awaited<ReturnType<typeof browser.fetcher.addPart>> | null = null
    let calls = 0
    const page = browser.openPage({
      fetcher: {
        ...browser.fetcher,
        // A cache that should not be there answers the second part with the first.
        addPart: async (part, options) => {
          calls += 1
          if (calls === 2 && cached) return cached
          cached = await browser.fetcher.addPart(part, options)
          return cached
        },
      },
    })
    const ended = page.run(page.add(file))
    await browser.clock.advance(60_000)
    await expectSameBytes(browser, await ended, file)
    expect(new Set(written).size).toBe(written.length)
  })

  it('that is out of date goes even after the storage has failed', async () => {
    const memory = createMemoryResumeStore()
    const full = () => Promise.reject(new DOMException('Full.', 'QuotaExceededError'))
    const browser = openBrowser({}, { ...memory, savePart: full })
    const page = browser.openPage()
    await page.run(page.add(file))
    await browser.settle()
    expect(page.persistence).toBe('lost')
    expect(await memory.load()).toEqual([])
    expect(browser.environment.locks.size).toBe(0)
  })

  it('is read again once its lock is ours: the other tab may have ended it meanwhile', async () => {
    const memory = createMemoryResumeStore()
    const browser = openBrowser({}, memory)
    await crashAfterThreeParts(browser, file)
    const stale = await memory.load()
    await memory.remove(browser.uploads.list()[0]?.id ?? '')
    let loads = 0
    const load = async () => {
      loads += 1
      return loads === 1 ? stale : memory.load()
    }
    const page = browser.openPage({ resumeStore: { ...memory, load } })
    await page.restore()
    expect(page.getSnapshot().ids).toEqual([])
    expect(browser.environment.locks.size).toBe(0)
  })

  it.each([
    ['is no list of records', (): unknown => 7],
    ['is among nothing', (records: readonly object[]) => [null, ...records].slice(0, 1)],
    ['has no parts', ([record]: readonly object[]) => [{ ...record, parts: undefined }]],
    ['has something else for parts', ([record]: readonly object[]) => [{ ...record, parts: 7 }]],
  ])('that %s is dropped, and restoring never rejects', async (_what, tamper) => {
    const memory = createMemoryResumeStore()
    const browser = openBrowser({}, { ...memory, load: async () => tamper(await memory.load()) as never })
    await crashAfterThreeParts(browser, file)
    const { page } = await reopen(browser)
    expect(page.getSnapshot().ids).toEqual([])
    expect(page.persistence).toBe('on')
  })
})

it('gives the lock back when the file cannot be read', async () => {
  const browser = openBrowser()
  const gone = makeFile('gone.pdf', 450)
  gone.slice = () => {
    throw new DOMException('Gone.', 'NotFoundError')
  }
  const page = browser.openPage()
  await expect(page.run(page.add(gone))).rejects.toMatchObject({ code: 'file_gone' })
  await browser.settle()
  expect(browser.environment.locks.size).toBe(0)
})

it('does not give up on a storage because the page slept while it answered', async () => {
  const memory = createMemoryResumeStore()
  const answer = held()
  const store: ResumeStore = {
    ...memory,
    saveHead: async (head) => {
      await answer.until
      await memory.saveHead(head)
    },
  }
  const browser = openBrowser({}, store)
  const { environment } = browser
  const page = browser.openPage({
    environment: {
      ...environment,
      // As after a sleep: first the timers that were due, then what arrived meanwhile.
      setTimer: (callback, delay) =>
        environment.setTimer(() => {
          callback()
          if (delay >= 1000 && delay <= 3000) answer.release()
        }, delay),
    },
  })
  const ended = page.run(page.add(file))
  await browser.clock.advance(10_000)
  await ended
  expect(page.persistence).toBe('on')
})

it('waits for its file again when its cancel is taken back, and holds no other upload up', async () => {
  const browser = openBrowser()
  await crashAfterThreeParts(browser, file)
  const { page, id } = await reopen(browser)
  page.cancel(id, { undoFor: 5000 })
  page.undoCancel(id)
  expect(page.get(id)).toMatchObject({ status: 'paused', reason: 'restored', needsFile: true })
  const other = makeFile('other.pdf', 100)
  await expectSameBytes(browser, await page.run(page.add(other)), other)
  const ended = page.run(id)
  await page.resume(id, file)
  await expectSameBytes(browser, await ended, file)
})

describe('a file that is chosen again', () => {
  const large = makeFile('thesis.pdf', 500_000, { lastModified: 1 })

  it('counts once: of two that look alike, the first', async () => {
    const browser = openBrowser()
    const page = browser.openPage({ partSize: 100_000 })
    const third = browser.faults.hold('addPart', { after: 3 })
    page.run(page.add(large)).catch(() => {})
    await third.reached
    await browser.settle()
    page.destroy()
    browser.faults.clear()
    // At once, so that both are looked at at the same time.
    const checksum: Checksum = async (blob) => {
      const bytes = Buffer.from(await blob.arrayBuffer())
      return { md5: createHash('md5').update(bytes).digest('hex'), where: 'main' }
    }
    const next = browser.openPage({ partSize: 100_000, checksum })
    await next.restore()
    const [id = ''] = next.getSnapshot().ids
    const bytes = new Uint8Array(await large.arrayBuffer())
    bytes[430_000] = (bytes[430_000] ?? 0) ^ 1
    const alike = new File([bytes], 'thesis.pdf', { lastModified: 1 })
    const ended = next.run(id)
    await Promise.all([next.resume(id, large), next.resume(id, alike)])
    await expectSameBytes(browser, await ended, large)
  })

  it('starts nothing when the page is gone by the time it was looked at', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const policy = held()
    const page = browser.openPage({
      fetcher: {
        ...browser.fetcher,
        policy: async () => {
          await policy.until
          throw new Error('none')
        },
      },
    })
    await page.restore()
    const [id = ''] = page.getSnapshot().ids
    const resumed = page.resume(id, file)
    const before = browser.requests.length
    page.destroy()
    policy.release()
    await resumed
    await browser.settle()
    expect(browser.requests).toHaveLength(before)
  })

  it('starts nothing when the upload was cancelled meanwhile', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const { page, id } = await reopen(browser)
    const started: string[] = []
    page.subscribeToEvents(({ type }) => type === 'started' && started.push(type))
    const resumed = page.resume(id, file)
    page.cancel(id)
    await resumed
    await browser.settle()
    expect(started).toEqual([])
    expect(page.get(id)).toMatchObject({ status: 'cancelled' })
  })

  it('for an upload of another tab goes to this one if that tab is gone by the time it was looked at', async () => {
    const browser = openBrowser()
    const first = browser.openPage()
    const fourth = browser.faults.hold('addPart', { after: 3 })
    first.run(first.add(file)).catch(() => {})
    await fourth.reached
    first.destroy()
    browser.faults.clear()
    // It waits for its file here, and another tab shows that.
    const owner = browser.openPage()
    await owner.restore()
    const look = held()
    const checksum = createChecksum()
    let looking = false
    const second = browser.openPage({
      checksum: async (blob, options) => {
        if (looking) await look.until
        return checksum(blob, options)
      },
    })
    await second.restore()
    await browser.settle()
    const [id = ''] = second.getSnapshot().ids
    const ended = second.run(id)
    looking = true
    const resumed = second.resume(id, file)
    owner.destroy()
    await browser.settle()
    look.release()
    await resumed
    await browser.clock.advance(1000)
    await expectSameBytes(browser, await ended, file)
  })
})
