import { createUploadsApi, type IdSource, type UploadsApi } from '../src/uploads-api/index.js'
import { Browser } from './browser.js'
import type { Schedule } from './schedule.js'
import { SimFile } from './sim-file.js'
import { SimStorage } from './sim-storage.js'
import { Watch } from './watch.js'
import { Wire } from './wire.js'
import { settled, World } from './world.js'

// More than any schedule needs: beyond it something turns in circles.
const MAX_STEPS = 30_000

/** Everything that takes part in one run, and the only place where its time passes. */
export class Scene {
  readonly schedule: Schedule
  readonly world: World
  readonly api: UploadsApi
  readonly files: readonly SimFile[]
  readonly watch: Watch
  readonly wire: Wire
  readonly storage: SimStorage
  readonly browser: Browser
  #steps = 0

  constructor(schedule: Schedule, { trace = false } = {}) {
    this.schedule = schedule
    const world = new World(schedule.seed)
    this.world = world
    this.api = createUploadsApi({
      clock: { now: () => world.now, sleep: (ms) => new Promise((resolve) => void world.after(ms, resolve)) },
      ids: countingIds(),
      behaviour: schedule.behaviour,
      onError: (error) => this.watch.fail('I9', `the API threw: ${String(error)}`),
    })
    const { memory } = schedule
    this.files = schedule.files.map(({ size }, at) => {
      const file = SimFile.ofNoise(`file-${at}.pdf`, size, schedule.seed + at)
      if (memory && memory.handles !== 'none') file.keepHandle(memory.handles)
      return file
    })
    this.watch = new Watch(world, this.api, schedule, this.files, trace)
    this.wire = new Wire(world, this.api, schedule, this.watch)
    this.watch.wire = this.wire
    const { latency = 0, fullAfter = 0 } = memory ?? {}
    this.storage = new SimStorage({ storeFaults: schedule.storeFaults, latency, fullAfter }, this.watch)
    this.browser = new Browser(schedule, world, this.wire, this.storage, this.watch)
    this.browser.open(schedule)
  }

  /** The only page there is was unmounted. */
  get isOver(): boolean {
    return !this.schedule.memory && this.watch.live.length === 0
  }

  file(at: number): SimFile {
    return this.files[at] as SimFile
  }

  async advance(ms: number, until: () => boolean = () => false): Promise<void> {
    const deadline = this.world.time + ms
    while (!until() && this.world.step(deadline)) {
      this.#steps += 1
      await this.drain()
      this.watch.checkStopped()
      if (this.#steps > MAX_STEPS) throw new Error('too many steps: something turns in circles')
      if (this.watch.violations.length > 20) throw new Error('too many violations')
    }
    const { figures } = this.watch
    figures.steps = this.#steps
    figures.virtualMs = this.world.time
  }

  async drain(): Promise<void> {
    await settled()
    if (this.wire.isBusy && !this.schedule.behaviour.completeDelay) throw new Error('the API waits for something')
  }
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
