// What an app pays: each door minified and gzipped, dependencies bundled, peers external, against its budget.
// What dynamic imports load later is not part of its door. Needs `npm run build` first. With --json, for machines.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { build as viteBuild } from 'vite'
import { bundle, weigh } from './bundle.mjs'

/** What Vite makes of an app whose only file is `source`. */
async function viteApp(source, preserveEntrySignatures) {
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
        preserveEntrySignatures,
      },
    },
  })
  return output
}

/** The modules of the kit that Vite keeps: esbuild cannot shake `Uploads.*`, Rolldown, Rollup and webpack can. */
async function viteModules(source) {
  const output = await viteApp(source, 'strict')
  return output.flatMap((chunk) =>
    Object.entries(chunk.modules ?? {}).flatMap(([name, { renderedLength }]) => (renderedLength ? [name] : [])),
  )
}

/** The files that Vite has an app load at once, apart from its own first one: the page of an app exports nothing. */
async function viteImports(source) {
  const output = await viteApp(source, false)
  const ours = new Set(output.map(({ fileName }) => fileName))
  return output.find(({ isEntry }) => isEntry).imports.filter((name) => ours.has(name))
}

const less = (a, b) => ({ gzip: a.gzip - b.gzip, brotli: a.brotli - b.brotli })

const everything = (...doors) => doors.map((door, i) => `export * as door${i} from './${door}'`).join('\n')
const core = await bundle(everything('core/index.js'))
const main = await bundle(everything('index.js'))
const useUpload = await bundle("export { UploadsProvider, useUpload } from './index.js'")
const split = await viteImports("import * as core from './core/index.js'; console.log(core)")
const onePart = await viteModules("import { Uploads } from './index.js'; export const Part = Uploads.ItemName")

const kB = (bytes) => `${(bytes / 1000).toFixed(2)} kB`
const json = process.argv.includes('--json') ? [] : null
const say = (line) => json ?? console.log(line)
let failed = 0
/** `budget` is what CI holds, so that nothing grows unseen; `goal`, where it is lower, is still to be reached. */
function check(name, { gzip, brotli }, budget, goal = budget) {
  const over = gzip > budget * 1000
  if (over) failed++
  const aim = goal === budget ? '' : `, goal ${goal} kB`
  json?.push({ name, gzip, brotli, budget: budget * 1000, goal: goal * 1000 })
  say(`${over ? 'OVER' : 'ok  '} ${name.padEnd(32)} ${kB(gzip)} gzip of ${budget} kB${aim}, ${kB(brotli)} brotli`)
}
function prove(claim, holds) {
  if (!holds) failed++
  say(`${holds ? 'ok  ' : 'FAIL'} ${claim}`)
}

check('./core', core, 22.4, 12)
check('. adds, with react-dropzone', less(main, core), 37.6, 20)
check('hooks alone, with the engine', useUpload, 23.3, 16)
check('on demand, to remember uploads', core.onDemand('core/resume/index.js'), 6)
check('./styled adds', less(await bundle(everything('index.js', 'styled/index.js')), main), 8)
check('./styles.css', await bundle("@import './styled/styles.css'", { loader: 'css' }), 4)
check('./styles.unlayered.css', await bundle("@import './styled/styles.unlayered.css'", { loader: 'css' }), 4)
check('./locales/de', await bundle(everything('locales/de.js')), 5)
check('./locales/ar', await bundle(everything('locales/ar.js')), 5)
check('./server', await bundle(everything('server/index.js')), 16, 10)
check('./redis, beside its peers', await bundle(everything('server/redis.js')), 2)
check('checksum.worker.js', weigh(readFileSync('dist/checksum.worker.js')), 6)
check('checksum-plain.worker.js', weigh(readFileSync('dist/checksum-plain.worker.js')), 4)

const none = (list, pattern) => !list.some((name) => pattern.test(name))
say(`     ${'. in all'.padEnd(32)} ${kB(main.gzip)} gzip, ${kB(main.brotli)} brotli`)
prove('./core carries nothing that only remembered uploads need', none(core.modules, /core\/resume\/|idb-keyval/))
prove(
  '. carries no hashing and no thumbnails before there is a file',
  none(main.modules, /hash-wasm|spark-md5|image-header/),
)
prove('./core is one file where Vite builds it, as it is weighed here', split.length === 0)
prove('./core carries no React', none([...core.modules, ...core.externals], /^react|node_modules\/react|tanstack/))
prove(
  'useUpload carries no parts, no styles, no react-dropzone',
  none(useUpload.modules, /components\/|styled\/|dropzone/),
)
prove('one part does not carry the others', none(onePart, /components\/(dropzone|list)/))
if (json) console.log(JSON.stringify(json, null, 2))
process.exit(failed ? 1 : 0)
