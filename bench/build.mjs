// Builds what runs in the browser: our production build and the alternatives, each in a bundle and a page of its own.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const here = import.meta.dirname
const root = join(here, '..')

/** Our doors as they are published. React is the one that they use, or there would be two. */
const alias = {
  'react-openai-uploads/core': join(root, 'dist/core/index.js'),
  'react-openai-uploads/styled': join(root, 'dist/styled/index.js'),
  'react-openai-uploads/styles.css': join(root, 'dist/styled/styles.css'),
  'react-openai-uploads': join(root, 'dist/index.js'),
  react: join(root, 'node_modules/react'),
  'react-dom': join(root, 'node_modules/react-dom'),
}
/** The production build of React that tells a Profiler what was drawn. */
const profilingAlias = { 'react-dom/client': join(root, 'node_modules/react-dom/profiling.js') }

/** Writes one page for each of `pages`: a name, and the module it runs. */
export async function buildPages(folder, pages, { profiling = false } = {}) {
  mkdirSync(folder, { recursive: true })
  for (const [name, contents] of Object.entries(pages)) {
    await build({
      stdin: { contents, resolveDir: here, sourcefile: `${name}.mjs` },
      bundle: true,
      minify: true,
      splitting: true,
      format: 'esm',
      target: 'es2022',
      outdir: folder,
      entryNames: name,
      alias: { ...alias, ...(profiling && profilingAlias) },
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'error',
      // Some packages ask for Node's modules where they are not in a browser; those paths are not taken.
      platform: 'browser',
    })
    const html = readFileSync(join(here, 'page/index.html'), 'utf8')
    writeFileSync(join(folder, `${name}.html`), `${html}<script type="module" src="/${name}.js"></script>\n`)
  }
  // Where the build of the package looks for it, from a bundle at the top.
  copyFileSync(join(root, 'dist/checksum.worker.js'), join(folder, 'checksum.worker.js'))
}

export const pageOf = (contender) =>
  `import upload from './contenders/${contender}.mjs'\nimport { serve } from './page/page.mjs'\nserve(upload)`
