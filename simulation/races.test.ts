import fc, { type Scheduler } from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createUploader,
  FetcherError,
  isSettled,
  type Uploader,
  type UploaderEvent,
  type UploaderOptions,
} from '../src/core/index.js'
import { pathOf, type RemoteUpload, type UploadPart } from '../src/protocol/index.js'
import { createUploadsApi, type UploadsApiBehaviour } from '../src/uploads-api/index.js'
import { SimFile, simChecksum } from './sim-file.js'
import { SimStorage } from './sim-storage.js'
import { requestOf, requestOfPart } from './wire.js'
import { type Page, settled, World } from './world.js'

// Two things that happen at the same time, in every order: a scheduler decides when each request arrives, when each
// answer does, and when the person acts.

type Call = 'create' | 'addPart' | 'complete' | 'cancel'

interface Stage {
  world: World
  api: ReturnType<typeof createUploadsApi>
  storage: SimStorage
  uploader: Uploader
  page: Page
  /** Another page of the same browser, which remembers where the first does. */
  openPage(): { page: Page; uploader: Uploader }
  /** Two pages that were sending into the same Upload at a time. */
  collisions: string[]
  calls: Call[]
  events: UploaderEvent[]
  file: SimFile
  id: string
  outcome: Promise<string>
  /** The person does it at some moment. */
  person(label: string, act: () => void): void
  /** Lets everything happen that can, or as much as it takes. */
  end(until?: () => boolean): Promise<void>
}

interface Setting {
  parts: number
  behaviour?: Partial<UploadsApiBehaviour>
  options?: Partial<UploaderOptions>
  /** Whether uploads are written down. */
  remembers?: boolean
  /** Says no before the API is asked. */
  refuse?: (call: Call) => FetcherError | null
}

function setTheStage(
  scheduler: Scheduler,
  { parts, behaviour = {}, options = {}, remembers = false, refuse = () => null }: Setting,
): Stage {
  const world = new World(1)
  // The storage, the locks and the other pages are heard in any order, too.
  if (remembers)
    world.shuffle = (arrive) => void scheduler.schedule(Promise.resolve(), 'the browser answers').then(arrive)
  const storage = new SimStorage(
    { storeFaults: [], fullAfter: Number.MAX_SAFE_INTEGER, latency: 0 },
    { storeAsked: () => {}, wrote: () => {}, storeFailed: () => {} },
  )
  const api = createUploadsApi({ clock: { now: () => world.now }, behaviour })
  const calls: Call[] = []
  const events: UploaderEvent[] = []

  const collisions: string[] = []
  const sending = new Set<{ page: Page; signal: AbortSignal }>()
  async function ask(page: Page, call: Call, signal: AbortSignal, request: Request): Promise<unknown> {
    calls.push(call)
    for (const other of sending) {
      if (call !== 'create' && other.page !== page && !other.page.gone && !other.signal.aborted)
        collisions.push(`${call} by page ${page.number}, while page ${other.page.number} sends`)
    }
    const sent = { page, signal }
    if (call !== 'create') sending.add(sent)
    try {
      await scheduler.schedule(Promise.resolve(), `${call} arrives`)
      const refusal = refuse(call)
      // Whoever aborts before it arrives has not sent it.
      if (signal.aborted && call === 'addPart') throw signal.reason
      const response = refusal ? null : await api.handler(request)
      const body: unknown = await response?.json()
      await scheduler.schedule(Promise.resolve(), `${call} is answered`)
      // Nobody is there to hear it.
      if (page.gone) return await new Promise(() => {})
      if (refusal) throw refusal
      const { status, headers } = response as Response
      if (status !== 200) throw new FetcherError(`Answered ${status}.`, { status, headers, body })
      return body
    } finally {
      sending.delete(sent)
    }
  }
  const path = (call: Exclude<Call, 'create'>, uploadId: string) => `/v1/uploads${pathOf(call, uploadId)}`
  const openPage = () => {
    const page = world.openPage()
    const uploader = createUploader({
      fetcher: {
        create: async (request, { signal }) => ({
          upload: (await ask(page, 'create', signal, requestOf('/v1/uploads', request))) as RemoteUpload,
        }),
        addPart: async ({ uploadId, body }, { signal }) =>
          (await ask(
            page,
            'addPart',
            signal,
            requestOfPart(path('addPart', uploadId), (body as unknown as SimFile).read()),
          )) as UploadPart,
        complete: async ({ uploadId, partIds, md5 }, { signal }) =>
          (await ask(
            page,
            'complete',
            signal,
            requestOf(path('complete', uploadId), { part_ids: partIds, md5 }),
          )) as RemoteUpload,
        cancel: async ({ uploadId }, { signal }) =>
          (await ask(page, 'cancel', signal, requestOf(path('cancel', uploadId), undefined))) as RemoteUpload,
      },
      environment: page.environment(),
      concurrency: 4,
      partSize: 16,
      checksum: simChecksum(() => Promise.resolve()),
      defaults: { purpose: 'user_data' },
      ...(remembers && { resumeStore: storage.open(page) }),
      ...options,
    })
    return { page, uploader }
  }
  const { page, uploader } = openPage()
  uploader.subscribeToEvents((event) => events.push(event))
  const file = SimFile.ofNoise('race.pdf', parts * 16, 1)
  const id = uploader.add(file as unknown as File)
  const outcome = uploader.run(id).then(
    () => 'completed',
    (error: { code: string }) => error.code,
  )
  return {
    world,
    api,
    storage,
    uploader,
    page,
    openPage,
    collisions,
    calls,
    events,
    file,
    id,
    outcome,
    person: (label, act) => void scheduler.schedule(Promise.resolve(), label).then(act),
    end: async (until = () => false) => {
      for (let turn = 0; turn < 2000; turn += 1) {
        await settled()
        if (until()) return
        if (scheduler.count() > 0) await scheduler.waitNext(1)
        else if (!world.step(world.time + 60_000)) return
      }
      throw new Error('it does not come to rest')
    },
  }
}

async function expectTruth({ api, uploader, id, events, outcome, file }: Stage): Promise<void> {
  const upload = uploader.get(id)
  if (!upload || !isSettled(upload)) throw new Error(`it is still ${upload?.status}`)
  expect(events.filter(({ type }) => type === 'settled')).toHaveLength(1)
  expect(await outcome).toBe(upload.status)
  expect(api.uploads.filter(({ status }) => status === 'completed')).toHaveLength(upload.status === 'completed' ? 1 : 0)
  if (upload.remote)
    expect(api.uploads.find(({ id: other }) => other === upload.remote?.id)?.status).toBe(upload.remote.status)
  if (upload.status === 'completed') expect(await api.readFile(upload.fileObject.id)).toEqual(file.original)
}

const inEveryOrder = (play: (scheduler: Scheduler) => Promise<void>, numRuns = 300) =>
  fc.assert(fc.asyncProperty(fc.scheduler(), play), { numRuns })

// Thousands of short runs: their time is the machine's, and says nothing.
describe('in every order', { timeout: 120_000 }, () => {
  it.each([
    { secondComplete: 'refuse', cancelOfCompleted: 'refuse' },
    { secondComplete: 'repeat', cancelOfCompleted: 'unchanged' },
  ] as const)('cancel and the answer to complete have one winner, with %j', (behaviour) =>
    inEveryOrder(async (scheduler) => {
      const stage = setTheStage(scheduler, { parts: 1, behaviour })
      stage.person('the person cancels', () => stage.uploader.cancel(stage.id))
      await stage.end()
      await expectTruth(stage)
    }),
  )

  it('cancel, undo and the answer to complete end in what the server says', () =>
    inEveryOrder(async (scheduler) => {
      const stage = setTheStage(scheduler, { parts: 1 })
      stage.person('the person cancels', () => {
        stage.uploader.cancel(stage.id, { undoFor: 5000 })
        stage.person('the person takes it back', () => stage.uploader.undoCancel(stage.id))
      })
      await stage.end()
      await expectTruth(stage)
    }))

  it('pause, resume and the answers to parts lose no byte and send none too often', () =>
    inEveryOrder(async (scheduler) => {
      const stage = setTheStage(scheduler, { parts: 5 })
      let whilePaused: Call[] = []
      stage.person('the person pauses', () => {
        stage.uploader.pause(stage.id)
        const { length } = stage.calls
        stage.person('the person resumes', () => {
          whilePaused = stage.calls.slice(length)
          void stage.uploader.resume(stage.id)
        })
      })
      await stage.end()
      await expectTruth(stage)
      expect(whilePaused).toEqual([])
      expect(stage.calls.filter((call) => call === 'complete')).toHaveLength(1)
    }))

  it('four parts that meet a 401 ask for one sign-in', () =>
    inEveryOrder(async (scheduler) => {
      let signedIn = false
      let signIns = 0
      const stage = setTheStage(scheduler, {
        parts: 6,
        refuse: (call) => (call === 'addPart' && !signedIn ? new FetcherError('Answered 401.', { status: 401 }) : null),
        options: {
          onAuthRefresh: async () => {
            signIns += 1
            await scheduler.schedule(Promise.resolve(), 'the sign-in works')
            signedIn = true
          },
        },
      })
      await stage.end()
      await expectTruth(stage)
      expect(await stage.outcome).toBe('completed')
      expect(signIns).toBe(1)
    }))

  it('after destroy nothing is asked and nothing told, whatever is answered', () =>
    inEveryOrder(async (scheduler) => {
      const stage = setTheStage(scheduler, { parts: 3 })
      let atDestroy: { calls: number; events: number } | null = null
      stage.person('the page unmounts it', () => {
        stage.uploader.destroy()
        atDestroy = { calls: stage.calls.length, events: stage.events.length }
      })
      await stage.end()
      expect({ calls: stage.calls.length, events: stage.events.length }).toEqual(atDestroy)
    }))

  it.each(['is closed', 'ends its engine'] as const)(
    'a lock that is free as its page %s goes to one page, and one only goes on with the upload',
    (how) =>
      inEveryOrder(async (scheduler) => {
        const stage = setTheStage(scheduler, { parts: 5, remembers: true })
        const { world, storage, uploader, page, api, file, collisions } = stage
        await stage.end(() => storage.uploadIds.length === 1 && stage.calls.includes('addPart'))
        const others = [stage.openPage(), stage.openPage()]
        for (const other of others) {
          stage.person('another page is opened', () => {
            void other.uploader.restore().then(() =>
              stage.person('the file is chosen there', () => {
                for (const id of other.uploader.getSnapshot().ids)
                  other.uploader.resume(id, file as unknown as File).catch(() => {})
              }),
            )
          })
        }
        stage.person('the first page goes', () => {
          if (how === 'ends its engine') return uploader.destroy()
          world.closePage(page)
          storage.letGo(page, false)
        })
        await stage.end()
        // Whoever has it by now is asked for the file once more.
        for (const other of others) {
          void other.uploader.restore()
          await stage.end()
          for (const [id, { needsFile }] of other.uploader.getSnapshot().uploads)
            if (needsFile) other.uploader.resume(id, file as unknown as File).catch(() => {})
          await stage.end()
        }
        expect(collisions).toEqual([])
        expect(api.uploads).toMatchObject([{ status: 'completed' }])
        const shown = others.flatMap((other) => [...other.uploader.getSnapshot().uploads.values()])
        expect(new Set(shown.map(({ status }) => status)).size).toBeLessThanOrEqual(1)
        expect(others.map((other) => world.locks.heldBy(other.page))).toEqual([0, 0])
      }),
  )

  it('an upload whose page was unmounted around the answer to create goes on from the next page, or never was', () =>
    inEveryOrder(async (scheduler) => {
      const stage = setTheStage(scheduler, { parts: 2, remembers: true })
      const { world, storage, uploader, page, api, file } = stage
      stage.person('the page unmounts it', () => uploader.destroy())
      await stage.end()
      expect(world.locks.heldBy(page)).toBe(0)
      const remembered = storage.uploadIds
      const next = stage.openPage()
      void next.uploader.restore()
      await stage.end()
      const { ids } = next.uploader.getSnapshot()
      expect(ids).toHaveLength(remembered.length)
      for (const id of ids) void next.uploader.resume(id, file as unknown as File)
      await stage.end()
      expect(ids.map((id) => next.uploader.get(id)?.status)).toEqual(ids.map(() => 'completed'))
      // Created once, whoever finished it.
      expect(api.uploads.length).toBeLessThanOrEqual(1)
    }))
})
