// Builds dist/ twice: whoever builds a version again has to get the very bytes that were published.
// `npm run build:registry` has to be run again afterwards, as after every build.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { posix } from 'node:path'

function build() {
  execFileSync('npm', ['run', '-s', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] })
  const paths = readdirSync('dist', { recursive: true }).map((path) => posix.join('dist', path.replaceAll('\\', '/')))
  const files = paths.filter((path) => statSync(path).isFile())
  return new Map(files.map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]))
}

const first = build()
const second = build()
const paths = new Set([...first.keys(), ...second.keys()])
const differing = [...paths].filter((path) => first.get(path) !== second.get(path))
for (const path of differing) console.error(`differs: ${path}`)
console.log(`Two builds: ${paths.size} files, ${differing.length} differ`)
process.exit(differing.length === 0 ? 0 : 1)
