// What our handler costs against the least that relays a part: measured by `npm run load`, which has a witness of its own.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

export async function measureRelay({ folder, rounds }) {
  const json = join(folder, 'relay.json')
  const args = ['load/run.mjs', '--only', 'parts', '--rounds', String(rounds), '--json', json]
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  // It fails where a goal is missed; the figure is wanted then, too.
  await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject))
  const { parts } = JSON.parse(readFileSync(json, 'utf8'))
  if (parts.refused + parts.wrong + parts.missing > 0) throw new Error('the relays did not pass on every byte')
  return parts
}
