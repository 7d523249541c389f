// A test that tries as often as its caller says: `name` becomes FUZZ_BODIES and FUZZ_SEED for the tests at `path`, and
// `--bodies N` and `--seed N` on the command line change them.
import { spawnSync } from 'node:child_process'

/** Runs the tests at `path` with the numbers of `defaults`, or those of the command line, and ends as they do. */
export function runManyTries(name, path, defaults) {
  const numbers = { ...defaults, ...readNumbers(Object.keys(defaults)) }
  const env = Object.entries(numbers).map(([key, value]) => [`${name}_${key}`.toUpperCase(), String(value)])
  const args = ['run', '--project', 'unit', path, '--disable-console-intercept']
  const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...Object.fromEntries(env) },
  })
  process.exitCode = status ?? 1
}

function readNumbers(keys) {
  const args = process.argv.slice(2)
  const given = {}
  for (let at = 0; at < args.length; at += 2) {
    const key = args[at].replace(/^--/, '')
    const value = Number(args[at + 1])
    const usable = keys.includes(key) && Number.isSafeInteger(value) && value > 0
    if (!usable) throw new Error(`Usage: ${keys.map((known) => `[--${known} N]`).join(' ')}, N a whole number above 0`)
    given[key] = value
  }
  return given
}
