// Finds the browsers that tests run in, and installs them where there are none.
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

/** The Firefox to use: FIREFOX_PATH or the system's; undefined when there is none. */
export function findFirefox() {
  return [process.env.FIREFOX_PATH, onPath('firefox-esr'), onPath('firefox')].find((path) => path && existsSync(path))
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

/** Installs packages of the system where that can be done without asking: as root, with apt. */
function installPackages(...names) {
  if (!isRoot || !onPath('apt-get')) return
  console.log(`Installing ${names.join(', ')}`)
  const apt = (...args) => run('apt-get', args, 'inherit', { DEBIAN_FRONTEND: 'noninteractive' })
  if (apt('update', '-qq')) apt('install', '-y', '-qq', '--no-install-recommends', ...names)
}

/** Finds Chromium or installs it, and leaves its path in CHROMIUM_PATH for child processes. */
export function ensureChromium() {
  let path = findWorking()
  if (!path) {
    installPackages('chromium', 'fonts-liberation')
    path = findWorking()
  }
  if (!path) {
    console.log("No Chromium found: installing Playwright's")
    const cli = join(import.meta.dirname, '../node_modules/playwright/cli.js')
    run(process.execPath, [cli, 'install', 'chromium'], 'inherit', { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '' })
    path = findWorking()
  }
  if (!path) {
    giveUp(
      'Tests need Chromium and none could be installed.\n' +
        'Install Chromium or Google Chrome yourself, then set CHROMIUM_PATH to its executable and run this again.',
    )
  }
  process.env.CHROMIUM_PATH = path
  return path
}

/** Finds Firefox or installs it, and leaves its path in FIREFOX_PATH for child processes. */
export function ensureFirefox() {
  if (!findFirefox()) installPackages('firefox-esr', 'fonts-liberation')
  const path = findFirefox()
  if (!path) giveUp('These tests need Firefox. Install it, then set FIREFOX_PATH to its executable and run this again.')
  process.env.FIREFOX_PATH = path
}

/** Finds WebKitGTK's driver and a display to run it on, or installs them. */
export function ensureWebKit() {
  const missing = () => ['WebKitWebDriver', 'xvfb-run'].filter((name) => !onPath(name))
  if (missing().length > 0) installPackages('webkit2gtk-driver', 'xvfb', 'xauth', 'fonts-liberation')
  if (missing().length > 0) {
    giveUp(
      `These tests need ${missing().join(' and ')}.\n` +
        'On Debian and Ubuntu they come with: apt install webkit2gtk-driver xvfb xauth. There is no WebKitGTK elsewhere.',
    )
  }
}

function giveUp(message) {
  console.error(message)
  process.exit(1)
}

if (process.argv[1] === import.meta.filename) console.log(ensureChromium())
