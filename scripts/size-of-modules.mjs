// Where the bytes are: what each module of an app adds to its gzip, which is what would be saved without it.
// node scripts/size-of-modules.mjs ["export { UploadDropzone } from './styled/index.js'"], after `npm run build`.
import { SourceMap } from 'node:module'
import { gzipSync } from 'node:zlib'
import { buildApp } from './bundle.mjs'

const [source = "export * from './index.js'; export * from './core/index.js'"] = process.argv.slice(2)
const { outputFiles } = await buildApp(source, { sourcemap: 'external' })
const pieces = piecesOf('out/stdin.js')
const total = gzip(pieces)
const modules = new Set(pieces.map(({ module }) => module))
const rows = Array.from(modules, (module) => ({
  module,
  bytes: pieces.reduce((bytes, piece) => bytes + (piece.module === module ? piece.text.length : 0), 0),
  adds: total - gzip(pieces.filter((piece) => piece.module !== module)),
}))
for (const { module, bytes, adds } of rows.sort((a, b) => b.adds - a.adds))
  console.log(`${String(adds).padStart(6)} gzip ${String(bytes).padStart(7)} minified  ${module}`)
console.log(`${String(total).padStart(6)} gzip in all`)

/** The text of a file, cut where another module begins. */
function piecesOf(path) {
  const read = (name) => outputFiles.find((file) => file.path.endsWith(name.slice(3))).text
  const map = new SourceMap(JSON.parse(read(`${path}.map`)))
  const found = []
  for (const [row, line] of read(path).split('\n').entries()) {
    for (let column = 0; column < line.length; column += 1) {
      const module = map.findEntry(row, column).originalSource?.replace(/^(\.\.\/)+/, '') ?? 'between modules'
      if (found.at(-1)?.module === module) found.at(-1).text += line[column]
      else found.push({ module, text: line[column] })
    }
  }
  return found
}

function gzip(parts) {
  return gzipSync(parts.map(({ text }) => text).join(''), { level: 9 }).length
}
