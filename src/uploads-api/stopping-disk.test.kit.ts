import type { FileHandle } from 'node:fs/promises'

type Fs = typeof import('node:fs/promises')

/** Where a process ends: before its n-th change of the disk, or in the middle of it. */
export interface Stop {
  change: number
  how: 'before' | 'halfway'
}

/** What the storage finds in the place of Node's file system: the real one, until the process is stopped. */
class StoppingDisk {
  /** Changes so far, as the words for them. */
  changes: string[] = []
  readonly #open = new Set<FileHandle>()
  #stop: Stop | null = null
  #stopped = () => {}

  /** Takes the disk as a new process does; resolves when that process is stopped. */
  begin(stop: Stop | null): Promise<'stopped'> {
    // Most are closed already.
    for (const handle of this.#open) handle.close().catch(() => {})
    this.#open.clear()
    this.changes = []
    this.#stop = stop
    return new Promise((resolve) => {
      this.#stopped = () => resolve('stopped')
    })
  }

  /** Closes a file with the process that opened it. */
  opened(handle: FileHandle): void {
    this.#open.add(handle)
  }

  /** Makes a change, unless the process has ended: then nothing ever comes back, as after a kill. */
  async change<T>(word: string, make: () => Promise<T>, makeHalf?: () => Promise<unknown>): Promise<T> {
    this.changes.push(word)
    const stop = this.#stop
    if (!stop || this.changes.length < stop.change) return make()
    if (this.changes.length === stop.change && stop.how === 'halfway') await makeHalf?.()
    this.#stopped()
    return new Promise(() => {})
  }
}

export const disk = new StoppingDisk()

/** Node's file system with every change going through the disk. */
export function stopping(fs: Fs): Fs {
  const watch = (handle: FileHandle) => {
    disk.opened(handle)
    const writeFile = handle.writeFile.bind(handle)
    return Object.assign(handle, {
      writeFile: (data: Uint8Array) =>
        disk.change(
          'write',
          () => writeFile(data),
          () => writeFile(data.subarray(0, data.length / 2)),
        ),
    })
  }
  return {
    ...fs,
    mkdir: ((path, options) => disk.change('mkdir', () => fs.mkdir(path, options))) as Fs['mkdir'],
    rename: (from, to) => disk.change('rename', () => fs.rename(from, to)),
    rm: (path, options) => disk.change('rm', () => fs.rm(path, options)),
    rmdir: (path, options) => disk.change('rmdir', () => fs.rmdir(path, options)),
    open: async (path, flags, mode) => watch(await disk.change('open', () => fs.open(path, flags, mode))),
    writeFile: (path, data, options) =>
      disk.change(
        'write',
        () => fs.writeFile(path, data, options),
        () => fs.writeFile(path, (data as string).slice(0, (data as string).length / 2), options),
      ),
  }
}
