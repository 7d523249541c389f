// What an app pays: each door minified and gzipped, dependencies bundled, peers external, against its budget.
// A lazy chunk (the checksum for pages without workers) is not part of its door. Needs `npm run build` first.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { build as viteBuild } from 'vite'

const { peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))

async function bundle(source, loader = 'js') {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: 'dist', sourcefile: 'app', loader },
    bundle: true,
    minify: true,
    splitting: loader === 'js',
    format: 'esm',
    target: 'es2022',
    external: [...Object.keys(peerDependencies), 'node:*'],
    define: { 'process.env.NODE_ENV': '"production"' },
    outdir: 'out',
    metafile: true,
    write: false,
    logLevel: 'error',
  })
  const { outputs } = metafile
  const reached = new Set()
  const visit = (path) => {
    if (reached.has(path)) return
    reached.add(path)
    for (const next of outputs[path].imports) {
      if (!next.external && next.kind === 'import-statement') visit(next.path)
    }
  }
  visit(Object.keys(outputs).find((path) => outputs[path].entryPoint))
  const paths = [...reached]
  const code = paths.map((path) => outputFiles.find((file) => file.path.endsWith(path.slice(3))).contents)
  return {
    ...weigh(...code),
    modules: paths.flatMap((path) =>
      Object.entries(outputs[path].inputs).flatMap(([name, { bytesInOutput }]) => (bytesInOutput ? [name] : [])),
    ),
    externals: paths.flatMap((path) =>
      outputs[path].imports.flatMap((next) => (next.external && next.kind === 'import-statement' ? [next.path] : [])),
    ),
  }
}

/** The modules of the kit that Vite keeps: esbuild cannot shake `Uploads.*`, Rolldown, Rollup and webpack can. */
async function viteModules(source) {
  const { output } = await viteBuild({
    configFile: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'app',
        resolveId: (id) => (id === 'app' ? resolve('dist/app.js') : null),
        load: (id) => (id === resolve('dist/app.js') ? source : null),
      },
    ],
    build: {
      write: false,
      rolldownOptions: {
        input: 'app',
        external: [/^react/, /^@tanstack/],
        preserveEntrySignatures: 'strict',
      },
    },
  })
  return output.flatMap((chunk) =>
    Object.entries(chunk.modules ?? {}).flatMap(([name, { renderedLength }]) => (renderedLength ? [name] : [])),
  )
}

const sum = (numbers) => numbers.reduce((a, b) => a + b, 0)
const weigh = (...files) => ({
  gzip: sum(files.map((file) => gzipSync(file, { level: 9 }).length)),
  brotli: sum(files.map((file) => brotliCompressSync(file).length)),
})
const less = (a, b) => ({ gzip: a.gzip - b.gzip, brotli: a.brotli - b.brotli })

const everything = (...doors) => doors.map((door, i) => `export * as door${i} from './${door}'`).join('\n')
const core = await bundle(everything('core/index.js'))
const main = await bundle(everything('index.js'))
const useUpload = await bundle("export { UploadsProvider, useUpload } from './index.js'")
const onePart = await viteModules("import { Uploads } from './index.js'; export const Part = Uploads.ItemName")

const kB = (bytes) => `${(bytes / 1000).toFixed(2)} kB`
let failed = 0
/** `budget` is what CI holds, so that nothing grows unseen; `goal`, where it is lower, is still to be reached. */
function check(name, { gzip, brotli }, budget, goal = budget) {
  const over = gzip > budget * 1000
  if (over) failed++
  const aim = goal === budget ? '' : `, goal ${goal} kB`
  console.log(
    `${over ? 'OVER' : 'ok  '} ${name.padEnd(32)} ${kB(gzip)} gzip of ${budget} kB${aim}, ${kB(brotli)} brotli`,
  )
}
function prove(claim, holds) {
  if (!holds) failed++
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${claim}`)
}

check('./core', core, 24, 12)
check('. adds, with react-dropzone', less(main, core), 39, 20)
check('hooks alone, with the engine', useUpload, 25, 16)
check('./styled adds', less(await bundle(everything('index.js', 'styled/index.js')), main), 8)
check('./styles.css', await bundle("@import './styled/styles.css'", 'css'), 4)
check('./styles.unlayered.css', await bundle("@import './styled/styles.unlayered.css'", 'css'), 4)
check('./locales/de', await bundle(everything('locales/de.js')), 5)
check('./locales/ar', await bundle(everything('locales/ar.js')), 5)
check('./server', await bundle(everything('server/index.js')), 17, 10)
check('./redis, beside its peers', await bundle(everything('server/redis.js')), 2)
check('checksum.worker.js', weigh(readFileSync('dist/checksum.worker.js')), 6)
check('checksum-plain.worker.js', weigh(readFileSync('dist/checksum-plain.worker.js')), 4)

const none = (list, pattern) => !list.some((name) => pattern.test(name))
console.log(`     ${'. in all'.padEnd(32)} ${kB(main.gzip)} gzip, ${kB(main.brotli)} brotli`)
prove('./core carries no React', none([...core.modules, ...core.externals], /^react|node_modules\/react|tanstack/))
prove(
  'useUpload carries no parts, no styles, no react-dropzone',
  none(useUpload.modules, /components\/|styled\/|dropzone/),
)
prove('one part does not carry the others', none(onePart, /components\/(dropzone|list)/))
process.exit(failed ? 1 : 0)
