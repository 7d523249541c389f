import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

/** Starts WebKitGTK's driver on a free port: gives its process, and the address that it listens on. */
export async function startWebKitDriver() {
  const child = spawn('WebKitWebDriver', ['--port=0'], { stdio: 'ignore' })
  await once(child, 'spawn')
  while (child.exitCode === null && child.signalCode === null) {
    const port = listeningPort(child.pid)
    if (port !== undefined) return { child, url: `http://127.0.0.1:${port}` }
    await pause(20)
  }
  throw new Error('WebKitWebDriver ended by itself')
}

/** It tells nobody which port it took, so the system is asked; undefined while there is none. */
function listeningPort(pid) {
  const sockets = socketsOf(pid)
  for (const line of readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)) {
    const [, local, , state, , , , , , inode] = line.trim().split(/\s+/)
    if (state === LISTENING && sockets.has(`socket:[${inode}]`)) return Number.parseInt(local.split(':')[1], 16)
  }
  return undefined
}

const LISTENING = '0A'

function socketsOf(pid) {
  const folder = `/proc/${pid}/fd`
  try {
    return new Set(readdirSync(folder).map((fd) => readlinkSync(`${folder}/${fd}`)))
  } catch {
    // One was closed while they were read.
    return new Set()
  }
}
