// npm run test:crash [-- --kills 200] [--seed 1]: kills the local server while it works, and looks at what it left.
import { spawnSync } from 'node:child_process'

const options = { kills: 200, seed: 1 }
const args = process.argv.slice(2)
for (let at = 0; at < args.length; at += 2) {
  const name = args[at].replace(/^--/, '')
  const value = Number(args[at + 1])
  if (!(name in options) || !Number.isSafeInteger(value) || value < 1) throw new Error('--kills N, --seed N')
  options[name] = value
}
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'unit',
    'src/uploads-api/kills.test.ts',
    '--disable-console-intercept',
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, CRASH_KILLS: String(options.kills), CRASH_SEED: String(options.seed) },
  },
)
process.exitCode = status ?? 1
