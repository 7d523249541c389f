// npm run test:hostile [-- --tries 500] [--seed 1]: hostile calls at the handler, so many for each row of the threats.
import { spawnSync } from 'node:child_process'

const options = { tries: 500, seed: 1 }
const args = process.argv.slice(2)
for (let at = 0; at < args.length; at += 2) {
  const name = args[at].replace(/^--/, '')
  const value = Number(args[at + 1])
  if (!(name in options) || !Number.isSafeInteger(value) || value < 1) throw new Error('--tries N, --seed N')
  options[name] = value
}
const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'src/server/hostile', '--disable-console-intercept'],
  {
    stdio: 'inherit',
    env: { ...process.env, HOSTILE_TRIES: String(options.tries), HOSTILE_SEED: String(options.seed) },
  },
)
process.exitCode = status ?? 1
