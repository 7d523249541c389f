// What `npm publish` would send: every door and what a reader needs, nothing of the tests, no key, no more than the cap.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const maxPacked = 680_000

const [{ files, size, unpackedSize }] = JSON.parse(
  execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { encoding: 'utf8' }),
)
const paths = files.map((file) => file.path)
const { exports } = JSON.parse(readFileSync('package.json', 'utf8'))
const targets = Object.values(exports).flatMap((door) => (typeof door === 'string' ? [door] : Object.values(door)))

const problems = [
  ...['LICENSE', 'README.md', ...targets.map((target) => target.replace('./', ''))]
    .filter((path) => !paths.includes(path))
    .map((path) => `missing: ${path}`),
  ...paths
    .filter((path) =>
      /\.(test|test-d|e2e|stories)\.|fixture|__snapshots__|^(demo|stories|bench|build|scripts)\//.test(path),
    )
    .map((path) => `does not belong: ${path}`),
  ...paths.flatMap((path) => {
    const text = readFileSync(path, 'utf8')
    const found = [
      [
        /\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY/.test(text),
        'looks like it holds a key',
      ],
      [text.includes(process.cwd()), 'names the folder that it was built in'],
    ]
    return found.filter(([is]) => is).map(([, what]) => `${what}: ${path}`)
  }),
  ...(size > maxPacked ? [`${size} bytes packed is over ${maxPacked}`] : []),
]
for (const problem of problems) console.error(problem)
console.log(`Tarball: ${paths.length} files, ${size} bytes packed, ${unpackedSize} unpacked`)
process.exit(problems.length ? 1 : 0)
