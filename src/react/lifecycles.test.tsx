import { createHash } from 'node:crypto'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, render } from '@testing-library/react'
import { Activity, StrictMode, useEffect } from 'react'
import { describe, expect, it } from 'vitest'
import {
  createMemoryResumeStore,
  createUploader,
  type UploadError,
  type Uploader,
  type UploadSnapshot,
  type UploadStatus,
} from '../core/index.js'
import { createFakeUploads, type Fault, makeFile } from '../testing/index.js'
import { UploadsProvider } from './uploads-provider.js'
import { useUpload } from './use-upload.js'
import { useUploadGuards } from './use-upload-guards.js'
import { useUploadSnapshot } from './use-upload-snapshot.js'
import { useUploader } from './use-uploader.js'
import { useUploads } from './use-uploads.js'

// What React does to components while an upload is at each of its states: unmount, StrictMode, <Activity>, a new provider.

// STAGE

const FILE = makeFile('thesis.pdf', 300)

function setTheStage() {
  const fakes = createFakeUploads()
  let signIn!: () => void
  const signedIn = new Promise<void>((resolve) => {
    signIn = resolve
  })
  const uploaderOptions = {
    environment: fakes.environment,
    resumeStore: createMemoryResumeStore(),
    partSize: 100,
    concurrency: 1,
    checksum: async (blob: Blob) => ({ md5: md5Of(await blob.arrayBuffer()), where: 'main' as const }),
    onAuthRefresh: () => signedIn,
  }
  const defaults = { purpose: 'user_data' as const }
  return {
    ...fakes,
    uploaderOptions,
    defaults,
    signIn,
    makeUploader: () => createUploader({ ...uploaderOptions, defaults, fetcher: fakes.fetcher }),
    /** Lets time pass, and React with it. */
    advance: (ms: number) => act(() => fakes.clock.advance(ms)),
    settle: () => act(() => fakes.clock.advance(0)),
    /** What the API has of the file: one word for each create. */
    onServer: () =>
      fakes.uploads
        .list()
        .filter(({ filename }) => filename === FILE.name)
        .map(({ status }) => status),
    /** What the engine holds on to. */
    held: () => ({
      timers: fakes.clock.pending,
      listeners: fakes.environment.listeners,
      locks: fakes.environment.locks.size,
      requests: fakes.traffic.inFlight,
    }),
  }
}

type Stage = ReturnType<typeof setTheStage>

const NOTHING = { timers: 0, listeners: 0, locks: 0, requests: 0 }

function md5Of(bytes: ArrayBuffer): string {
  return createHash('md5').update(new Uint8Array(bytes)).digest('hex')
}

/** What is on the page, and how. */
interface Page {
  strict?: boolean
  /** Made by the app; the provider makes its own where there is none. */
  uploader?: Uploader
  /** Whether the provider is there, and whether the component with the hooks is. */
  provider?: boolean
  component?: boolean
  /** Another key mounts the provider anew. */
  providerKey?: number
  mode?: 'visible' | 'hidden'
}

interface Seen {
  uploader: Uploader
  single: ReturnType<typeof useUpload>
  rows: readonly UploadSnapshot[]
  row: UploadSnapshot | undefined
}

function openApp(stage: Stage, first: Page) {
  const client = new QueryClient()
  let seen: Seen | null = null
  function Component() {
    const { uploader } = useUploader()
    const single = useUpload()
    const uploads = useUploads((all) => all.uploads)
    const row = useUploadSnapshot([...uploads.keys()].at(-1) ?? '')
    useUploadGuards()
    useEffect(() => {
      seen = { uploader, single, rows: [...uploads.values()], row }
    })
    return null
  }
  const pageOf = ({ strict, uploader, provider = true, component = true, providerKey, mode = 'visible' }: Page) => {
    const connection = uploader ? { uploader } : { fetcher: stage.fetcher, defaults: stage.defaults }
    const page = (
      <QueryClientProvider client={client}>
        <Activity mode={mode}>
          {provider && (
            <UploadsProvider key={providerKey} {...connection} uploaderOptions={stage.uploaderOptions}>
              {component && <Component />}
            </UploadsProvider>
          )}
        </Activity>
      </QueryClientProvider>
    )
    return strict ? <StrictMode>{page}</StrictMode> : page
  }
  let page = first
  const { rerender } = render(pageOf(page))
  return {
    client,
    /** What the hooks gave when they were last drawn. */
    get seen(): Seen {
      if (!seen) throw new Error('The component was never drawn.')
      return seen
    },
    change: (next: Page) => {
      page = { ...page, ...next }
      rerender(pageOf(page))
    },
  }
}

type App = ReturnType<typeof openApp>

// SCENES

interface Scene {
  /** What the upload shows then. */
  shows: { status: UploadStatus } & Record<string, unknown>
  /** What happened before the page was opened. */
  before?: (stage: Stage) => Promise<void>
  /** Brings the upload there; gives what the world does next. */
  play: (stage: Stage, app: App) => World | Promise<World>
  /** What comes of it if nobody does anything, and what the API then has: a word for each create. */
  alone: End
  /** What the person asks for next. */
  ask?: (uploader: Uploader, id: string) => unknown
  /** What comes of that. @default completed, by the one create */
  asked?: End
}

type World = (() => unknown) | undefined

interface End {
  status: UploadSnapshot['status']
  onServer: readonly string[]
}

const completed: End = { status: 'completed', onServer: ['completed'] }
const pausedForGood: End = { status: 'paused', onServer: ['pending'] }

const start = (app: App) => act(() => app.seen.single.start(FILE))
const newest = (app: App) => app.seen.uploader.getSnapshot().ids.at(-1) ?? ''

/** A call is on its way, until the world lets it arrive. */
const holding =
  (call: 'create' | 'addPart' | 'complete' | 'cancel', after = 0): Scene['play'] =>
  async ({ faults }, app) => {
    const held = faults.hold(call, { after })
    start(app)
    await act(() => held.reached)
    return held.release
  }

/** A call meets a fault; time is what heals it. */
const meeting =
  (fault: Fault): Scene['play'] =>
  async (stage, app) => {
    stage.faults.add(fault)
    start(app)
    return () => stage.advance(120_000)
  }

const pausing: Scene['play'] = async (stage, app) => {
  await holding('addPart', 1)(stage, app)
  act(() => app.seen.single.pause())
  return undefined
}

const scenes: Record<string, Scene> = {
  queued: {
    shows: { status: 'queued', remote: null },
    play: async ({ faults }, app) => {
      const held = faults.hold('create')
      act(() => void app.seen.uploader.run(app.seen.uploader.add(makeFile('first.pdf', 100))))
      await act(() => held.reached)
      start(app)
      return held.release
    },
    alone: completed,
  },
  creating: { shows: { status: 'creating', wait: null }, play: holding('create'), alone: completed },
  'creating, waiting': {
    shows: { status: 'creating', wait: { reason: 'backoff' } },
    play: meeting({ call: 'create', respond: { status: 503 } }),
    alone: completed,
  },
  uploading: { shows: { status: 'uploading', wait: null }, play: holding('addPart', 1), alone: completed },
  'uploading, waiting': {
    shows: { status: 'uploading', wait: { reason: 'backoff' } },
    play: meeting({ call: 'addPart', after: 1, respond: { status: 503 } }),
    alone: completed,
  },
  'uploading, rate limited': {
    shows: { status: 'uploading', wait: { reason: 'rate_limited' } },
    play: meeting({ call: 'addPart', after: 1, respond: { status: 429, headers: { 'retry-after': '60' } } }),
    alone: completed,
  },
  'paused by the person': {
    shows: { status: 'paused', reason: 'user' },
    play: pausing,
    alone: pausedForGood,
    ask: (uploader, id) => uploader.resume(id),
  },
  'paused offline': {
    shows: { status: 'paused', reason: 'offline' },
    play: ({ environment, faults }, app) => {
      environment.setOnline(false)
      faults.add({ call: 'addPart', after: 1, lose: 'request' })
      start(app)
      return () => environment.setOnline(true)
    },
    alone: completed,
  },
  'paused for a sign-in': {
    shows: { status: 'paused', reason: 'auth' },
    play: ({ faults, signIn }, app) => {
      faults.add({ call: 'addPart', after: 1, respond: { status: 401 } })
      start(app)
      return signIn
    },
    alone: completed,
  },
  'paused by a reload': {
    shows: { status: 'paused', reason: 'restored', needsFile: true },
    before: async ({ clock, faults, makeUploader }) => {
      const held = faults.hold('addPart', { after: 1 })
      const earlier = makeUploader()
      earlier.run(earlier.add(FILE)).catch(() => {})
      await held.reached
      earlier.destroy()
      await clock.advance(0)
    },
    play: () => undefined,
    alone: pausedForGood,
    ask: (uploader, id) => uploader.resume(id, FILE),
  },
  completing: { shows: { status: 'completing', wait: null }, play: holding('complete'), alone: completed },
  'completing, waiting': {
    shows: { status: 'completing', wait: { reason: 'backoff' } },
    play: meeting({ call: 'complete', respond: { status: 503 } }),
    alone: completed,
  },
  'cancelling, to be undone': {
    shows: { status: 'cancelling', undoUntil: expect.any(Number) },
    play: async (stage, app) => {
      await holding('addPart', 1)(stage, app)
      act(() => app.seen.single.cancel({ undoFor: 5000 }))
      return () => stage.advance(5000)
    },
    alone: { status: 'cancelled', onServer: ['cancelled'] },
  },
  cancelling: {
    shows: { status: 'cancelling', undoUntil: null },
    play: async (stage, app) => {
      await holding('addPart', 1)(stage, app)
      const held = stage.faults.hold('cancel')
      act(() => app.seen.single.cancel())
      await act(() => held.reached)
      return held.release
    },
    alone: { status: 'cancelled', onServer: ['cancelled'] },
  },
  completed: {
    shows: { status: 'completed' },
    play: (_stage, app) => {
      start(app)
      return undefined
    },
    alone: completed,
  },
  cancelled: {
    shows: { status: 'cancelled' },
    play: async (stage, app) => {
      await holding('addPart', 1)(stage, app)
      act(() => app.seen.single.cancel())
      return undefined
    },
    alone: { status: 'cancelled', onServer: ['cancelled'] },
    ask: (uploader, id) => uploader.retry(id),
    asked: { status: 'completed', onServer: ['cancelled', 'completed'] },
  },
  failed: {
    shows: { status: 'failed', error: { code: 'forbidden' } },
    play: (stage, app) => {
      stage.faults.add({ call: 'addPart', after: 1, respond: { status: 403 } })
      start(app)
      return undefined
    },
    alone: { status: 'failed', onServer: ['pending'] },
    ask: (uploader, id) => uploader.retry(id),
  },
  expired: {
    shows: { status: 'expired' },
    play: async (stage, app) => {
      await pausing(stage, app)
      await stage.advance(3_600_000)
      return undefined
    },
    alone: { status: 'expired', onServer: ['expired'] },
    ask: (uploader, id) => uploader.retry(id),
    asked: { status: 'completed', onServer: ['expired', 'completed'] },
  },
}

async function playOn(page: (stage: Stage) => Page, { before, play, shows }: Scene) {
  const stage = setTheStage()
  await before?.(stage)
  const app = openApp(stage, page(stage))
  await stage.settle()
  const world = await play(stage, app)
  await stage.settle()
  const { uploader } = app.seen
  const id = newest(app)
  expect(uploader.get(id)).toMatchObject(shows)
  return { stage, app, uploader, id, goOn: async () => act(async () => world?.()) }
}

/** The upload has come to its end, and the API has what that end promises: the very bytes, or no File. */
async function expectEnd({ files, onServer, requests }: Stage, snapshot: UploadSnapshot | undefined, end: End) {
  expect(snapshot?.status).toBe(end.status)
  expect(onServer()).toEqual(end.onServer)
  expect(requests.filter(({ call }) => call === 'cancel')).toHaveLength(
    end.onServer.filter((status) => status === 'cancelled').length,
  )
  const stored = files.list().filter(({ filename }) => filename === FILE.name)
  expect(stored).toHaveLength(end.status === 'completed' ? 1 : 0)
  for (const { id } of stored) expect(Buffer.compare(await files.read(id), await bytesOf(FILE))).toBe(0)
}

async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer())
}

// PROMISES

const everyScene = Object.entries(scenes)

interface Lifecycle {
  page: (stage: Stage) => Page
  /** What happens to the components. */
  happen: (app: App, stage: Stage) => void | Promise<void>
}

const goAndComeBack =
  (gone: Page, back: Page): Lifecycle['happen'] =>
  async (app, stage) => {
    app.change(gone)
    await stage.settle()
    app.change(back)
  }

const lifecycles: Record<string, Lifecycle> = {
  'its component is unmounted and mounted again': {
    page: () => ({}),
    happen: goAndComeBack({ component: false }, { component: true }),
  },
  'StrictMode mounts its component twice': {
    page: () => ({ strict: true }),
    happen: goAndComeBack({ component: false }, { component: true }),
  },
  'its component and provider are hidden and shown again': {
    page: () => ({ strict: true }),
    happen: goAndComeBack({ mode: 'hidden' }, { mode: 'visible' }),
  },
  'its provider is replaced by another one of the same uploader': {
    page: ({ makeUploader }) => ({ uploader: makeUploader(), providerKey: 1 }),
    happen: (app) => app.change({ providerKey: 2 }),
  },
  'its provider is gone for a while, and then there is one of the same uploader in StrictMode': {
    page: ({ makeUploader }) => ({ strict: true, uploader: makeUploader() }),
    happen: goAndComeBack({ provider: false }, { provider: true }),
  },
}

describe.each(Object.entries(lifecycles))('an upload neither stops nor starts again when %s', (_what, lifecycle) => {
  it.each(everyScene)('while it is %s', async (_state, scene) => {
    const { stage, app, uploader, id, goOn } = await playOn(lifecycle.page, scene)
    const [before, asked] = [uploader.get(id), stage.requests.length]
    await lifecycle.happen(app, stage)
    await stage.settle()
    expect(app.seen.uploader).toBe(uploader)
    expect(app.seen.row).toBe(before)
    expect(app.seen.rows.at(-1)).toBe(before)
    expect(stage.requests).toHaveLength(asked)

    await goOn()
    if (scene.ask) await act(async () => scene.ask?.(uploader, id))
    await stage.settle()
    await expectEnd(stage, app.seen.row, scene.ask ? (scene.asked ?? completed) : scene.alone)
    expect(app.client.isMutating()).toBe(0)
    expect(stage.held()).toEqual(NOTHING)
  })
})

describe.each([false, true])('a provider that is gone for good with its own uploader, StrictMode %s,', (strict) => {
  it.each(everyScene)('leaves nothing behind while its upload is %s, and cancels nothing', async (_state, scene) => {
    const { stage, app, uploader, id, goOn } = await playOn(() => ({ strict }), scene)
    const asked = stage.requests.length
    app.change({ provider: false })
    await stage.settle()
    expect(stage.requests).toHaveLength(asked)
    // Nobody is left who could let it go on.
    if (scene.alone.status === uploader.get(id)?.status) expect(stage.held()).toEqual(NOTHING)

    await goOn()
    await stage.settle()
    await expectEnd(stage, uploader.get(id), scene.alone)
    expect(app.client.isMutating()).toBe(0)
    expect(stage.held()).toEqual(NOTHING)
  })
})

it('the scenes above are every status there is', () => {
  const statuses: Record<UploadStatus, true> = {
    queued: true,
    creating: true,
    uploading: true,
    paused: true,
    completing: true,
    cancelling: true,
    completed: true,
    cancelled: true,
    failed: true,
    expired: true,
  }
  const shown = everyScene.map(([, { shows }]) => shows.status)
  expect(Object.keys(statuses).filter((status) => !shown.includes(status as UploadStatus))).toEqual([])
})

describe('without any upload', () => {
  it.each(Object.entries(lifecycles))('nothing is asked for when %s', async (_what, { page, happen }) => {
    const stage = setTheStage()
    const app = openApp(stage, page(stage))
    await happen(app, stage)
    await stage.settle()
    expect(app.seen.single.status).toBe('idle')
    expect(stage.requests).toEqual([])
    expect(stage.held()).toEqual(NOTHING)
  })
})

describe('the upload of a useUpload', () => {
  it('is found in useUploads after an unmount, as the new hook begins with none', async () => {
    const { app, stage, id, goOn } = await playOn(() => ({}), scenes.uploading as Scene)
    expect(app.seen.single).toMatchObject({ status: 'uploading', id })
    await goAndComeBack({ component: false }, { component: true })(app, stage)
    expect(app.seen.single.status).toBe('idle')
    expect(app.seen.rows).toMatchObject([{ status: 'uploading', id }])
    await goOn()
    await stage.settle()
    expect(app.seen.single.status).toBe('idle')
    expect(app.seen.rows).toMatchObject([{ status: 'completed', id }])
  })

  it('is still its own after it was hidden, also when it came to its end meanwhile', async () => {
    const { app, stage, id, goOn } = await playOn(() => ({ strict: true }), scenes.uploading as Scene)
    app.change({ mode: 'hidden' })
    await goOn()
    await stage.settle()
    app.change({ mode: 'visible' })
    expect(app.seen.single).toMatchObject({ status: 'completed', id })
  })
})

describe('after a provider with its own uploader has gone', () => {
  it('the next one brings back what was interrupted', async () => {
    const { app, stage } = await playOn(() => ({}), scenes['paused by a reload'] as Scene)
    await goAndComeBack({ provider: false }, { provider: true })(app, stage)
    await stage.settle()
    expect(app.seen.rows).toMatchObject([{ status: 'paused', reason: 'restored', progress: { bytesAccepted: 100 } }])
    await act(() => app.seen.uploader.resume(app.seen.rows[0]?.id ?? '', FILE))
    await stage.settle()
    await expectEnd(stage, app.seen.rows[0], completed)
  })

  it('the next one brings back what a person had paused', async () => {
    const { app, stage } = await playOn(() => ({}), scenes['paused by the person'] as Scene)
    await goAndComeBack({ provider: false }, { provider: true })(app, stage)
    await stage.settle()
    expect(app.seen.rows).toMatchObject([{ status: 'paused', reason: 'restored', needsFile: true }])
  })

  it('the next one shows what still goes on, and follows it to its end', async () => {
    const { app, stage, goOn } = await playOn(() => ({}), scenes.uploading as Scene)
    await goAndComeBack({ provider: false }, { provider: true })(app, stage)
    await stage.settle()
    expect(app.seen.rows).toMatchObject([{ status: 'uploading', inOtherTab: true }])
    await goOn()
    await stage.settle()
    await expectEnd(stage, app.seen.rows[0], completed)
  })

  it('who waits for a paused upload hears that it will not go on', async () => {
    const { app, stage, uploader, id } = await playOn(() => ({}), scenes['paused by the person'] as Scene)
    const codes: string[] = []
    uploader.run(id).catch(({ code }: UploadError) => codes.push(code))
    app.change({ provider: false })
    await stage.settle()
    expect(codes).toEqual(['cancelled'])
    expect(stage.onServer()).toEqual(['pending'])
  })

  it('no lock is left of a restore that was under way', async () => {
    const stage = setTheStage()
    await scenes['paused by a reload']?.before?.(stage)
    let granted!: () => void
    const { environment } = stage
    const lock = environment.lock
    environment.lock = async (name) => {
      await new Promise<void>((resolve) => {
        granted = resolve
      })
      return lock(name)
    }
    const app = openApp(stage, {})
    await stage.settle()
    app.change({ provider: false })
    granted()
    await stage.settle()
    expect(stage.held()).toEqual(NOTHING)
  })
})

it('a provider keeps the uploader it was mounted with, also when a hot reload makes another', async () => {
  const { app, stage, uploader, id, goOn } = await playOn(
    ({ makeUploader }) => ({ uploader: makeUploader() }),
    scenes.uploading as Scene,
  )
  app.change({ uploader: stage.makeUploader() })
  expect(app.seen.uploader).toBe(uploader)
  expect(app.seen.single).toMatchObject({ id })
  await goOn()
  await stage.settle()
  await expectEnd(stage, app.seen.row, completed)
})
