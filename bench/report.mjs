// Writes docs/performance.md and its charts from bench/results: node bench/report.mjs. Without a figure it fails, and says
// which one is missing; no figure of the document is written by hand.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contenders } from './contenders.mjs'
import { goals, hashRatio, longTask, sceneOf, summaryOf, wanted } from './goals.mjs'
import { links } from './plan.mjs'
import { plot } from './plot.mjs'
import { median } from './summary.mjs'

const root = join(import.meta.dirname, '..')
const kept = join(import.meta.dirname, 'results/latest.json')
const MIB = 2 ** 20

/** Adds what was measured to what was measured before on the same machine, so that the slow and optional may be run alone. */
export function keepResults(results) {
  const before = existsSync(kept) ? JSON.parse(readFileSync(kept, 'utf8')) : { scenes: {} }
  const isSame = !before.machine || sameMachine(before.machine, results.machine)
  const old = isSame ? before : { scenes: {} }
  if (!isSame) console.log('Another machine: what was kept from the one before is dropped')
  const all = { ...old, ...results, scenes: { ...old.scenes, ...results.scenes } }
  mkdirSync(join(import.meta.dirname, 'results'), { recursive: true })
  writeFileSync(kept, `${JSON.stringify(all, shorter, 1)}\n`)
}

const sameMachine = (a, b) => ['cpu', 'cores', 'system', 'node', 'chromium'].every((key) => a[key] === b[key])
const shorter = (_key, value) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value

export function writeReport() {
  if (!existsSync(kept)) throw new Error('There are no results: npm run bench -- --write')
  const results = JSON.parse(readFileSync(kept, 'utf8'))
  const reasons = JSON.parse(readFileSync(join(import.meta.dirname, 'shortfalls.json'), 'utf8'))
  writeFileSync(join(root, 'docs/images/performance-size.svg'), sizeChart(results))
  writeFileSync(join(root, 'docs/images/performance-files.svg'), filesChart(results))
  writeFileSync(join(root, 'docs/performance.md'), documentOf(results, reasons))
  console.log('docs/performance.md is written')
}

function documentOf(results, reasons) {
  const { machine } = results
  return `<!-- Written by \`node bench/report.mjs\` from bench/results/latest.json and bench/shortfalls.json. Do not edit. -->
# Performance

Measured on ${machine.date} on ${machine.cores} cores of ${machine.cpu} with ${gib(machine.memoryBytes)} of memory, ${machine.system}, in Chromium ${machine.chromium}; servers in Node ${machine.node}. Browser and servers share the cores, so ratios carry over to other machines and times do not. \`npm run bench\` measures the same on yours, in about 15 minutes; \`-- --help\` lists its options.

## Goals

${goalTable(results, reasons)}

## Beside the alternatives

The same files, from the same disk, to the same server, in one run and in turns; every upload was compared with the file by the server, byte by byte. A ratio is to our own upload without MD5 in the same round. Memory is what the renderer and the other processes of the browser had over idle at their peak, the worst long task counts, and CPU is that of the whole browser. The versions: ${versions(results)}.

### One file of 1 GiB

${contenderTable(results, '1gib')}

### One file of 64 MiB

${contenderTable(results, '64mib')}

### 100 files of 1 MiB

${contenderTable(results, '100x1mib')}

### One file of 64 MiB over a line

${lineOf('shaped')}, as many home lines and proxies are: here parts side by side are what counts.

${contenderTable(results, 'shaped-64mib')}

## How cost grows

![Seconds per GiB, renderer memory and CPU per GiB, from 64 MiB up](images/performance-size.svg)

${sizeTable(results)}

![Seconds, renderer memory and CPU for 1 to 1,000 files](images/performance-files.svg)

${filesTable(results)}

## Many files

Against a hand-written pool of four that makes the same three calls for each file: create, one part, complete. Our longest task is the one that adds them all: Chromium looks up the size of each on disk when it is asked for the first time, and a list has to know it before the first is sent.

${manyTable(results)}

## React

${reactText(results)}

## Backend

${backendText(results)}

## Checksum

${hashText(results)}

## Bundle

${bundleTable(results)}

## How it is measured

- Files are made on disk by the command and chosen by path; their pages are in the system's cache. Each says at every 4 KiB which page of which file it is, so that the server proves bytes and order by comparing, and keeps nothing. Before anything is measured it has to refuse files that have lost, doubled, swapped or changed bytes. An MD5 that a client sends is compared with that of the file.
- One server for all. Each client speaks its own protocol (the Uploads API, a PUT, forms, S3's multipart, tus), and one piece of code reads all bodies.
- Each run has a renderer of its own, in which a file of 1 MiB was uploaded before, so that loading and compiling are not measured.
- The alternatives get four requests at a time and parts of 16 MiB where they let one choose, else their defaults; ours gets no options. Uppy S3 sends the parts of a file one after the other, and files up to 100 MB whole. \`openai\` has no helper for files in a browser: the loop over parts is what an app would write.
- Interleaved: everyone once, then everyone again. Times are medians, memory over rounds as well, unless the table says otherwise.
- Real lines, real OpenAI and other browsers are not measured here.
`
}

// GOALS

function goalTable(results, reasons) {
  const rows = Object.entries(goals).map(([id, { what, goal, measure }]) => {
    const { text, isMet } = measure(results)
    if (!isMet && !reasons[id]) throw new Error(`The goal ${id} is short: say why in bench/shortfalls.json`)
    return [what, goal, `**${text}**`, isMet ? 'met' : `short: ${reasons[id]}`]
  })
  return table(['', 'goal', 'measured', ''], rows)
}

// TABLES

function contenderTable(results, scene) {
  const summary = summaryOf(results, scene)
  const rows = Object.entries(summary).map(([id, figures]) => [
    whoOf(id),
    seconds(figures.seconds),
    figures.spread.map((value) => value.toFixed(2)).join(' to '),
    times(wanted(figures.ratio, `${scene}: ratio of ${id}`)),
    longTask(figures.longestTask),
    mib(figures.rendererBytes),
    mib(figures.otherBytes),
    seconds(figures.cpuSeconds),
    figures.requests ?? '-',
  ])
  return table(['', 'time', 'from, to', 'ratio', 'longest task', 'renderer', 'rest', 'CPU', 'requests'], rows)
}

const sizes = ['64mib', '256mib', '1gib', '4gib']
const sizeNames = ['64 MiB', '256 MiB', '1 GiB', '4 GiB']
const growing = ['ours', 'ours-plain', 'pool']

/** Cost of one file, by its GiB. */
function costOf(results, scene, id) {
  const { bytes, files } = sceneOf(results, scene)
  const figures = wanted(summaryOf(results, scene)[id], `${scene} with ${id}`)
  const perGib = 2 ** 30 / (bytes * files)
  return {
    seconds: figures.seconds * perGib,
    cpu: wanted(figures.cpuSeconds, 'CPU') * perGib,
    server: wanted(figures.serverCpuSeconds, 'CPU of the server') * perGib,
    memory: wanted(figures.rendererBytes, 'memory') / MIB,
    requests: wanted(figures.requests, 'requests'),
  }
}

function sizeTable(results) {
  const rows = sizes.flatMap((scene, index) =>
    growing.map((id) => {
      const cost = costOf(results, scene, id)
      return [
        sizeNames[index],
        whoOf(id),
        cost.seconds.toFixed(2),
        cost.cpu.toFixed(2),
        cost.server.toFixed(2),
        `${cost.memory.toFixed(0)} MiB`,
        cost.requests,
      ]
    }),
  )
  return table(['file', '', 's per GiB', 'CPU s per GiB', 'server CPU s per GiB', 'renderer', 'requests'], rows)
}

const counts = ['1x1mb', '10x1mb', '100x1mb', '1000x1mb']
const countNames = ['1', '10', '100', '1,000']

function filesTable(results) {
  const rows = counts.flatMap((scene, index) =>
    growing.map((id) => {
      const figures = wanted(summaryOf(results, scene)[id], `${scene} with ${id}`)
      const { files } = sceneOf(results, scene)
      const each = (figures.seconds / files) * 1000
      return [
        countNames[index],
        whoOf(id),
        seconds(figures.seconds),
        `${each.toFixed(1)} ms`,
        seconds(figures.cpuSeconds),
        mib(figures.rendererBytes),
        figures.requests,
      ]
    }),
  )
  return table(['files of 1 MB', '', 'time', 'per file', 'CPU', 'renderer', 'requests'], rows)
}

function manyTable(results) {
  const rows = [
    ['1000x10kb', '1,000 of 10 kB'],
    ['1000x1mb', '1,000 of 1 MB'],
  ].flatMap(([scene, name]) => {
    const summary = summaryOf(results, scene)
    const { files } = sceneOf(results, scene)
    return growing.map((id) => {
      const figures = wanted(summary[id], `${scene} with ${id}`)
      const beside = median(
        sceneOf(results, scene).runs[id].map(
          (run, round) => run.milliseconds / sceneOf(results, scene).runs.pool[round].milliseconds,
        ),
      )
      return [
        name,
        whoOf(id),
        seconds(figures.seconds),
        (files / figures.seconds).toFixed(0),
        times(beside),
        longTask(figures.longestTask),
        mib(figures.rendererBytes),
        figures.requests,
      ]
    })
  })
  return table(['files', '', 'time', 'files a second', 'to the pool', 'longest task', 'renderer', 'requests'], rows)
}

function reactText(results) {
  const { rows, active, lists } = wanted(results.react, 'react')
  const names = {
    styled: 'the ready-made list, which draws what is in view',
    parts: 'the unstyled parts, every row in the page',
    naive: 'the same engine and rows in one `useState`, set at each event',
  }
  const table_ = table(
    ['', 'main thread busy', 'first paint', 'rows in the page', 'commits per event', 'rows drawn per event'],
    Object.entries(names).map(([list, name]) => {
      const { runs, drawn } = wanted(lists[list], `react: ${list}`)
      return [
        name,
        `${(median(runs.map((run) => run.busy)) * 100).toFixed(1)} %`,
        `${median(runs.map((run) => run.firstPaint)).toFixed(0)} ms`,
        median(runs.map((run) => run.rowsInPage)),
        drawn.commitsPerEvent.toFixed(3),
        // The ready-made list brings its own rows, so only its commits are counted.
        list === 'styled' ? '-' : drawn.rowsPerEvent.toFixed(2),
      ]
    }),
  )
  return `${rows.toLocaleString('en')} rows of which ${active} move, with 20 progress events a second each, in React's production build. What is drawn is counted by a Profiler in its profiling build. First paint is from the moment that the browser hands over the chosen files to the frame in which they are seen.

${table_}`
}

function backendText(results) {
  const relay = wanted(results.relay, 'relay')
  const { disk } = results
  const runs = wanted(disk, 'disk').runs
  const bytes = disk.parts * disk.partBytes
  const rate = (name) => `${(bytes / median(runs[name].map((run) => run.milliseconds)) / 1000).toFixed(0)} MB/s`
  const beside = (name, other) =>
    median(runs[name].map((run, round) => runs[other][round].milliseconds / run.milliseconds))
  const relayRow = (name, { bytesPerSecond, cpuSecondsPerGiB, memoryOverIdleBytes }) => [
    name,
    `${(bytesPerSecond / 1e6).toFixed(0)} MB/s`,
    `${cpuSecondsPerGiB.toFixed(2)} s`,
    `${(memoryOverIdleBytes / 1e6).toFixed(0)} MB`,
  ]
  const embedded = ['embedded-handler', 'embedded', 'embedded-pool'].map((id) => {
    const figures = wanted(summaryOf(results, 'embedded-1gib')[id], `embedded-1gib with ${id}`)
    return [whoOf(id), seconds(figures.seconds), seconds(figures.serverCpuSeconds)]
  })
  return `${relay.count} parts of 64 MiB at once, in turns through our handler and through a relay that gives the body to \`fetch\` and checks nothing:

${table(['', 'throughput', 'CPU per GiB', 'memory over idle'], [relayRow('our handler', relay.ours), relayRow('bare `fetch` relay', relay.bare)])}

The embedded Uploads API, which keeps parts on disk, four at a time:

${table(
  ['', '1 GiB', 'against plain files'],
  [
    ['embedded API', rate('embedded'), times(beside('embedded', 'plain'))],
    ['a server that pipes bodies into files', rate('plain'), '1.00x'],
    ['writing files, without a server', rate('write'), times(beside('write', 'plain'))],
  ],
)}

1 GiB from the browser into the embedded API. It reads everything again for the MD5 at the end, and its time is part of the upload's:

${table(['', 'time', 'CPU of the server'], embedded)}`
}

function hashText(results) {
  const { worker, md5sum, bytes } = wanted(results.hash, 'hash')
  const rate = (runs) => `${(bytes / median(runs.map((run) => run.milliseconds)) / 1000).toFixed(0)} MB/s`
  const memory = Math.max(...worker.map((run) => run.rendererBytes)) / MIB
  return `The worker reads and hashes ${gib(bytes)} at ${rate(worker)}, \`md5sum\` at ${rate(md5sum)} (${times(hashRatio(results))}, round by round). The renderer had ${memory.toFixed(0)} MiB over idle at its peak.`
}

function bundleTable(results) {
  const { beside } = wanted(results.bundle, 'bundle')
  const kB = (bytes) => (bytes ? (bytes / 1000).toFixed(1) : '')
  const rows = beside.map(({ name, script, styles, onDemand, versions = {} }) => [
    Object.keys(versions).length ? name : `**${name}**`,
    kB(script.gzip),
    kB(styles.gzip),
    kB(onDemand.gzip),
    Object.entries(versions)
      .map(([of, version]) => `${of} ${version}`)
      .join(', '),
  ])
  return `kB, minified and gzipped, React left out of all of them; ours is in bold. CI holds each door to its budget (\`npm run size\`).

${table(['', 'script', 'styles', 'on demand', ''], rows)}`
}

// CHARTS

function sizeChart(results) {
  const cost = (key) => growing.map((id) => sizes.map((scene) => costOf(results, scene, id)[key]))
  return plot({
    title: 'Cost of one file by its size',
    xs: sizeNames,
    lines: growing.map(plainName),
    panels: [
      { title: 'Time', unit: 'seconds per GiB', ys: cost('seconds') },
      { title: 'CPU of the browser', unit: 'seconds per GiB', ys: cost('cpu') },
      { title: 'Renderer memory', unit: 'MiB over idle', ys: cost('memory') },
    ],
  })
}

function filesChart(results) {
  const figure = (pick) =>
    growing.map((id) =>
      counts.map((scene) => pick(wanted(summaryOf(results, scene)[id], scene), sceneOf(results, scene))),
    )
  return plot({
    title: 'Cost of files of 1 MB by their number',
    xs: countNames,
    lines: growing.map(plainName),
    panels: [
      { title: 'Time', unit: 'ms per file', ys: figure(({ seconds: all }, { files }) => (all / files) * 1000) },
      {
        title: 'CPU of the browser',
        unit: 'ms per file',
        ys: figure(({ cpuSeconds }, { files }) => (cpuSeconds / files) * 1000),
      },
      { title: 'Renderer memory', unit: 'MiB over idle', ys: figure(({ rendererBytes }) => rendererBytes / MIB) },
    ],
  })
}

// WORDS

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index ? '---:' : '---'))), ...rows.map(line)].join('\n')
}

function whoOf(id) {
  const name = plainName(id)
  return contenders[id].module === 'ours' ? `**${name}**` : name
}

function plainName(id) {
  const { name, note, md5, module } = contenders[id]
  return [name, note, md5 ? 'MD5' : module === 'ours' && 'no MD5'].filter(Boolean).join(', ')
}

function lineOf(name) {
  const { bytesPerSecond, delay } = links[name]
  return `${(bytesPerSecond / 1e6).toFixed(0)} MB/s for each connection, ${delay} ms each way`
}

const versions = ({ packages }) =>
  Object.entries(packages)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
const seconds = (value) => `${wanted(value, 'a time').toFixed(2)} s`
const times = (value) => `${value.toFixed(2)}x`
const mib = (bytes) => `${(wanted(bytes, 'memory') / MIB).toFixed(0)} MiB`
const gib = (bytes) => `${(bytes / 2 ** 30).toFixed(0)} GiB`

if (process.argv[1] === import.meta.filename) writeReport()
