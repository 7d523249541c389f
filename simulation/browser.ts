import { createUploader } from '../src/core/index.js'
import type { Tab } from './journey.js'
import { AppBug } from './leaks.js'
import type { PageOptions, Schedule } from './schedule.js'
import { simChecksum } from './sim-file.js'
import type { SimStorage } from './sim-storage.js'
import type { Watch } from './watch.js'
import type { Wire } from './wire.js'
import type { Page, World } from './world.js'

/** Opens and closes the pages of a run, each with an engine of its own over the same network, locks and storage. */
export class Browser {
  readonly #schedule: Schedule
  readonly #world: World
  readonly #wire: Wire
  readonly #storage: SimStorage
  readonly #watch: Watch

  constructor(schedule: Schedule, world: World, wire: Wire, storage: SimStorage, watch: Watch) {
    this.#schedule = schedule
    this.#world = world
    this.#wire = wire
    this.#storage = storage
    this.#watch = watch
  }

  open({ partSize, concurrency }: PageOptions): Tab {
    const { adapts, behaviour, checksumMs, minPartSize, memory, refresh } = this.#schedule
    // As nobody asks the real API for more than its 64 MiB.
    const to = adapts ? Math.max(partSize, Math.min(4 * partSize, behaviour.maxPartBytes ?? 4 * partSize)) : partSize
    const page = this.#world.openPage()
    const uploader = createUploader({
      fetcher: this.#wire.fetcher(page),
      environment: page.environment(),
      ...(concurrency !== null && { concurrency }),
      partSize: adapts ? { from: partSize, to } : partSize,
      minPartSize,
      checksum: checksumMs === null ? 'off' : simChecksum(() => page.sleep(checksumMs)),
      defaults: { purpose: 'user_data' },
      retry: this.#retry(),
      ...(memory && { resumeStore: this.#storage.open(page) }),
      ...(refresh !== 'none' && { onAuthRefresh: () => this.#refresh(page) }),
    })
    const tab: Tab = {
      page,
      uploader,
      largestPart: to,
      concurrency,
      destroyed: false,
      gateUntil: 0,
      cancelGates: new Map(),
      storeFailures: 0,
      storeWasLate: false,
    }
    this.#watch.tabs.push(tab)
    uploader.subscribe(() => this.#watch.look(tab))
    uploader.subscribeToEvents((event) => this.#watch.event(tab, event))
    if (this.#schedule.badListeners) {
      const listener = () => {
        throw new AppBug()
      }
      uploader.subscribe(listener)
      uploader.subscribeToEvents(listener)
    }
    return tab
  }

  destroy(tab: Tab): void {
    tab.uploader.destroy()
    tab.destroyed = true
  }

  /** The page is gone, and no code of it runs any more; `flushed`: what it had asked of the storage is done. */
  kill(tab: Tab, flushed: boolean): void {
    this.#watch.figures.pagesLost += 1
    this.#watch.checkRemembered(tab, this.#storage)
    this.#world.closePage(tab.page)
    this.#wire.letGo(tab.page)
    this.#storage.letGo(tab.page, flushed)
  }

  #retry() {
    switch (this.#schedule.shouldRetry) {
      case 'none':
        return {}
      case 'never':
        return { shouldRetry: () => false }
      case 'a_few_times':
        return { shouldRetry: (_error: unknown, attempt: number) => (attempt <= 3 ? true : undefined) }
      case 'throws':
        return {
          shouldRetry: () => {
            throw new AppBug()
          },
        }
    }
  }

  #refresh(page: Page): Promise<void> {
    const { refresh } = this.#schedule
    this.#watch.say(`.. sign in (${refresh})`)
    if (refresh === 'throws') throw new Error('no window to sign in with')
    if (refresh === 'never') return new Promise(() => {})
    return page.sleep(500).then(() => {
      if (refresh === 'fails') throw new Error('wrong password')
      if (refresh === 'works') this.#wire.signedIn = true
    })
  }
}
