// Servers of the benchmark run in processes of their own, so that their work is not the measuring process's.
import { fork } from 'node:child_process'
import { join } from 'node:path'

/** In the parent: starts `bench/server/<name>.mjs`; `ask(question)` gets its answers, `ready` what it said at first. */
export async function startChild(name, options = {}) {
  const child = fork(join(import.meta.dirname, `${name}.mjs`), [JSON.stringify(options)], { stdio: 'inherit' })
  const answers = new Map()
  let asked = 0
  const ready = new Promise((resolve, reject) => {
    answers.set(0, resolve)
    child.once('exit', (code) => reject(new Error(`bench/server/${name}.mjs ended with ${code}`)))
  })
  child.on('message', ({ id, answer }) => {
    answers.get(id)?.(answer)
    answers.delete(id)
  })
  return {
    pid: child.pid,
    ready: await ready,
    ask: (question, about) => {
      asked += 1
      const id = asked
      return new Promise((resolve) => {
        answers.set(id, resolve)
        child.send({ id, question, about })
      })
    },
    stop: () => child.kill(),
  }
}

export const optionsOfChild = () => JSON.parse(process.argv[2])

/** In the child: says that it is ready, then answers questions by name. */
export function serveParent(ready, questions = {}) {
  const answerTo = async ({ id, question, about }) => {
    const answer = question === 'cpu' ? process.cpuUsage() : await questions[question](about)
    process.send({ id, answer })
  }
  process.on('message', (message) => void answerTo(message))
  // An orphan would keep its port, and a benchmark that was stopped should leave nothing behind.
  process.on('disconnect', () => process.exit())
  process.send({ id: 0, answer: ready })
}

export function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address().port))
  })
}
