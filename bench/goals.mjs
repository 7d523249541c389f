// Each goal beside the figure that answers it. Nothing here is a figure: they come from the results, or there is an error.
import { median, ratioOf, summarise } from './summary.mjs'

const MIB = 2 ** 20

/** A ratio of two contenders of one scene, round by round. */
const ratio = (scene, id, other, atMost) => ({
  goal: `at most ${atMost.toFixed(2)}x`,
  measure: (results) => {
    const figure = ratioOf(sceneOf(results, scene).runs, id, other)
    if (figure === null) throw new Error(`${scene} was not measured with ${id} and ${other}`)
    return { text: `${figure.toFixed(2)}x`, isMet: figure <= atMost }
  },
})

/** The worst run counts: a median would hide what a person meets now and then. */
const memory = (scene, atMost) => ({
  goal: `at most +${atMost} MiB`,
  measure: (results) => {
    const runs = runsOf(results, scene, 'ours')
    const figure = Math.max(...runs.map((run) => run.rendererBytes)) / MIB
    return { text: `+${figure.toFixed(0)} MiB`, isMet: figure <= atMost }
  },
})

const bundle = (name, atMost) => ({
  goal: `at most ${atMost} kB`,
  measure: (results) => {
    const found = wanted(results.bundle, 'bundle').ours.find((one) => one.name === name)
    const kB = wanted(found, `the bundle ${name}`).gzip / 1000
    return { text: `${kB.toFixed(1)} kB`, isMet: kB <= atMost }
  },
})

export const goals = {
  'md5-loopback': {
    what: '1 GiB with MD5, on loopback, against the same without',
    ...ratio('1gib', 'ours', 'ours-plain', 1.45),
  },
  'md5-network': {
    what: '256 MiB with MD5, on a line of 10 MB/s for each connection, against the same without',
    ...ratio('shaped-256mib', 'ours', 'ours-plain', 1.05),
  },
  pool: { what: '1 GiB without MD5, against a bare pool of XHRs', ...ratio('1gib', 'ours-plain', 'pool', 1.05) },
  'openai-md5': {
    what: '1 GiB with MD5, against the `openai` package with spark-md5',
    ...ratio('1gib', 'ours', 'openai-pool-md5', 0.35),
  },
  'uppy-s3': { what: '1 GiB with MD5, against Uppy S3 without', ...ratio('1gib', 'ours', 'uppy-s3', 1) },
  hash: {
    what: 'MD5 of 1 GiB in the worker, against `md5sum`',
    goal: 'at most 1.60x',
    measure: (results) => {
      const figure = hashRatio(results)
      return { text: `${figure.toFixed(2)}x`, isMet: figure <= 1.6 }
    },
  },
  'hash-stretch': {
    what: 'the same, as far as one would like to get',
    goal: 'at most 1.25x',
    measure: (results) => {
      const figure = hashRatio(results)
      return { text: `${figure.toFixed(2)}x`, isMet: figure <= 1.25 }
    },
  },
  'memory-1gib': { what: 'renderer memory over idle, 1 GiB with MD5, worst run', ...memory('1gib', 32) },
  'memory-4gib': { what: 'renderer memory over idle, 4 GiB with MD5, worst run', ...memory('4gib', 32) },
  'longest-task': {
    what: 'longest task of the main thread, 1 GiB with MD5, worst run',
    goal: 'at most 50 ms',
    measure: (results) => {
      const figure = Math.max(...runsOf(results, '1gib', 'ours').map((run) => run.longestTask))
      return { text: longTask(figure), isMet: figure <= 50 }
    },
  },
  'rows-busy': {
    what: '1,000 rows of which 6 move: main thread busy',
    goal: 'at most 20 %',
    measure: (results) => {
      const figure = Math.max(...ourLists(results).map(({ runs }) => median(runs.map((run) => run.busy))))
      return { text: `${(figure * 100).toFixed(0)} %`, isMet: figure <= 0.2 }
    },
  },
  'first-paint': {
    what: 'first paint of 1,000 added files',
    goal: 'below 1 s',
    measure: (results) => {
      const figure = Math.max(...ourLists(results).map(({ runs }) => median(runs.map((run) => run.firstPaint)))) / 1000
      return { text: `${figure.toFixed(2)} s`, isMet: figure < 1 }
    },
  },
  'backend-memory': {
    what: 'backend memory over idle, 50 parallel parts of 64 MiB, worst round',
    goal: 'below 150 MB',
    measure: (results) => {
      const figure = wanted(results.relay, 'relay').memoryOverIdleBytes / 1e6
      return { text: `${figure.toFixed(0)} MB`, isMet: figure < 150 }
    },
  },
  'backend-throughput': {
    what: 'backend throughput, against a bare `fetch` relay',
    goal: 'at least 0.90x',
    measure: (results) => {
      const figure = wanted(results.relay, 'relay').throughputRatio
      return { text: `${figure.toFixed(2)}x`, isMet: figure >= 0.9 }
    },
  },
  'bundle-core': { what: 'bundle: `./core`', ...bundle('./core', 12) },
  'bundle-parts': { what: 'bundle: what `.` adds, with react-dropzone', ...bundle('. adds, with react-dropzone', 20) },
  'bundle-worker': { what: 'bundle: the checksum worker', ...bundle('checksum.worker.js', 6) },
  'bundle-styled': { what: 'bundle: what `./styled` adds', ...bundle('./styled adds', 8) },
  'bundle-css': { what: 'bundle: the styles', ...bundle('./styles.css', 4) },
}

/** What was measured, or an error that says what to run. */
export function wanted(figure, name) {
  if (figure === undefined || figure === null) throw new Error(`${name} was not measured: there is no figure to show`)
  return figure
}

export const sceneOf = (results, name) => wanted(results.scenes[name], name)
export const summaryOf = (results, name) => summarise(sceneOf(results, name))
export const longTask = (milliseconds) => (milliseconds <= 50 ? 'below 50 ms' : `${milliseconds.toFixed(0)} ms`)
const runsOf = (results, scene, id) => wanted(sceneOf(results, scene).runs[id], `${scene} with ${id}`)

/** Round by round, like everything that is compared. */
export function hashRatio(results) {
  const { worker, md5sum } = wanted(results.hash, 'hash')
  return median(worker.map((run, round) => run.milliseconds / md5sum[round].milliseconds))
}

const ourLists = (results) => {
  const { lists } = wanted(results.react, 'react')
  return [lists.styled, lists.parts]
}
