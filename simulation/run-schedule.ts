import { createUploader, isSettled } from '../src/core/index.js'
import { createUploadsApi, type IdSource } from '../src/uploads-api/index.js'
import type { Action, Event, Schedule } from './schedule.js'
import { SimFile, simChecksum } from './sim-file.js'
import { type Figures, type Journey, type Violation, Watch } from './watch.js'
import { Wire } from './wire.js'
import { settled, World } from './world.js'

export interface Result {
  violations: readonly Violation[]
  figures: Figures
  trace: readonly string[]
}

// More than any schedule needs: beyond it something turns in circles.
const MAX_STEPS = 30_000
const FAULTS_END_AFTER_MS = 60_000
const LIVENESS_MS = 120_000

/** Runs one schedule to rest and checks every invariant on the way. The same schedule gives the same result. */
export async function runSchedule(schedule: Schedule, { trace = false } = {}): Promise<Result> {
  const unhandled = countUnhandled()
  const run = new Run(schedule, trace)
  const { watch } = run
  try {
    await run.live()
    for (let left = unhandled.take(); left; left = unhandled.take()) {
      watch.figures.unhandled += 1
      watch.fail('I9', left)
    }
  } catch (error) {
    watch.fail('I9', `the run itself threw: ${error instanceof Error ? error.stack : String(error)}`)
  }
  return { violations: watch.violations, figures: watch.figures, trace: watch.trace }
}

class Run {
  readonly watch: Watch
  readonly #schedule: Schedule
  readonly #world: World
  readonly #api
  readonly #wire: Wire
  readonly #uploader
  #steps = 0
  #thawedAt: number | null = null

  constructor(schedule: Schedule, tracing: boolean) {
    this.#schedule = schedule
    const world = new World(schedule.seed)
    this.#world = world
    this.#api = createUploadsApi({
      clock: { now: () => world.now, sleep: (ms) => new Promise((resolve) => void world.after(ms, resolve)) },
      ids: countingIds(),
      behaviour: schedule.behaviour,
      onError: (error) => this.watch.fail('I9', `the API threw: ${String(error)}`),
    })
    const files = schedule.files.map(({ size }, at) => new SimFile(`file-${at}.pdf`, size, schedule.seed + at))
    this.watch = new Watch(world, this.#api, schedule, files, tracing)
    this.#wire = new Wire(world, this.#api, schedule, this.watch)
    this.watch.wire = this.#wire
    const { checksumMs } = schedule
    this.#uploader = createUploader({
      fetcher: this.#wire.fetcher(),
      environment: world.environment(),
      concurrency: schedule.concurrency,
      partSize: schedule.partSize,
      minPartSize: schedule.minPartSize,
      checksum: checksumMs === null ? 'off' : simChecksum(() => this.#sleepOnPage(checksumMs)),
      defaults: { purpose: 'user_data' },
      ...(schedule.refresh !== 'none' && { onAuthRefresh: () => this.#refresh() }),
    })
    this.watch.uploader = this.#uploader
    this.#uploader.subscribe(() => this.watch.look())
    this.#uploader.subscribeToEvents((event) => this.watch.event(event))
  }

  async live(): Promise<void> {
    const { watch } = this
    const { files, actions, events } = this.#schedule
    for (const [at, file] of files.entries()) {
      this.#at(file.addAt, () => this.#add(at))
      if (file.runAt !== null) this.#at(file.runAt, () => this.#run(watch.journeys[at] as Journey))
    }
    for (const action of actions) this.#at(action.at, () => this.#act(action))
    for (const event of events) this.#world.after(event.at, () => this.#happen(event))
    const last = Math.max(0, ...[...actions, ...events].map(({ at }) => at), ...files.map(({ runAt }) => runAt ?? 0))
    // Only where nobody pauses or cancels is every abort the engine's own.
    if (actions.length === 0 && this.#schedule.faults.every(({ kind }) => kind === 'stall')) this.#measureStalls()
    await this.#drain()
    await this.#advance(last + FAULTS_END_AFTER_MS)
    if (watch.destroyed) return this.#afterDestroy()

    watch.say('== the faults end')
    await this.#heal()
    if (watch.destroyed) return this.#afterDestroy()
    await this.#end('I8', 'never ended')
    for (let again = 0; again < 2 && !watch.destroyed; again += 1) {
      watch.say('== whoever failed tries again')
      for (const journey of watch.journeys) this.#tryAgain(journey)
      await this.#end('I8', 'never ended when it was tried again')
    }
    this.#checkAllCompleted()
    await this.#checkRest()
    await this.#checkBytes()
    watch.say('== destroy')
    this.#destroy()
    await this.#afterDestroy()
  }

  // TIME

  #at(time: number, callback: () => void): void {
    this.#world.deliver(time, callback)
  }

  async #advance(ms: number, until: () => boolean = () => false): Promise<void> {
    const deadline = this.#world.time + ms
    while (!until() && this.#world.step(deadline)) {
      this.#steps += 1
      await this.#drain()
      this.watch.checkStopped()
      if (this.#steps > MAX_STEPS) throw new Error('too many steps: something turns in circles')
      if (this.watch.violations.length > 20) throw new Error('too many violations')
    }
    const { figures } = this.watch
    figures.steps = this.#steps
    figures.virtualMs = this.#world.time
  }

  async #drain(): Promise<void> {
    await settled()
    if (this.#wire.isBusy && !this.#schedule.behaviour.completeDelay) throw new Error('the API waits for something')
  }

  #sleepOnPage(ms: number): Promise<void> {
    return ms === 0 ? Promise.resolve() : new Promise((resolve) => void this.#world.deliver(ms, resolve))
  }

  // PEOPLE

  #add(at: number): void {
    const journey = this.watch.journeys[at] as Journey
    if (this.watch.destroyed) return
    this.watch.added(journey, '')
    const id = this.#uploader.add(journey.file as unknown as File)
    this.watch.added(journey, id)
  }

  #run(journey: Journey): void {
    if (this.watch.destroyed || !journey.id || journey.removed) return
    journey.commanded = true
    const promise: Journey['promises'][number] = { outcome: 'pending' }
    journey.promises.push(promise)
    this.#uploader.run(journey.id).then(
      () => {
        promise.outcome = 'resolved'
      },
      () => {
        promise.outcome = 'rejected'
      },
    )
  }

  #act(action: Action): void {
    const { watch } = this
    const uploader = this.#uploader
    if (watch.destroyed) return
    const { at: _at, ...what } = action
    watch.say(`.. ${JSON.stringify(what)}`)
    const command = (journey: Journey | undefined) => {
      if (!journey?.id || journey.removed) return null
      journey.commanded = true
      return journey.id
    }
    const all = () => {
      for (const journey of watch.journeys) command(journey)
    }
    switch (action.do) {
      case 'pauseAll':
      case 'resumeAll':
      case 'retryFailed':
        all()
        return uploader[action.do]()
      case 'clearCompleted':
        for (const journey of watch.journeys) {
          if (journey.id && uploader.get(journey.id)?.status === 'completed') journey.removed = true
        }
        return uploader.clearCompleted()
      case 'cancelAll':
        return uploader.cancelAll({ undoFor: action.undoFor })
      case 'destroy':
        return this.#destroy()
    }
    const journey = watch.journeys[action.file]
    const id = command(journey)
    if (!journey || id === null) return
    switch (action.do) {
      case 'run':
        return this.#run(journey)
      case 'pause':
        return uploader.pause(id)
      case 'resume':
        return void uploader.resume(id)
      case 'undo':
        return uploader.undoCancel(id)
      case 'retry':
        return uploader.retry(id)
      case 'cancel':
        return this.#cancel(journey, action.undoFor)
      case 'remove':
        if (uploader.get(id)?.status === 'failed') journey.settled = false
        journey.removed = true
        return uploader.remove(id)
    }
  }

  #cancel(journey: Journey, undoFor: number): void {
    // A failed upload can still be cancelled, and that ends it once more.
    if (this.#uploader.get(journey.id as string)?.status === 'failed') journey.settled = false
    this.#uploader.cancel(journey.id as string, { undoFor })
  }

  #destroy(): void {
    this.#uploader.destroy()
    this.watch.destroyed = true
  }

  #refresh(): Promise<void> {
    const { refresh } = this.#schedule
    this.#wire.signIns += 1
    this.watch.say(`.. sign in (${refresh})`)
    if (refresh === 'throws') throw new Error('no window to sign in with')
    if (refresh === 'never') return new Promise(() => {})
    return this.#sleepOnPage(500).then(() => {
      if (refresh === 'fails') throw new Error('wrong password')
      if (refresh === 'works') this.#wire.signedIn = true
    })
  }

  // THE WORLD

  #happen(event: Event): void {
    const world = this.#world
    const { at: _at, ...what } = event
    this.watch.say(`.. ${JSON.stringify(what)}`)
    switch (event.do) {
      case 'offline':
        return world.setOnline(false)
      case 'online':
        this.#measureRecovery()
        return void world.deliver(0, () => world.setOnline(true))
      case 'hide':
        world.throttle = event.throttle
        return world.setVisible(false)
      case 'show':
        return void world.deliver(0, () => world.setVisible(true))
      case 'wake':
        return void world.deliver(0, () => world.wake())
      case 'leave_page':
        return world.leavePage()
      case 'sign_out':
        this.#wire.signedIn = false
        return
      case 'skew':
        world.skewed += event.ms
        return
      case 'freeze':
        if (world.isFrozen) return
        world.freeze(event.ms, event.asleep)
        if (event.cut) this.#wire.die()
        this.#thawedAt = world.time + event.ms
        this.#measureStalls()
        return
      case 'outage':
        this.#wire.breakDown(event.ms, event.how)
        if (!this.#schedule.events.some((other) => other.do === 'online'))
          world.after(event.ms, () => this.#measureRecovery())
        return
      case 'file':
        ;(this.watch.journeys[event.file] as Journey).file.fate = event.fate
    }
  }

  /** From now until the next part is accepted. */
  #measureRecovery(): void {
    const since = this.#world.time
    this.watch.onAccepted = () => {
      this.watch.figures.recoveryMs.push(this.#world.time - since)
      this.watch.onAccepted = null
    }
  }

  #measureStalls(): void {
    this.watch.onAborted = ({ silentSince }) => {
      this.watch.figures.stallMs.push(this.#world.time - Math.max(silentSince, this.#thawedAt ?? 0))
    }
  }

  // THE END

  async #heal(): Promise<void> {
    const world = this.#world
    while (world.isFrozen) await this.#advance(1000)
    // Whatever was clicked in the freeze happens as it ends, also this.
    if (this.watch.destroyed) return
    this.#wire.heal()
    world.setOnline(true)
    world.setVisible(true)
    for (const journey of this.watch.journeys) {
      if (!journey.id) continue
      const upload = this.#uploader.get(journey.id)
      if (upload && !isSettled(upload)) this.#run(journey)
    }
    this.#resumePaused()
    await this.#drain()
  }

  /** What waits for the network goes on by itself, or is stuck. */
  #resumePaused(): void {
    for (const { id } of this.watch.journeys) {
      const upload = id ? this.#uploader.get(id) : undefined
      if (upload?.status === 'paused' && upload.reason !== 'offline') void this.#uploader.resume(upload.id)
    }
  }

  #tryAgain(journey: Journey): void {
    if (!journey.id || journey.removed) return
    const snapshot = this.#uploader.get(journey.id)
    // Whoever cancelled, or has no file any more, has nothing to try.
    if (snapshot?.status !== 'failed' && snapshot?.status !== 'expired') return
    if (journey.file.fate !== 'same') return
    journey.commanded = true
    this.#uploader.retry(journey.id)
  }

  #isAtRest = (): boolean =>
    this.#wire.inFlight === 0 &&
    this.watch.journeys.every(({ id, removed }) => {
      const upload = id && !removed ? this.#uploader.get(id) : undefined
      return !upload || isSettled(upload)
    })

  /** Lets it all come to its end, within the time that what hangs already may take, and two minutes. */
  async #end(invariant: 'I8', what: string): Promise<void> {
    let patience = LIVENESS_MS + Math.max(0, this.watch.gateUntil - this.#world.elapsed())
    for (const { call } of this.#wire.open())
      patience = Math.max(patience, LIVENESS_MS + (call === 'complete' ? 620_000 : 220_000))
    await this.#advance(patience, this.#isAtRest)
    if (this.#schedule.refresh === 'never') {
      // A 401 from before came late, and nobody signs in: somebody has, and goes on.
      this.#resumePaused()
      await this.#advance(LIVENESS_MS, this.#isAtRest)
    }
    for (const { id, removed, file, promises, settled } of this.watch.journeys) {
      const upload = id && !removed ? this.#uploader.get(id) : undefined
      if (!upload) continue
      if (!isSettled(upload)) {
        const { status } = upload
        const detail = 'wait' in upload ? JSON.stringify(upload.wait) : 'reason' in upload ? upload.reason : ''
        this.watch.fail(invariant, `${file.name} ${what}: ${status} ${detail}`)
      } else {
        if (!settled) this.watch.fail('I3', `${file.name} is ${upload.status}, and no event said so`)
        if (promises.some(({ outcome }) => outcome === 'pending'))
          this.watch.fail('I3', `${file.name} is ${upload.status}, and who waits for it was not told`)
      }
    }
  }

  #checkAllCompleted(): void {
    for (const { id, removed, file } of this.watch.journeys) {
      const upload = id && !removed ? this.#uploader.get(id) : undefined
      if (!upload || file.fate !== 'same' || !isSettled(upload)) continue
      if (upload.status === 'failed' || upload.status === 'expired')
        this.watch.fail(
          'I8',
          `${file.name} cannot be finished any more: ${upload.status === 'failed' ? `${upload.error.code}, ${upload.error.message}` : 'expired'}`,
        )
    }
  }

  /** With everything at its end, only a failed Upload's hour may still be watched. */
  async #checkRest(): Promise<void> {
    const { watch } = this
    await this.#advance(Math.max(1000, watch.gateUntil - this.#world.elapsed() + 1000))
    // What was removed may still have to tell the server, and be told to wait.
    if (watch.journeys.some(({ removed }) => removed)) await this.#advance(900_000)
    const watched = watch.journeys.filter(
      ({ id, removed }) => id && !removed && this.#uploader.get(id)?.status === 'failed',
    ).length
    const { pageTimers, listeners } = this.#world
    if (pageTimers > watched) this.#leak(`${pageTimers} timers at rest, ${watched} failed uploads`)
    if (listeners > 0) this.#leak(`${listeners} listeners at rest`)
    this.#checkDeadStill()
  }

  async #afterDestroy(): Promise<void> {
    await this.#drain()
    const { pageTimers, listeners } = this.#world
    if (pageTimers > 0) this.#leak(`${pageTimers} timers after destroy`)
    if (listeners > 0) this.#leak(`${listeners} listeners after destroy`)
    await this.#advance(1_200_000)
    this.#checkDeadStill()
  }

  #checkDeadStill(): void {
    if (this.#wire.inFlight > 0 && !this.#schedule.deaf) this.#leak(`${this.#wire.inFlight} requests at rest`)
    if (abortListeners.count > 0 && !this.#schedule.deaf) this.#leak(`${abortListeners.count} abort listeners at rest`)
  }

  #leak(message: string): void {
    this.watch.figures.leaks += 1
    this.watch.fail('I10', message)
  }

  async #checkBytes(): Promise<void> {
    const { watch } = this
    const checked = this.#schedule.checksumMs !== null && this.#schedule.behaviour.checkMd5 !== false
    watch.figures.flips = this.#wire.flipped
    for (const journey of watch.journeys) {
      const upload = journey.id && !journey.removed ? this.#uploader.get(journey.id) : undefined
      if (!upload) continue
      if (isSettled(upload)) watch.checkTruth(journey, upload, 'at the end')
      if (upload.status !== 'completed') continue
      watch.figures.completed += 1
      watch.figures.completedBytes += journey.file.size
      const stored = await this.#api.readFile(upload.fileObject.id).catch(() => new Uint8Array())
      const { original, rewritten } = journey.file
      const right = isEqual(stored, original) || (journey.file.fate === 'rewritten' && isEqual(stored, rewritten))
      if (right) continue
      watch.figures.wrongBytes += original.filter((byte, at) => stored[at] !== byte).length || 1
      if (checked && this.#wire.flipped > 0) watch.figures.flipsMissed += 1
      watch.fail('I1', `${journey.file.name} has other bytes on the server`)
    }
  }
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at])
}

function countingIds(): IdSource {
  let count = 0
  const next = () => {
    count += 1
    return String(count).padStart(6, '0')
  }
  return {
    upload: () => `upload_${next()}`,
    part: () => `part_${next()}`,
    file: () => `file-${next()}`,
    request: () => `req_${next()}`,
  }
}

// LEAKS THAT ONLY THE PROCESS SEES

/** Listeners on abort signals, by the whole process: a schedule begins and ends with none. */
const abortListeners = { count: 0 }
const { addEventListener, removeEventListener } = AbortSignal.prototype
AbortSignal.prototype.addEventListener = function (this: AbortSignal, ...args: Parameters<typeof addEventListener>) {
  abortListeners.count += 1
  return addEventListener.apply(this, args)
} as typeof addEventListener
AbortSignal.prototype.removeEventListener = function (
  this: AbortSignal,
  ...args: Parameters<typeof removeEventListener>
) {
  abortListeners.count -= 1
  return removeEventListener.apply(this, args)
} as typeof removeEventListener

let complaints: string[] | null = null

function countUnhandled(): { take(): string | undefined } {
  abortListeners.count = 0
  if (!complaints) {
    const list: string[] = []
    complaints = list
    const complain = (kind: string) => (error: unknown) =>
      list.push(`${kind}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    process.on('unhandledRejection', complain('unhandled rejection'))
    process.on('uncaughtException', complain('uncaught error'))
  }
  complaints.length = 0
  const list = complaints
  return { take: () => list.shift() }
}
