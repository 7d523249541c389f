import { contenders } from './contenders.mjs'
import { summarise } from './summary.mjs'

/** One scene as a table on the terminal. */
export function printScene(scene) {
  const rows = Object.entries(summarise(scene)).map(([id, figures]) => {
    const { name, note, md5 } = contenders[id]
    return [
      [name, note, md5 && 'MD5'].filter(Boolean).join(', ').padEnd(46),
      `${figures.seconds.toFixed(2)} s`.padStart(9),
      (figures.ratio === null ? '-' : `${figures.ratio.toFixed(2)}x`).padStart(7),
      `${figures.longestTask < 50 ? '< 50' : Math.round(figures.longestTask)} ms`.padStart(8),
      `${mib(figures.rendererBytes)} MiB`.padStart(9),
      `${mib(figures.otherBytes)} MiB`.padStart(9),
      `${figures.cpuSeconds?.toFixed(2)} s`.padStart(8),
      String(figures.requests ?? '-').padStart(6),
    ].join(' ')
  })
  const head = ['', 'wall', 'ratio', 'longest', 'renderer', 'rest', 'CPU', 'calls']
  const widths = [46, 9, 7, 8, 9, 9, 8, 6]
  console.log(head.map((word, index) => (index ? word.padStart(widths[index]) : word.padEnd(widths[0]))).join(' '))
  console.log(rows.join('\n'))
}

const mib = (bytes) => (bytes === null ? '-' : Math.round(bytes / 2 ** 20))
