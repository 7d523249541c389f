import { ContentRun } from './content.mjs'

/** Reads a body to its end and says which bytes of which file it was; `read` hands it over in pieces. */
export async function readRun(read) {
  const run = new ContentRun()
  await read((bytes) => run.push(bytes))
  return run.end()
}

export async function readBody(request, take) {
  for await (const chunk of request) take(chunk)
}

/** What became of each file, whatever protocol brought it. */
export class Arrivals {
  #files = new Map()

  /** A client has declared a file complete: `runs` in the order that it says makes the file. */
  complete(runs, md5 = null) {
    const fileId = runs[0]?.fileId ?? -1
    const problem = problemOf(runs)
    const bytes = runs.at(-1)?.end ?? 0
    const before = this.#files.get(fileId)
    this.#files.set(fileId, { bytes, md5, problem: before ? 'completed twice' : problem })
    return problem
  }

  /** Gives what arrived since it was asked last. */
  take() {
    const arrived = [...this.#files].map(([fileId, file]) => ({ fileId, ...file }))
    this.#files.clear()
    return arrived
  }
}

function problemOf(runs) {
  let position = 0
  for (const { fileId, start, end, problem } of runs) {
    if (problem) return problem
    if (fileId !== runs[0].fileId) return `bytes of file ${fileId} in file ${runs[0].fileId}`
    if (start !== position) return `bytes from ${start} where those from ${position} belong`
    position = end
  }
  return runs.length === 0 ? 'no bytes' : null
}
