// The checksum in a worker of the page against the system's own on the same file.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export async function measureHash({ chromium, base, file, rounds, told }) {
  const results = { bytes: file.bytes, worker: [], md5sum: [] }
  for (let round = 0; round < rounds; round++) {
    const opened = await chromium.open(`${base}/hash.html`)
    try {
      await opened.page.setInputFiles('input', file.path)
      const measured = await opened.measure((page) => page.evaluate(() => window.bench({})), 120_000)
      check(measured.result, file, 'the worker')
      results.worker.push({ milliseconds: measured.milliseconds, rendererBytes: measured.rendererBytes })
    } finally {
      await opened.close()
    }
    const started = performance.now()
    const { stdout } = await run('md5sum', [file.path])
    results.md5sum.push({ milliseconds: performance.now() - started })
    check(stdout.slice(0, 32), file, 'md5sum')
    told(results)
  }
  return results
}

function check(md5, file, who) {
  if (md5 !== file.md5) throw new Error(`${who} says ${md5} of a file with ${file.md5}`)
}
