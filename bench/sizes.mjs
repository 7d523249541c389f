// What an app pays for this package, and for the alternatives: minified, compressed, React left out of all of them.
// Needs `npm run build`, and `npm ci` in bench/. `node bench/sizes.mjs`, with --json for machines.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, weigh } from '../scripts/bundle.mjs'
import { versionsOf } from './machine.mjs'

const here = import.meta.dirname
const root = join(here, '..')

const ours = {
  'engine, without React': { js: "export { createProxyFetcher, createUploader } from './core/index.js'" },
  'hooks: useUpload': { js: "export { UploadsProvider, useUpload } from './index.js'" },
  'unstyled: a dropzone and a list': {
    // What Vite, Rollup and webpack make of `Uploads.Root` and so on; esbuild alone keeps every part.
    js: `export { Root, Dropzone, Trigger, List, Item, ItemName, ItemStatus, ItemProgress, ItemCancel }
      from './components/index.js'`,
  },
  'drop-in: UploadDropzone': {
    js: "export { UploadDropzone } from './styled/index.js'",
    css: join(root, 'dist/styled/styles.css'),
  },
}

/** Each as its documentation imports it. `css`: the styles that it asks for. */
const alternatives = {
  'Uppy: core and S3': {
    packages: ['@uppy/core', '@uppy/aws-s3'],
    js: "export { default as Uppy } from '@uppy/core'; export { default as AwsS3 } from '@uppy/aws-s3'",
  },
  'Uppy: core and XHR': {
    packages: ['@uppy/core', '@uppy/xhr-upload'],
    js: "export { default as Uppy } from '@uppy/core'; export { default as XHRUpload } from '@uppy/xhr-upload'",
  },
  'Uppy: dashboard, core and S3': {
    packages: ['@uppy/core', '@uppy/aws-s3', '@uppy/dashboard', '@uppy/react'],
    js: `export { default as Uppy } from '@uppy/core'; export { default as AwsS3 } from '@uppy/aws-s3'
      export { default as Dashboard } from '@uppy/react/dashboard'`,
    css: ['@uppy/core/css/style.min.css', '@uppy/dashboard/css/style.min.css'],
  },
  'react-uploady, chunked': {
    packages: ['@rpldy/uploady', '@rpldy/chunked-uploady'],
    js: "export { default } from '@rpldy/chunked-uploady'; export { useItemProgressListener } from '@rpldy/uploady'",
  },
  'tus-js-client': { packages: ['tus-js-client'], js: "export { Upload } from 'tus-js-client'" },
  'better-upload: useUploadFiles': {
    packages: ['@better-upload/client'],
    js: "export { useUploadFiles } from '@better-upload/client'",
  },
  'UploadThing: hooks': {
    packages: ['@uploadthing/react'],
    js: "export { generateReactHelpers } from '@uploadthing/react'",
  },
  'UploadThing: dropzone': {
    packages: ['@uploadthing/react'],
    js: "export { generateUploadDropzone } from '@uploadthing/react'",
    css: ['@uploadthing/react/styles.css'],
  },
  FilePond: {
    packages: ['filepond', 'react-filepond'],
    js: "export { FilePond } from 'react-filepond'",
    css: ['filepond/dist/filepond.min.css'],
  },
  'openai, alone': { packages: ['openai'], js: "export { default } from 'openai'" },
  'openai and spark-md5': {
    packages: ['openai', 'spark-md5'],
    js: "export { default } from 'openai'; export { default as SparkMD5 } from 'spark-md5'",
  },
}

const found = (name) => (name.startsWith('/') ? name : fileURLToPath(import.meta.resolve(name)))
const none = { gzip: 0, brotli: 0 }
const plus = (a, b) => ({ gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli })

async function measure(name, { js, css, packages }, resolveDir) {
  const { gzip, brotli, later } = await bundle(js, { resolveDir })
  const sheets = [css ?? []].flat().map((sheet) => `@import ${JSON.stringify(found(sheet))};`)
  const styles = sheets.length ? await bundle(sheets.join('\n'), { loader: 'css', resolveDir }) : none
  // Of ours, a worker hashes the files; bundlers keep it apart.
  const worker = packages ? none : weigh(readFileSync(join(root, 'dist/checksum.worker.js')))
  return {
    name,
    ...(packages && { versions: versionsOf(packages) }),
    script: { gzip, brotli },
    styles: { gzip: styles.gzip, brotli: styles.brotli },
    onDemand: plus(later, worker),
  }
}

const results = []
for (const [name, what] of Object.entries(ours)) results.push(await measure(name, what, join(root, 'dist')))
for (const [name, what] of Object.entries(alternatives)) results.push(await measure(name, what, here))

if (process.argv.includes('--json')) console.log(JSON.stringify(results, null, 2))
else print(results)

function print(rows) {
  const kB = (bytes) => (bytes ? (bytes / 1000).toFixed(1) : '').padStart(10)
  console.log(`${'kB, min+gzip, React left out'.padEnd(34)}    script       CSS on demand`)
  for (const { name, script, styles, onDemand, versions = {} } of rows) {
    const which = Object.entries(versions).map(([of, version]) => `${of} ${version}`)
    const line = `${name.padEnd(34)}${kB(script.gzip)}${kB(styles.gzip)}${kB(onDemand.gzip)}  ${which.join(', ')}`
    console.log(line.trimEnd())
  }
}
