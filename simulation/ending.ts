import { isSettled, type UploadSnapshot } from '../src/core/index.js'
import type { Crowd } from './crowd.js'
import { type Journey, uploadOf } from './journey.js'
import { abortListeners } from './leaks.js'
import type { Scene } from './scene.js'
import type { Watch } from './watch.js'
import type { World } from './world.js'

const LIVENESS_MS = 120_000
// As long as a storage that hangs may keep a timer after destroy.
const STORAGE_PATIENCE_MS = 3000
// As long as a backend may take to say what it allows.
const POLICY_PATIENCE_MS = 61_000

/** Brings a run to its end once its troubles are over, and looks at what is left. */
export class Ending {
  readonly #scene: Scene
  readonly #world: World
  readonly #watch: Watch
  readonly #crowd: Crowd

  constructor(scene: Scene, crowd: Crowd) {
    this.#scene = scene
    this.#world = scene.world
    this.#watch = scene.watch
    this.#crowd = crowd
  }

  async play(): Promise<void> {
    const { watch, browser } = this.#scene
    if (this.#scene.isOver) return this.#afterDestroy()
    watch.say('== the faults end')
    await this.#heal()
    if (this.#scene.isOver) return this.#afterDestroy()
    await this.#end('never ended')
    this.#crowd.measureResent()
    for (let again = 0; again < 2 && !this.#scene.isOver; again += 1) {
      watch.say('== whoever failed tries again')
      for (const journey of watch.journeys) this.#tryAgain(journey)
      await this.#end('never ended when it was tried again')
    }
    this.#checkAllCompleted()
    await this.#checkRest()
    await this.#checkBytes()
    watch.say('== destroy')
    for (const tab of watch.live) browser.destroy(tab)
    await this.#afterDestroy()
  }

  async #heal(): Promise<void> {
    const world = this.#world
    while (world.isFrozen) await this.#scene.advance(1000)
    // Whatever was clicked in the freeze happens as it ends, also this.
    if (this.#scene.isOver) return
    this.#scene.wire.heal()
    this.#scene.storage.heal()
    world.setOnline(true)
    world.setVisible(true)
    if (this.#watch.live.length === 0) void this.#scene.browser.open(this.#scene.schedule).uploader.restore()
    // It has to load its code first, which takes no time here.
    await this.#scene.drain()
    await this.#scene.advance(STORAGE_PATIENCE_MS)
    for (const journey of this.#watch.journeys) {
      const upload = uploadOf(journey)
      if (upload && !isSettled(upload)) this.#crowd.run(journey)
    }
    this.#goOn()
    await this.#scene.drain()
  }

  /** The person comes back: to what is paused, what lacks its file, and what no file is left for. */
  #goOn(): void {
    for (const journey of this.#watch.journeys) {
      const upload = uploadOf(journey)
      if (!upload || !waitsForPerson(upload)) continue
      if (!upload.needsFile) this.#crowd.resume(journey)
      else if (journey.file.fate !== 'same') this.#crowd.cancel(journey, 0)
      else this.#crowd.pick(journey.file, 'same')
    }
  }

  #tryAgain(journey: Journey): void {
    const upload = uploadOf(journey)
    // Whoever cancelled, or has no file any more, has nothing to try.
    if (upload?.status !== 'failed' && upload?.status !== 'expired') return
    if (journey.file.fate !== 'same' || upload.inOtherTab) return
    this.#crowd.commanded(journey)
    journey.tab.uploader.retry(journey.id)
  }

  #isAtRest = (): boolean =>
    this.#scene.wire.inFlight === 0 &&
    this.#watch.journeys.every((journey) => {
      const upload = uploadOf(journey)
      return !upload || isSettled(upload)
    })

  /** Lets it all come to its end, within the time that what hangs already may take, and two minutes. */
  async #end(what: string): Promise<void> {
    let patience = LIVENESS_MS + Math.max(0, this.#watch.gateUntil - this.#world.elapsed())
    for (const { call } of this.#scene.wire.open())
      patience = Math.max(patience, LIVENESS_MS + (call === 'complete' ? 620_000 : 220_000))
    await this.#scene.advance(patience, this.#isAtRest)
    if (this.#scene.schedule.refresh === 'never' || this.#scene.schedule.memory) {
      // A 401 from before came late, and nobody signs in: somebody has, and goes on. Or a page has taken over late.
      this.#goOn()
      await this.#scene.advance(LIVENESS_MS, this.#isAtRest)
    }
    for (const journey of this.#watch.journeys) {
      const { file, promises, settled } = journey
      const upload = uploadOf(journey)
      if (!upload) continue
      if (!isSettled(upload)) {
        const { status } = upload
        const detail = 'wait' in upload ? JSON.stringify(upload.wait) : 'reason' in upload ? upload.reason : ''
        this.#watch.fail('I8', `${file.name} ${what}: ${status} ${detail}`)
      } else {
        if (!settled && !upload.inOtherTab)
          this.#watch.fail('I3', `${file.name} is ${upload.status}, and no event said so`)
        if (promises.some(({ outcome }) => outcome === 'pending'))
          this.#watch.fail('I3', `${file.name} is ${upload.status}, and who waits for it was not told`)
      }
    }
  }

  #checkAllCompleted(): void {
    for (const journey of this.#watch.journeys) {
      const { file } = journey
      const upload = uploadOf(journey)
      if (!upload || file.fate !== 'same' || !isSettled(upload)) continue
      // It ended before its file was chosen again: whoever wants it has to add it. Or another page answers for it.
      if (upload.needsFile || upload.inOtherTab) continue
      const { shouldRetry, bodyLimit, behaviour } = this.#scene.schedule
      // A proxy that resets is understood at the second try, and the app wants none.
      if (shouldRetry === 'never' && bodyLimit) continue
      // More parts than the API takes: that is for the owner of the site.
      const { maxParts } = behaviour
      if (maxParts !== undefined && upload.status === 'failed' && upload.error.message.includes('takes at most'))
        continue
      if (upload.status === 'failed' || upload.status === 'expired')
        this.#watch.fail(
          'I8',
          `${file.name} cannot be finished any more: ${upload.status === 'failed' ? `${upload.error.code}, ${upload.error.message}` : 'expired'}`,
        )
    }
  }

  /** With everything at its end, only a failed Upload's hour may still be watched, and its record kept. */
  async #checkRest(): Promise<void> {
    const { watch } = this.#scene
    await this.#scene.advance(Math.max(1000, watch.gateUntil - this.#world.elapsed() + 1000))
    // What was removed may still have to tell the server, and be told to wait.
    if (watch.journeys.some(({ removed }) => removed)) await this.#scene.advance(900_000)
    if (this.#scene.schedule.memory) await this.#scene.advance(2 * STORAGE_PATIENCE_MS)
    // Nobody needs the answer any more, but it is still waited for.
    if (this.#scene.schedule.policy) await this.#scene.advance(POLICY_PATIENCE_MS)
    const failed = watch.journeys.filter((journey) => uploadOf(journey)?.status === 'failed').length
    const pages = watch.live.map(({ page }) => page)
    this.#checkLeft(
      'timers',
      sum(pages, ({ timers }) => timers),
      failed,
    )
    this.#checkLeft(
      'listeners',
      sum(pages, ({ listeners }) => listeners),
      0,
    )
    this.#checkLeft(
      'locks',
      sum(pages, (page) => this.#world.locks.heldBy(page)),
      failed,
    )
    // A page that went may have left a record that nobody has read yet.
    if (watch.figures.storeFailures === 0 && watch.tabs.every(({ page, destroyed }) => !page.gone && !destroyed))
      this.#checkLeft('records', this.#scene.storage.uploadIds.length, failed)
    for (const { uploader, storeFailures, storeWasLate } of watch.live) {
      const { persistence } = uploader
      const said = !this.#scene.schedule.memory ? 'off' : storeFailures > 0 ? 'lost' : 'on'
      if (persistence !== said && !(storeWasLate && persistence === 'lost'))
        watch.fail('I13', `persistence is said to be ${persistence} after ${storeFailures} failures of the storage`)
    }
    this.#checkDeadStill()
  }

  async #afterDestroy(): Promise<void> {
    await this.#scene.drain()
    // A storage that does not answer is waited for a little longer.
    if (this.#scene.schedule.memory) await this.#scene.advance(2 * STORAGE_PATIENCE_MS)
    const pages = this.#watch.tabs.map(({ page }) => page).filter(({ gone }) => !gone)
    this.#checkLeft(
      'timers',
      sum(pages, ({ timers }) => timers),
      0,
      'after destroy',
    )
    this.#checkLeft(
      'listeners',
      sum(pages, ({ listeners }) => listeners),
      0,
      'after destroy',
    )
    this.#checkLeft(
      'locks',
      sum(pages, (page) => this.#world.locks.heldBy(page)),
      0,
      'after destroy',
    )
    this.#checkLeft(
      'channels',
      sum(pages, (page) => this.#world.channels.joinedBy(page)),
      0,
      'after destroy',
    )
    this.#checkLeft(
      'waits for locks',
      sum(pages, (page) => this.#world.locks.awaitedBy(page)),
      0,
      'after destroy',
    )
    await this.#scene.advance(1_200_000)
    this.#checkDeadStill()
  }

  #checkDeadStill(): void {
    if (this.#scene.schedule.deaf) return
    this.#checkLeft('requests', this.#scene.wire.inFlight, 0)
    // A page that is gone took its listeners with it, and did not take them off.
    if (this.#watch.tabs.every(({ page }) => !page.gone))
      this.#checkLeft('abort listeners', abortListeners.count, this.#awaitedLocks)
  }

  get #awaitedLocks(): number {
    return sum(this.#watch.tabs, ({ page }) => this.#world.locks.awaitedBy(page))
  }

  #checkLeft(what: string, count: number, allowed: number, when = 'at rest'): void {
    if (count <= allowed) return
    this.#watch.figures.leaks += 1
    this.#watch.fail('I10', `${count} ${what} ${when}, ${allowed} allowed`)
  }

  async #checkBytes(): Promise<void> {
    const { watch } = this.#scene
    const checked = this.#scene.schedule.checksumMs !== null && this.#scene.schedule.behaviour.checkMd5 !== false
    watch.figures.flips = this.#scene.wire.flipped
    for (const journey of watch.journeys) {
      const upload = uploadOf(journey)
      if (!upload) continue
      if (isSettled(upload)) watch.checkTruth(journey, upload, 'at the end')
      // The page that sent it knows which file that was.
      if (upload.status !== 'completed' || upload.inOtherTab) continue
      watch.figures.completed += 1
      watch.figures.completedBytes += journey.file.size
      const stored = await this.#scene.api.readFile(upload.fileObject.id).catch(() => new Uint8Array())
      const { original, rewritten, fate } = watch.completedWith.get(upload.remote.id) ?? journey.file
      const right = isEqual(stored, original) || (fate !== 'same' && isEqual(stored, rewritten))
      if (right) continue
      watch.figures.wrongBytes += original.filter((byte, at) => stored[at] !== byte).length || 1
      if (checked && this.#scene.wire.flipped > 0) watch.figures.flipsMissed += 1
      watch.fail('I1', `${journey.file.name} has other bytes on the server`)
    }
  }
}

/** Whether only a person can make it go on. */
function waitsForPerson(upload: UploadSnapshot): boolean {
  return upload.status === 'paused' && upload.reason !== 'offline'
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0)
}

function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at])
}
