import { type Journey, type Tab, uploadOf } from './journey.js'
import type { Scene } from './scene.js'
import type { Action, Event } from './schedule.js'
import type { FilePick, SimFile } from './sim-file.js'
import type { Watch } from './watch.js'
import type { World } from './world.js'

/** The people who use the pages of a run, and what happens around them. */
export class Crowd {
  readonly #scene: Scene
  readonly #world: World
  readonly #watch: Watch
  #thawedAt: number | null = null

  constructor(scene: Scene) {
    this.#scene = scene
    this.#world = scene.world
    this.#watch = scene.watch
  }

  // PEOPLE

  /** The page that the person looks at. */
  get #tab(): Tab | undefined {
    return this.#watch.live.at(-1)
  }

  run(journey: Journey | undefined): void {
    if (!journey || !uploadOf(journey)) return
    this.commanded(journey)
    const promise: Journey['promises'][number] = { outcome: 'pending' }
    journey.promises.push(promise)
    journey.tab.uploader.run(journey.id).then(
      () => {
        promise.outcome = 'resolved'
      },
      () => {
        promise.outcome = 'rejected'
      },
    )
  }

  act(action: Action): void {
    const { watch, browser } = this.#scene
    const tab = this.#tab
    if (!tab) return
    const { at: _at, ...what } = action
    watch.say(`.. ${JSON.stringify(what)}`)
    const all = () => {
      for (const journey of watch.journeys) if (journey.tab === tab && uploadOf(journey)) this.commanded(journey)
    }
    switch (action.do) {
      case 'pauseAll':
      case 'resumeAll':
      case 'retryFailed':
        all()
        return tab.uploader[action.do]()
      case 'clearCompleted':
        for (const journey of watch.journeys) {
          if (journey.tab === tab && uploadOf(journey)?.status === 'completed') journey.removed = true
        }
        return tab.uploader.clearCompleted()
      case 'cancelAll':
        return tab.uploader.cancelAll({ undoFor: action.undoFor })
      case 'destroy':
        return browser.destroy(tab)
    }
    const file = this.#scene.file(action.file)
    if (action.do === 'add') return void watch.added(tab, file, tab.uploader.add(file as unknown as File))
    const journey = watch.journeyOf(file)
    if (!journey) return
    const { id } = journey
    const { uploader } = journey.tab
    this.commanded(journey)
    switch (action.do) {
      case 'run':
        return this.run(journey)
      case 'pause':
        return uploader.pause(id)
      case 'resume':
        return this.resume(journey)
      case 'undo':
        return uploader.undoCancel(id)
      case 'retry':
        return uploader.retry(id)
      case 'cancel':
        return this.cancel(journey, action.undoFor)
      case 'remove':
        this.#endsAgain(journey)
        journey.removed = true
        return uploader.remove(id)
    }
  }

  /** On every page that shows it: one passes it on to another. */
  commanded({ file }: Journey): void {
    for (const journey of this.#watch.journeys) if (journey.file.name === file.name) journey.commanded = true
  }

  /** A failed upload can still be cancelled, and that ends it once more. */
  #endsAgain({ file }: Journey): void {
    for (const journey of this.#watch.journeys)
      if (journey.file.name === file.name && uploadOf(journey)?.status === 'failed') journey.settled = false
  }

  cancel(journey: Journey, undoFor: number): void {
    this.#endsAgain(journey)
    journey.tab.uploader.cancel(journey.id, { undoFor })
  }

  /** With a file where one is asked for, else by the handle that the browser kept. */
  resume(journey: Journey, file?: SimFile): void {
    this.commanded(journey)
    journey.tab.uploader.resume(journey.id, file as unknown as File).then(
      () => {
        const upload = uploadOf(journey)
        if (!upload || upload.inOtherTab || upload.needsFile) return
        // Of several that were chosen at the same time, the first counts.
        if (file && !journey.provided) this.#took(journey, file)
        journey.provided = true
      },
      ({ code }: { code?: string }) => {
        const isOther = file ? file !== journey.begun : journey.file.fate !== 'same'
        const expected = code === 'file_mismatch' ? isOther : code === 'file_gone' && !file
        if (!expected) this.#watch.fail('reasons', `${journey.file.name} could not be resumed: ${code}`)
      },
    )
  }

  #took(journey: Journey, file: SimFile): void {
    if (!file.looksLike(journey.begun)) this.#watch.fail('I1', `another file was taken for ${file.name}`)
    journey.file = file
  }

  /** Wherever a file is asked for. One that is no longer what it was is another file by now, or none. */
  pick(file: SimFile, pick: FilePick): void {
    if (file.fate === 'gone') return
    const chosen = file.fate === 'same' ? pick : 'other'
    for (const journey of this.#watch.journeys) {
      const { begun } = journey
      if (begun.name === file.name && uploadOf(journey)?.needsFile)
        this.resume(journey, chosen === 'same' ? begun : begun.variant(chosen))
    }
  }

  // THE WORLD

  happen(event: Event): void {
    const { world, wire, storage, browser, watch, schedule } = this.#scene
    const { at: _at, ...what } = event
    watch.say(`.. ${JSON.stringify(what)}`)
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
        return void world.deliver(0, () => this.#tab?.page.leave())
      case 'sign_out':
        wire.signedIn = false
        return
      case 'skew':
        world.skewed += event.ms
        return
      case 'freeze':
        if (world.isFrozen) return
        world.freeze(event.ms, event.asleep)
        if (event.cut) wire.die()
        this.#thawedAt = world.time + event.ms
        this.measureStalls()
        return
      case 'outage':
        wire.breakDown(event.ms, event.how)
        if (!schedule.events.some((other) => other.do === 'online'))
          world.after(event.ms, () => this.#measureRecovery())
        return
      case 'file':
        this.#scene.file(event.file).fate = event.fate
        return
      case 'open':
        return void world.deliver(0, () => void browser.open(event).uploader.restore())
      case 'close':
        // Only a crash happens to a page that is frozen.
        if (event.how === 'crash') return this.#close(event)
        return void world.deliver(0, () => this.#close(event))
      case 'pick':
        return void world.deliver(0, () => this.pick(this.#scene.file(event.file), event.pick))
      case 'wipe':
        return storage.wipe()
      case 'tamper':
        return storage.tamper(event.how)
    }
  }

  #close({ which, how }: Event & { do: 'close' }): void {
    const { live } = this.#watch
    const tab = which === 'oldest' ? live[0] : live.at(-1)
    if (!tab) return
    if (how !== 'crash') tab.page.leave()
    if (how === 'unmount') this.#scene.browser.destroy(tab)
    else this.#scene.browser.kill(tab, how === 'close')
  }

  /** From now until the next part is accepted. */
  #measureRecovery(): void {
    const since = this.#world.time
    this.#watch.onAccepted = () => {
      this.#watch.figures.recoveryMs.push(this.#world.time - since)
      this.#watch.onAccepted = null
    }
  }

  measureStalls(): void {
    this.#watch.onAborted = ({ silentSince }) => {
      this.#watch.figures.stallMs.push(this.#world.time - Math.max(silentSince, this.#thawedAt ?? 0))
    }
  }

  /** Only where nothing else went wrong is every byte too many the reload's own. */
  measureResent(): void {
    const { adapts, memory, faults, storeFaults, actions, events, files, concurrency, partSize } = this.#scene.schedule
    const isQuiet = memory && !adapts && [faults, storeFaults, actions].every(({ length }) => length === 0)
    if (!isQuiet || concurrency === null || !events.every(({ do: what }) => ['close', 'open', 'pick'].includes(what)))
      return
    const again = this.#watch.figures.sentBytes - files.reduce((total, { size }) => total + size, 0)
    this.#watch.figures.resent.push(again / (concurrency * partSize))
  }
}
