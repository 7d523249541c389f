// npm run test:fuzz [-- --bodies 100000] [--seed 1]: multipart bodies to our parser and to the platform's own.
import { spawnSync } from 'node:child_process'

const options = { bodies: 100_000, seed: 1 }
const args = process.argv.slice(2)
for (let at = 0; at < args.length; at += 2) {
  const name = args[at].replace(/^--/, '')
  const value = Number(args[at + 1])
  if (!(name in options) || !Number.isSafeInteger(value) || value < 1) throw new Error('--bodies N, --seed N')
  options[name] = value
}
const { status } = spawnSync(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    'unit',
    'src/uploads-api/fuzz-multipart.test.ts',
    '--disable-console-intercept',
  ],
  {
    stdio: 'inherit',
    env: { ...process.env, FUZZ_BODIES: String(options.bodies), FUZZ_SEED: String(options.seed) },
  },
)
process.exitCode = status ?? 1
