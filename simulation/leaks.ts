// What only the process sees, wherever it comes from: a schedule begins and ends with none of it.

/** Listeners on abort signals. */
export const abortListeners = { count: 0 }
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

/** Thrown by what an app hands to the engine: its own bug, to be told as such and to stop nothing. */
export class AppBug extends Error {
  constructor() {
    super('a bug of the app')
    appBugs.thrown += 1
  }
}

/** The engine throws an app's errors where nobody catches them, so that the app hears of them. Here, they are counted. */
export const appBugs = { thrown: 0, told: 0 }
const enqueue = globalThis.queueMicrotask
globalThis.queueMicrotask = (callback) =>
  enqueue(() => {
    try {
      callback()
    } catch (error) {
      if (!(error instanceof AppBug)) throw error
      appBugs.told += 1
    }
  })

let complaints: string[] | null = null

/** Begins to count from zero; `take` gives what nobody caught, one by one. */
export function countUnhandled(): { take(): string | undefined } {
  abortListeners.count = 0
  appBugs.thrown = 0
  appBugs.told = 0
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
