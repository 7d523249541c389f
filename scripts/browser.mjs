// Finds the Chromium that tests run in, and installs one where there is none.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

const isRoot = process.getuid?.() === 0
const onPath = (name) =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(existsSync)

function* candidates() {
  if (process.env.CHROMIUM_PATH) yield process.env.CHROMIUM_PATH
  yield* ['chromium', 'chromium-browser', 'google-chrome'].map(onPath)
  yield createRequire(import.meta.url)('playwright').chromium.executablePath()
}

/** Arguments that every launch takes: quiet, no traffic of its own, and able to run as root in a container. */
export const chromiumArgs = [
  ...(isRoot ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
]

/** The Chromium to use: CHROMIUM_PATH, the system's, Playwright's own; undefined when there is none. */
export function findChromium() {
  for (const path of candidates()) if (path && existsSync(path)) return path
  return undefined
}

// A path is not enough: Ubuntu's chromium-browser is a script that asks for snap.
function findWorking() {
  for (const path of candidates()) {
    if (path && existsSync(path) && run(path, ['--version', ...(isRoot ? ['--no-sandbox'] : [])], 'ignore')) return path
  }
  return undefined
}

function run(command, args, stdio = 'inherit', env = {}) {
  return spawnSync(command, args, { stdio, env: { ...process.env, ...env } }).status === 0
}

/** Finds Chromium or installs it, and leaves its path in CHROMIUM_PATH for child processes. */
export function ensureChromium() {
  let path = findWorking()
  if (!path && isRoot && onPath('apt-get')) {
    console.log('No Chromium found: installing the system package')
    const apt = (...args) => run('apt-get', args, 'inherit', { DEBIAN_FRONTEND: 'noninteractive' })
    if (apt('update', '-qq')) apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation')
    path = findWorking()
  }
  if (!path) {
    console.log("No Chromium found: installing Playwright's")
    const cli = join(import.meta.dirname, '../node_modules/playwright/cli.js')
    run(process.execPath, [cli, 'install', 'chromium'], 'inherit', { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '' })
    path = findWorking()
  }
  if (!path) {
    console.error(
      'Tests need Chromium and none could be installed.\n' +
        'Install Chromium or Google Chrome yourself, then set CHROMIUM_PATH to its executable and run this again.',
    )
    process.exit(1)
  }
  process.env.CHROMIUM_PATH = path
  return path
}

if (process.argv[1] === import.meta.filename) console.log(ensureChromium())
