/** Calls what the app handed in. If it throws, that is the app's bug: it is reported as such, and stops no upload. */
export function callApp<T>(call: () => T): T | undefined {
  try {
    return call()
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
    return undefined
  }
}
