// Makes dist/registry/upload-dropzone.json, what `npx shadcn add` takes, out of registry/. The shadcn tool is installed in a
// folder of its own, since no app and no other step needs its 160 packages. After `npm run build`, and with the npm registry.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'uploads-registry-'))
try {
  const run = (command, ...args) => execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', 'shadcn@4')
  const shadcn = join(folder, 'node_modules/shadcn/dist/index.js')
  run(
    process.execPath,
    shadcn,
    'build',
    'registry.json',
    '--cwd',
    resolve('registry'),
    '--output',
    resolve('dist/registry'),
  )
  console.log('dist/registry/upload-dropzone.json')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
