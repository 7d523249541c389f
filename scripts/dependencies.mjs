// How many packages come along with each door, the packages of packages included: npm run packages.
// With --check: whether the README says the same, and whether none of them runs a script when it is installed.
// Reads dist/, so it needs `npm run build` first.
import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'

const { exports, peerDependencies, scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const packageOf = (name) => name.match(/^(@[^/]+\/)?[^/]+/)[0]

/** Packages that a module asks for, by itself or by the modules that it loads, sooner or later. */
function packagesOf(entry) {
  const found = new Set()
  const seen = new Set()
  const visit = (path) => {
    if (seen.has(path)) return
    seen.add(path)
    for (const { fileName } of ts.preProcessFile(readFileSync(path, 'utf8')).importedFiles) {
      if (fileName.startsWith('.')) visit(posix.join(posix.dirname(path), fileName))
      else if (!fileName.startsWith('node:')) found.add(packageOf(fileName))
    }
  }
  visit(entry)
  return found
}

/** Where a package of `from` lies: in its own folder, or in one above it. */
function locate(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`
    if (packages[path]) return path
    if (folder === '') throw new Error(`${name}, which ${from || 'the package'} needs, is not in package-lock.json`)
  }
}

/** With all that they need themselves. A peer is the app's own, and so is what a peer needs. */
function closure(names) {
  const paths = new Set()
  const add = (name, from) => {
    if (name in peerDependencies) return
    const path = locate(name, from)
    if (paths.has(path)) return
    paths.add(path)
    for (const next of Object.keys(packages[path].dependencies ?? {})) add(next, path)
  }
  for (const name of names) add(name, '')
  return paths
}

const all = new Set()
const counts = new Map()
for (const [door, { default: entry } = {}] of Object.entries(exports)) {
  if (!entry?.endsWith('.js') || !existsSync(entry)) continue
  const names = packagesOf(posix.normalize(entry))
  const paths = closure(names)
  for (const path of paths) all.add(path)
  counts.set(door, paths.size)
  const peers = [...names].filter((name) => name in peerDependencies)
  const own = [...paths].map((path) => path.replace(/^.*node_modules\//, '')).sort()
  console.log(
    `${door.padEnd(16)} ${String(paths.size).padStart(2)}  ${own.join(', ') || '-'}${peers.length > 0 ? `; peers: ${peers.sort().join(', ')}` : ''}`,
  )
}
const byCount = new Map()
for (const door of [...counts.keys()].sort())
  byCount.set(counts.get(door), [...(byCount.get(counts.get(door)) ?? []), door])
const sentence = [...byCount]
  .sort(([a], [b]) => a - b)
  .map(([count, doors]) => `${count} with ${doors.map((door) => `\`${door}\``).join(', ')}`)
  .join('; ')
console.log(`\n${all.size} packages in all. ${sentence}`)

const problems = []
const own = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'].filter((name) => name in scripts)
if (own.length > 0) problems.push(`the package has install scripts: ${own.join(', ')}`)
for (const path of all) if (packages[path].hasInstallScript) problems.push(`${path} runs a script when it is installed`)
for (const path of all) if (!packages[path].integrity) problems.push(`${path} has no integrity in package-lock.json`)
if (process.argv.includes('--check') && !readFileSync('README.md', 'utf8').includes(sentence)) {
  problems.push(`README.md does not say: ${sentence}`)
}
for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)
