// What processes use, read where Linux tells it. Elsewhere there is no figure, rather than a wrong one.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

export const canRead = existsSync('/proc/self/statm')
const number = (name) => Number(execFileSync('getconf', [name], { encoding: 'utf8' }))
const PAGE = canRead ? number('PAGESIZE') : 0
const TICKS = canRead ? number('CLK_TCK') : 0

/** Bytes of memory that are resident; 0 for a process that is gone. */
export function residentBytes(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE
  } catch {
    return 0
  }
}

/** Seconds of CPU that a process has used, in the kernel too; 0 for one that is gone. */
export function cpuSeconds(pid) {
  try {
    // The name before the last parenthesis may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS
  } catch {
    return 0
  }
}

export const sum = (numbers) => numbers.reduce((a, b) => a + b, 0)

/** Watches the memory of groups of processes; `stop` gives the most that each had over what it had at the start. */
export function watchMemory(groups, interval = 25) {
  const now = () => groups.map((pids) => sum(pids.map(residentBytes)))
  const idle = now()
  const peak = [...idle]
  const look = () => {
    for (const [index, bytes] of now().entries()) peak[index] = Math.max(peak[index], bytes)
  }
  const timer = setInterval(look, interval)
  return {
    stop: () => {
      clearInterval(timer)
      look()
      return peak.map((bytes, index) => (canRead ? bytes - idle[index] : null))
    },
  }
}
