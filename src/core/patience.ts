import type { Environment } from './environment.js'

// What is remembered is worth no more of a person's time than this.
const PATIENCE_MS = 3000
const WAKE_UP_MS = 1000

/** Waits for work that must not hold an upload up; rejects when it takes too long. */
export async function patiently<T>(world: Pick<Environment, 'setTimer'>, work: () => Promise<T>): Promise<T> {
  let stopTimer = () => {}
  const tooLong = new Promise<never>((_resolve, reject) => {
    const giveUp = () => reject(new Error('No answer in time.'))
    // In two steps: what arrived during a sleep is handed over after the timers that were due.
    stopTimer = world.setTimer(() => {
      stopTimer = world.setTimer(giveUp, WAKE_UP_MS)
    }, PATIENCE_MS - WAKE_UP_MS)
  })
  try {
    return await Promise.race([work(), tooLong])
  } finally {
    stopTimer()
  }
}
