// Builds what dist/ holds once more: whoever builds a version again has to get the very bytes that were published.
// Needs `npm run build` first; prints the hash of the tarball, which npm shows for a published version, too.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { posix } from 'node:path'

const npm = (...args) => execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })

function state() {
  const paths = readdirSync('dist', { recursive: true }).map((path) => posix.join('dist', path.replaceAll('\\', '/')))
  const files = paths.filter((path) => statSync(path).isFile()).sort()
  const hashes = new Map(files.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]))
  const [{ integrity }] = JSON.parse(npm('pack', '--dry-run', '--json', '--ignore-scripts'))
  return { hashes, integrity }
}

const first = state()
npm('run', '-s', 'build')
const second = state()
const paths = new Set([...first.hashes.keys(), ...second.hashes.keys()])
const differing = [...paths].filter((path) => first.hashes.get(path) !== second.hashes.get(path))
for (const path of differing) console.error(`differs: ${path}`)
const same = differing.length === 0 && first.integrity === second.integrity
console.log(`Two builds: ${paths.size} files, ${differing.length} differ; tarball ${second.integrity.slice(0, 30)}…`)
process.exit(same ? 0 : 1)
