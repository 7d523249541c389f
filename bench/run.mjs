// npm run bench: see --help.
import { spawnSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const { readOptions } = await import('./options.mjs')
const options = readOptions()
prepare()
const { runBenchmark } = await import('./benchmark.mjs')
const results = await runBenchmark(options)
if (options.json) writeFileSync(options.json, `${JSON.stringify(results, null, 2)}\n`)
if (options.write) {
  const { keepResults, writeReport } = await import('./report.mjs')
  keepResults(results)
  try {
    writeReport()
  } catch (error) {
    console.error(`The figures are kept in bench/results. docs/performance.md is not written: ${error.message}`)
    process.exitCode = 1
  }
}

/** The alternatives, installed once, and our production build as it is now. */
function prepare() {
  const npm = (...args) => {
    const { status } = spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    if (status !== 0) throw new Error(`npm ${args.join(' ')} failed`)
  }
  if (!existsSync(join(import.meta.dirname, 'node_modules'))) {
    console.log('Installing the alternatives, in bench/ alone')
    npm('ci', '--prefix', 'bench', '--no-audit', '--no-fund', '--loglevel=error')
  }
  console.log('Building the package')
  npm('run', '-s', 'build')
}
