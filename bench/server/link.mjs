// A line with a speed and a length, in front of a port: each connection carries so many bytes a second upwards, and
// every byte is so many milliseconds on its way, in both directions.
import { connect, createServer } from 'node:net'
import { Transform } from 'node:stream'

/** Bytes that are let through at a time: small enough for a pace, large enough not to be measured itself. */
const PIECE = 16 * 1024
/** Ms by which a timer may be late without slowing the line down. */
const LATE = 5

/** Listens on a free port; resolves with it. */
export function startLink({ target, bytesPerSecond, delay }) {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect(target, '127.0.0.1')
    for (const socket of [near, far]) {
      socket.setNoDelay(true)
      socket.on('error', () => {
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(paced(bytesPerSecond)).pipe(delayed(delay, bytesPerSecond)).pipe(far)
    far.pipe(delayed(delay, bytesPerSecond)).pipe(near)
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address().port))
  })
}

/** A stream of a given speed. */
function paced(bytesPerSecond) {
  let free = 0
  return new Transform({
    readableHighWaterMark: PIECE,
    writableHighWaterMark: PIECE,
    async transform(chunk, _encoding, done) {
      for (let at = 0; at < chunk.length; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE)
        // The line is free again when the last byte has gone. Idle time is not saved up, but for what a late timer took.
        free = Math.max(free, performance.now() - LATE) + (piece.length / bytesPerSecond) * 1000
        const wait = free - performance.now()
        // Timers have whole milliseconds: shorter waits add up until they are worth one.
        if (wait >= 1) await new Promise((resolve) => setTimeout(resolve, wait))
        this.push(piece)
      }
      done()
    },
  })
}

/** A stream of a given length: what goes in comes out so much later, and as much fits in as is on its way. */
function delayed(milliseconds, bytesPerSecond) {
  const onItsWay = Math.ceil((bytesPerSecond * milliseconds) / 1000) + PIECE
  let inside = 0
  let waiting = null
  return new Transform({
    transform(chunk, _encoding, done) {
      inside += chunk.length
      setTimeout(() => {
        inside -= chunk.length
        this.push(chunk)
        // Going on may bring the next that has to wait.
        const goOn = waiting
        waiting = null
        goOn?.()
      }, milliseconds)
      if (inside < onItsWay) done()
      else waiting = done
    },
    flush(done) {
      // Timers of one length fire in order: this one is the last.
      setTimeout(() => done(), milliseconds)
    },
  })
}
