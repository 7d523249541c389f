import { readFileSync } from 'node:fs'
import { defineConfig } from 'vite'
import { namespaceDoor } from './build/namespace-door.ts'
import { unlayeredCss } from './build/unlayered-css.ts'
import { workerAssets } from './build/worker-assets.ts'

/** Every door of the package, and the parts behind `Uploads`; each comes out at the same path under dist/. */
const doors = [
  'index.ts',
  'components/index.ts',
  'core/index.ts',
  'styled/index.ts',
  'styled/styles.css',
  'locales/de.ts',
  'locales/ar.ts',
  'server/index.ts',
  'server/node.ts',
  'server/redis.ts',
  'uploads-api/local.ts',
  'testing/index.ts',
]

const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  string,
  Record<string, string>
>
const external = Object.keys({ ...dependencies, ...peerDependencies })

/** The library. The demo has its own config, Storybook takes this one without the library build. */
export default defineConfig({
  plugins: [
    workerAssets(['src/core/checksum.worker.ts', 'src/core/checksum-plain.worker.ts']),
    unlayeredCss({ from: 'styled/styles.css', to: 'styled/styles.unlayered.css' }),
    namespaceDoor({ importer: '/src/index.ts', source: './components/index.js' }),
  ],
  build: {
    target: 'es2022',
    sourcemap: true,
    minify: false,
    emptyOutDir: true,
    cssCodeSplit: true, // a .css entry needs it
    lib: {
      entry: Object.fromEntries(doors.map((door) => [door.replace(/\.\w+$/, ''), `src/${door}`])),
      formats: ['es'],
    },
    rolldownOptions: {
      external: [/^node:/, ...external, new RegExp(`^(${external.join('|')})/`)],
      // One output module per source module: keeps 'use client' and tree shaking.
      output: {
        preserveModules: true,
        preserveModulesRoot: 'src',
        entryFileNames: '[name].js',
        sourcemapExcludeSources: true, // src/ is published beside dist/
      },
      // The warning that bundling may drop 'use client': preserveModules keeps it.
      onwarn: (warning, warn) => warning.code === 'MODULE_LEVEL_DIRECTIVE' || warn(warning),
    },
  },
})
