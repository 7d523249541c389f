// Sizes as the two scripts that own them tell them.
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

export function measureBundles() {
  // It fails where a budget is exceeded; the figure is wanted then, too.
  const { stdout } = spawnSync(process.execPath, ['scripts/size.mjs', '--json'], { cwd: root, encoding: 'utf8' })
  const beside = execFileSync(process.execPath, ['bench/sizes.mjs', '--json'], { cwd: root, encoding: 'utf8' })
  return { ours: JSON.parse(stdout), beside: JSON.parse(beside) }
}
