// What Linux knows of a process.
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs'

const TICKS_A_SECOND = 100

const status = (pid, name) =>
  Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) * 1024

/** Resident memory at this moment. */
export const memoryOf = (pid) => status(pid, 'VmRSS')

/** The most that it was since `resetPeak`, as the kernel kept it: no sample is missed. */
export const peakOf = (pid) => status(pid, 'VmHWM')

export const resetPeak = (pid) => writeFileSync(`/proc/${pid}/clear_refs`, '5')

/** Seconds of processor time so far. */
export function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}

/** Open file descriptors, and how many of them are sockets. */
export function descriptorsOf(pid) {
  const all = readdirSync(`/proc/${pid}/fd`)
    .map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`)
      } catch {
        return null
      }
    })
    .filter((target) => target !== null)
  return { open: all.length, sockets: all.filter((target) => target.startsWith('socket:')).length }
}
