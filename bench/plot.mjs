// Small charts as SVG, side by side: one measure each, against the same growing amount.

const PANEL = { width: 250, height: 190, left: 46, top: 34, right: 20, bottom: 34 }
const LEGEND = 30
const colours = ['#0b62d6', '#b45309', '#64748b', '#15803d']

/**
 * `xs`: the amounts, evenly spaced, as each is a multiple of the one before. `panels`: a title, the unit of its numbers,
 * and a line of `ys` (null where nothing was measured) for each of `lines`.
 */
export function plot({ title, xs, lines, panels }) {
  const width = PANEL.width * panels.length
  const height = PANEL.height + LEGEND
  const body = panels.map((panel, index) => drawPanel(panel, xs, index * PANEL.width)).join('\n')
  const legend = lines
    .map((name, index) => {
      const x = PANEL.left + index * 210
      return `<line x1="${x}" x2="${x + 18}" y1="${height - 14}" y2="${height - 14}" stroke="${colours[index]}" stroke-width="2"/><text x="${x + 24}" y="${height - 10}">${escape(name)}</text>`
    })
    .join('\n')
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}" font-family="system-ui, sans-serif" font-size="11" fill="#1e293b">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${body}
${legend}
</svg>
`
}

function drawPanel({ title, unit, ys }, xs, left) {
  const inner = {
    left: left + PANEL.left,
    right: left + PANEL.width - PANEL.right,
    top: PANEL.top,
    bottom: PANEL.height - PANEL.bottom,
  }
  const top = niceTop(Math.max(...ys.flat().filter((y) => y !== null)))
  const x = (index) => inner.left + ((inner.right - inner.left) * index) / Math.max(1, xs.length - 1)
  const y = (value) => inner.bottom - ((inner.bottom - inner.top) * Math.max(0, value)) / top
  const grid = [0, top / 2, top].map(
    (value) =>
      `<line x1="${inner.left}" x2="${inner.right}" y1="${y(value)}" y2="${y(value)}" stroke="#e2e8f0"/><text x="${inner.left - 6}" y="${y(value) + 4}" text-anchor="end">${Number(value.toPrecision(3))}</text>`,
  )
  const ticks = xs.map(
    (name, index) => `<text x="${x(index)}" y="${inner.bottom + 16}" text-anchor="middle">${escape(name)}</text>`,
  )
  const drawn = ys.map((line, number) => {
    const points = line.flatMap((value, index) => (value === null ? [] : [[x(index).toFixed(1), y(value).toFixed(1)]]))
    const path = `<polyline points="${points.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${colours[number]}" stroke-width="2"/>`
    const dots = points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colours[number]}"/>`)
    return path + dots.join('')
  })
  const heading = `<text x="${inner.left}" y="16" font-weight="600">${escape(title)}</text><text x="${inner.left}" y="28" fill="#64748b">${escape(unit)}</text>`
  return [heading, ...grid, ...ticks, ...drawn].join('\n')
}

/** 1, 2 or 5 times a power of ten, not below `value`. */
function niceTop(value) {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return [1, 2, 5, 10].map((step) => step * power).find((candidate) => candidate >= value)
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
