// Keeps the arrows between the rooms: who may import which room of src/, and which package; and in src/ no circles at all.
// (oxlint's no-restricted-imports sees neither a dynamic import nor a resolved path; this sees both.)
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'

const rooms = {
  protocol: { rooms: [], packages: [] },
  core: { rooms: ['protocol'], packages: ['hash-wasm', 'spark-md5', 'idb', 'idb-keyval'] },
  react: { rooms: ['protocol', 'core'], packages: ['react', 'react-dom', '@tanstack/react-query'] },
  components: { rooms: ['protocol', 'core', 'react'], packages: ['react', 'react-dom', 'react-dropzone'] },
  styled: {
    rooms: ['protocol', 'core', 'react', 'components'],
    packages: ['react', 'react-dom', '@tanstack/react-virtual'],
  },
  locales: { rooms: ['components'], packages: [] },
  server: { rooms: ['protocol'], packages: [] },
  'uploads-api': { rooms: ['protocol'], packages: ['spark-md5'] },
  testing: { rooms: ['protocol', 'core', 'uploads-api'], packages: [] },
  // src/index.ts, the door "."
  '.': { rooms: ['protocol', 'core', 'react', 'components'], packages: [] },
}
/** Where the platform may be Node. Everything else runs in a browser or on any fetch-standard server. */
const onNode = /^src\/(server\/node|uploads-api\/(storage-disk|folder-owner|local[^/]*))\.ts$/
/** Packages that one file may import and its room may not: the handler itself needs none. */
const filePackages = { 'src/server/redis.ts': ['rate-limiter-flexible'] }
/** What stories and the demo may import of src/: the doors. */
const doors =
  /^src\/(core\/checksum(-plain)?\.worker\.ts\?worker&url|(core\/|styled\/|server\/|testing\/)?index\.ts|styled\/styles\.css|locales\/(de|ar)\.ts|server\/(node|redis)\.ts|uploads-api\/local\.ts)$/

/** What an example may import: it has to work as a copy in an app. */
const examplePackages =
  /^(react-openai-uploads|react|react-dom|react-hook-form|next|express|fastify|hono|@hono\/node-server)(\/|$)|^node:/

const roomOf = (path) => path.match(/^src\/([^/]+)\//)?.[1] ?? '.'
const packageOf = (name) => name.match(/^(@[^/]+\/)?[^/]+/)[0]
const isTest = (path) => /\.test(-d)?\./.test(path)
const resolve = (from, name) => {
  const path = posix.join(posix.dirname(from), name)
  return [path.replace(/\.js$/, '.ts'), path.replace(/\.jsx?$/, '.tsx'), path].find(existsSync) ?? path
}

/** Why `from` may not import `name`; undefined when it may. */
function objection(from, name) {
  const target = name.startsWith('.') ? resolve(from, name) : undefined
  if (from.startsWith('examples/')) {
    const known = name.startsWith('.') || examplePackages.test(name)
    return known && !target?.startsWith('src/') ? undefined : 'examples use the package by its name'
  }
  if (!from.startsWith('src/')) {
    return target?.startsWith('src/') && !doors.test(target) ? 'stories and demo use the doors' : undefined
  }
  const room = rooms[roomOf(from)]
  if (!room) return `${roomOf(from)} is not a room: name it in scripts/check-rooms.mjs`
  if (target) {
    const to = roomOf(target)
    if (!target.startsWith('src/')) return 'src/ reaches nothing outside'
    return to === roomOf(from) || room.rooms.includes(to) ? undefined : `${roomOf(from)} may not import ${to}`
  }
  if (name.startsWith('node:')) return onNode.test(from) ? undefined : 'only the Node doors may import node:'
  const packages = [...room.packages, ...(filePackages[from] ?? [])]
  return packages.includes(packageOf(name)) ? undefined : `${roomOf(from)} may not import ${packageOf(name)}`
}

const files = ['src', 'stories', 'demo', 'examples']
  .filter((root) => existsSync(root))
  .flatMap((root) => readdirSync(root, { recursive: true }).map((path) => posix.join(root, path.replaceAll('\\', '/'))))
  .filter((path) => /\.tsx?$/.test(path) && !isTest(path) && !/\.e2e\./.test(path))
const imports = new Map(
  files.map((path) => [
    path,
    ts.preProcessFile(readFileSync(path, 'utf8')).importedFiles.map(({ fileName }) => fileName),
  ]),
)
const objections = [...imports].flatMap(([path, names]) =>
  names
    .map((name) => [name, objection(path, name)])
    .filter(([, why]) => why)
    .map(([name, why]) => `${path}: '${name}': ${why}`),
)

/** The way from a file back to itself, also over types: neither of the two can be read without the other. */
function circleFrom(path, way = [], seen = new Set()) {
  if (way[0] === path) return [...way, path]
  if (seen.has(path)) return null
  seen.add(path)
  const next = (imports.get(path) ?? []).filter((name) => name.startsWith('.')).map((name) => resolve(path, name))
  for (const target of next) {
    const circle = circleFrom(target, [...way, path], seen)
    if (circle) return circle
  }
  return null
}
const circle = files
  .filter((path) => path.startsWith('src/'))
  .map((path) => circleFrom(path))
  .find(Boolean)
if (circle) objections.push(`a circle of imports: ${circle.join(' -> ')}`)
for (const line of objections) console.error(line)
if (objections.length > 0) process.exit(1)
console.log(`Rooms: ${files.length} files keep the arrows`)
