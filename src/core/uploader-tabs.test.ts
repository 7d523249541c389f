import { describe, expect, it } from 'vitest'
import { makeFile } from '../testing/index.js'
import { crashAfterThreeParts, openBrowser } from './browser.test.kit.js'
import { type Checksum, createChecksum } from './checksum.js'
import type { Uploader } from './uploader.js'
import { expectSameBytes } from './uploader.test.kit.js'
import type { UploaderOptions } from './uploader-options.js'

const file = makeFile('thesis.pdf', 450, { type: 'application/pdf', lastModified: 1 })
const sameFile = () => makeFile('thesis.pdf', 450, { type: 'application/pdf', lastModified: 1 })

type Browser = ReturnType<typeof openBrowser>

/** A tab that sends, held after three of five parts, and another that was opened meanwhile. */
async function openTwoTabs(options?: Partial<UploaderOptions>) {
  const browser = openBrowser()
  const first = browser.openPage(options)
  const held = browser.faults.hold('addPart', { after: 3 })
  const sentId = first.add(file)
  const ended = first.run(sentId)
  ended.catch(() => {})
  await held.reached
  const second = await openTab(browser, options)
  return { browser, first, second, sentId, shownId: onlyIdOf(second), ended, held }
}

async function openTab(browser: Browser, options?: Partial<UploaderOptions>): Promise<Uploader> {
  const tab = browser.openPage(options)
  await tab.restore()
  await browser.settle()
  return tab
}

function onlyIdOf(tab: Uploader): string {
  const { ids } = tab.getSnapshot()
  expect(ids).toHaveLength(1)
  return ids[0] ?? ''
}

const callsOf = ({ requests }: Browser) => requests.map(({ call }) => call)
const countOf = (browser: Browser, call: string) => callsOf(browser).filter((made) => made === call).length

describe('a tab that does not send an upload', () => {
  it('shows how it stands in the one that does', async () => {
    const { second, shownId } = await openTwoTabs()
    expect(second.get(shownId)).toMatchObject({
      status: 'uploading',
      inOtherTab: true,
      needsFile: false,
      file: { name: 'thesis.pdf', size: 450 },
      progress: { bytesAccepted: 300, percent: 86, accepted: [{ start: 0, end: 300 }] },
    })
  })

  it('shows how far its checksum is, where only that is waited for', async () => {
    const tells: (((bytesHashed: number) => void) | undefined)[] = []
    const whole: Checksum = (blob, options) => {
      if (!(blob instanceof File)) return createChecksum()(blob, options)
      tells.push(options?.onProgress)
      return new Promise(() => {})
    }
    const { browser, second, shownId, held } = await openTwoTabs({ checksum: whole })
    held.release()
    await browser.settle()
    const shown = () => second.get(shownId)
    expect(shown()).toMatchObject({ status: 'completing', checksum: 'hashing', checksumPercent: null })
    for (const tell of tells) tell?.(194)
    await browser.clock.advance(1000)
    expect(shown()).toMatchObject({ checksum: 'hashing', checksumPercent: 43 })
  })

  it('follows it to its end, sends nothing, and leaves the telling to the other', async () => {
    const { browser, first, second, shownId, ended, held } = await openTwoTabs()
    const told: string[] = []
    first.subscribeToEvents(({ type }) => type === 'settled' && told.push('first'))
    second.subscribeToEvents(({ type }) => type === 'settled' && told.push('second'))
    const mirrored = second.run(shownId)
    held.release()
    const fileObject = await ended
    await browser.settle()
    expect(second.get(shownId)).toMatchObject({ status: 'completed', fileObject: { id: fileObject.id } })
    expect((await mirrored).id).toBe(fileObject.id)
    expect(told).toEqual(['first'])
    expect(callsOf(browser)).toEqual(['create', ...Array.from({ length: 5 }, () => 'addPart'), 'complete'])
    expect(browser.environment.locks.size).toBe(0)
  })

  it('shows uploads that began after it was opened', async () => {
    const browser = openBrowser()
    const second = await openTab(browser)
    const first = browser.openPage()
    const held = browser.faults.hold('addPart', { after: 2 })
    first.run(first.add(file)).catch(() => {})
    await held.reached
    await browser.clock.advance(1000)
    expect(second.get(onlyIdOf(second))).toMatchObject({ inOtherTab: true, progress: { bytesAccepted: 200 } })
  })

  it('shows none where nobody asked for what was left behind', async () => {
    const browser = openBrowser()
    const second = browser.openPage()
    const first = browser.openPage()
    await first.run(first.add(file))
    await browser.settle()
    expect(second.getSnapshot().ids).toEqual([])
  })

  it('shows none of another storage', async () => {
    const browser = openBrowser()
    const stranger = openBrowser({}, undefined).store
    const second = await openTab(browser, { resumeStore: stranger })
    const first = browser.openPage()
    const held = browser.faults.hold('complete')
    first.run(first.add(file)).catch(() => {})
    await held.reached
    await browser.clock.advance(1000)
    expect(second.getSnapshot().ids).toEqual([])
  })

  it('shows why it failed there, and asks for another try there', async () => {
    const { browser, first, second, sentId, shownId, held } = await openTwoTabs()
    browser.faults.add({ call: 'addPart', respond: { status: 403 } })
    held.release()
    await browser.settle()
    expect(first.get(sentId)).toMatchObject({ status: 'failed' })
    expect(second.get(shownId)).toMatchObject({ status: 'failed', inOtherTab: true, error: { code: 'forbidden' } })
    browser.faults.clear()
    second.retry(shownId)
    await browser.settle()
    expect(first.get(sentId)).toMatchObject({ status: 'completed' })
    expect(second.get(shownId)).toMatchObject({ status: 'completed' })
    expect(countOf(browser, 'create')).toBe(1)
  })
})

describe('a command in another tab', () => {
  it('pauses and resumes the upload where it is sent', async () => {
    const { browser, first, second, sentId, shownId, held } = await openTwoTabs()
    second.pause(shownId)
    await browser.settle()
    expect(first.get(sentId)).toMatchObject({ status: 'paused', reason: 'user' })
    expect(second.get(shownId)).toMatchObject({ status: 'paused', reason: 'user', inOtherTab: true })
    held.release()
    await second.resume(shownId)
    await browser.settle()
    expect(first.get(sentId)).toMatchObject({ status: 'completed' })
  })

  it('cancels it, and takes the cancel back in time', async () => {
    const { browser, first, second, sentId, shownId } = await openTwoTabs()
    second.cancel(shownId, { undoFor: 5000 })
    await browser.settle()
    expect(first.get(sentId)).toMatchObject({ status: 'cancelling' })
    expect(second.get(shownId)).toMatchObject({ status: 'cancelling' })
    second.undoCancel(shownId)
    await browser.settle()
    expect(first.get(sentId)).toMatchObject({ status: 'completed' })
    expect(second.get(shownId)).toMatchObject({ status: 'completed' })
  })

  it('cancels it on the server', async () => {
    const { browser, second, shownId } = await openTwoTabs()
    second.cancel(shownId)
    await browser.settle()
    expect(second.get(shownId)).toMatchObject({ status: 'cancelled' })
    expect(browser.uploads.list()).toMatchObject([{ status: 'cancelled' }])
  })

  it('takes it off its own list for good, and cancels it', async () => {
    const { browser, first, second, sentId, shownId } = await openTwoTabs()
    second.remove(shownId)
    await browser.clock.advance(1000)
    expect(second.getSnapshot().ids).toEqual([])
    expect(first.get(sentId)).toMatchObject({ status: 'cancelled' })
  })
})

describe('when the tab that sends is gone', () => {
  it('another goes on with the parts that were accepted, in the same row', async () => {
    const { browser, first, second, shownId } = await openTwoTabs()
    const ended = second.run(shownId)
    first.destroy()
    browser.faults.clear()
    await browser.settle()
    expect(second.get(shownId)).toMatchObject({
      status: 'paused',
      reason: 'restored',
      inOtherTab: false,
      needsFile: true,
      progress: { bytesAccepted: 300 },
    })
    await second.resume(shownId, sameFile())
    await expectSameBytes(browser, await ended, file)
    expect(countOf(browser, 'create')).toBe(1)
  })

  it('another takes over where tabs cannot talk', async () => {
    const silent = openBrowser()
    silent.environment.joinChannel = () => null
    const held = silent.faults.hold('addPart', { after: 3 })
    const first = silent.openPage()
    first.run(first.add(file)).catch(() => {})
    await held.reached
    const second = await openTab(silent)
    const id = onlyIdOf(second)
    expect(second.get(id)).toMatchObject({ status: 'paused', inOtherTab: true, progress: { bytesAccepted: 300 } })
    first.destroy()
    silent.faults.clear()
    await silent.settle()
    await second.resume(id, file)
    await expectSameBytes(silent, await second.run(id), file)
  })

  it('nothing stays of an upload that it completed without a word', async () => {
    const browser = openBrowser()
    browser.environment.joinChannel = () => null
    const held = browser.faults.hold('complete')
    const first = browser.openPage()
    const ended = first.run(first.add(file))
    await held.reached
    const second = await openTab(browser)
    expect(second.getSnapshot().ids).toHaveLength(1)
    held.release()
    await ended
    await browser.settle()
    expect(second.getSnapshot().ids).toEqual([])
    expect(browser.environment.locks.size).toBe(0)
  })

  it('one whose storage has failed shows nothing for ever that a third had taken up', async () => {
    const browser = openBrowser()
    const first = browser.openPage()
    browser.faults.add({ call: 'addPart', after: 3, respond: { status: 403 } })
    await expect(first.run(first.add(file))).rejects.toMatchObject({ code: 'forbidden' })
    let loads = 0
    const load = async () => {
      loads += 1
      if (loads > 1) throw new DOMException('Broken.', 'UnknownError')
      return browser.store.load()
    }
    const second = await openTab(browser, { resumeStore: { ...browser.store, load } })
    const id = onlyIdOf(second)
    expect(second.get(id)).toMatchObject({ status: 'failed', inOtherTab: true })
    first.destroy()
    await browser.settle()
    const third = await openTab(browser)
    expect(second.get(id)).toMatchObject({ status: 'paused' })
    third.destroy()
    await browser.settle()
    expect(second.getSnapshot().ids).toEqual([])
  })

  it('after its hour, the other says that it expired', async () => {
    const { browser, first, second, shownId } = await openTwoTabs()
    browser.environment.skew(3_600_000)
    first.destroy()
    await browser.settle()
    expect(second.get(shownId)).toMatchObject({ status: 'expired' })
    expect(await browser.store.load()).toEqual([])
  })

  it('a page whose clock is an hour ahead leaves the record to the tab that sends it', async () => {
    const { browser, first, sentId, ended, held } = await openTwoTabs()
    browser.environment.skew(3_600_000)
    const third = await openTab(browser)
    expect(await browser.store.load()).toHaveLength(1)
    third.destroy()
    held.release()
    await expectSameBytes(browser, await ended, file)
    expect(first.get(sentId)?.status).toBe('completed')
    expect(await browser.store.load()).toEqual([])
  })

  it('a page that was destroyed while it waited takes nothing over', async () => {
    const { browser, first, second, shownId } = await openTwoTabs()
    second.destroy()
    first.destroy()
    await browser.settle()
    expect(second.get(shownId)).toMatchObject({ inOtherTab: true })
    expect(browser.environment.locks.size).toBe(0)
  })
})

describe('an upload that waits for its file in one tab', () => {
  it('goes on in the tab where the file is chosen, and is shown in the other', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const first = await openTab(browser)
    const second = await openTab(browser)
    const third = await openTab(browser)
    const id = onlyIdOf(third)
    expect(third.get(id)).toMatchObject({ status: 'paused', reason: 'restored', needsFile: true, inOtherTab: true })
    // The second tab is the next in line for the lock: it has to let the third have it, too.
    const resumed = third.resume(id, sameFile())
    await browser.settle()
    await resumed
    await expectSameBytes(browser, await third.run(id), file)
    await browser.settle()
    for (const tab of [first, second]) expect(tab.get(onlyIdOf(tab))).toMatchObject({ status: 'completed' })
    expect(countOf(browser, 'complete')).toBe(1)
    expect(browser.environment.locks.size).toBe(0)
  })

  it('refuses another file in any tab, and nothing changes', async () => {
    const browser = openBrowser()
    await crashAfterThreeParts(browser, file)
    const first = await openTab(browser)
    const second = await openTab(browser)
    const id = onlyIdOf(second)
    const before = second.get(id)
    await expect(second.resume(id, makeFile('thesis.pdf', 450, { seed: 2 }))).rejects.toMatchObject({
      code: 'file_mismatch',
    })
    expect(second.get(id)).toEqual(before)
    expect(first.get(onlyIdOf(first))).toMatchObject({ needsFile: true, inOtherTab: false })
  })
})

describe('a lease that ran out while the page was frozen', () => {
  /** Another tab takes every lock over, as it may once leases have run out. */
  const takeLocks = ({ environment }: Browser) => {
    const locks = environment.locks as Map<string, unknown>
    for (const name of locks.keys()) locks.set(name, {})
  }

  it.each(['addPart', 'complete'] as const)('ends the sending before the next %s counts', async (call) => {
    const browser = openBrowser()
    const first = browser.openPage()
    const held = browser.faults.hold('addPart', { after: call === 'addPart' ? 3 : 4 })
    const id = first.add(file)
    first.run(id).catch(() => {})
    await held.reached
    takeLocks(browser)
    held.release()
    await browser.settle()
    expect(first.get(id)).toMatchObject({ inOtherTab: true })
    expect(countOf(browser, 'complete')).toBe(0)
  })
})

it('makes nothing of what hostile scripts of the origin say', async () => {
  const { browser, first, second, sentId, shownId } = await openTwoTabs()
  const uploadId = first.get(sentId)?.remote?.id
  const voice = browser.environment.joinChannel('react-openai-uploads', () => {})
  const before = second.get(shownId)
  for (const message of [
    null,
    'told',
    { type: 'told', uploadId },
    { type: 'told', uploadId, shared: { state: { status: 'completed' } } },
    { type: 'told', uploadId: '__proto__', shared: {} },
    { type: 'told', uploadId: 'upload_unknown', shared: before },
    { type: 'commanded', uploadId, command: 'destroy' },
    { type: 'commanded', uploadId, command: { cancel: { undoFor: Number.POSITIVE_INFINITY } } },
    { type: 'commanded', uploadId, command: 'hand_over' },
  ])
    voice?.post(message)
  await browser.settle()
  expect(second.get(shownId)).toEqual(before)
  expect(first.get(sentId)).toMatchObject({ status: 'uploading', inOtherTab: false })
})
